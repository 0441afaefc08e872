"""The customer's way to their own complaint: by the tracking code, which only they have, or back to it by proof."""

from huiyin.complaints.actions.filing import tracking_digest
from huiyin.complaints.models import Complaint
from huiyin.customers.models import Customer


def by_code(code: str) -> Complaint | None:
    """The complaint whose tracking link carries this code, with customer and unit."""
    known = Complaint.objects.select_related("customer", "owner_unit", "category", "confirmed_category")
    return known.filter(tracking_digest=tracking_digest(code)).first()


def of_customer(customer: Customer, *, most: int = 50) -> list[Complaint]:
    """The customer's own, newest first: for who has proved that the address is theirs."""
    known = Complaint.objects.filter(customer=customer).select_related("customer", "owner_unit")
    return list(known.order_by("-received_at", "-id")[:most])
