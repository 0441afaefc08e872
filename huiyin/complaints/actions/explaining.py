"""超时说明: why a promise was broken, filed before the case goes on (C027: 超时处理需说明原因并记录备案)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from huiyin.complaints import events, lateness
from huiyin.complaints.actions import clocks, noting
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.org.actors import Actor
from huiyin.org.rules import Right


def must_be_explained(complaint: Complaint, *, reason: str, actor: Actor, at: datetime, about: Q | None = None) -> None:
    """Where a promise that holds the case up is late (of these, or any), its reason stands or is filed now; else raises
    GuardFailed with the field `breach_reason`, naming it. Who may take the step may say why it is late. The caller
    holds the complaint."""
    late = lateness.unexplained(complaint, at, about)
    if not late:
        return
    if not reason.strip():
        raise GuardFailed("breach_explained", lateness.sentence(late), "breach_reason")
    clocks.notice_late(complaint, at=at)
    _file(complaint, late, reason, actor, at)


@transaction.atomic
def explain(
    complaint: Complaint, *, reason: str, actor: Actor, at: datetime, codes: tuple[str, ...] = ()
) -> Sequence[Clock]:
    """File one reason for the broken promises that have none (of these codes, or all). Returns those, the earliest
    due first."""
    if not actor.may(Right.EXPLAIN_BREACH):
        raise MayNot()
    hold(complaint)
    if not reason.strip():
        raise GuardFailed("reason", _("请写明超时的原因。"))
    silent = Clock.objects.unexplained().filter(complaint=complaint)
    broken = list((silent.filter(code__in=codes) if codes else silent).order_by("due_at", "id"))
    if not broken:
        raise GuardFailed("clock", _("没有需要说明的超时。"))
    _file(complaint, broken, reason, actor, at)
    return broken


def _file(complaint: Complaint, broken: Sequence[Clock], reason: str, actor: Actor, at: datetime) -> None:
    remark = noting.reason(complaint, reason, actor=actor, at=at)
    Clock.objects.filter(pk__in=[clock.pk for clock in broken]).update(explanation=remark["reason"])
    said = {"clocks": sorted({str(clock) for clock in broken})}
    events.record(complaint, Event.Kind.BREACH_EXPLAINED, actor=actor, at=at, **said, **remark)
