"""The same thing to several rows at once; each says for itself whether it was done, and if not, why (A45)."""

from collections.abc import Callable, Sequence
from typing import Any

import structlog
from django.db.models import Case, When
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.complaints import exporting
from huiyin.complaints.actions import keeping, noting
from huiyin.complaints.errors import Refused
from huiyin.complaints.models import Complaint
from huiyin.desk import queries
from huiyin.desk.forms.moves import NoteForm
from huiyin.desk.pages import Request, at_desk, needs, show
from huiyin.desk.shelves import Shelf
from huiyin.desk.views import export
from huiyin.dispatch.actions import handling
from huiyin.dispatch.models import WorkOrder
from huiyin.org.actors import Actor
from huiyin.org.models import Member, MemberQuerySet
from huiyin.org.rules import Right, may

log = structlog.get_logger()
MOST = 200
Line = dict[str, Any]
Act = Callable[[Any], Line]


def actions_on(shelf: Shelf, member: Member) -> list[Line]:
    """What may be done with several rows of this shelf at once, for desk/parts/bulk_bar.html."""
    found: list[Line] = []
    if shelf.name == "sign":
        found.append({"value": "sign", "label": _("签收所选"), "icon": "user-check", "url": reverse("desk:bulk-sign"),
                      "confirm": _("签收后由您所在单位办理，不能撤销。确定签收所选的工单？")})  # fmt: skip
    if not shelf.of_orders and may(member, Right.DISPATCH):
        found.append({"value": "assign", "label": _("指定负责人"), "icon": "user", "url": reverse("desk:bulk-assign"),
                      "people_url": reverse("desk:bulk-people")})  # fmt: skip
    if may(member, Right.NOTE):
        found.append({"value": "note", "label": _("加内部备注"), "icon": "note", "url": reverse("desk:bulk-note")})
    if may(member, Right.EXPORT_CASES):
        url = reverse("desk:bulk-export")
        found.append({"value": "export", "label": _("导出所选"), "icon": "download", "url": url, "is_file": True})
    return found


@at_desk
@require_safe
@needs(Right.DISPATCH)
def people(request: Request) -> HttpResponse:
    """Whom one may name, for the bar to fetch once it is there: the list itself would weigh on every page."""
    return show(request, "desk/bulk_people.html", {"people": _people(request.user)}, at=timezone.now())


@at_desk
@require_POST
def sign(request: Request) -> HttpResponse:
    """签收所选: one event for each order. Nobody can take it back, as the bar says before."""
    at, actor = timezone.now(), Actor.of(request.user)

    def act(order: Any) -> Line:
        if not isinstance(order, WorkOrder):
            return _refused(_("这是投诉，不是工单，不能签收。"))
        handling.sign(order, actor=actor, at=at)
        return _done(_("已签收"))

    return _each(request, act, _("签收"))


@at_desk
@require_POST
def assign(request: Request) -> HttpResponse:
    """指定负责人: the same person for all the chosen complaints, where they may see them."""
    at, given = timezone.now(), request.POST.get("to", "")
    to = _people(request.user).filter(pk=int(given) if _is_number(given) else 0).first()
    if to is None:
        return _step(request, "assign", people=_people(request.user), fault=_("请选择负责人。"))
    person: Member = to
    actor = Actor.of(request.user)

    def act(complaint: Any) -> Line:
        if not isinstance(complaint, Complaint):
            return _refused(_("这是工单；负责人在投诉上指定。"))
        event = keeping.assign(complaint, to=person, actor=actor, at=at)
        return _done(_("负责人：%s") % person.name) | {"undo": f"{complaint.number}:{event.seq}"}

    return _each(request, act, _("指定负责人"))


@at_desk
@require_POST
def undo(request: Request) -> HttpResponse:
    """撤销指定: who looked after each complaint before does so again, where nobody changed it since."""
    at, actor = timezone.now(), Actor.of(request.user)
    seqs = _undone(request)

    def act(complaint: Any) -> Line:
        if not isinstance(complaint, Complaint):
            return _refused(_("这是工单；负责人在投诉上指定。"))
        before = keeping.take_back(complaint, seq=seqs[complaint.number], actor=actor, at=at)
        return _done(_("负责人恢复为：%s") % (before.name if before else _("无人")))

    return _each(request, act, _("撤销指定"), numbers=list(seqs))


@at_desk
@require_POST
@needs(Right.NOTE)
def note(request: Request) -> HttpResponse:
    """加内部备注: the same words on each of the chosen complaints, once, though several of its orders were ticked."""
    at, actor = timezone.now(), Actor.of(request.user)
    form = NoteForm(request.POST, complaint=Complaint(), member=request.user) if "text" in request.POST else None
    if form is None or not form.is_valid():
        fault = " ".join(map(str, form.errors.get("text", []))) if form is not None else ""
        return _step(request, "note", text=request.POST.get("text", ""), fault=fault)
    text, noted = form.cleaned_data["text"], set[int]()

    def act(row: Any) -> Line:
        complaint = getattr(row, "complaint", row)
        if complaint.pk in noted:
            return _refused(_("同一件投诉，备注已经加过一次。"))
        kept = noting.note(complaint, text=text, actor=actor, at=at)
        noted.add(complaint.pk)
        return _done(_("已加备注")) | {"undo": f"{complaint.number}:{kept.pk}"}

    return _each(request, act, _("加内部备注"), undone_by="notes")


