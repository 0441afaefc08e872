"""The first-run guide's own state: what is done, left out, or done again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huiyin.org import errors
from huiyin.org.actions.permitting import must_configure
from huiyin.org.actors import Actor
from huiyin.org.models import SetupStep
from huiyin.org.queries import STEPS


@transaction.atomic
def finish(code: str, *, actor: Actor, at: datetime, is_skipped: bool = False) -> None:
    """The step is done, or left out on purpose. The first time counts. Raises UnknownStep."""
    must_configure(actor)
    if code not in STEPS:
        raise errors.UnknownStep(code)
    step, _is_new = SetupStep.objects.select_for_update().get_or_create(code=code)
    if step.done_at is None or step.is_skipped:
        step.done_at, step.done_by, step.is_skipped = at, actor.member, is_skipped
        step.save(update_fields=["done_at", "done_by", "is_skipped"])


@transaction.atomic
def take_up_again(code: str, *, actor: Actor, at: datetime) -> None:
    """A step that was left out stands in the guide again. Raises UnknownStep."""
    must_configure(actor)
    if code not in STEPS:
        raise errors.UnknownStep(code)
    SetupStep.objects.filter(code=code, is_skipped=True).update(done_at=None, done_by=None, is_skipped=False)
