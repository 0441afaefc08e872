"""Top categories (大类) are opened, closed and opened again; leaves move between them and stand in the order given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from huiyin.org.actors import Actor
from huiyin.triage import errors
from huiyin.triage.actions.recording import must_configure, record
from huiyin.triage.models import Category, TreeChange
from huiyin.triage.scoring import UNCLASSIFIED

APART: Final = 1000  # between the positions of two groups; the leaves of one stand between


@transaction.atomic
def open_group(*, code: str, name_zh: str, name_en: str = "", actor: Actor, at: datetime) -> Category:
    """A new group after all others, without a leaf yet. Raises MayNotConfigure and ValidationError."""
    must_configure(actor)
    last = Category.objects.groups().order_by("-position").values_list("position", flat=True).first() or 0
    group = Category(
        code=code, name_zh=name_zh, name_en=name_en, position=(last // APART + 1) * APART, valid_from=at
    )  # fmt: skip
    group.full_clean()
    group.save()
    after = {"name_zh": name_zh, "name_en": name_en}
    record(group, TreeChange.Kind.OPENED, after=after, actor=actor, at=at)
    return group


@transaction.atomic
def close_group(group: Category, *, actor: Actor, at: datetime) -> None:
    """Nothing new is filed under it or its leaves, nor proposed; what is there stays, and it can be opened again.
    Raises MayNotConfigure, NotAGroup, AlreadyClosed, and StillNeeded for the one that takes what nobody can name."""
    row = _held(group, actor)
    if row.valid_to is not None:
        raise errors.AlreadyClosed(row.code)
    if row.children.filter(code=UNCLASSIFIED).exists():
        raise errors.StillNeeded(row.code)
    _lasts_to(group, at)
    record(group, TreeChange.Kind.CLOSED, actor=actor, at=at)


@transaction.atomic
def reopen_group(group: Category, *, actor: Actor, at: datetime) -> None:
    """It and those of its leaves that were not closed themselves are in use again. Raises MayNotConfigure, NotAGroup,
    NotClosed."""
    if _held(group, actor).valid_to is None:
        raise errors.NotClosed(group.code)
    _lasts_to(group, None)
    record(group, TreeChange.Kind.REOPENED, actor=actor, at=at)


@transaction.atomic
def move_leaf(leaf: Category, *, under: Category, actor: Actor, at: datetime) -> None:
    """It is the last of that group, with its code and its complaints. Raises MayNotConfigure, NotALeaf, NotAGroup,
    AlreadyThere, AlreadyClosed (the leaf), GroupClosed."""
    group = _held(under, actor)
    row = Category.objects.select_for_update(of=("self",)).select_related("parent").get(pk=leaf.pk)
    if row.parent is None:
        raise errors.NotALeaf(row.code)
    if row.parent_id == group.pk:
        raise errors.AlreadyThere(row.code, group.code)
    if row.valid_to is not None:
        raise errors.AlreadyClosed(row.code)
    if not group.is_current(at):
        raise errors.GroupClosed(group.code)
    was = row.parent.code
    last = group.children.order_by("-position").values_list("position", flat=True).first() or group.position
    leaf.parent, leaf.position, leaf.intake_class = group, last + 1, group.intake_class
    leaf.save(update_fields=["parent", "position", "intake_class", "updated_at"])
    before, after = {"parent": was}, {"parent": group.code}
    record(leaf, TreeChange.Kind.MOVED, before=before, after=after, actor=actor, at=at)


@transaction.atomic
def put_in_order(group: Category, codes: Sequence[str], *, actor: Actor, at: datetime) -> bool:
    """The leaves in use stand as the codes do, those out of use after them; whether anything moved. Raises
    MayNotConfigure, NotAGroup, and ChangedMeanwhile where these are not the group's leaves in use."""
    _held(group, actor)
    rows = list(group.children.select_for_update().order_by("position", "code"))
    current = [row for row in rows if row.valid_to is None]
    was = [row.code for row in current]
    if sorted(codes) != sorted(was):
        raise errors.ChangedMeanwhile(group.code)
    if list(codes) == was:
        return False
    by_code = {row.code: row for row in current}
    wanted = [*(by_code[code] for code in codes), *(row for row in rows if row.valid_to is not None)]
    for position, row in enumerate(wanted, start=group.position + 1):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position", "updated_at"])
    begin, end = _moved(was, codes)
    before, after = {"order": was[begin:end]}, {"order": list(codes[begin:end])}
    record(group, TreeChange.Kind.AMENDED, before=before, after=after, actor=actor, at=at)
    return True


def _moved(was: Sequence[str], now: Sequence[str]) -> tuple[int, int]:
    """From where to where the two differ: of thirty leaves those that one has to read about."""
    other = [place for place, (old, new) in enumerate(zip(was, now, strict=True)) if old != new]
    return other[0], other[-1] + 1


def _held(group: Category, actor: Actor) -> Category:
    must_configure(actor)
    row = Category.objects.select_for_update().get(pk=group.pk)
    if row.is_leaf:
        raise errors.NotAGroup(row.code)
    return row


def _lasts_to(group: Category, until: datetime | None) -> None:
    group.valid_to = until
    group.save(update_fields=["valid_to", "updated_at"])
