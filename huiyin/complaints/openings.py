"""Whether time leaves something to be done with a complaint now: a pause to end, an extension to ask for or decide, a
breach to explain. One small query each, asked only of those who may."""

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from huiyin.complaints.actions import extending
from huiyin.complaints.models import Clock, Complaint, Extension
from huiyin.complaints.states import MAY_BECOME, State
from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.sla.queries import NoPolicy, current

WAITING = frozenset({State.AWAITING_CUSTOMER, State.INTERIM})


def may_go_on(complaint: Complaint, member: Member) -> bool:
    """It waits, and the member may bring it back; or something else is paused."""
    if complaint.state in WAITING:
        return bool(MAY_BECOME[complaint.state][State.IN_PROGRESS].by & Actor.of(member).roles)
    return complaint.pauses.running().exists()


def has_extendable(complaint: Complaint, member: Member) -> bool:
    return extendable(complaint).exists()


def extendable(complaint: Complaint) -> QuerySet[Clock]:
    """Promises that may still be extended: not broken yet, and not extended as often as the policy allows."""
    try:
        policy = current()
    except NoPolicy:
        return Clock.objects.none()
    codes = extending.EXTENDABLE - policy.never_pause
    asked = Count("extensions", filter=~Q(extensions__verdict=Extension.Verdict.REFUSED))
    now = timezone.now()
    late = Q(due_at__lt=now) & (Q(paused_at=None) | Q(paused_at__gt=now))
    running = Clock.objects.running().filter(complaint=complaint, code__in=codes).exclude(late)
    return running.annotate(asked=asked).filter(asked__lt=policy.extension.max_times)


def has_request(complaint: Complaint, member: Member) -> bool:
    """Somebody else has asked for more time, and the member is one of those who decide."""
    try:
        return extending.may_decide(Actor.of(member)) and requests(complaint, member).exists()
    except NoPolicy:
        return False


def requests(complaint: Complaint, member: Member) -> QuerySet[Extension]:
    asked = Extension.objects.filter(clock__complaint=complaint, verdict=Extension.Verdict.ASKED)
    return asked.exclude(asked_by=member).select_related("clock", "reason", "asked_by")


def is_unexplained(complaint: Complaint, member: Member) -> bool:
    return Clock.objects.unexplained().filter(complaint=complaint).exists()
