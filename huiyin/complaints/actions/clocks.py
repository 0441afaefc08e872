"""Starting and stopping the running promises of a complaint. The reckoning itself is `sla`'s."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from huiyin.complaints import events
from huiyin.complaints.actions.moving import change
from huiyin.complaints.models import Clock, Complaint, Event, Pause
from huiyin.complaints.models.clocks import BREACH
from huiyin.lib.bulk import insert, new_row
from huiyin.org.actors import SYSTEM
from huiyin.sla import engine, promises
from huiyin.sla.policy import Policy
from huiyin.sla.queries import current, numbered
from huiyin.sla.thresholds import reached_at, thresholds

if TYPE_CHECKING:
    from huiyin.complaints.actions.filing import Filing

RESOLVE = "CK-RESOLVE"
FINAL = "CK-RESOLVE.final"  # where CK-RESOLVE is the interim one of 24 hours (L2, complex)
WHOLE = (FINAL, RESOLVE)
# a regulatory case's own: stopped by the answer to the authority, by the answer to the customer where no authority sent
# it, and the authority's own clocks, which are shown and never counted (see regulating.py)
REGULATORY, DIRECT, WATCHED = "CK-REG", "CK-REG-C", "CK-REG-W"
HANDLE, ACKNOWLEDGE, AUDIT = "CK-HANDLE", "CK-ACK", "CK-AUDIT"
SURVEY = "CK-SURVEY"
RETURN = "CK-RET"  # goods that came back
WITHOUT_REASON = "RET."  # what the subject of a refund by law begins with, which is owed for goods that came back
OUTLAST_AN_ANSWER = (REGULATORY, WATCHED, SURVEY)


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
        clock = begun(complaint, code, complaint.received_at, deadline, policy)
        if filing.history is not None:
            clock.stopped_at = filing.history.replied_at
            clock.breached_at = deadline.due_at if clock.is_late(filing.history.replied_at) else None
        running.append(clock)
    return running


def start_many(running: Sequence[Clock]) -> None:
    """Write the clocks that for_filing() began."""
    insert(running)


def start(
    complaint: Complaint,
    code: str,
    deadline: promises.Deadline,
    *,
    at: datetime,
    subject: str = "",
    since: datetime | None = None,
) -> Clock:
    """Let one clock run, from `at` or as if it had begun `since`; one of the same code and subject that still runs is
    stopped first. What pauses the complaint now, and may pause this clock, holds it from the beginning."""
    stop(complaint, code, at=at, subject=subject)
    clock = begun(complaint, code, since or at, deadline, current())
    clock.subject = subject
    policy = current()
    if any(policy.may_pause(code, each.reason) for each in Pause.objects.running().filter(complaint=complaint)):
        clock.paused_at, clock.attention_at = at, None
    clock.save(force_insert=True)
    return clock


def begun(complaint: Complaint, code: str, at: datetime, deadline: promises.Deadline, policy: Policy) -> Clock:
    clock = new_row(
        Clock,
        complaint_id=complaint.pk,
        code=code,
        policy_version=policy.number,
        started_at=at,
        due_at=deadline.due_at,
        why=deadline.why,
    )
    clock.attention_at = next_attention(clock, policy)
    return clock


def next_attention(clock: Clock, policy: Policy) -> datetime | None:
    """When the next share that the policy warns of is used up; None when the last one was reached."""
    ends = {"start": clock.started_at, "due": clock.due_at}
    warned = thresholds(policy, clock.code, clock.why, **ends)
    share = next((each for each in warned if round(each.at * 100) > clock.reached), None)
    return reached_at(policy, share, clock.why, **ends) if share is not None else None


def move_due(clock: Clock, deadline: promises.Deadline) -> None:
    """The clock is due at another moment from now on, which is kept with the first one; the caller saves it."""
    if deadline.due_at != clock.due_at:
        clock.first_due_at = clock.promised_at
        clock.due_at = deadline.due_at
    clock.why = deadline.why
    clock.attention_at = None if clock.paused_at else next_attention(clock, numbered(clock.policy_version))


def never_after(clock: Clock, whole: Clock) -> None:
    """A handling is due with what it is part of at the latest, the whole or its parent order's, and says so; the caller
    saves it."""
    if clock.due_at > whole.due_at:
        policy = numbered(clock.policy_version)
        by = promises.capped(policy, clock.why, by=whole.why, due=whole.due_at, order=whole.subject)
        move_due(clock, by)


def keep_within(complaint: Complaint, handlings: Iterable[Clock]) -> list[Clock]:
    """No handling is due after the whole, and that of a child order (A47) not after its parent's; those that were are
    saved and returned. Parents come before their children."""
    handlings, whole = [each for each in handlings if each.code == HANDLE], order_clock(complaint)
    above = _parents(complaint) if handlings else {}
    of_orders = {each.subject: each for each in handlings}
    if above:
        others = Clock.objects.filter(complaint=complaint, code=HANDLE, subject__in=above.values()).order_by("id")
        of_orders = {each.subject: each for each in others} | of_orders
    moved = []
    for clock in sorted(handlings, key=lambda each: _depth(each.subject, above)):
        before, parent = clock.due_at, of_orders.get(above.get(clock.subject, ""))
        for limit in filter(None, (whole, parent)):
            never_after(clock, limit)
        if clock.due_at != before:
            clock.save(update_fields=list(MOVED))
            moved.append(clock)
    return moved


def parent_of(complaint: Complaint, clock: Clock) -> Clock | None:
    """The handling of the order that this clock's is a part of."""
    number = _parents(complaint).get(clock.subject) if clock.code == HANDLE else None
    if number is None:
        return None
    return Clock.objects.filter(complaint=complaint, code=HANDLE, subject=number).order_by("-id").first()


