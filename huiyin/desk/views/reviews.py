"""质检评审: what a month's draw took, by whom it is to be looked at, and the scorecard of one case."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.channels.models import Channel
from huiyin.coaching.actions import drawing, reviewing
from huiyin.coaching.errors import Refused
from huiyin.coaching.models import Draw, Review, Sampled, ScoreItem
from huiyin.complaints.models import Letter
from huiyin.complaints.wording import SPOKEN
from huiyin.desk import listening
from huiyin.desk.forms.reviews import DrawForm, ScoreForm
from huiyin.desk.pages import Request, at_desk, show
from huiyin.desk.reading import Reader
from huiyin.desk.rows import title_of
from huiyin.knowledge import queries as knowledge
from huiyin.lib import keyset
from huiyin.org.actors import Actor
from huiyin.org.models import in_language
from huiyin.org.rules import Right

SIZE = 50
BACK = 12  # months that may be drawn by hand
LISTENS = "QS-2"


@at_desk
@require_safe
def reviews(request: Request) -> HttpResponse:
    """The chosen month's cases, waiting or done; to those who see no scores, what was found of their own."""
    return _list(request, at=timezone.now())


def _list(request: Request, *, at: datetime, form: DrawForm | None = None, status: int = 200) -> HttpResponse:
    member = request.user
    is_own = not member.may(Right.SEE_SCORES)
    draws = list(Draw.objects.visible_to(member).defer("strata").select_related("drawn_by"))
    asked = [each for each in draws if f"{each.month:%Y-%m}" == request.GET.get("month")]
    draw = next(iter([*asked, *draws]), None)
    seen = Sampled.objects.visible_to(member)
    seen = seen if is_own else seen.filter(draw=draw)
    tab = "done" if is_own or request.GET.get("tab") == "done" else "waiting"
    counts = seen.order_by().aggregate(waiting=Count("pk", filter=Q(review=None)), done=Count("review"))
    shown = seen.filter(review__isnull=tab == "waiting").select_related(
        "complaint__customer", "agent", "unit", "review__reviewer"
    )
    try:
        page = keyset.page(shown, order=("-id",), size=SIZE, cursor=request.GET.get("cursor"))
    except keyset.BadCursor:
        page = keyset.page(shown, order=("-id",), size=SIZE)
    base = f"?tab={tab}" + (f"&month={draw.month:%Y-%m}" if draw else "")
    context = {
        "is_own": is_own,
        "draws": draws,
        "draw": draw,
        "tab": tab,
        "tabs": [] if is_own else _tabs(draw, tab, counts),
        "rows": [_row(each, Reader(member)) for each in page.rows],
        "form": form or _draw_form(request, draws, at),
        "previous_url": f"{base}&cursor={page.previous}" if page.previous else "",
        "next_url": f"{base}&cursor={page.next}" if page.next else "",
    }
    return show(request, "desk/reviews/list.html", context, at=at, status=status)


