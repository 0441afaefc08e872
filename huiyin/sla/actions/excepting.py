"""The administrator's own days: a company holiday, a Saturday that is worked, a year the library does not know yet."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change
from huiyin.org.rules import Right
from huiyin.sla import errors
from huiyin.sla.models import DayException


@transaction.atomic
def set_day(*, day: date, is_working: bool, name: str, actor: Actor, at: datetime) -> DayException:
    """The day is worked, or not, whatever the calendar says; due moments already given stay as they are.

    Raises MayNotSetPolicy, NameMissing.
    """
    if not actor.may(Right.SET_POLICY):
        raise errors.MayNotSetPolicy
    if not name.strip():
        raise errors.NameMissing
    before = _said(DayException.objects.filter(day=day).first())
    exception, _is_new = DayException.objects.update_or_create(
        day=day, defaults={"is_working": is_working, "name": name.strip(), "set_at": at, "set_by": actor.member}
    )
    verb = Change.Verb.AMENDED if before else Change.Verb.ADDED
    told = {"before": before, "after": _said(exception)}
    record(Change.Area.DAYS, day.isoformat(), label=exception.name, verb=verb, actor=actor, at=at, **told)
    return exception


@transaction.atomic
def clear_day(*, day: date, actor: Actor, at: datetime) -> None:
    """The day is again what the calendar says. Raises MayNotSetPolicy, DayNotSet."""
    if not actor.may(Right.SET_POLICY):
        raise errors.MayNotSetPolicy
    exception = DayException.objects.select_for_update().filter(day=day).first()
    if exception is None:
        raise errors.DayNotSet(day)
    before = _said(exception)
    exception.delete()
    subject, verb = day.isoformat(), Change.Verb.REMOVED
    record(Change.Area.DAYS, subject, label=exception.name, verb=verb, before=before, actor=actor, at=at)


def _said(exception: DayException | None) -> dict[str, object]:
    return {} if exception is None else {"name": exception.name, "is_working": exception.is_working}
