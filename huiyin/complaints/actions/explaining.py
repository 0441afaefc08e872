"""超时说明: why a promise was broken, filed before the case goes on (C027: 超时处理需说明原因并记录备案)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import clocks, noting
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.guards import MUST_BE_EXPLAINED, unexplained
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.org.actors import Actor
from huiyin.org.rules import Right


def must_be_explained(complaint: Complaint, *, reason: str, actor: Actor, at: datetime) -> None:
    """Where the promise of a resolution is broken, its reason stands or is filed now; else raises GuardFailed with
    the field `breach_reason`. The caller holds the complaint."""
    sentence = unexplained(complaint, at)
    if not sentence:
        return
    if not reason.strip():
        raise GuardFailed("breach_explained", sentence, "breach_reason")
    clocks.notice_late(complaint, at=at)
    explain(complaint, reason=reason, actor=actor, at=at, codes=MUST_BE_EXPLAINED)


@transaction.atomic
def explain(complaint: Complaint, *, reason: str, actor: Actor, at: datetime, codes: tuple[str, ...] = ()) -> int:
    """File one reason for the broken promises that have none (of these codes, or all). Returns how many it explains."""
    if not actor.may(Right.EXPLAIN_BREACH):
        raise MayNot()
    hold(complaint)
    if not reason.strip():
        raise GuardFailed("reason", _("请写明超时的原因。"))
    silent = Clock.objects.unexplained().filter(complaint=complaint)
    broken = list(silent.filter(code__in=codes) if codes else silent)
    if not broken:
        raise GuardFailed("clock", _("没有需要说明的超时。"))
    remark = noting.reason(complaint, reason, actor=actor, at=at)
    Clock.objects.filter(pk__in=[clock.pk for clock in broken]).update(explanation=remark["reason"])
    said = {"clocks": sorted({str(clock) for clock in broken})}
    events.record(complaint, Event.Kind.BREACH_EXPLAINED, actor=actor, at=at, **said, **remark)
    return len(broken)