def _parents(complaint: Complaint) -> dict[str, str]:
    """By number of a child order, that of the order it is a part of, as the record has it: orders are above us."""
    sent = Event.objects.filter(complaint=complaint, kind=Event.Kind.DISPATCHED, particulars__has_key="parent")
    return dict(sent.values_list("particulars__order", "particulars__parent"))


def _depth(number: str, above: Mapping[str, str]) -> int:
    depth = 0
    while number in above and depth <= len(above):
        number, depth = above[number], depth + 1
    return depth


MOVED = ("due_at", "first_due_at", "why", "attention_at", "paused_at", "extended_days")


def stop(complaint: Complaint, *codes: str, at: datetime, subject: str | None = None) -> None:
    """These clocks stand still from `at` on; one that is late, which no sweep has noticed, is broken, on the record.
    Stopping what does not run changes nothing."""
    _record_late(complaint, _run(_STOP, complaint, at, codes=list(codes), subject=subject), at)


# in a clock's `why`: it ended because it was promised no more, neither kept nor broken; and another time was agreed
DROPPED, MOVED_TO = "dropped", "moved_to"


def drop(complaint: Complaint, clock: Clock, *, at: datetime, why: Mapping[str, str] | None = None) -> None:
    """It is promised no more. Broken before, it stays broken; the caller says on the record why."""
    stop(complaint, clock.code, at=at, subject=clock.subject)
    clock.refresh_from_db()
    if clock.breached_at is None:
        clock.why = clock.why | {DROPPED: True} | dict(why or {})
        clock.save(update_fields=["why"])


def notice_late(complaint: Complaint, *, at: datetime) -> None:
    """What is past due is broken from now on, without waiting for the sweep."""
    _record_late(complaint, _run(_NOTICE, complaint, at), at)


