"""关怀回访: a member called whoever gave three stars, and knows why it was not better. It neither counts as solved for
good nor comes back (surveys.yaml); the score stays as it was given."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import clocks, noting
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.actions.promising import PROMISE
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.org.actors import Actor
from huiyin.org.rules import Right
from huiyin.surveys.models import Reason
from huiyin.surveys.queries import latest


@transaction.atomic
def called(complaint: Complaint, *, reasons: Collection[str], words: str, actor: Actor, at: datetime) -> None:
    if not actor.may(Right.REPLY):
        raise MayNot()
    hold(complaint)
    rated = latest(complaint)
    is_owed = Clock.objects.running().filter(complaint=complaint, code=PROMISE).exists()
    if rated is None or not is_owed:
        raise GuardFailed("reasons", _("没有等待的关怀回访。"))
    if not reasons or any(each not in Reason for each in reasons):
        raise GuardFailed("reasons", _("请至少选一个原因。"), "reasons")
    rated.reasons = [each.value for each in Reason if each in {*reasons, *rated.reasons}]
    rated.save(update_fields=["reasons"])
    clocks.stop(complaint, PROMISE, at=at)
    remark = noting.reason(complaint, words, actor=actor, at=at) if words.strip() else {}
    events.record(complaint, Event.Kind.SURVEYED, actor=actor, at=at, via="care", reasons=rated.reasons, **remark)
