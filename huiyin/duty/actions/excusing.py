"""Away, with somebody standing in: put down, ended early, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from huiyin.duty import errors
from huiyin.duty.models import Absence
from huiyin.duty.rules import may_excuse
from huiyin.duty.spans import Span
from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change, Member

Verb = Change.Verb


@transaction.atomic
def excuse(
    member: Member,
    *,
    starts_at: datetime,
    ends_at: datetime,
    deputy: Member | None,
    actor: Actor,
    at: datetime,
    reason: Absence.Reason = Absence.Reason.LEAVE,
) -> Absence:
    """The member is away between the two moments, and whoever stands in gets what would be theirs.

    Raises MayNotRoster, TimesInWrongOrder, AlreadyOver, AbsencesOverlap, NoSuchDeputy, DeputyIsAway, DeputiesInARing.
    """
    if not may_excuse(actor, member):
        raise errors.MayNotRoster
    if ends_at <= starts_at:
        raise errors.TimesInWrongOrder
    if ends_at <= at:
        raise errors.AlreadyOver
    Member.objects.select_for_update().get(pk=member.pk)  # two at once: the second finds the first
    span = Span(starts_at, ends_at)
    if other := Absence.objects.filter(member=member).touching(span).first():
        raise errors.AbsencesOverlap(_shown(other.starts_at), _shown(other.ends_at))
    if deputy is not None:
        _must_be_there(member, deputy, span)
    absence = Absence.objects.create(
        member=member, starts_at=starts_at, ends_at=ends_at, deputy=deputy, reason=reason, made_by=actor.member,
        made_at=at,
    )  # fmt: skip
    _record(absence, Verb.ADDED, actor=actor, at=at, after=_said(absence))
    return absence


@transaction.atomic
def take_back(absence: Absence, *, actor: Actor, at: datetime) -> None:
    """Not begun yet, it is gone; begun, the member is back from now on. Raises MayNotRoster, AlreadyOver."""
    held = Absence.objects.select_for_update().filter(pk=absence.pk).first()
    if not may_excuse(actor, absence.member):
        raise errors.MayNotRoster
    if held is None or held.ends_at <= at:
        raise errors.AlreadyOver
    before = _said(held)
    if held.starts_at >= at:
        held.delete()
        _record(absence, Verb.REMOVED, actor=actor, at=at, before=before)
        return
    held.ends_at = at
    held.save(update_fields=["ends_at"])
    _record(held, Verb.AMENDED, actor=actor, at=at, before=before, after=_said(held))


def _must_be_there(member: Member, deputy: Member, span: Span) -> None:
    """At every moment of it somebody is there: the deputy, or who stands in for them, and not in a ring."""
    if deputy.pk == member.pk or not deputy.is_active:
        raise errors.NoSuchDeputy(deputy.name)
    seen, following = {member.pk}, deputy
    while True:
        away = Absence.objects.filter(member=following).touching(span).select_related("deputy").first()
        if away is None:
            return
        if away.deputy is None:
            raise errors.DeputyIsAway(following.name)
        seen.add(following.pk)
        if away.deputy_id in seen:
            raise errors.DeputiesInARing(deputy.name)
        following = away.deputy


def _said(absence: Absence) -> dict[str, Any]:
    """Not the reason: why somebody was away stays out of a record that cannot be erased."""
    deputy = absence.deputy.username if absence.deputy else ""
    return {"since": _shown(absence.starts_at), "until": _shown(absence.ends_at), "deputy": deputy}


def _shown(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def _record(absence: Absence, verb: Change.Verb, *, actor: Actor, at: datetime, **told: Any) -> None:
    member = absence.member
    record(Change.Area.DUTY, member.username, label=member.name, verb=verb, actor=actor, at=at, **told)