# what is late is told by the row as it was, so that nothing is recorded twice at one moment
_CHOSEN = """
    WITH chosen AS (
        SELECT id, breached_at IS NULL AND paused_at IS NULL AND due_at < %(at)s AND code <> 'CK-REG-W' AS is_new
        FROM complaints_clock
        WHERE complaint_id = %(complaint)s AND stopped_at IS NULL
            AND (%(codes)s::text[] IS NULL OR code = ANY(%(codes)s))
            AND code <> ALL(%(but)s::text[])
            AND (%(goods)s OR NOT (code = %(return)s OR (code = %(regulatory)s AND starts_with(subject, %(refund)s))))
            AND (%(subject)s::text IS NULL OR subject = %(subject)s)
        FOR UPDATE
    )
"""
_BROKEN = f"""
    breached_at = CASE WHEN is_new THEN %(at)s ELSE breached_at END,
    reached = CASE WHEN is_new THEN GREATEST(reached, {BREACH}) ELSE reached END
    FROM chosen WHERE complaints_clock.id = chosen.id RETURNING code, subject, due_at, is_new
"""
_STOP = f"{_CHOSEN} UPDATE complaints_clock SET stopped_at = %(at)s, {_BROKEN}"
_NOTICE = f"{_CHOSEN} UPDATE complaints_clock SET {_BROKEN}"
_Row = tuple[str, str, datetime, bool]


