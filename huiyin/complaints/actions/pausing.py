"""暂停: time that does not count, for one of the policy's reasons, within its limit, with its evidence (sla.yaml).

A clock that may be paused for the reason stands still; when the last pause that holds it has ended, it is due later by
what it stood still, counted in its own unit. One that was already broken stays broken.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events, proof
from huiyin.complaints.actions import clocks, noting
from huiyin.complaints.errors import GuardFailed, MayNot, MoveRefused
from huiyin.complaints.models import Clock, Complaint, Event, Pause
from huiyin.complaints.states import ENDED, State
from huiyin.org.actors import Actor
from huiyin.org.rules import Right, Role
from huiyin.sla import engine, promises
from huiyin.sla.policy import PauseReason, Policy
from huiyin.sla.queries import current, numbered

WAIT_FOR_CUSTOMER = "WAIT_CUST"
PUT_OFF_BY_CUSTOMER = "CUST_DEFER"
CUSTOMERS = frozenset({WAIT_FOR_CUSTOMER, PUT_OFF_BY_CUSTOMER})  # the customer's answer ends these
NEEDS_SUPERVISOR = "supervisor_approval"
SUPERVISORS = frozenset({Role.SUPERVISOR, Role.CC_MANAGER})
REVIEWED_EVERY = timedelta(days=7)  # one without a limit, after its first review
UNPAUSED = frozenset({State.RESOLVED, *ENDED})


@transaction.atomic
def begin(
    complaint: Complaint,
    *,
    code: str,
    words: str,
    actor: Actor,
    at: datetime,
    until: datetime | None = None,
    review: datetime | None = None,
    evidence: str = "",
    step: Mapping[str, str] | None = None,
) -> Pause:
    """The clocks that may be paused for this reason stand still from `at`, at the longest until the policy's limit.

    `words` say why; `evidence` is the row that proves it, where the reason asks for one (see proof.found). What has no
    limit has a day on which it is reviewed. The caller holds the complaint, and may have moved it
    by `step`. Raises GuardFailed for a reason that is none (an internal department, parts, a colleague's leave), and
    for the same one twice.
    """
    if actor.kind == "member" and not actor.may(Right.PAUSE):
        raise MayNot()
    if complaint.state in UNPAUSED:
        raise MoveRefused(complaint)
    policy = current()
    reason = policy.pause_reasons.get(code)
    if reason is None:
        known = "、".join(each.zh for each in policy.pause_reasons.values())
        raise GuardFailed("code", _("暂停时限只能因为：%s。等内部部门、等配件、处理人休假都不是理由。") % known)
    _must_be_approved(reason, actor)
    if not words.strip():
        raise GuardFailed("pause_reason", _("请写明暂停的原因和依据。"), "reason")
    if complaint.pauses.running().filter(reason=code).exists():
        raise GuardFailed("code", _("已因“%s”暂停，恢复之后才能再次暂停。") % reason.zh)
    evidence = _proven(complaint, reason, evidence)
    until_at = _limit(policy, reason, at, until)
    remark = noting.reason(complaint, words, actor=actor, at=at)
    pause = Pause(
        complaint=complaint,
        reason=code,
        note_id=remark["reason"],
        started_at=at,
        started_by=actor.member,
        until_at=until_at,
        review_at=None if until_at else _review(reason, at, review),
        evidence=evidence,
    )
    pause.attention_at = next_moment(policy, pause)
    pause.save(force_insert=True)
    held = [clock.code for clock in _held_by(complaint, policy, code) if clock.paused_at is None]
    Clock.objects.running().filter(complaint=complaint, code__in=held, paused_at=None).update(
        paused_at=at, attention_at=None
    )
    clocks.follow_due(complaint)
    events.record(
        complaint,
        Event.Kind.PAUSED,
        actor=actor,
        at=at,
        pause=code,
        clocks=sorted(set(held)),
        until=events.timestamp(pause.until_at) if pause.until_at else None,
        **({"review": events.timestamp(pause.review_at)} if pause.review_at else {}),
        **({"evidence": evidence} if evidence else {}),
        **(step or {}),
        **remark,
    )
    return pause


@transaction.atomic
def end(complaint: Complaint, *, codes: Sequence[str] = (), by: Actor, at: datetime) -> list[str]:
    """These pauses (all of them, if none is named) are over, and what they held runs on, due later. Returns their
    reasons; empty where nothing was paused. The caller holds the complaint and records the event."""
    running = complaint.pauses.running()
    ending = list(running.filter(reason__in=codes) if codes else running)
    for pause in ending:
        pause.ended_at, pause.ended_by, pause.attention_at = max(at, pause.started_at), by.kind, None
        if by.kind == "customer":
            pause.replied_at = pause.replied_at or at
        pause.save(update_fields=["ended_at", "ended_by", "attention_at", "replied_at"])
    if ending:
        run_on(complaint, at)
    return [pause.reason for pause in ending]


def _must_be_approved(reason: PauseReason, actor: Actor) -> None:
    if NEEDS_SUPERVISOR in reason.needs and not SUPERVISORS & actor.roles:
        raise MayNot(_("因“%s”暂停须由投诉主管决定。") % reason.zh)


def _proven(complaint: Complaint, reason: PauseReason, evidence: str) -> str:
    need = proof.asked_of(reason)
    if not need:
        return ""
    if evidence not in {each.code for each in proof.found(complaint, need)}:
        raise GuardFailed("evidence", _(proof.MISSING[need]))
    return evidence


def _review(reason: PauseReason, at: datetime, review: datetime | None) -> datetime:
    if review is None:
        raise GuardFailed("review", _("因“%s”暂停没有期限：请写明哪天复查是否还要暂停。") % reason.zh)
    if review <= at:
        raise GuardFailed("review", _("复查的时间须在现在之后。"))
    return review


def _limit(policy: Policy, reason: PauseReason, at: datetime, until: datetime | None) -> datetime | None:
    longest = promises.earliest(policy.calendar, at, reason.longest) if reason.longest else None
    if until is None:
        return longest
    if until <= at:
        raise GuardFailed("until", _("暂停到什么时候：须在现在之后。"))
    if longest is not None and until > longest:
        raise GuardFailed("until", _("因“%(reason)s”最长只能暂停到 %(until)s。") % {
            "reason": reason.zh, "until": f"{policy.calendar.local(longest):%Y-%m-%d %H:%M}",
        })  # fmt: skip
    return until


def next_moment(policy: Policy, pause: Pause) -> datetime | None:
    reason = policy.pause_reasons.get(pause.reason)
    reminders = reason.remind_after if reason else ()
    moments = [pause.started_at + after for after in reminders[pause.reminded :]]
    return min([*moments, *filter(None, [pause.until_at, pause.review_at])], default=None)


def _held_by(complaint: Complaint, policy: Policy, code: str) -> list[Clock]:
    running = Clock.objects.running().filter(complaint=complaint)
    return [clock for clock in running if policy.may_pause(clock.code, code)]


def run_on(complaint: Complaint, at: datetime) -> None:
    """Every clock that nothing holds any more is due later by what it stood still."""
    policy = current()
    pauses = list(complaint.pauses.all())
    active = [pause.reason for pause in pauses if pause.ended_at is None]
    running, resumed = Clock.objects.running().filter(complaint=complaint).order_by("id"), []
    for clock in sorted(running, key=lambda each: each.code not in clocks.WHOLE):
        if clock.paused_at is None or any(policy.may_pause(clock.code, code) for code in active):
            continue
        stood = clocks.stood_still(pauses, clock.code, policy)
        clock.paused_at = None
        reckon(clock, numbered(clock.policy_version), stood, order_due=clocks.order_due(complaint))
        clock.save(update_fields=list(clocks.MOVED))
        resumed.append(clock)
    clocks.keep_within(complaint, resumed)
    clocks.follow_due(complaint)


def reckon(clock: Clock, policy: Policy, pauses: Sequence[engine.Pause], *, order_due: datetime | None = None) -> None:
    """Set when the clock is due: its own target, its pauses, and the working days it was extended by."""
    found = promises.resumed(
        policy, clock.why, start=clock.started_at, due=clock.promised_at, pauses=pauses, order_due=order_due
    )
    clocks.move_due(clock, promises.extended(policy, found, days=clock.extended_days))
