"""Members come, change what they do, and leave; none is ever deleted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from huiyin.org import errors
from huiyin.org.actions.permitting import must_configure
from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change, Member, Token, Unit
from huiyin.org.rules import RIGHTS, ROLES, Right

Verb = Change.Verb


def _record(member: Member, verb: Change.Verb, *, actor: Actor, at: datetime, **told: Any) -> None:
    record(Change.Area.MEMBER, member.username, label=member.name, verb=verb, actor=actor, at=at, **told)


def _checked(roles: Collection[str]) -> list[str]:
    for role in roles:
        if role not in ROLES:
            raise errors.UnknownRole(role)
    return sorted(set(roles))


def _must_leave_an_administrator(member: Member) -> None:
    """An installation that nobody can configure can be mended only by hand in the database."""
    administrators = Member.objects.select_for_update().active().with_right(Right.CONFIGURE).order_by("id")
    if [each.pk for each in administrators] == [member.pk]:
        raise errors.LastAdministrator


@transaction.atomic
def add(
    *,
    username: str,
    name: str,
    unit: Unit,
    roles: Sequence[str],
    actor: Actor,
    at: datetime,
    password: str | None = None,
    line_manager: Member | None = None,
    language: str = "zh-hans",
    email: str = "",
) -> Member:
    """A new member; without a password one who cannot sign in until given one.

    Raises BadUsername, UsernameTaken, UnknownRole, UnitInactive, MayNotConfigure.
    """
    must_configure(actor)
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError as error:
        raise errors.BadUsername(username) from error
    if Member.objects.filter(username=username).exists():
        raise errors.UsernameTaken(username)
    if not unit.is_active:
        raise errors.UnitInactive(unit.code)
    member = Member.objects.create(
        username=username,
        name=name,
        unit=unit,
        roles=_checked(roles),
        line_manager=line_manager,
        language=language,
        email=email,
        password=make_password(password),
        date_joined=at,
    )
    _record(member, Verb.ADDED, after={"unit": unit.code, "roles": member.roles}, actor=actor, at=at)
    return member


@transaction.atomic
def describe(member: Member, *, name: str, email: str, language: str, actor: Actor, at: datetime) -> None:
    """How the member is called, written to and addressed. A demo member who gets a name of their own is one no more."""
    must_configure(actor)
    before = {"name": member.name, "language": member.language}
    after = {"name": name, "language": language}
    if email != member.email:  # the address itself stays out of a record that cannot be erased
        before["email"], after["email"] = "…", gettext("已修改")
    member.is_demo = member.is_demo and name == member.name
    member.name, member.email, member.language = name, email, language
    member.save(update_fields=["name", "email", "language", "is_demo"])
    _record(member, Verb.AMENDED, before=before, after=after, actor=actor, at=at)


@transaction.atomic
def set_password(member: Member, *, password: str, actor: Actor, at: datetime) -> None:
    """The member signs in with it from now on; their open sessions end."""
    must_configure(actor)
    member.set_password(password)
    member.save(update_fields=["password"])
    _record(member, Verb.AMENDED, after={"password": gettext("已重设")}, actor=actor, at=at)


@transaction.atomic
def reset_second_factor(member: Member, *, actor: Actor, at: datetime) -> None:
    """Whoever lost their telephone signs in by password alone and may set up another. Raises NoSecondFactor."""
    must_configure(actor)
    deleted, _rows = Authenticator.objects.filter(user=member).delete()
    if not deleted:
        raise errors.NoSecondFactor(member.username)
    _record(member, Verb.AMENDED, after={"second_factor": gettext("已重设")}, actor=actor, at=at)


@transaction.atomic
def change_roles(member: Member, *, roles: Sequence[str], actor: Actor, at: datetime) -> None:
    """Raises UnknownRole, LastAdministrator."""
    must_configure(actor)
    checked = _checked(roles)
    if RIGHTS[Right.CONFIGURE].isdisjoint(checked) and member.may(Right.CONFIGURE):
        _must_leave_an_administrator(member)
    before = {"roles": member.roles}
    member.roles = checked
    member.save(update_fields=["roles"])
    member.__dict__.pop("reach", None)
    _record(member, Verb.AMENDED, before=before, after={"roles": checked}, actor=actor, at=at)


@transaction.atomic
def transfer(member: Member, *, unit: Unit, line_manager: Member | None, actor: Actor, at: datetime) -> None:
    """The member works in another unit, for another manager. Raises UnitInactive, ManagerLoop."""
    must_configure(actor)
    if not unit.is_active:
        raise errors.UnitInactive(unit.code)
    above = line_manager
    while above is not None:
        if above.pk == member.pk:
            raise errors.ManagerLoop(member.username)
        above = above.line_manager
    before = _place_of(member)
    member.unit, member.line_manager = unit, line_manager
    member.save(update_fields=["unit", "line_manager"])
    member.__dict__.pop("reach", None)
    _record(member, Verb.MOVED, before=before, after=_place_of(member), actor=actor, at=at)


def _place_of(member: Member) -> dict[str, str]:
    return {"unit": member.unit.code, "line_manager": member.line_manager.username if member.line_manager else ""}


@transaction.atomic
def revise(
    member: Member,
    *,
    name: str,
    email: str,
    language: str,
    unit: Unit,
    line_manager: Member | None,
    roles: Sequence[str],
    actor: Actor,
    at: datetime,
) -> None:
    """All of it or nothing. Raises what describe, transfer and change_roles raise."""
    must_configure(actor)
    if (name, email, language) != (member.name, member.email, member.language):
        describe(member, name=name, email=email, language=language, actor=actor, at=at)
    if (unit, line_manager) != (member.unit, member.line_manager):
        transfer(member, unit=unit, line_manager=line_manager, actor=actor, at=at)
    if sorted(set(roles)) != sorted(member.roles):
        change_roles(member, roles=roles, actor=actor, at=at)


@transaction.atomic
def deactivate(member: Member, *, actor: Actor, at: datetime) -> None:
    """The member can no longer sign in and their tokens are revoked. Raises AlreadyLeft, LastAdministrator."""
    must_configure(actor)
    if not member.is_active:
        raise errors.AlreadyLeft(member.username)
    if member.may(Right.CONFIGURE):
        _must_leave_an_administrator(member)
    member.is_active = False
    member.save(update_fields=["is_active"])
    member.__dict__.pop("reach", None)
    Token.objects.filter(member=member, revoked_at__isnull=True).update(revoked_at=at)
    _record(member, Verb.RETIRED, actor=actor, at=at)


@transaction.atomic
def reactivate(member: Member, *, actor: Actor, at: datetime) -> None:
    """Back at work, with new tokens to be made: the old ones stay revoked. Raises UnitInactive."""
    must_configure(actor)
    if not member.unit.is_active:
        raise errors.UnitInactive(member.unit.code)
    member.is_active = True
    member.save(update_fields=["is_active"])
    member.__dict__.pop("reach", None)
    _record(member, Verb.RESTORED, actor=actor, at=at)


@transaction.atomic
def speak(member: Member, *, language: str, at: datetime) -> None:
    """The member's own choice of the language they read."""
    member.language = language
    member.save(update_fields=["language"])


@transaction.atomic
def prefer(member: Member, *, at: datetime, **chosen: Any) -> None:
    """How pages look to the member from now on; what is not named stays, None goes back to the default."""
    kept = Member.objects.select_for_update().values_list("preferences", flat=True).get(pk=member.pk) | chosen
    member.preferences = {name: value for name, value in kept.items() if value is not None}
    member.save(update_fields=["preferences"])
