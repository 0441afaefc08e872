"""The customer's way to their own complaint: by the tracking code, which only they have, or back to it by proof."""

from huiyin.complaints.actions.filing import tracking_digest
from huiyin.complaints.models import Complaint


def by_code(code: str) -> Complaint | None:
    """The complaint whose tracking link carries this code, with customer and unit."""
    known = Complaint.objects.select_related("customer", "owner_unit", "category", "confirmed_category")
    return known.filter(tracking_digest=tracking_digest(code)).first()


def by_number(number: str, *, phone_digest: str) -> Complaint | None:
    """The complaint of that number, if it was filed by the customer with that telephone."""
    if not phone_digest:
        return None
    known = Complaint.objects.select_related("customer")
    return known.filter(number=number, customer__phone_digest=phone_digest).first()
