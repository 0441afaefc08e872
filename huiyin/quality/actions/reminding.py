"""What an incident's checklist and a root cause duty owe is told again before its end and at it, each once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from huiyin.lib.sweeping import one_by_one
from huiyin.notices.actions.telling import tell
from huiyin.org.models import Member
from huiyin.org.rules import Role
from huiyin.quality.actions.telling import heads_of, in_both, leads_for, link_to, reached, sees_incident
from huiyin.quality.models import Duty, Incident, RootCauseDuty
from huiyin.sla.promises import share_used_at
from huiyin.sla.queries import numbered

NEAR, DUE = 80, 100
SAID = {
    0: {"zh": "待完成", "en": "to be done"},
    NEAR: {"zh": "将到期", "en": "due soon"},
    DUE: {"zh": "已到期", "en": "overdue"},
}


def sweep(*, at: datetime) -> int:
    """Returns how many were told of; what slept through both is told once, as overdue. Each by itself: what fails is on
    the log, and keeps none of the others waiting; all that wait are looked at, so none comes first."""
    return _duties(at) + _causes(at)


def _duties(at: datetime) -> int:
    waiting = Duty.objects.filter(done_at=None, due_at__isnull=False, reminded__lt=DUE)
    rows = waiting.exclude(incident__state=Incident.State.ENDED).select_related(
        "incident__lead_unit", "incident__kind", "owner"
    )
    return one_by_one(rows, lambda row: _remind(row, _share(row.incident.opened_at, row.due_at, at), _tell_of_duty, at))


def _causes(at: datetime) -> int:
    rows = RootCauseDuty.objects.filter(approved_at=None, reminded__lt=DUE).select_related("unit", "category")
    return one_by_one(rows, lambda row: _remind(row, _used(row, at), tell_of_cause, at))


def _remind(row: Any, share: int, say: Callable[[Any, int, datetime], bool], at: datetime) -> bool:
    """It was told of only if somebody heard it; else the next sweep tries again."""
    if share <= row.reminded:
        return False
    held = type(row).objects.filter(pk=row.pk, reminded=row.reminded, due_at=row.due_at).select_for_update(no_key=True)
    if held.first() is None or not say(row, share, at):
        return False
    type(row).objects.filter(pk=row.pk).update(reminded=share)
    return True


def _share(start: datetime, due: datetime | None, at: datetime) -> int:
    if due is None:
        return 0
    return DUE if due < at else NEAR if start + (due - start) * NEAR / 100 < at else 0


def _used(duty: RootCauseDuty, at: datetime) -> int:
    """Its time is working days, and so are four fifths of it."""
    policy = numbered(duty.why["policy"])
    near = share_used_at(policy, duty.why, start=duty.opened_at, due=duty.due_at, share=NEAR / 100)
    return DUE if duty.due_at < at else NEAR if near < at else 0


def _tell_of_duty(duty: Duty, share: int, at: datetime) -> bool:
    incident = duty.incident
    wanted = [*([duty.owner] if duty.owner else []), *heads_of(incident.lead_unit)]
    members = reached(wanted, incident.lead_unit, at, sees_incident(incident), leads=leads_for(incident))
    tell(
        members=members,
        kind="incident_duty",
        values={"kind": in_both(incident.kind), "duty": duty.name, "due_at": duty.due_at, "state": SAID[share]},
        number=incident.number,
        link=link_to(incident),
        key=f"incident-duty:{duty.pk}:{duty.due_at:%Y%m%d%H%M}:{share}",
        urgent=share == DUE,
        at=at,
    )
    return bool(members)


def tell_of_cause(duty: RootCauseDuty, share: int, at: datetime) -> bool:
    """When it is opened (no share yet) and again: the unit that owes it; at its end the centre's managers too. Only
    who may see it, in the place of who is absent as well."""
    above = Member.objects.active().with_role(Role.CC_MANAGER).order_by("pk") if share == DUE else ()
    row = RootCauseDuty.objects.filter(pk=duty.pk)
    members = reached((*_who_investigates(duty), *above), duty.unit, at, lambda each: row.visible_to(each).exists())
    tell(
        members=members,
        kind="cause_due",
        values={
            "category": in_both(duty.category), "unit": in_both(duty.unit), "due_at": duty.due_at,
            "state": SAID[share],
        },
        number="",
        link=f"/desk/quality/causes/{duty.pk}",
        key=f"cause:{duty.pk}:{share}",
        urgent=False,
        at=at,
    )  # fmt: skip
    return bool(members)


def _who_investigates(duty: RootCauseDuty) -> list[Member]:
    """The unit's people who find causes, with its head; where it has none, the nearest head above."""
    members = Member.objects.active().filter(unit=duty.unit).order_by("pk")
    found = list(members.with_role(Role.QUALITY_ENG))
    heads = heads_of(duty.unit)
    found += [each for each in heads if each not in found]
    return found or list(Member.objects.active().with_role(Role.CC_MANAGER).order_by("pk"))
