"""质量追溯: where the routing table starts a trace, an 8D investigation opens beside the complaint (C048)."""

from datetime import datetime

from django.utils.translation import gettext as _

from huiyin.complaints.actions.moving import hold
from huiyin.complaints.models import Complaint
from huiyin.lib.phrasing import clauses
from huiyin.org.actors import SYSTEM
from huiyin.quality.actions.investigating import open_investigation
from huiyin.quality.models import Investigation

LONGEST = 200


def trace(complaint: Complaint, *, rule: str, at: datetime) -> Investigation | None:
    """The record names what is to be traced: the product's SKU, its batch and line, as far as they are known. One that
    stands already is left alone."""
    hold(complaint)
    if Investigation.objects.filter(complaint=complaint).exists():
        return None
    category = complaint.confirmed_category or complaint.category
    given = complaint.elements
    line = given.get("production_line") or given.get("production_line_if_known") or ""
    known = {"SKU": complaint.sku, _("批次"): complaint.batch, _("产线"): line}
    parts = [_("质量追溯（%(rule)s）%(category)s") % {"rule": rule, "category": category.name_zh}]
    parts += [f"{label} {value}" for label, value in known.items() if value]
    return open_investigation(complaint, title=clauses(parts)[:LONGEST], actor=SYSTEM, at=at)
