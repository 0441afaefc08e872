"""The policy in force, what was awarded already, how often, and what waits for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from huiyin.compensation.authority import Today
from huiyin.compensation.errors import NoPolicy
from huiyin.compensation.models import READS, Offer, PolicyVersion
from huiyin.compensation.policy import Policy
from huiyin.compensation.states import AWARDED, OfferState
from huiyin.complaints.models import Complaint
from huiyin.org.models import Member
from huiyin.org.rules import Right, field, may


def current() -> Policy:
    """The newest version; one small query. Raises NoPolicy."""
    newest = PolicyVersion.objects.order_by("-number").values_list("pk", "created_at").first()
    if newest is None:
        raise NoPolicy
    return _read(*newest)


@lru_cache(maxsize=8)
def _read(pk: int, created_at: datetime) -> Policy:
    # `created_at` belongs to the key: a restored database may use a primary key again
    version = PolicyVersion.objects.get(pk=pk)
    return Policy(version.body, number=version.number)


def awarded(complaint: Complaint, *, at: datetime, window_days: int, but: int | None = None) -> Decimal:
    """What counts together with an award on this complaint: the same matter's, merged ones included, whenever it was
    (CG-1), and the same customer's within the window (CG-2)."""
    root = complaint.merged_into_id or complaint.pk
    matter = Q(complaint__in=Complaint.objects.filter(Q(pk=root) | Q(merged_into=root)))
    customers = Q(complaint__customer=complaint.customer_id, made_at__gte=at - timedelta(days=window_days))
    found = (
        Offer.objects.counted()
        .filter(matter | customers)
        .exclude(pk__in=[] if but is None else [but])
        .aggregate(all=Sum("counted"))
    )
    return found["all"] or Decimal(0)


def today_of(member: Member, *, at: datetime) -> Today:
    """What the member gave on their own authority today, in their unit's zone, and whether a report is owed (CG-4)."""
    midnight = at.astimezone(ZoneInfo(member.unit.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    own = Offer.objects.filter(made_by=member, is_at_once=True)
    given = own.filter(made_at__gte=midnight).aggregate(sum=Sum("counted"), number=Count("pk"))
    owes = own.filter(reported_at=None, report_due_at__lt=at).exists()
    return Today(amount=given["sum"] or Decimal(0), awards=given["number"], owes_report=owes)


@dataclass(frozen=True)
class Frequency:
    """CG-7: a hint for who decides, and for legal. It is shown and nothing else: no action may ask for it."""

    awards: int
    median: Decimal
    is_flagged: bool


ENOUGH = 20_000  # of the newest awards; more would cost time, and hardly move the median
_MEDIAN = """
    WITH lately AS (
        SELECT complaint_id FROM compensation_offer
        WHERE state = ANY(%s) AND made_at >= %s ORDER BY made_at DESC LIMIT %s
    )
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY awards) FROM (
        SELECT count(*) AS awards FROM lately JOIN complaints_complaint c ON c.id = complaint_id GROUP BY c.customer_id
    ) AS each_customer"""


def frequency(customer_id: int, *, at: datetime) -> Frequency:
    """How often the customer was awarded something in a year, and the median of all who were, or of those of the newest
    20,000 awards."""
    limits = current().limits
    since, states = at - timedelta(days=limits.frequency_days), sorted(str(state) for state in AWARDED)
    awards = Offer.objects.filter(complaint__customer=customer_id, state__in=states, made_at__gte=since).count()
    with connection.cursor() as cursor:
        cursor.execute(_MEDIAN, [states, since, ENOUGH])
        [row] = cursor.fetchall()
    median = Decimal(str(row[0] or 0))
    is_often = awards >= limits.flag_at or (median > 0 and awards > limits.times_median * median)
    return Frequency(awards=awards, median=median, is_flagged=is_often)


def sees_frequency(member: Member) -> bool:
    """Those who decide on compensation, and legal; nobody who talks with the customer."""
    return may(member, Right.SEE_AWARD_FREQUENCY)


def to_decide(member: Member) -> QuerySet[Offer]:
    """Proposals that wait for a signature of one of the member's roles, and not their own."""
    signed = Q(approvals__member=member)
    waiting = Offer.objects.visible_to(member).proposed().filter(waits_for__overlap=list(member.roles))
    return waiting.exclude(made_by=member).exclude(signed)


def of_complaint(complaint: Complaint, member: Member) -> QuerySet[Offer]:
    """The complaint's offers with what hangs on them, newest first, if the member reads compensation."""
    return (
        Offer.objects.visible_to(member)
        .filter(complaint=complaint)
        .select_related("made_by", "chosen")
        .prefetch_related("options", "approvals__member")
    )


def open_to_customer(complaint: Complaint) -> QuerySet[Offer]:
    """What the customer may still choose from."""
    return complaint.offers.filter(state=OfferState.APPROVED).prefetch_related("options")


def reads_policy(member: Member) -> bool:
    """Those who read compensation, and those who set policies."""
    return field(member, "compensation") in READS or may(member, Right.SET_POLICY)