def _tabs(draw: Draw | None, tab: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    month = f"&month={draw.month:%Y-%m}" if draw else ""
    words = {"waiting": _("待评审"), "done": _("已评审")}
    return [
        {"label": label, "url": f"?tab={name}{month}", "count": counts[name], "is_current": name == tab}
        for name, label in words.items()
    ]


def _row(case: Sampled, reader: Reader) -> dict[str, Any]:
    return {
        "case": case,
        "title": title_of(case.complaint, reader),
        "channel": Channel(case.complaint.channel).label,
        "review": getattr(case, "review", None),
    }


def _draw_form(request: Request, draws: list[Draw], at: datetime, data: Any = None) -> DrawForm | None:
    """For the months that are over and were not drawn; None where there is none, or not this member's to draw."""
    if not request.user.may(Right.DRAW_SAMPLE):
        return None
    last, known = drawing.month_before(at), {each.month for each in draws}
    count = last.year * 12 + last.month - 1
    months = [date((count - back) // 12, (count - back) % 12 + 1, 1) for back in range(BACK)]
    left = [each for each in months if each not in known]
    return DrawForm(data, months=left) if left else None


@at_desk
@require_POST
def draw(request: Request) -> HttpResponseBase:
    """By hand: a month that is over and that the worker has not drawn."""
    at = timezone.now()
    form = _draw_form(request, list(Draw.objects.visible_to(request.user).defer("strata")), at, request.POST)
    if form is None:
        raise PermissionDenied
    if not form.is_valid():
        return _list(request, at=at, form=form, status=422)
    try:
        made, _is_new = drawing.draw_month(form.cleaned_data["month"], actor=Actor.of(request.user), at=at)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _list(request, at=at, form=form, status=422)
    said = {"month": f"{made.month:%Y-%m}", "population": made.population, "size": made.size}
    messages.success(request, _("%(month)s 结案 %(population)d 件，随机抽取 %(size)d 件。") % said)
    return redirect(f"{reverse('desk:reviews')}?month={made.month:%Y-%m}")


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request, pk: int) -> HttpResponseBase:
    """What the record shows, and the scorecard: to be filled in once, or as it was."""
    at, case = timezone.now(), _case(request, pk)
    letters = list(case.complaint.letters.filter(status=Letter.Status.SENT).order_by("sent_at"))
    known = knowledge.listening_cues()
    heard = {each.pk: listening.found_in(each.body, known) for each in letters if each.channel in SPOKEN}
    found: Review | None = getattr(case, "review", None)
    is_own = case.agent_id == request.user.pk
    form = None
    if found is None and request.user.may(Right.SCORE) and not is_own:
        items = list(ScoreItem.objects.all())
        form = ScoreForm(request.POST if request.method == "POST" else None, items=items, hints=_hints(heard))
    if request.method == "POST":
        if found is None and form is None:
            raise PermissionDenied
        if form is not None and form.is_valid():
            given = form.cleaned_data
            try:
                reviewing.review(
                    case, marks=form.marks, fatal=given["fatal"], comment=given["comment"], actor=request.user, at=at
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("评审已保存，处理人可以看到。"), extra_tags=f"draft:review:{case.pk}")
                return redirect("desk:review", case.pk)
        elif found is not None:
            messages.error(request, _("这件的评审已经保存，不能再改。"))
            return redirect("desk:review", case.pk)
    return show(
        request,
        "desk/reviews/case.html",
        {
            **_row(case, Reader(request.user)),
            "is_own": is_own,
            "letters": [{"row": each, "heard": heard.get(each.pk)} for each in letters],
            "form": form,
            "card": _card(found) if found else [],
            "fatal": [in_language(each["name_zh"], each["name_en"]) for each in found.fatal] if found else [],
        },
        at=at,
        status=422 if form is not None and form.errors else 200,
    )


def _case(request: Request, pk: int) -> Sampled:
    seen = Sampled.objects.visible_to(request.user).filter(pk=pk)
    whole = seen.select_related("complaint__customer", "agent", "unit", "draw", "review__reviewer")
    found = whole.defer("draw__strata").first()
    if found is None:
        raise Http404
    return found


def _hints(heard: dict[int, dict[str, Any]]) -> dict[str, str]:
    """QS-2: listen, do not argue; and what the detector found in the records of calls (B46)."""
    said = _("虚心接受，耐心听完，不打断，不与客户争论。")
    if heard:
        kept = sum(each["keeps_rule"] for each in heard.values())
        count = {"all": len(heard), "kept": kept}
        said += _("通话记录 %(all)d 份，%(kept)d 份先复述、再问客户对不对（RP-03）。") % count
    else:
        said += _("没有通话记录。")
    return {LISTENS: said}


def _card(found: Review) -> list[dict[str, Any]]:
    return [
        {**each, "name": in_language(each["name_zh"], each["name_en"]), "label": Review.Mark(each["mark"]).label}
        for each in found.card
    ]
