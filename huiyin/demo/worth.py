"""What the demo company knows of its customers' worth: the VIP customers are so by a rule, one by hand."""

from datetime import datetime, timedelta
from decimal import Decimal

from huiyin.complaints.actions import tiering as by_hand
from huiyin.complaints.models import Complaint
from huiyin.customers.actions import tiering
from huiyin.customers.models import Customer
from huiyin.demo.staff import Staff

ORDINARY_TO_ONE = 12  # ordinary customers with figures for each VIP one, so that the 95th percentile is a VIP's
A_YEAR = timedelta(days=365)


def make(staff: Staff, *, at: datetime) -> None:
    """Figures for the demo's customers; the tiers that they had stand, each with its reason now."""
    of_demo = Complaint.objects.filter(external_id__startswith="demo-").values("customer")
    theirs = Customer.objects.filter(pk__in=of_demo, erased_at=None).order_by("pk")
    best = list(theirs.filter(tier=Customer.Tier.VIP))
    others = list(theirs.filter(tier=Customer.Tier.STANDARD)[: ORDINARY_TO_ONE * len(best)])
    for place, customer in enumerate(best):
        customer.contribution = Decimal(86_000 + 7_300 * (place % 9))
        customer.since = (at - A_YEAR * (6 + place % 3 if place % 2 else 2)).date()
        customer.is_by_contract = not place % 2
    for place, customer in enumerate(others):
        customer.contribution = Decimal(180 + 370 * (place % 23))
        customer.since = (at - A_YEAR * (place % 5) - timedelta(days=40)).date()
    Customer.objects.bulk_update([*best, *others], ["contribution", "since", "is_by_contract"])
    tiering.reckon_all(today=at.date(), at=at)
    open_one = Complaint.objects.open().filter(customer__in=others, tier=Customer.Tier.STANDARD, is_confidential=False)
    chosen = open_one.filter(state="in_progress", owner_unit__code="CC").order_by("-pk").first()
    if chosen is not None:
        by_hand.override(
            chosen, tier=Customer.Tier.VIP, reason="小区团购代表，一句话影响几十户。", until=(at + A_YEAR / 4).date(),
            today=at.date(), actor=staff.actor("supervisor"), at=at,
        )  # fmt: skip
