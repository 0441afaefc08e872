"""Why a customer is of the tier they are, for the complaint page and its record."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from huiyin.complaints.models import Complaint
from huiyin.customers import tiers
from huiyin.customers.models import Customer
from huiyin.customers.queries import rule_names
from huiyin.lib.phrasing import noted


def why(complaint: Complaint) -> str:
    """Which rule gave the tier, or who, until when and why; a query where somebody did."""
    customer = complaint.customer
    if customer.tier != complaint.tier or not customer.tier_why:
        return _("登记时说明") if complaint.tier != Customer.Tier.STANDARD else ""
    if customer.tier_why.get("rule") != tiers.BY_HAND:
        return tiers.reason(customer.tier_why, rule_names())
    said = customer.overrides.select_related("made_by").filter(pk=customer.tier_why.get("override", 0)).first()
    if said is None:
        return _("人工指定")
    given = {"who": said.made_by.name, "until": date_format(said.until, "Y-m-d"), "reason": said.reason}
    return _("%(who)s 人工指定，到 %(until)s：%(reason)s") % given


def changed(given: Mapping[str, Any]) -> str:
    """For the record: from which tier to which, until when or by which rule."""
    was, now = (str(Customer.Tier(given[key]).label) for key in ("was", "tier"))
    if given.get("until"):
        return noted(f"{was} → {now}", _("到 %s") % given["until"])
    reason = tiers.reason(given.get("why") or {}, rule_names())
    return noted(f"{was} → {now}", reason) if reason else f"{was} → {now}"
