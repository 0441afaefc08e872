"""A leaf goes out of use and another stands for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from huiyin.org.actors import Actor
from huiyin.triage import errors
from huiyin.triage.actions.recording import must_configure, record
from huiyin.triage.models import Category, TreeChange
from huiyin.triage.scoring import UNCLASSIFIED


@transaction.atomic
def close_leaf(category: Category, *, successor: Category, actor: Actor, at: datetime) -> None:
    """Nothing new is filed under the leaf from now on; its complaints keep it, reports may count them under the
    successor, and its keywords speak for the successor. Raises MayNotConfigure, NotALeaf, SuccessorIsItself,
    StillNeeded, AlreadyClosed, SuccessorNotCurrent."""
    must_configure(actor)
    if not (category.is_leaf and successor.is_leaf):
        raise errors.NotALeaf(category.code if successor.is_leaf else successor.code)
    if category.pk == successor.pk:
        raise errors.SuccessorIsItself(category.code)
    if category.code == UNCLASSIFIED:
        raise errors.StillNeeded(category.code)
    rows = {
        row.pk: row
        for row in Category.objects.select_for_update().order_by("pk").filter(pk__in=[category.pk, successor.pk])
    }
    if rows[category.pk].valid_to is not None:
        raise errors.AlreadyClosed(category.code)
    if not rows[successor.pk].is_current(at) or rows[successor.pk].valid_to is not None:
        raise errors.SuccessorNotCurrent(successor.code)
    category.valid_to, category.successor = at, successor
    category.save(update_fields=["valid_to", "successor", "updated_at"])
    record(category, TreeChange.Kind.CLOSED, after={"successor": successor.code}, actor=actor, at=at)


@transaction.atomic
def merge_leaves(categories: Iterable[Category], *, into: Category, actor: Actor, at: datetime) -> None:
    """Close them all, or none; `into` stands for each, and is recognised by their keywords too."""
    for category in categories:
        close_leaf(category, successor=into, actor=actor, at=at)
