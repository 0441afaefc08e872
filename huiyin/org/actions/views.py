"""Views of the queue that are kept: by oneself, for the unit, for everybody."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from huiyin.org import errors
from huiyin.org.actors import Actor
from huiyin.org.models import Member, SavedView
from huiyin.org.rules import Right, may

MOST = 30  # in one list; each is counted for whoever sees it
LONGEST = 40
_RIGHTS = {SavedView.Scope.UNIT: Right.SHARE_VIEWS_IN_UNIT, SavedView.Scope.ALL: Right.SHARE_VIEWS_WITH_ALL}


def scopes_open_to(member: Member) -> list[SavedView.Scope]:
    """For whom the member may keep a view, the narrowest first."""
    wanted = (SavedView.Scope.MINE, SavedView.Scope.UNIT, SavedView.Scope.ALL)
    return [scope for scope in wanted if scope not in _RIGHTS or may(member, _RIGHTS[scope])]


@transaction.atomic
def keep(*, name: str, scope: str, query: str, actor: Actor, at: datetime) -> SavedView:
    """The last of its list. Raises MayNotShare, ViewWithoutName, TooManyViews."""
    member = _member(actor)
    if scope not in scopes_open_to(member):
        raise errors.MayNotShare
    unit = member.unit if scope == SavedView.Scope.UNIT else None
    view = SavedView(name=_named(name), scope=scope, owner=member, unit=unit, query=query, position=0, created_at=at)
    beside = SavedView.objects.beside(view)
    if beside.count() >= MOST:
        raise errors.TooManyViews(MOST)
    view.position = (beside.aggregate(last=Max("position"))["last"] or 0) + 1
    view.save(force_insert=True)
    return view


@transaction.atomic
def rename(view: SavedView, *, name: str, actor: Actor, at: datetime) -> None:
    """Raises NotYourView, ViewWithoutName."""
    _must_hold(view, actor)
    view.name = _named(name)
    view.save(update_fields=["name"])


@transaction.atomic
def change(view: SavedView, *, query: str, actor: Actor, at: datetime) -> None:
    """It asks something else from now on, under the same name. Raises NotYourView."""
    _must_hold(view, actor)
    view.query = query
    view.save(update_fields=["query"])


@transaction.atomic
def drop(view: SavedView, *, actor: Actor, at: datetime) -> None:
    """It is gone for everybody who saw it. Raises NotYourView."""
    _must_hold(view, actor)
    view.delete()


@transaction.atomic
def shift(view: SavedView, *, up: bool, actor: Actor, at: datetime) -> None:
    """One place up or down in its list; at the end of it, it stays where it is. Raises NotYourView."""
    _must_hold(view, actor)
    line = list(SavedView.objects.beside(view).select_for_update().order_by("position", "id"))
    here = next(place for place, each in enumerate(line) if each.pk == view.pk)
    there = min(max(here + (-1 if up else 1), 0), len(line) - 1)
    line.insert(there, line.pop(here))
    for place, each in enumerate(line, start=1):
        each.position = place
    SavedView.objects.bulk_update(line, ["position"])


def _member(actor: Actor) -> Member:
    if actor.member is None:
        raise errors.MayNotShare
    return actor.member


def _must_hold(view: SavedView, actor: Actor) -> None:
    if not view.is_in_hands_of(_member(actor)):
        raise errors.NotYourView(view.name)


def _named(name: str) -> str:
    line = " ".join(name.split())
    if not 0 < len(line) <= LONGEST:
        raise errors.ViewWithoutName
    return line
