"""The roster reaches people: a case of the night whoever is on duty where it is day, a gap whoever can fill it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Coalesce, Concat

from huiyin.complaints.models import Complaint
from huiyin.complaints.states import State
from huiyin.duty import queries as duty
from huiyin.duty.models import Desk
from huiyin.duty.spans import Span
from huiyin.notices.actions.telling import Telling, tell_many
from huiyin.notices.models import Notice
from huiyin.org.models import Member, Unit
from huiyin.org.rules import RIGHTS, Right, Role
from huiyin.sla.queries import current
from huiyin.supervision.directory import Directory, Sight
from huiyin.supervision.naming import link_to

AHEAD = timedelta(days=7)  # so long before a gap whoever keeps the roster hears of it
LOOKED_BACK = timedelta(days=30)  # for where a gap that is open now began
LATELY = timedelta(days=1)  # by when it was registered: the worker may have been away, a letter may be older
JUST_BEFORE = timedelta(hours=1)  # the day's end: nobody has had time for it
KEY = "duty:"
ROSTER_LINK = "/desk/duty/"  # where the desk shows it; a test compares


def warn_of_gaps(*, at: datetime) -> int:
    """Each stretch of the coming week in which a desk has nobody is told once to the leads of its unit, or where there
    are none to the administrators. Returns how many notices are new."""
    desks = {desk.pk: desk for desk in Desk.objects.active().select_related("unit")}
    found = duty.gaps(list(desks.values()), at - LOOKED_BACK, at + AHEAD) if desks else {}
    missing = [(desks[pk], gap) for pk, gaps in found.items() for gap in gaps if gap.end > at]
    if not missing:
        return 0
    directory = Directory(at=at)
    return tell_many((_of_gap(desk, gap, directory, at) for desk, gap in missing), at=at)


def _of_gap(desk: Desk, gap: Span, directory: Directory, at: datetime) -> Telling:
    keepers = directory.nearest(desk.unit_id, *(RIGHTS[Right.ROSTER] - {Role.ADMIN}))
    began = gap.start.isoformat() if gap.start > at - LOOKED_BACK else "always"
    return Telling(
        members=directory.present(keepers or directory.anywhere(Role.ADMIN)),
        kind="roster_gap",
        values={"desk": _name(desk), "from_at": max(gap.start, at), "until_at": gap.end},
        number="",
        link=ROSTER_LINK,
        key=f"gap:{desk.pk}:{began}",
    )


def bring_to_desks(*, at: datetime, limit: int = 200) -> int:
    """Each complaint that came in lately while its unit's day was over or about to be, and waits while it is, is told
    to whoever is on duty at the desk it reaches; nobody there, to whoever leads above it. Returns how many notices are
    new; running it again adds none."""
    desks = list(Desk.objects.active())
    if not desks:
        return 0
    key = Concat(Value(KEY), Cast(OuterRef("pk"), CharField()))
    fresh = Complaint.objects.filter(state=State.RECEIVED, filed_at__gte=at - LATELY, filed_at__lte=at)
    untold = fresh.filter(~Exists(Notice.objects.filter(key=key))).select_related("owner_unit", "received_unit")
    policy = current()
    calendars = {zone: policy.in_zone(zone).calendar for zone in Unit.objects.values_list("time_zone", flat=True)}
    closed = [zone for zone, calendar in calendars.items() if not calendar.is_open(at)]
    came = untold.annotate(zone=Coalesce("received_unit__time_zone", "owner_unit__time_zone")).filter(zone__in=closed)
    waiting = [
        each for each in came.order_by("filed_at")
        if each.filed_at >= at - JUST_BEFORE or not calendars[_zone(each)].is_open(each.filed_at)
    ][:limit]  # fmt: skip
    if not waiting:
        return 0
    reached = {zone: duty.desk_for(at, time_zone=zone, desks=desks) for zone in {_zone(each) for each in waiting}}
    manned, directory, sees = duty.desks_manned(desks, at), Directory(at=at), Sight(waiting)
    told = []
    for complaint in waiting:
        desk = reached[_zone(complaint)]
        there = [directory.everybody[pk] for pk in (manned[desk.pk] if desk else ()) if pk in directory.everybody]
        told.append(_of_case(complaint, desk, directory.reached(there, complaint, sees)))
    return tell_many(told, at=at)


def _of_case(complaint: Complaint, desk: Desk | None, members: Sequence[Member]) -> Telling:
    nobody = {"zh": "无人值班", "en": "nobody on duty"}
    return Telling(
        members=members,
        kind="case_on_duty",
        values={"desk": _name(desk) if desk else nobody},
        number=complaint.number,
        link=link_to(complaint.number),
        key=_key(complaint),
        urgent=complaint.is_pressing,
    )


def _key(complaint: Complaint) -> str:
    return f"{KEY}{complaint.pk}"


def _zone(complaint: Complaint) -> str:
    return (complaint.received_unit or complaint.owner_unit).time_zone


def _name(desk: Desk) -> dict[str, Any]:
    return {"zh": desk.name_zh, "en": desk.name_en or desk.name_zh}