def _run(
    statement: str,
    complaint: Complaint,
    at: datetime,
    *,
    codes: list[str] | None = None,
    subject: str | None = None,
    but: Sequence[str] = (),
    goods: bool = True,
) -> list[_Row]:
    given: dict[str, Any] = {
        "complaint": complaint.pk, "at": at, "codes": codes, "subject": subject, "but": list(but), "goods": goods,
        "return": RETURN, "regulatory": REGULATORY, "refund": WITHOUT_REASON,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


def _record_late(complaint: Complaint, rows: Sequence[_Row], at: datetime) -> None:
    for code, subject, due_at, is_new in rows:
        if not is_new:
            continue
        if code in WHOLE:
            Complaint.objects.filter(pk=complaint.pk, breached_at=None).update(breached_at=due_at)
        said = {"clock": code, "subject": subject, "share": BREACH, "due": events.timestamp(due_at)}
        events.record(complaint, Event.Kind.BREACHED, actor=SYSTEM, at=at, **said)


def meet_interim(complaint: Complaint, *, at: datetime) -> None:
    """A temporary solution stands: where the promise has two parts, the complaint is now due by the final one."""
    final = Clock.objects.running().filter(complaint=complaint, code=FINAL).first()
    if final is not None:
        stop(complaint, RESOLVE, at=at)
        follow_due(complaint)


def stop_all(complaint: Complaint, *, at: datetime, but: Sequence[str] = (), goods: bool = False) -> None:
    """It has ended: nothing runs but these, and nothing is waited for. Goods that came back lie there all the same:
    only with `goods` nobody owes them anything more, and no refund for them by law."""
    _record_late(complaint, _run(_STOP, complaint, at, but=but, goods=goods), at)
    Pause.objects.running().filter(complaint=complaint).update(ended_at=at, ended_by="system")
    if complaint.paused_at is not None:
        change(complaint, paused_at=None)


def order_clock(complaint: Complaint) -> Clock | None:
    """The one by which the customer is to have the final answer; None where none runs."""
    running = {clock.code: clock for clock in Clock.objects.running().filter(complaint=complaint, code__in=WHOLE)}
    return running.get(FINAL, running.get(RESOLVE))


def order_due(complaint: Complaint) -> datetime | None:
    found = order_clock(complaint)
    return found.due_at if found else None


def follow_due(complaint: Complaint) -> None:
    """The complaint is due by the tightest of its resolution (the interim one while that runs, else the final one) and
    what the authorities set; it is paused while that one is."""
    counted = (*WHOLE, REGULATORY, DIRECT)
    first = tightest(Clock.objects.running().filter(complaint=complaint, code__in=counted))
    if first is not None and (first.due_at, first.paused_at) != (complaint.due_at, complaint.paused_at):
        change(complaint, due_at=first.due_at, paused_at=first.paused_at)


def tightest(running: Iterable[Clock]) -> Clock | None:
    """By which of these the complaint is due; None where none of them says. What stands still comes after what runs:
    an authority's time goes on while we wait for the customer."""
    first: dict[str, Clock] = {}
    for clock in running:
        known = first.setdefault(clock.code, clock)
        first[clock.code] = min(known, clock, key=lambda each: each.due_at)
    whole = first.get(RESOLVE, first.get(FINAL))
    counted = [each for each in (whole, first.get(REGULATORY), first.get(DIRECT)) if each is not None]
    return min(counted, key=lambda each: (each.stands_still, each.due_at), default=None)


def stood_still(pauses: Iterable[Pause], code: str, policy: Policy) -> list[engine.Pause]:
    """Those of the pauses that are over and held a clock of this code, as the engine counts them."""
    over = (each for each in pauses if policy.may_pause(code, each.reason))
    return [engine.Pause(each.started_at, each.ended_at) for each in over if each.ended_at is not None]


UNTIL_ANSWERED = (RESOLVE, FINAL, "CK-SR", "CK-PROGRESS", "CK-FRONT", "CK-PLAN", "CK-DIAG", "CK-DAILY", DIRECT)

# counted from receipt, but what decides them is known later: by then, these are begun
ONCE_GRADED = ("CK-SR", "CK-PROGRESS", "CK-FRONT", "CK-LEGAL")
ONCE_DISPATCHED = ("CK-PLAN", "CK-DIAG")


def begin(
    complaint: Complaint,
    codes: Sequence[str],
    *,
    at: datetime,
    departments: int = 1,
    done: Mapping[str, datetime] | None = None,
) -> None:
    """Those of the clocks that the policy promises and the complaint does not have yet run from its receipt on; what
    was `done` already is not asked for again, but what is due at intervals, from when it was done last."""
    policy, received = current(), complaint.reopened_at or complaint.received_at
    had = set(
        Clock.objects.filter(complaint=complaint, code__in=codes, started_at__gte=received).values_list(
            "code", flat=True
        )
    )
    category = complaint.confirmed_category or complaint.category
    inputs = inputs_of(complaint, issue_class=category.issue_class, acts=category.acts, departments=departments)
    for code in codes:
        if code in had or code not in policy.clocks:
            continue
        since = at if policy.clocks[code].start in STARTS_WHEN_GRADED else received
        if done and code in done:
            if policy.clocks[code].repeat_every is None:
                continue
            since = done[code]
        if deadline := promises.deadline(policy, code, start=since, inputs=inputs):
            start(complaint, code, deadline, at=at, since=since)


def begin_now(complaint: Complaint, code: str, *, at: datetime) -> Clock | None:
    """What begins with what happens just now, where the policy promises it."""
    policy = current()
    if code not in policy.clocks:
        return None
    category = complaint.confirmed_category or complaint.category
    inputs = inputs_of(complaint, issue_class=category.issue_class, acts=category.acts)
    deadline = promises.deadline(policy, code, start=at, inputs=inputs)
    return start(complaint, code, deadline, at=at) if deadline else None


STARTS_WHEN_GRADED = frozenset({"classified", "level_set_L1"})


def repeat(complaint: Complaint, code: str, *, at: datetime) -> None:
    """What was due was done; the next is due one interval after it (C060: every 48 hours until solved)."""
    clock = Clock.objects.running().filter(complaint=complaint, code=code).first()
    if clock is None:
        return
    stop(complaint, code, at=at)
    policy = current()
    category = complaint.confirmed_category or complaint.category
    inputs = inputs_of(complaint, issue_class=category.issue_class, acts=category.acts)
    if deadline := promises.deadline(policy, code, start=at, inputs=inputs):
        start(complaint, code, deadline, at=at)
