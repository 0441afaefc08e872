"""What the intake form asks for (受理要素) is changed, or a new set of questions made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change
from huiyin.triage import errors
from huiyin.triage.actions.recording import must_configure
from huiyin.triage.models import ElementSet


@transaction.atomic
def make_set(*, code: str, required: Sequence[str], optional: Sequence[str], actor: Actor, at: datetime) -> ElementSet:
    """A new set, for categories to be given. Raises MayNotConfigure, AskedTwice and ValidationError."""
    must_configure(actor)
    made = ElementSet(code=code, required=list(required), optional=list(optional))
    _check(made)
    made.full_clean()
    made.save()
    record(Change.Area.ELEMENTS, code, label=code, verb=Change.Verb.ADDED, after=_said(made), actor=actor, at=at)
    return made


@transaction.atomic
def amend_set(
    elements: ElementSet, *, required: Sequence[str], optional: Sequence[str], actor: Actor, at: datetime
) -> None:
    """From now on the form asks this; complaints keep what they were asked. Raises MayNotConfigure, AskedTwice."""
    must_configure(actor)
    before = _said(elements)
    elements.required, elements.optional = list(required), list(optional)
    _check(elements)
    elements.full_clean()
    elements.save(update_fields=["required", "optional", "updated_at"])
    record(
        Change.Area.ELEMENTS, elements.code, label=elements.code, verb=Change.Verb.AMENDED, before=before,
        after=_said(elements), actor=actor, at=at,
    )  # fmt: skip


def _check(elements: ElementSet) -> None:
    if twice := [word for word in elements.required if word in elements.optional]:
        raise errors.AskedTwice(twice)


def _said(elements: ElementSet) -> dict[str, list[str]]:
    return {"required": list(elements.required), "optional": list(elements.optional)}
