"""Endpoints: what is known of a customer's worth, by which their tier is reckoned (C032)."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from huiyin.api import finding, incoming, outgoing, showing
from huiyin.api.tokens import actor_of, must
from huiyin.complaints.actions import tiering
from huiyin.complaints.models import Complaint
from huiyin.customers import tiers
from huiyin.customers.queries import tier_reason
from huiyin.org.rules import Right

router = Router(tags=["customers"])
WORTH = {200: outgoing.WorthOut}


def _worth(complaint: Complaint) -> HttpResponse:
    customer = complaint.customer
    years = tiers.years(customer.since, timezone.localdate()) if customer.since else None
    shown = outgoing.WorthOut(
        tier=customer.tier, tier_reason=tier_reason(customer, in_full=True), contribution=customer.contribution,
        since=customer.since, years=years, by_contract=customer.is_by_contract,
    )  # fmt: skip
    return showing.answer(shown)


@router.get("/complaints/{number}/customer-worth", response=WORTH, summary="Its customer's worth (客户价值)")
def worth(request: HttpRequest, number: str) -> HttpResponse:
    """Contribution, contract and years, and the tier with its reason; for those who may see them."""
    complaint = finding.complaint(request, number, "customer")
    must(request, Right.SEE_WORTH)
    return _worth(complaint)


@router.put("/complaints/{number}/customer-worth", response=WORTH, summary="What is known of it now (更新客户价值)")
def know(request: HttpRequest, number: str, body: incoming.WorthIn) -> HttpResponse:
    """The tier follows the rules at once. The record says what was changed and by whom, and holds no figure."""
    complaint = finding.complaint(request, number, "customer")
    facts = tiers.Facts(body.contribution, body.since, body.by_contract)
    at = timezone.now()
    tiering.know(
        complaint, facts=facts, reason=body.reason, today=timezone.localdate(at), actor=actor_of(request), at=at
    )
    return _worth(complaint)
