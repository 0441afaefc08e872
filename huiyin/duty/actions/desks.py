"""Setting up desks and their shifts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from huiyin.duty import errors
from huiyin.duty.models import Desk, Shift
from huiyin.duty.rules import may_roster
from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change, Unit

Verb = Change.Verb


@transaction.atomic
def set_up(
    *,
    code: str,
    name_zh: str,
    unit: Unit,
    time_zone: str,
    actor: Actor,
    at: datetime,
    name_en: str = "",
    is_round_the_clock: bool = True,
) -> Desk:
    """A new desk, with no shifts yet. Raises MayNotRoster, BadZone, CodeTaken."""
    _must(actor, unit.pk)
    _must_be_a_zone(time_zone)
    if Desk.objects.filter(code=code).exists():
        raise errors.CodeTaken(code)
    desk = Desk.objects.create(
        code=code, name_zh=name_zh.strip(), name_en=name_en.strip(), unit=unit, time_zone=time_zone,
        is_round_the_clock=is_round_the_clock,
    )  # fmt: skip
    told = {"after": {"unit": unit.code, "time_zone": time_zone, "is_round_the_clock": is_round_the_clock}}
    _record(desk, Verb.ADDED, actor=actor, at=at, **told)
    return desk


@transaction.atomic
def describe(
    desk: Desk,
    *,
    name_zh: str,
    name_en: str,
    time_zone: str,
    is_round_the_clock: bool,
    is_active: bool,
    actor: Actor,
    at: datetime,
) -> None:
    """How the desk is called, where it is, whether it must be kept at every hour, and whether it is used at all."""
    _must(actor, desk.unit_id)
    _must_be_a_zone(time_zone)
    given = {
        "name_zh": name_zh.strip(), "name_en": name_en.strip(), "time_zone": time_zone,
        "is_round_the_clock": is_round_the_clock, "is_active": is_active,
    }  # fmt: skip
    before = {key: getattr(desk, key) for key in given}
    for key, value in given.items():
        setattr(desk, key, value)
    desk.save(update_fields=list(given))
    _record(desk, Verb.AMENDED, before=before, after=given, actor=actor, at=at)


@transaction.atomic
def add_shift(
    desk: Desk,
    *,
    name: str,
    weekdays: Collection[int],
    starts: time,
    ends: time,
    actor: Actor,
    at: datetime,
    name_en: str = "",
) -> Shift:
    """Raises MayNotRoster, NoWeekday, ShiftNameTaken."""
    _must(actor, desk.unit_id)
    if not weekdays:
        raise errors.NoWeekday
    if desk.shifts.filter(name=name.strip()).exists():
        raise errors.ShiftNameTaken(name.strip())
    shift = Shift.objects.create(
        desk=desk, name=name.strip(), name_en=name_en.strip(), weekdays=sorted(weekdays), starts=starts, ends=ends
    )
    _record(desk, Verb.AMENDED, after={"shift": f"{shift}"}, actor=actor, at=at)
    return shift


@transaction.atomic
def drop_shift(shift: Shift, *, actor: Actor, at: datetime) -> None:
    """The shift, and who was rostered for it, are gone; the record says what there was."""
    desk = shift.desk
    _must(actor, desk.unit_id)
    before = {"shift": str(shift), "members": shift.assignments.values("member").distinct().count()}
    shift.delete()
    _record(desk, Verb.AMENDED, before=before, actor=actor, at=at)


def _must(actor: Actor, unit_id: int) -> None:
    if not may_roster(actor, unit_id):
        raise errors.MayNotRoster


def _must_be_a_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise errors.BadZone(name) from error


def _record(desk: Desk, verb: Change.Verb, *, actor: Actor, at: datetime, **told: Any) -> None:
    record(Change.Area.DUTY, desk.code, label=desk.name_zh, verb=verb, actor=actor, at=at, **told)
