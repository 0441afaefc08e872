"""Giving members their shifts, and taking them off again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from huiyin.duty import errors
from huiyin.duty.models import Assignment, Desk, Shift
from huiyin.duty.rules import may_roster
from huiyin.duty.spans import EVERY_DAY, ONE_DAY
from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change, Member

Verb = Change.Verb


@transaction.atomic
def assign(
    member: Member,
    shift: Shift,
    *,
    first: date,
    last: date | None,
    actor: Actor,
    at: datetime,
    weekdays: Collection[int] = EVERY_DAY,
) -> Assignment:
    """The member has the shift from the first day to the last, both included, or until further notice.

    Raises MayNotRoster, DaysInWrongOrder, NoWeekday, AlreadyAssigned.
    """
    _must(actor, shift.desk)
    if last is not None and last < first:
        raise errors.DaysInWrongOrder
    chosen = frozenset(weekdays) & frozenset(shift.weekdays)
    if not chosen:
        raise errors.NoWeekday
    Desk.objects.select_for_update().get(pk=shift.desk_id)
    others = shift.assignments.filter(member=member, weekdays__overlap=sorted(chosen))
    if others.filter(_not_before(first), *([Q(first__lte=last)] if last else [])).exists():
        raise errors.AlreadyAssigned(member.name)
    made = Assignment.objects.create(member=member, shift=shift, weekdays=sorted(chosen), first=first, last=last)
    _record(shift, member, Verb.ADDED, actor=actor, at=at, after=_said(made))
    return made


@transaction.atomic
def take_off(assignment: Assignment, *, day: date, only: bool, actor: Actor, at: datetime) -> None:
    """The member has the shift no more from that day on, or, if `only`, on that day alone.

    Raises MayNotRoster, NotAssigned.
    """
    shift = assignment.shift
    _must(actor, shift.desk)
    held = Assignment.objects.select_for_update().filter(pk=assignment.pk).select_related("member").first()
    if held is None or day < held.first or (held.last is not None and day > held.last):
        raise errors.NotAssigned(assignment.member.name)
    before, goes_on_until = _said(held), held.last
    if day == held.first:
        held.delete()
    else:
        held.last = day - ONE_DAY
        held.save(update_fields=["last"])
    if only and (goes_on_until is None or goes_on_until > day):
        Assignment.objects.create(
            member=held.member, shift=shift, weekdays=held.weekdays, first=day + ONE_DAY, last=goes_on_until
        )
    after = {"from": day.isoformat(), "only": only}
    _record(shift, assignment.member, Verb.REMOVED, actor=actor, at=at, before=before, after=after)


def _not_before(day: date) -> Q:
    return Q(last=None) | Q(last__gte=day)


def _must(actor: Actor, desk: Desk) -> None:
    if not may_roster(actor, desk.unit_id):
        raise errors.MayNotRoster


def _said(assignment: Assignment) -> dict[str, Any]:
    return {
        "first": assignment.first.isoformat(),
        "last": assignment.last.isoformat() if assignment.last else "",
        "weekdays": assignment.weekdays,
    }


def _record(shift: Shift, member: Member, verb: Change.Verb, *, actor: Actor, at: datetime, **told: Any) -> None:
    label = f"{shift.desk.name_zh} {shift.name} {member.name}"
    record(Change.Area.DUTY, shift.desk.code, label=label, verb=verb, actor=actor, at=at, **told)
