"""Whether time leaves something to be done with a complaint now: a pause to end, an extension to ask for or decide, a
breach to explain. Reads the complaint's clocks and pauses, which a page has fetched with it already."""

from huiyin.complaints.actions import archiving, clocks, extending
from huiyin.complaints.actions.promising import PROMISE
from huiyin.complaints.models import Clock, Complaint, Extension, RegulatoryCase
from huiyin.complaints.states import MAY_BECOME, State
from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.sla.queries import NoPolicy, current

WAITING = frozenset({State.AWAITING_CUSTOMER, State.INTERIM})


def may_go_on(complaint: Complaint, member: Member) -> bool:
    """It waits, and the member may bring it back; or something else is paused."""
    if complaint.state in WAITING:
        return bool(MAY_BECOME[complaint.state][State.IN_PROGRESS].by & Actor.of(member).roles)
    return any(pause.ended_at is None for pause in complaint.pauses.all())


def has_extendable(complaint: Complaint, member: Member) -> bool:
    return bool(extendable(complaint))


def extendable(complaint: Complaint) -> list[Clock]:
    """Promises that may still be extended: not broken yet, and not extended as often as the policy allows."""
    running = [each for each in complaint.clocks.all() if each.is_running and each.breached_at is None]
    named = [each for each in running if each.code in extending.EXTENDABLE]
    try:
        policy = current() if named else None
    except NoPolicy:
        policy = None
    if policy is None:
        return []
    return [
        each
        for each in named
        if each.code not in policy.never_pause and _times_asked(each) < policy.extension.max_times
    ]


def _times_asked(clock: Clock) -> int:
    """A longer promise after another grading is no extension, but while it waits for approval none is asked for."""
    return sum(
        each.verdict not in (Extension.Verdict.REFUSED, Extension.Verdict.LAPSED)
        and (not each.target or each.verdict == Extension.Verdict.ASKED)
        for each in clock.extensions.all()
    )


def has_request(complaint: Complaint, member: Member) -> bool:
    """Somebody else has asked for more time, and the member is one of those who decide."""
    return bool(requests(complaint, member)) and extending.may_decide(Actor.of(member))


def requests(complaint: Complaint, member: Member) -> list[Extension]:
    """What can still be granted: a promise that is broken, or met, is not extended any more."""
    running = [clock for clock in complaint.clocks.all() if clock.is_running and clock.breached_at is None]
    asked = [each for clock in running for each in clock.extensions.all()]
    return [each for each in asked if each.verdict == Extension.Verdict.ASKED and each.asked_by_id != member.pk]


def is_unexplained(complaint: Complaint, member: Member) -> bool:
    return any(each.breached_at is not None and each.explanation_id is None for each in complaint.clocks.all())


def has_referral(complaint: Complaint, member: Member) -> bool:
    """An authority waits for our answer, or a profile of law counts: a regulatory case is open."""
    return any(
        each.is_running and each.code in (clocks.REGULATORY, clocks.DIRECT) and each.subject.startswith("R")
        for each in complaint.clocks.all()
        if each.subject[1:2].isdigit()
    )


def has_time_asked(complaint: Complaint, member: Member) -> bool:
    """Somebody asked for more time by a regulatory profile's own rule; one query, and only where a case is open."""
    if not has_referral(complaint, member):
        return False
    asked = RegulatoryCase.objects.filter(complaint=complaint, asked_at__isnull=False, answered_at=None)
    return asked.exclude(asked_by=member).exists()


def has_return(complaint: Complaint, member: Member) -> bool:
    """Goods came back and are not dealt with."""
    return any(each.is_running and each.code == clocks.RETURN for each in complaint.clocks.all())


def has_no_return(complaint: Complaint, member: Member) -> bool:
    return not has_return(complaint, member)


def is_to_be_called(complaint: Complaint, member: Member) -> bool:
    """The customer was answered and is still to be asked how we did."""
    return any(each.is_running and each.code == clocks.SURVEY for each in complaint.clocks.all())


def may_be_archived(complaint: Complaint, member: Member) -> bool:
    """It is nobody's secret, and no case of the library was made of it; one query, where somebody might make one."""
    return not complaint.is_confidential and not archiving.is_archived(complaint)


def is_owed_a_call(complaint: Complaint, member: Member) -> bool:
    """Closed, with three stars, and a call promised."""
    return any(each.is_running and each.code == PROMISE for each in complaint.clocks.all())
