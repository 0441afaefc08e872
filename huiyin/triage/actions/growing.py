"""A leaf is added to the tree, or changed while it stays the same leaf."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from huiyin.org.actors import Actor
from huiyin.org.models import Unit
from huiyin.triage import errors
from huiyin.triage.actions.recording import must_configure, record
from huiyin.triage.models import Category, ElementSet, TreeChange

AMENDABLE: Final = frozenset(
    {
        "name_zh", "name_en", "position", "severity", "complexity", "issue_class", "owner", "support_codes",
        "element_set", "acts", "keywords", "requires", "causes",
    }
)  # fmt: skip


@transaction.atomic
def open_leaf(group: Category, *, actor: Actor, at: datetime, **given: Any) -> Category:
    """A new leaf, in use from now, as `new_leaf` describes it. Raises MayNotConfigure and what new_leaf does."""
    must_configure(actor)
    leaf = new_leaf(Category.objects.select_for_update().get(pk=group.pk), at=at, **given)
    leaf.save()
    record(leaf, TreeChange.Kind.OPENED, after=_values(leaf, AMENDABLE), actor=actor, at=at)
    return leaf


def new_leaf(
    group: Category,
    *,
    code: str,
    name_zh: str,
    owner: Unit,
    element_set: ElementSet,
    severity: int,
    complexity: str,
    issue_class: str,
    at: datetime,
    name_en: str = "",
    **others: Any,
) -> Category:
    """A leaf of the group, its last, sound and not kept yet. Raises NotAGroup, GroupClosed, NotAmendable for a field
    that a leaf does not have, and ValidationError (a code that exists, an impossible level)."""
    if group.is_leaf:
        raise errors.NotAGroup(group.code)
    if group.valid_to is not None:
        raise errors.GroupClosed(group.code)
    if unknown := others.keys() - AMENDABLE:
        raise errors.NotAmendable(unknown)
    last = group.children.order_by("-position").values_list("position", flat=True).first()
    leaf = Category(
        parent=group,
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        owner=owner,
        element_set=element_set,
        severity=severity,
        complexity=complexity,
        issue_class=issue_class,
        intake_class=group.intake_class,
        valid_from=at,
        tree_version=group.tree_version,
        **{"position": (last or group.position) + 1, **others},
    )
    leaf.full_clean()
    return leaf


@transaction.atomic
def amend(category: Category, *, actor: Actor, at: datetime, **changes: Any) -> None:
    """The fields are as given, old and new on record. Raises MayNotConfigure, NotAmendable and ValidationError."""
    must_configure(actor)
    if unknown := changes.keys() - AMENDABLE:
        raise errors.NotAmendable(unknown)
    before = _values(category, changes)
    for field, value in changes.items():
        setattr(category, field, value)
    category.full_clean()
    category.save(update_fields=[*changes, "updated_at"])
    record(category, TreeChange.Kind.AMENDED, before=before, after=_values(category, changes), actor=actor, at=at)


def _values(category: Category, fields: Mapping[str, Any] | frozenset[str]) -> dict[str, Any]:
    """As JSON can say it: a unit or an element set by its code."""
    values = {field: getattr(category, field) for field in sorted(fields)}
    return {field: value.code if isinstance(value, Unit | ElementSet) else value for field, value in values.items()}
