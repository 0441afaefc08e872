"""The red channel on screen: the banner on a complaint, the page of one case, the list, the daily report."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.forms import Form
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.desk.forms.red import CallForm, DecisionForm, DutyDoneForm, ForceForm, InviteForm, MinutesForm
from huiyin.desk.promises import clock_label, clock_names
from huiyin.desk.reading import Reader
from huiyin.desk.rows import complaint_row, title_of
from huiyin.lib import spans
from huiyin.org.models import Member
from huiyin.org.rules import Right, may
from huiyin.quality.models import Incident, IncidentClass
from huiyin.quality.rules import may_work_on
from huiyin.redchannel import queries, rules
from huiyin.redchannel.models import DailyReport, RedCase, WarRoom

ROWS = ("customer", "category", "confirmed_category", "owner_unit", "assignee")


def beside(complaint: Complaint, events: Sequence[Event], member: Member) -> dict[str, Any] | None:
    """For the banner of the complaint page; asks nothing of a complaint that was never paged."""
    if not any(event.kind == Event.Kind.PAGED for event in events):
        return None
    case = _cases(member).filter(complaint=complaint).first()
    if case is None or case.ended_at is not None:
        return None
    case.complaint = complaint
    return head(case, member) | {"room": case.rooms.open().first()}


def _cases(member: Member) -> Any:
    return RedCase.objects.visible_to(member).select_related("confirmed_by", "lead", "kind", "incident", "named_by")


def the_case(member: Member, number: str) -> RedCase | None:
    found = _cases(member).select_related("complaint__owner_unit", "complaint__category__parent")
    case: RedCase | None = found.filter(complaint__number=number).first()
    return case


def head(case: RedCase, member: Member) -> dict[str, Any]:
    """How it stands with the pages."""
    return {
        "case": case,
        "number": case.complaint.number,
        "may_confirm": rules.may_confirm(case, member),
        "answered_after": spans.took(case.answered_after) if case.answered_after is not None else "",
    }


def board(member: Member, at: datetime) -> dict[str, Any]:
    """Those that stand, what nobody has confirmed first; what was over lately; the daily reports."""
    cases = _cases(member).select_related(*(f"complaint__{name}" for name in ROWS))
    standing = list(cases.standing().order_by("confirmed_at", "-called_at")[:100])
    standing.sort(key=lambda case: (case.confirmed_at is not None, -case.called_at.timestamp()))
    over = cases.exclude(pk__in=[case.pk for case in standing]).order_by("-called_at", "-id")[:20]
    return {
        "standing": _lines(standing, member),
        "over": _lines(list(over), member),
        "reports": list(DailyReport.objects.all()[:14]) if queries.is_manager(member) else [],
        "is_manager": queries.is_manager(member),
    }


def _lines(cases: Sequence[RedCase], member: Member) -> list[dict[str, Any]]:
    reader = Reader(member)
    running = (
        Clock.objects.visible_to(member)
        .running()
        .filter(complaint__in=[case.complaint_id for case in cases], code__in=queries.CLOCKS)
    )
    due = {(clock.complaint_id, clock.code): clock.due_at for clock in running}
    rooms = set(WarRoom.objects.visible_to(member).open().filter(case__in=cases).values_list("case", flat=True))
    return [
        head(case, member)
        | {
            "title": title_of(case.complaint, reader),
            "force_due_at": due.get((case.complaint_id, "CK-TASKFORCE")),
            "report_due_at": due.get((case.complaint_id, "CK-OUTRPT")),
            "has_room": case.pk in rooms,
        }
        for case in cases
    ]


def page(case: RedCase, member: Member, *, plan: str = "", forms: Mapping[str, Form] | None = None) -> dict[str, Any]:
    """The page of one case; `forms` brings those that were refused."""
    given = dict(forms or {})
    names = Member.objects.in_bulk(case.paged)
    rooms = [_room(room, member) for room in case.rooms.select_related("called_by", "ended_by")]
    open_room = next((each for each in rooms if each["room"].ended_at is None), None)
    shown = head(case, member)
    return {
        **shown,
        "red": shown,
        "may_list": may(member, Right.SEE_QUALITY),
        "title": title_of(case.complaint, Reader(member)),
        "paged": [names[pk].name for pk in case.paged if pk in names],
        "clocks": _clocks(case),
        "force": [each.member for each in case.force.select_related("member__unit")],
        "may_form": rules.may_form(case, member),
        "plan": _plan(case, member, plan, given.get("force")),
        "incident": incident_of(case, member),
        "duties": _duties(case, member, given),
        "open_room": open_room,
        "past_rooms": [each for each in rooms if each is not open_room],
        "call_form": given.get("rooms") or (CallForm() if rules.may_call(case, member) and not open_room else None),
        "decision_form": given.get("decisions") or DecisionForm(),
        "invite_form": given.get("invitations") or (open_room and _invite_form(open_room["room"], case, member)),
        "minutes_form": given.get("end") or MinutesForm(),
    }


def _invite_form(room: WarRoom, case: RedCase, member: Member) -> InviteForm | None:
    room.case = case
    return invite_form(room) if rules.may_invite(room, member) else None


def invite_form(room: WarRoom, data: Any = None) -> InviteForm:
    """Offers those who could come and were not called yet."""
    called = room.participants.values_list("member", flat=True)
    return InviteForm(data, people=queries.could_come(room.case.complaint).exclude(pk__in=called))


def _clocks(case: RedCase) -> list[dict[str, Any]]:
    """The newest of each code."""
    names = clock_names()
    clocks = case.complaint.clocks.filter(code__in=queries.CLOCKS).order_by("started_at", "pk")
    found = {clock.code: clock for clock in clocks}
    return [
        {"label": clock_label(code, names), "due_at": clock.due_at, "stopped_at": clock.stopped_at,
         "breached_at": clock.breached_at}
        for code, clock in found.items()
    ]  # fmt: skip


def _plan(case: RedCase, member: Member, asked: str, form: Form | None) -> dict[str, Any] | None:
    """The pre-set plan with a seat for each of its departments, for whoever may name the task force."""
    if not rules.may_name(case, member):
        return None
    policy = queries.arrangements()
    kinds = {kind.code: kind for kind in IncidentClass.objects.all()}
    code = asked if asked in kinds else case.kind.code if case.kind else queries.proposed_plan(case, policy)
    kind = kinds.get(code) or next(iter(kinds.values()), None)
    if kind is None:
        return None
    seats = queries.seats(kind, policy)
    return {
        "kind": kind,
        "kinds": list(kinds.values()),
        "vacant": [seat.unit for seat in seats if not seat.people],
        "form": form or ForceForm(kind=kind, seats=seats, chosen=case.force.values_list("member", flat=True)),
    }


def force_form(case: RedCase, member: Member, data: Any) -> ForceForm | None:
    kind = IncidentClass.objects.filter(code=data.get("kind", "")[:16]).first()
    if kind is None:
        return None
    return ForceForm(data, kind=kind, seats=queries.seats(kind, queries.arrangements()))


def incident_of(case: RedCase, member: Member) -> Incident | None:
    """Not to whom another complaint of it names."""
    if case.incident is None or not Incident.objects.visible_to(member).filter(pk=case.incident.pk).exists():
        return None
    return case.incident


def _duties(case: RedCase, member: Member, given: Mapping[str, Form]) -> list[dict[str, Any]]:
    incident = incident_of(case, member)
    if incident is None:
        return []
    may_tick = may_work_on(incident, member) and not incident.is_ended
    refused = given.get("duties")
    return [
        {
            "row": duty,
            "form": (
                refused if refused is not None and refused.data.get("duty") == str(duty.pk) else DutyDoneForm(duty)
            )
            if may_tick and duty.done_at is None
            else None,
        }
        for duty in incident.duties.select_related("owner", "done_by")
    ]


def _room(room: WarRoom, member: Member) -> dict[str, Any]:
    people = list(room.participants.select_related("member__unit"))
    for each in people:
        each.room = room
    joined = [each.member for each in people if each.joined_at is not None]
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return {
        "room": room,
        "sides": [{"name": side[language], "has_come": room.has_come(side, joined)} for side in room.sides],
        "vacant": [side[language] for side in room.vacant],
        "joined": [
            {"member": each.member, "at": each.joined_at, "after": spans.took(each.joined_after)}
            for each in people
            if each.joined_after is not None
        ],
        "awaited": [each.member for each in people if each.joined_at is None],
        "decisions": list(room.decisions.select_related("author")),
        "group_after": spans.took(room.group_at - room.called_at) if room.group_at else "",
        "quorum_after": spans.took(room.quorum_at - room.called_at) if room.quorum_at else "",
        "may_join": rules.may_join(room, member),
        "may_decide": rules.may_decide(room, member),
        "may_end": rules.may_end(room, member),
    }


def daily(report: DailyReport, member: Member) -> dict[str, Any]:
    """Its complaints as they stand now, in the order of the report, those that the member may see."""
    reader = Reader(member)
    seen = Complaint.objects.visible_to(member).filter(pk__in=report.complaints).select_related(*ROWS)
    rows = {row.pk: row for row in seen}
    names = Member.objects.in_bulk(report.told)
    return {
        "report": report,
        "rows": [complaint_row(rows[pk], reader) for pk in report.complaints if pk in rows],
        "hidden": len(report.complaints) - len(rows),
        "told": [names[pk].name for pk in report.told if pk in names],
        "heading": _("每日报送 %s") % report.day.isoformat(),
    }
