"""What the front desk wants to know while it takes a complaint in: who is calling, and whether it is known already."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from huiyin.complaints.models import Complaint, Letter
from huiyin.complaints.models.complaint import ComplaintQuerySet
from huiyin.customers.models import Customer
from huiyin.lib.phones import normalise
from huiyin.lib.sealed import digest
from huiyin.org.models import Member

WITHIN = timedelta(days=30)


def duplicates(
    member: Member, *, at: datetime, customer_id: int | None = None, phone: str = "", order_no: str = "", but: int = 0
) -> ComplaintQuerySet:
    """Complaints of the same customer, telephone or order within 30 days before `at`, newest first (D27).

    Only what the member may see; none where nothing is known to look by.
    """
    same = Q()
    if customer_id is not None:
        same |= Q(customer_id=customer_id)
    if number := normalise(phone):
        same |= Q(customer__in=Customer.objects.filter(phone_digest=digest(number)).values("pk"))
    if order_no.strip():
        same |= Q(order_no=order_no.strip())
    seen = Complaint.objects.visible_to(member)
    if not same:
        return seen.none()
    return seen.filter(same, received_at__gt=at - WITHIN).exclude(pk=but).order_by("-received_at", "-id")


@dataclass(frozen=True)
class Caller:
    """A customer known by telephone: their open complaints, and what was last said to them."""

    customer: Customer
    complaints: list[Complaint]
    letters: list[Letter]


def caller(member: Member, *, phone: str) -> Caller | None:
    """Who this telephone belongs to, if one of their complaints is the member's to see; three queries."""
    number = normalise(phone)
    customer = Customer.objects.visible_to(member).filter(phone_digest=digest(number)).first() if number else None
    if customer is None:
        return None
    theirs = Complaint.objects.visible_to(member).filter(customer=customer).select_related("category")
    complaints = list(theirs.order_by("-is_open", "-received_at")[:5])
    if not complaints:
        return None
    letters = Letter.objects.filter(complaint__in=complaints).exclude(status__in=Letter.UNSAID)
    return Caller(customer, complaints, list(letters.select_related("author", "complaint").order_by("-created_at")[:3]))
