"""Each change of the tree is on record, and every process's book hears of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huiyin.org.actions import recording
from huiyin.org.actors import Actor
from huiyin.org.models import Change
from huiyin.org.rules import Right
from huiyin.triage import errors, queries
from huiyin.triage.models import Category, TreeChange

VERBS = {
    TreeChange.Kind.OPENED: Change.Verb.ADDED,
    TreeChange.Kind.AMENDED: Change.Verb.AMENDED,
    TreeChange.Kind.CLOSED: Change.Verb.RETIRED,
    TreeChange.Kind.REOPENED: Change.Verb.RESTORED,
    TreeChange.Kind.MOVED: Change.Verb.MOVED,
}


def must_configure(actor: Actor) -> None:
    """Raises MayNotConfigure."""
    if not actor.may(Right.CONFIGURE):
        raise errors.MayNotConfigure


def record(
    category: Category,
    kind: TreeChange.Kind,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    TreeChange.objects.create(
        category=category,
        kind=kind,
        before=dict(before or {}),
        after=dict(after or {}),
        made_by=actor.member,
        made_at=at,
    )
    recording.record(
        Change.Area.CATEGORY,
        category.code,
        label=category.name_zh,
        verb=VERBS[kind],
        before=before,
        after=after,
        actor=actor,
        at=at,
    )
    queries.forget_on_commit()
