"""A customer's tier and what is known of their worth, for the complaint page and its record."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.complaints.models import Complaint, Event
from huiyin.customers import tiers
from huiyin.customers.models import Customer
from huiyin.customers.queries import rule_names, tier_reason
from huiyin.lib.phrasing import listed, noted, told
from huiyin.org.models import Member
from huiyin.org.rules import Right, may

SHOWN = 10  # of the history
NAMES = {
    "contribution": gettext_lazy("近 12 个月贡献"),
    "since": gettext_lazy("合作开始"),
    "is_by_contract": gettext_lazy("合同约定"),
}


def why(complaint: Complaint, member: Member) -> str:
    """Which rule gave the tier, or who, until when and why; a query where somebody did."""
    customer = complaint.customer
    if customer.tier != complaint.tier or not customer.tier_why:
        return _("登记时说明") if complaint.tier != Customer.Tier.STANDARD else ""
    return tier_reason(customer, in_full=may(member, Right.SEE_WORTH))


def known(complaint: Complaint, member: Member) -> dict[str, Any] | None:
    """Contribution, contract and years, and who changed them when, for those who may; None for the others, and where
    nothing is known or ever was."""
    customer = complaint.customer
    facts = tiers.Facts(customer.contribution, customer.since, customer.is_by_contract)
    if not may(member, Right.SEE_WORTH) or (facts.is_empty and not customer.tier_why):
        return None
    seen = Complaint.objects.visible_to(member).filter(customer=customer)
    found = Event.objects.filter(complaint__in=seen, kind=Event.Kind.VALUED).select_related("actor", "complaint")
    years = tiers.years(customer.since, timezone.localdate()) if customer.since else None
    return {"facts": facts, "years": years, "history": [_line(each) for each in found.order_by("-at", "-id")[:SHOWN]]}


def _line(event: Event) -> dict[str, Any]:
    return {
        "at": event.at,
        "who": event.actor.name if event.actor else "",
        "words": valued(event.particulars),
        "number": event.complaint.number,
    }


def valued(given: Mapping[str, Any]) -> str:
    """For the record: what was changed, and the tier that it makes; no figure."""
    named = listed(str(NAMES[name]) for name in given.get("changed", ()) if name in NAMES)
    tier = str(Customer.Tier(given["tier"]).label)
    return noted(named, told(tier, reason) if (reason := _by_rule(given)) else tier)


def _by_rule(given: Mapping[str, Any]) -> str:
    return tiers.reason(given.get("why") or {}, rule_names())


def changed(given: Mapping[str, Any]) -> str:
    """For the record: from which tier to which, until when or by which rule."""
    was, now = (str(Customer.Tier(given[key]).label) for key in ("was", "tier"))
    if given.get("until"):
        return noted(f"{was} → {now}", _("到 %s") % given["until"])
    reason = _by_rule(given)
    return noted(f"{was} → {now}", reason) if reason else f"{was} → {now}"
