"""Changing the policy: always a new version, never a change to an old one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change
from huiyin.org.rules import Right
from huiyin.sla import errors
from huiyin.sla.checking import check
from huiyin.sla.models import PolicyVersion


@transaction.atomic
def amend(*, body: Any, note: str, actor: Actor, at: datetime, expected: int | None = None) -> PolicyVersion:
    """The document is the policy in force from now on; clocks that run keep the version they were started under.

    `expected` is the version that was edited. Raises MayNotSetPolicy, NoteMissing, PolicyUnsound, PolicyUnchanged, and
    PolicyMoved where `expected` is no longer the newest.
    """
    if not actor.may(Right.SET_POLICY):
        raise errors.MayNotSetPolicy
    if not note.strip():
        raise errors.NoteMissing
    lock_versions()
    newest = PolicyVersion.objects.order_by("-number").first()
    number = newest.number if newest else 0
    if expected is not None and expected != number:
        raise errors.PolicyMoved(number)
    sound = check(body, before=newest.body if newest else None)
    if newest is not None and newest.body == sound:
        raise errors.PolicyUnchanged(number)
    made = PolicyVersion.objects.create(
        number=number + 1, body=sound, created_at=at, created_by=actor.member, note=note.strip()
    )
    record(
        Change.Area.PROMISES, str(made), label=note.strip(), verb=Change.Verb.AMENDED, before={"number": number},
        after={"number": made.number}, actor=actor, at=at,
    )  # fmt: skip
    return made


def lock_versions() -> None:
    """Until the transaction ends nobody else adds a version; reading goes on."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE sla_policyversion IN SHARE ROW EXCLUSIVE MODE")
