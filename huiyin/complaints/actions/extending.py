"""延期: more time for one promise, asked for before it is broken, decided by another, told to the customer; once.
What nobody decides in time lapses."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import clocks, noting, remeasuring
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Clock, Complaint, Event, Extension, Letter
from huiyin.lib.sweeping import one_by_one
from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.rules import Right
from huiyin.sla import promises
from huiyin.sla.queries import current, numbered

HANDLE = "CK-HANDLE"
REGRADED = "regraded"  # why a request lapsed before its time: another grading asks for something else
EXTENDABLE = frozenset({clocks.RESOLVE, clocks.FINAL, "CK-PLAN", HANDLE})


@transaction.atomic
def ask(clock: Clock, *, days: int, reason: str, actor: Actor, at: datetime) -> Extension:
    """Ask for so many working days more. Raises GuardFailed where it is too late, too much, or not the first time."""
    complaint = clock.complaint
    hold(complaint)
    clock.refresh_from_db()
    if not actor.may(Right.ASK_EXTENSION) or actor.member is None:
        raise MayNot()
    allowed = current().extension
    if clock.code not in EXTENDABLE or clock.code in current().never_pause:
        raise GuardFailed("clock", _("这项时限不能延期。"))
    if not clock.is_running or clock.is_late(at):
        raise GuardFailed("clock", _("延期须在到期之前申请；这项时限已经到期或已经结束。"))
    before = clock.extensions.exclude(verdict__in=(Extension.Verdict.REFUSED, Extension.Verdict.LAPSED))
    if before.filter(verdict=Extension.Verdict.ASKED).exclude(target={}).exists():
        raise GuardFailed("clock", _("这项时限按新等级延长的申请还在等审批。"))
    if before.filter(target={}).count() >= allowed.max_times:
        raise GuardFailed("clock", _("这项时限只能延期 %d 次。") % allowed.max_times)
    if not 1 <= days <= allowed.longest.amount:
        raise GuardFailed("days", _("最多延长 %d 个工作日。") % allowed.longest.amount)
    if not reason.strip():
        raise GuardFailed("reason", _("请写明延期的理由。"))
    remark = noting.reason(complaint, reason, actor=actor, at=at)
    extension = Extension.objects.create(
        clock=clock, days=days, reason_id=remark["reason"], asked_by=actor.member, asked_at=at, due_before=clock.due_at
    )
    said = {"clock": clock.code, "subject": clock.subject, "days": days, "extension": extension.pk}
    events.record(complaint, Event.Kind.EXTENSION_ASKED, actor=actor, at=at, **said, **remark)
    return extension


def ask_for_longer(
    complaint: Complaint, longer: Sequence[tuple[Clock, promises.Deadline]], *, words: str, actor: Actor, at: datetime
) -> list[Extension]:
    """After another grading a promise would be longer: that takes the same approval (sla.yaml `reassessment`). One
    request a clock that may be extended; what was asked for it before has lapsed. The complaint is held.

    Nobody is asked for what is late already, nor where no person graded it.
    """
    asked = Extension.objects.filter(
        clock__complaint=complaint, clock__stopped_at=None, verdict=Extension.Verdict.ASKED
    )
    for each in asked.exclude(target={}).select_related("clock"):
        _end_undecided(each, complaint, at, because=REGRADED)
    policy = current()
    open_to = [
        (clock, deadline)
        for clock, deadline in longer
        if clock.code in EXTENDABLE and clock.code not in policy.never_pause and not clock.is_late(at)
    ]
    if actor.member is None or not open_to:
        return []
    remark = noting.reason(complaint, words, actor=actor, at=at)
    made = []
    for clock, deadline in open_to:
        for each in clock.extensions.filter(verdict=Extension.Verdict.ASKED).select_related("clock"):
            _end_undecided(each, complaint, at, because=REGRADED)
        target = {"due": events.timestamp(deadline.due_at), "why": deadline.why, "policy": policy.number}
        extension = Extension.objects.create(
            clock=clock, days=0, reason_id=remark["reason"], asked_by=actor.member, asked_at=at,
            due_before=clock.due_at, target=target,
        )  # fmt: skip
        said = {"clock": clock.code, "subject": clock.subject, "due": target["due"], "extension": extension.pk}
        events.record(complaint, Event.Kind.EXTENSION_ASKED, actor=actor, at=at, **said, **remark)
        made.append(extension)
    return made


@transaction.atomic
def grant(extension: Extension, *, actor: Actor, at: datetime) -> None:
    """It is due later from now on. Only before the original due moment, only by an approver who did not ask, and only
    once the customer has been told since it was asked for."""
    clock, complaint = _held(extension)
    _must_decide(extension, actor)
    if not clock.is_running or clock.is_late(at):
        raise GuardFailed("clock", _("原定时限已过，延期不再有效。"))
    told = complaint.letters.filter(status=Letter.Status.SENT, sent_at__gte=extension.asked_at)
    if not told.exists():
        raise GuardFailed("customer", _("请先告知客户需要延期及原因，再批准。"))
    if extension.target_at is not None:
        _take_target(clock, extension, actor, at)
        return
    policy = numbered(clock.policy_version)
    granted = promises.extended(policy, promises.Deadline(clock.due_at, clock.why), days=extension.days)
    whole = clocks.order_due(complaint)
    if clock.code == HANDLE and whole is not None and granted.due_at > whole:
        raise GuardFailed("clock", _("处理时限不能晚于对客户的承诺；请先为解决时限申请延期。"))
    above = clocks.parent_of(complaint, clock)
    if above is not None and granted.due_at > above.due_at:
        raise GuardFailed(
            "clock", _("子工单的处理时限不能晚于上级工单 %s 的；请先为上级工单申请延期。") % above.subject
        )
    clocks.move_due(clock, granted)
    clock.extended_days += extension.days
    clock.save(update_fields=list(clocks.MOVED))
    clocks.follow_due(complaint)
    _decide(extension, Extension.Verdict.GRANTED, actor, at, due_after=clock.due_at)
    said = {"clock": clock.code, "subject": clock.subject, "due": events.timestamp(clock.due_at)}
    events.record(complaint, Event.Kind.EXTENDED, actor=actor, at=at, days=extension.days, **said)


def _take_target(clock: Clock, extension: Extension, actor: Actor, at: datetime) -> None:
    complaint, due_at = clock.complaint, extension.target_at
    assert due_at is not None
    policy, pauses = numbered(extension.target["policy"]), list(complaint.pauses.all())
    deadline, dropped = promises.Deadline(due_at, extension.target["why"]), []
    if clock.code == clocks.RESOLVE and deadline.why.get("clock") == clocks.FINAL:
        clock = remeasuring.make_final(complaint, clock, deadline, policy, pauses)  # this one is its first part
    else:
        remeasuring.take(clock, deadline, policy, pauses)
        dropped = _drop_final(clock, deadline, at)
    clocks.follow_due(complaint)
    _decide(extension, Extension.Verdict.GRANTED, actor, at, due_after=clock.due_at)
    said = {"clock": clock.code, "subject": clock.subject, "due": events.timestamp(clock.due_at), "dropped": dropped}
    events.record(complaint, Event.Kind.EXTENDED, actor=actor, at=at, days=0, **said)


def _drop_final(clock: Clock, deadline: promises.Deadline, at: datetime) -> list[dict[str, str]]:
    """What is the whole resolution from now on needs no final part beside it."""
    if clock.code != clocks.RESOLVE or "then" in deadline.why:
        return []
    final = Clock.objects.running().filter(complaint=clock.complaint, code=clocks.FINAL).first()
    if final is None:
        return []
    clocks.drop(clock.complaint, final, at=at)
    return [{"clock": final.code, "due": events.timestamp(final.due_at)}]


@transaction.atomic
def refuse(extension: Extension, *, reason: str, actor: Actor, at: datetime) -> None:
    """It stays as it was promised."""
    clock, complaint = _held(extension)
    _must_decide(extension, actor)
    if not reason.strip():
        raise GuardFailed("reason", _("请写明不同意的理由。"))
    _decide(extension, Extension.Verdict.REFUSED, actor, at)
    remark = noting.reason(complaint, reason, actor=actor, at=at)
    said = {"clock": clock.code, "subject": clock.subject}
    events.record(complaint, Event.Kind.EXTENSION_REFUSED, actor=actor, at=at, **said, **remark)


def lapse(*, at: datetime, limit: int = 200) -> int:
    """What nobody decided before the promise was broken, or met, is asked for no more: each once, one transaction each.
    Returns how many."""
    runs = Q(clock__paused_at=None) | Q(clock__paused_at__gt=F("clock__due_at"))
    ripe = Q(clock__stopped_at__isnull=False) | Q(clock__due_at__lt=at) & runs
    undecided = Extension.objects.filter(ripe, verdict=Extension.Verdict.ASKED).select_related("clock__complaint")
    return one_by_one(undecided.order_by("id")[:limit], lambda each: _lapse(each, at))


def _lapse(extension: Extension, at: datetime) -> bool:
    clock, complaint = _held(extension)
    if extension.verdict != Extension.Verdict.ASKED or (clock.is_running and not clock.is_late(at)):
        return False
    _end_undecided(extension, complaint, at)
    return True


def _end_undecided(extension: Extension, complaint: Complaint, at: datetime, **why: str) -> None:
    clock = extension.clock
    _decide(extension, Extension.Verdict.LAPSED, SYSTEM, at)
    said = {"clock": clock.code, "subject": clock.subject, "extension": extension.pk}
    due = events.timestamp(clock.due_at)
    events.record(complaint, Event.Kind.EXTENSION_LAPSED, actor=SYSTEM, at=at, due=due, **said, **why)


def may_decide(actor: Actor) -> bool:
    """The policy names the roles (sla.yaml extension.approver)."""
    return bool(frozenset(current().extension.approvers) & actor.roles)


def _held(extension: Extension) -> tuple[Clock, Complaint]:
    complaint = extension.clock.complaint
    hold(complaint)
    extension.refresh_from_db()
    clock = extension.clock
    clock.refresh_from_db()
    clock.complaint = complaint
    return clock, complaint


def _must_decide(extension: Extension, actor: Actor) -> None:
    if not may_decide(actor) or actor.member is None:
        raise MayNot(_("延期由投诉主管审批。"))
    if actor.member.pk == extension.asked_by_id:
        raise MayNot(_("自己申请的延期须由另一位主管审批。"))
    if extension.verdict != Extension.Verdict.ASKED:
        raise GuardFailed("extension", _("这项延期申请已有结论：%s。") % extension.get_verdict_display())


def _decide(
    extension: Extension, verdict: str, actor: Actor, at: datetime, *, due_after: datetime | None = None
) -> None:
    extension.verdict, extension.decided_at, extension.due_after = verdict, at, due_after
    extension.decided_by = actor.member
    extension.save(update_fields=["verdict", "decided_by", "decided_at", "due_after"])
