"""The administrator's own days: a company holiday, a Saturday that is worked, a year the library does not know yet."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from huiyin.org.actors import Actor
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
    exception, _ = DayException.objects.update_or_create(
        day=day, defaults={"is_working": is_working, "name": name.strip(), "set_at": at, "set_by": actor.member}
    )
    return exception


@transaction.atomic
def clear_day(*, day: date, actor: Actor, at: datetime) -> None:
    """The day is again what the calendar says. Raises MayNotSetPolicy, DayNotSet."""
    if not actor.may(Right.SET_POLICY):
        raise errors.MayNotSetPolicy
    deleted, _ = DayException.objects.filter(day=day).delete()
    if not deleted:
        raise errors.DayNotSet(day)
