"""What runs for a complaint and its work orders is reckoned anew after its level, complexity or tier changed, each from
its own start (sla.yaml `reassessment`): shorter holds at once, longer takes approval, and what the new grading does not
promise ends, on the record."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from huiyin.complaints.actions.clocks import (
    ACKNOWLEDGE,
    AUDIT,
    DIRECT,
    FINAL,
    HANDLE,
    MOVED,
    REGULATORY,
    RESOLVE,
    begun,
    drop,
    inputs_of,
    keep_within,
    move_due,
    order_clock,
    stood_still,
    tightest,
)  # fmt: skip
from huiyin.complaints.models import Clock, Complaint, Pause
from huiyin.sla import promises
from huiyin.sla.policy import Policy
from huiyin.sla.queries import current

Longer = tuple[Clock, promises.Deadline]


class Anew(NamedTuple):
    """What would be longer, and what is promised no more."""

    longer: list[Longer]
    dropped: list[Clock]


def regrade(
    complaint: Complaint,
    *,
    issue_class: str,
    acts: Sequence[str],
    at: datetime,
    departments: int = 1,
    minding: str = "",
    is_first: bool = False,
) -> Anew:
    """Reckon every running clock anew from its own start, after severity, complexity or tier changed; with `minding`,
    those whose promise depends on that input.

    A shorter target holds at once, later by the clock's pauses and extension. A longer one would be an extension, which
    needs approval: the old one stays, and the longer are returned. `is_first`: its review, from which a resolution in
    two parts is promised; afterwards a final part that is later than the whole was promised waits for approval, too.
    """
    policy = current()
    inputs = inputs_of(complaint, issue_class=issue_class, acts=acts, departments=departments)
    pauses = list(complaint.pauses.all())
    every = list(Clock.objects.running().filter(Q(subject="") | Q(code__in=(REGULATORY, DIRECT)), complaint=complaint))
    running = [clock for clock in every if clock.code not in (REGULATORY, DIRECT)]
    if minding:
        rules = {each.code: policy.clocks.get(RESOLVE if each.code == FINAL else each.code) for each in running}
        running = [each for each in running if (rule := rules[each.code]) is not None and rule.minds(minding)]
    whole = next((each.promised_at for each in running if each.code == RESOLVE), None)
    longer: list[Longer] = []
    for clock in running:
        deadline = promises.deadline(policy, clock.code, start=clock.started_at, inputs=inputs)
        longer += _take_shorter(clock, deadline, policy, pauses)
    dropped: list[Clock] = []
    interim = next((each for each in running if each.code == RESOLVE), None)
    final = next((each for each in running if each.code == FINAL), None)
    if final is not None:
        lone = _without_parts(complaint, final, interim, longer, policy, inputs, pauses, at)
        longer, dropped = [*longer, *lone.longer], lone.dropped
    elif interim is not None and whole is not None:
        waits = _promise_final(complaint, interim, whole, policy, inputs, pauses, is_first=is_first)
        longer = [*(each for each in longer if not waits or each[0] is not interim), *waits]  # one request a clock
    if interim is not None or final is not None:
        first = tightest(each for each in every if each.is_running)
        if first is not None:
            complaint.due_at, complaint.paused_at = first.due_at, first.paused_at
    return Anew(longer, dropped)


def _take_shorter(
    clock: Clock, deadline: promises.Deadline | None, policy: Policy, pauses: Sequence[Pause]
) -> list[Longer]:
    """Holds at once where it is shorter; returned where it is longer."""
    if deadline is None or deadline.due_at == clock.promised_at:
        return []
    if deadline.due_at > clock.promised_at:
        return [(clock, deadline)]
    take(clock, deadline, policy, pauses)
    return []


def _without_parts(
    complaint: Complaint,
    final: Clock,
    interim: Clock | None,
    longer: Sequence[Longer],
    policy: Policy,
    inputs: promises.Inputs,
    pauses: Sequence[Pause],
    at: datetime,
) -> Anew:
    """The final part of a resolution that is not in two parts any more. Where the first part holds as the whole, it is
    promised no more. Where that is met already, or stays only until more time is approved, the final part is what the
    customer still has: from now on it is the whole, by its target."""
    if promises.deadline(policy, FINAL, start=final.started_at, inputs=inputs) is not None:
        return Anew([], [])
    if interim is not None and interim not in [clock for clock, _deadline in longer]:
        drop(complaint, final, at=at)
        return Anew([], [final])
    deadline = promises.deadline(policy, RESOLVE, start=final.started_at, inputs=inputs)
    asked = _take_shorter(final, deadline, policy, pauses)
    return Anew(asked if interim is None else [], [])


def _promise_final(
    complaint: Complaint,
    interim: Clock,
    whole: datetime,
    policy: Policy,
    inputs: promises.Inputs,
    pauses: Sequence[Pause],
    *,
    is_first: bool,
) -> list[Longer]:
    """Where the resolution is in two parts now. A final part that is later than the `whole` was promised waits."""
    final = promises.deadline(policy, FINAL, start=interim.started_at, inputs=inputs)
    if final is None:
        return []
    if final.due_at > whole and not is_first:
        return [(interim, final)]
    make_final(complaint, interim, final, policy, pauses)
    return []


def make_final(
    complaint: Complaint, interim: Clock, final: promises.Deadline, policy: Policy, pauses: Sequence[Pause]
) -> Clock:
    """From the interim clock's start; what held that one held this one too, and holds it still."""
    clock = begun(complaint, FINAL, interim.started_at, final, policy)
    clock.save(force_insert=True)
    take(clock, final, policy, pauses)
    if interim.paused_at is not None:
        clock.paused_at, clock.attention_at = interim.paused_at, None
        clock.save(update_fields=["paused_at", "attention_at"])
    return clock


def regrade_orders(complaint: Complaint) -> None:
    """After regrade(): what runs for its work orders, reckoned anew as well; shorter holds at once, longer does not."""
    policy, whole = current(), order_clock(complaint)
    wanted = (HANDLE, ACKNOWLEDGE, AUDIT)
    running = list(Clock.objects.running().filter(complaint=complaint, code__in=wanted).exclude(subject=""))
    if not running:
        return
    category = complaint.confirmed_category or complaint.category
    inputs = inputs_of(complaint, issue_class=category.issue_class, acts=category.acts)
    received, pauses = complaint.reopened_at or complaint.received_at, list(complaint.pauses.all())
    order_due, unit = (whole.promised_at, str(whole.why.get("unit", ""))) if whole else (complaint.due_at, "")
    for clock in running:
        if clock.code not in policy.clocks:
            continue
        if clock.code == HANDLE:
            since = clock.started_at
            deadline = promises.deadline(
                policy, HANDLE, start=received, inputs=inputs, dispatched=since, order_due=order_due, order_unit=unit
            )
        else:
            deadline = promises.deadline(policy, clock.code, start=clock.started_at, inputs=inputs)
        if deadline is not None and deadline.due_at < clock.promised_at:
            take(clock, deadline, policy, pauses)
    keep_within(complaint, running)


def take(clock: Clock, deadline: promises.Deadline, policy: Policy, pauses: Sequence[Pause]) -> None:
    """The clock's promise is this from now on, later by its pauses and its extension."""
    clock.policy_version = policy.number
    clock.first_due_at, clock.due_at = None, deadline.due_at
    stood = stood_still(pauses, clock.code, policy)
    held = promises.resumed(policy, deadline.why, start=clock.started_at, due=deadline.due_at, pauses=stood)
    move_due(clock, promises.extended(policy, held, days=clock.extended_days))
    clock.save(update_fields=["policy_version", *MOVED])
