"""Holidays that were read from a file become the policy's, after somebody has seen what they change."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import date, datetime
from typing import Any

from django.db import transaction

from huiyin.org.actors import Actor
from huiyin.sla.actions import amending, excepting
from huiyin.sla.checking import check
from huiyin.sla.days import Ruling
from huiyin.sla.importing import Imported
from huiyin.sla.models import DayException
from huiyin.sla.policy import Policy


def with_days(policy: Policy, imported: Imported, source: str) -> tuple[dict[str, Any], dict[date, Ruling]]:
    """The document with the whole years' tables, and the own days with the single ones. Raises PolicyUnsound."""
    body = {**deepcopy(dict(policy.body)), **imported.tables(source)}
    return check(body, before=policy.body), {**(policy.exceptions or {}), **imported.single_days()}


@transaction.atomic
def adopt(
    imported: Imported, *, policy: Policy, source: str, note: str, actor: Actor, at: datetime
) -> Mapping[str, int]:
    """Whole years are tables of a new version, single days are the administrator's own. Running promises stay as they
    are until they are reckoned anew. Returns how many of each. Raises what amending and excepting raise."""
    body, _days = with_days(policy, imported, source)
    single = imported.single_days()
    years = imported.whole_years()
    if years and body != policy.body:
        amending.amend(body=body, note=note, actor=actor, at=at, expected=policy.number)
    there = {each.day: each.is_working for each in DayException.objects.filter(day__in=single)}
    fresh = {day: ruling for day, ruling in single.items() if there.get(day) != ruling.is_working}
    for day, ruling in fresh.items():
        is_working = bool(ruling.is_working)
        excepting.set_day(day=day, is_working=is_working, name=ruling.name or source, actor=actor, at=at)
    return {"years": len(years), "days": len(fresh)}
