"""Starting and stopping the running promises of a complaint. The reckoning itself is `sla`'s."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from huiyin.complaints import events
from huiyin.complaints.actions.moving import change
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.lib.bulk import insert, new_row
from huiyin.org.actors import SYSTEM
from huiyin.sla import promises
from huiyin.sla.policy import Policy
from huiyin.sla.queries import current

if TYPE_CHECKING:
    from huiyin.complaints.actions.filing import Filing

RESOLVE = "CK-RESOLVE"
FINAL = "CK-RESOLVE.final"  # where CK-RESOLVE is the interim one of 24 hours (L2, complex)


def inputs_of(
    complaint: Complaint, *, issue_class: str, acts: Sequence[str] = (), departments: int = 1
) -> promises.Inputs:
    """What the policy looks at."""
    return promises.Inputs(
        level=f"L{complaint.severity}",
        cx=complaint.complexity,
        issue=issue_class,
        tier=complaint.tier,
        urgent=complaint.is_urgent,
        departments=departments,
        acts=tuple(acts),
    )


def for_filing(complaints: Sequence[Complaint], filings: Sequence["Filing"]) -> list[list[Clock]]:
    """The clocks that begin with receipt, by complaint, and `due_at` set on each; nothing is written yet.

    The complaints have their keys already.
    """
    policy = current()
    return [_begun(complaint, filing, policy) for complaint, filing in zip(complaints, filings, strict=True)]


def _begun(complaint: Complaint, filing: "Filing", policy: Policy) -> list[Clock]:
    running = []
    inputs = inputs_of(complaint, issue_class=filing.verdict.issue_class)
    for code in (*promises.STARTED_AT_FILING, FINAL):
        deadline = promises.deadline(policy, code, start=complaint.received_at, inputs=inputs)
        if deadline is None:
            continue
        if code == RESOLVE:
            complaint.due_at = deadline.due_at
        elif filing.history is not None:
            continue  # of what was answered elsewhere only the answer's own time is known
        clock = _clock(complaint, code, complaint.received_at, deadline, policy.number)
        if filing.history is not None:
            clock.stopped_at = filing.history.replied_at
            clock.breached_at = deadline.due_at if clock.is_late(filing.history.replied_at) else None
        running.append(clock)
    return running


def start_many(running: Sequence[Clock]) -> None:
    """Write the clocks that for_filing() began."""
    insert(running)


def start(complaint: Complaint, code: str, deadline: promises.Deadline, *, at: datetime, subject: str = "") -> Clock:
    """Let one clock run; a clock of the same code and subject that still runs is stopped first."""
    stop(complaint, code, at=at, subject=subject)
    clock = _clock(complaint, code, at, deadline, current().number)
    clock.subject = subject
    clock.save(force_insert=True)
    return clock


def _clock(complaint: Complaint, code: str, at: datetime, deadline: promises.Deadline, version: int) -> Clock:
    return new_row(
        Clock,
        complaint_id=complaint.pk,
        code=code,
        policy_version=version,
        started_at=at,
        due_at=deadline.due_at,
        why=deadline.why,
    )


def stop(complaint: Complaint, *codes: str, at: datetime, subject: str | None = None) -> None:
    """These clocks stand still from `at` on. Stopping what does not run changes nothing."""
    running = Clock.objects.running().filter(complaint=complaint, code__in=codes)
    if subject is not None:
        running = running.filter(subject=subject)
    running.update(stopped_at=at)


def meet_interim(complaint: Complaint, *, at: datetime) -> None:
    """A temporary solution stands: where the promise has two parts, the complaint is now due by the final one."""
    final = Clock.objects.running().filter(complaint=complaint, code=FINAL).first()
    if final is not None:
        stop(complaint, RESOLVE, at=at)
        change(complaint, due_at=final.due_at)


def stop_all(complaint: Complaint, *, at: datetime) -> None:
    Clock.objects.running().filter(complaint=complaint).update(stopped_at=at)


def regrade(complaint: Complaint, *, issue_class: str, acts: Sequence[str], departments: int = 1) -> None:
    """Reckon every running clock anew from its own start, after severity, complexity or tier changed.

    A shorter target holds at once. A longer one would be an extension, which needs approval: the old one stays.
    """
    policy = current()
    inputs = inputs_of(complaint, issue_class=issue_class, acts=acts, departments=departments)
    running = list(Clock.objects.running().filter(complaint=complaint, subject=""))
    for clock in running:
        deadline = promises.deadline(policy, clock.code, start=clock.started_at, inputs=inputs)
        if deadline is not None and deadline.due_at < clock.due_at:
            clock.due_at, clock.why, clock.policy_version = deadline.due_at, deadline.why, policy.number
            clock.save(update_fields=["due_at", "why", "policy_version"])
        if clock.code == RESOLVE:
            complaint.due_at = clock.due_at
            _promise_final(complaint, clock, policy, inputs, {each.code for each in running})


def _promise_final(
    complaint: Complaint, interim: Clock, policy: promises.Policy, inputs: promises.Inputs, running: set[str]
) -> None:
    final = promises.deadline(policy, FINAL, start=interim.started_at, inputs=inputs)
    if final is not None and FINAL not in running:
        _clock(complaint, FINAL, interim.started_at, final, policy.number).save(force_insert=True)


@transaction.atomic
def sweep(*, at: datetime, limit: int = 500) -> int:
    """Mark what is overdue: each clock once, however many sweeps run at the same time. Returns how many."""
    late = list(
        Clock.objects.unnoticed(at)
        .select_related("complaint")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("due_at")[:limit]
    )
    Clock.objects.filter(pk__in=[clock.pk for clock in late]).update(breached_at=at)
    for clock in late:
        if clock.code == RESOLVE:
            Complaint.objects.filter(pk=clock.complaint_id, breached_at=None).update(breached_at=clock.due_at)
        events.record(
            clock.complaint,
            Event.Kind.BREACHED,
            actor=SYSTEM,
            at=at,
            clock=clock.code,
            subject=clock.subject,
            due=events.timestamp(clock.due_at),
        )
    return len(late)