@at_desk
@require_POST
@needs(Right.NOTE)
def undo_notes(request: Request) -> HttpResponse:
    """撤回备注: the note that was put on each of them, as long as a note may be taken back."""
    at, actor, kept = timezone.now(), Actor.of(request.user), _undone(request)

    def act(complaint: Any) -> Line:
        note = complaint.notes.filter(pk=kept[complaint.number], author=request.user).first()
        if note is None:
            return _refused(_("没有找到这条备注。"))
        noting.withdraw(note, actor=actor, at=at)
        return _done(_("备注已撤回"))

    return _each(request, act, _("撤回备注"), numbers=list(kept))


@at_desk
@require_POST
@needs(Right.EXPORT_CASES)
def export_chosen(request: Request) -> HttpResponseBase:
    """导出所选: as a workbook, or as CSV; what is not visible is not in it."""
    numbers = _numbers(request)[:MOST]
    found = _rows(numbers, request.user)
    if not found:
        return _outcome(request, [], _("导出"))
    kind = "csv" if request.POST.get("kind") == "csv" else "xlsx"
    log.info("exported", member=request.user.username, kind=kind, chosen=numbers)
    ids = {getattr(row, "complaint_id", row.pk) for row in found.values()}
    chosen = Complaint.objects.visible_to(request.user).filter(pk__in=ids)
    return export.as_file(exporting.rows(chosen, member=request.user), kind)


def _undone(request: Request) -> dict[str, int]:
    """What is to be taken back, by the number of its complaint."""
    given = dict(pair.replace("\x00", "").rsplit(":", 1) for pair in request.POST.getlist("undo") if ":" in pair)
    return {number: int(key) for number, key in given.items() if _is_number(key) and number.startswith("TS")}


def _people(member: Member) -> MemberQuerySet:
    """Those who speak with customers; one's own unit first."""
    found = Member.objects.visible_to(member).active().with_right(Right.REPLY)
    is_near = Case(When(unit=member.unit_id, then=0), default=1)
    return found.select_related("unit").order_by(is_near, "unit__path", "name")


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) < 18


def _numbers(request: Request) -> list[str]:
    given = (number[:40].replace("\x00", "") for number in request.POST.getlist("number"))
    return list(dict.fromkeys(given))


def _rows(numbers: Sequence[str], member: Member) -> dict[str, Any]:
    """Work orders by GD..., complaints by TS..., as far as the member may see them."""
    orders = [number for number in numbers if number.startswith("GD")]
    complaints = [number for number in numbers if not number.startswith("GD")]
    found = queries.by_numbers(complaints, Complaint, member) if complaints else {}
    return found | (queries.by_numbers(orders, WorkOrder, member) if orders else {})


def _each(
    request: Request, act: Act, deed: str, *, numbers: Sequence[str] | None = None, undone_by: str = "assignments"
) -> HttpResponse:
    asked = _numbers(request) if numbers is None else list(numbers)
    found = _rows(asked[:MOST], request.user)
    lines = [_line(number, found.get(number), act) for number in asked[:MOST]]
    late = _("一次最多 %d 件，这件没有处理；请再选一次。") % MOST
    late_lines = [{"number": number, **_refused(late)} for number in asked[MOST:]]
    return _outcome(request, [*lines, *late_lines], deed, undone_by)


def _line(number: str, row: Any, act: Act) -> Line:
    if row is None:
        return {"number": number, **_refused(_("没有找到，或您无权查看。"))}
    complaint = getattr(row, "complaint", row)
    about = {"number": number, "complaint": complaint.number}
    try:
        return about | act(row)
    except Refused as refusal:
        return about | _refused(str(refusal))


def _done(words: str) -> Line:
    return {"is_done": True, "words": words}


def _refused(words: str) -> Line:
    return {"is_done": False, "words": words}


def _step(request: Request, act: str, *, fault: str = "", **more: Any) -> HttpResponse:
    """The page that asks for what is still missing: a person, or words."""
    numbers = _numbers(request)
    if not numbers:
        return _outcome(request, [], "")
    words = {"assign": (_("指定负责人"), "desk:bulk-assign"), "note": (_("加内部备注"), "desk:bulk-note")}
    title, place = words[act]
    context = {
        "act": act, "title": title, "url": reverse(place), "numbers": numbers, "most": MOST, "back": _back(request),
        "fault": fault if "to" in request.POST or "text" in request.POST else "", **more,
    }  # fmt: skip
    return show(request, "desk/bulk_step.html", context, at=timezone.now(), status=422 if context["fault"] else 200)


def _back(request: Request) -> str:
    """Where the member came from: a place of the queue, or the queue."""
    asked, queue = request.POST.get("back", ""), reverse("desk:queue")
    is_ours = asked.startswith((f"{queue}?", queue)) and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_ours else queue


def _outcome(request: Request, lines: list[Line], deed: str, undone_by: str = "assignments") -> HttpResponse:
    if not lines:
        lines = [{"number": "", **_refused(_("没有选择任何一行。"))}]
    count = sum(1 for line in lines if line["is_done"])
    context = {
        "deed": deed,
        "done": [line for line in lines if line["is_done"]],
        "refused": [line for line in lines if not line["is_done"]],
        "words": _("%(done)d 件完成，%(refused)d 件没有") % {"done": count, "refused": len(lines) - count},
        "undo": [line["undo"] for line in lines if "undo" in line],
        "undo_url": reverse({"assignments": "desk:bulk-undo", "notes": "desk:bulk-note-undo"}[undone_by]),
        "undone_by": undone_by,
        "back": _back(request),
    }
    return show(request, "desk/outcome.html", context, at=timezone.now())
