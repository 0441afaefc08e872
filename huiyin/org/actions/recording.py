"""Each change of a setting goes on record, in the action's own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huiyin.org.actors import Actor
from huiyin.org.models import Change


def record(
    area: Change.Area,
    subject: str,
    *,
    label: str,
    verb: Change.Verb,
    actor: Actor,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Change | None:
    """Who changed what from what to what; only what differs is kept, and nothing where nothing does."""
    old, new = dict(before or {}), dict(after or {})
    if before is not None and after is not None:
        same = {key for key in old.keys() & new.keys() if old[key] == new[key]}
        old = {key: value for key, value in old.items() if key not in same}
        new = {key: value for key, value in new.items() if key not in same}
        if not old and not new:
            return None
    return Change.objects.create(
        area=area, subject=subject[:64], label=label[:200], verb=verb, before=old, after=new, made_by=actor.member,
        made_at=at,
    )  # fmt: skip
