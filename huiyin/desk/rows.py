"""Lines of a list: complaints and work orders as jinja2/desk/rows.html wants them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.channels.models import Channel
from huiyin.complaints.models import Complaint
from huiyin.complaints.states import State
from huiyin.customers.models import Customer
from huiyin.desk.reading import Reader
from huiyin.dispatch.models import WorkOrder
from huiyin.dispatch.states import IN_HAND, OrderState
from huiyin.lib.templatetags.times import absolute
from huiyin.org.models import Member

TITLE = 88  # columns; a Chinese character takes two


def complaint_rows(complaints: Iterable[Complaint], member: Member) -> list[dict[str, Any]]:
    reader = Reader(member)
    return [complaint_row(each, reader) for each in complaints]


def order_rows(orders: Iterable[WorkOrder], member: Member, *, signed_by: bool = True) -> list[dict[str, Any]]:
    """`signed_by`: with the moment by which an order that nobody has signed for is to be, besides its own deadline."""
    reader, at = Reader(member), timezone.now()
    return [_order_row(each, reader, _signing(each, at) if signed_by else []) for each in orders]


def title_of(complaint: Complaint, reader: Reader, opening: str | None = None) -> str:
    """Its title, or how the text begins, on one line. `opening`: the beginning, where the text was not read."""
    begins = complaint.title or (complaint.text[: TITLE * 2] if opening is None else opening)
    words = reader.of(complaint).words(begins)
    return _cut(" ".join(words.split()))


def _cut(line: str) -> str:
    columns = 0
    for place, sign in enumerate(line):
        columns += 2 if ord(sign) > 0x2E7F else 1
        if columns > TITLE:
            return line[:place] + "…"
    return line


def complaint_row(complaint: Complaint, reader: Reader) -> dict[str, Any]:
    category = complaint.confirmed_category or complaint.category
    return {
        "number": complaint.number,
        "url": reverse("desk:complaint", args=[complaint.number]),
        "title": title_of(complaint, reader, getattr(complaint, "opening", None)),
        "severity": complaint.severity,
        "state": complaint.state,
        "state_label": State(complaint.state).label,  # get_..._display() would translate every label each time
        "due_at": complaint.due_at,
        "is_done_at": done_at(complaint),
        "paused_at": complaint.paused_at,
        "unit": complaint.owner_unit.name,
        "received_at": complaint.received_at,
        "channel_label": Channel(complaint.channel).label,
        "tier_label": Customer.Tier(complaint.tier).label,
        "customer": reader.name(complaint.complainant_name or complaint.customer.name),
        "assignee": complaint.assignee.name if complaint.assignee else "",
        "is_mine": complaint.assignee_id == reader.member.pk,
        "category": category.name,
        "flags": flags(complaint),
    }


def _order_row(order: WorkOrder, reader: Reader, signing: list[dict[str, str]]) -> dict[str, Any]:
    complaint = order.complaint
    category = complaint.confirmed_category or complaint.category
    return {
        "number": order.number,
        "url": reverse("desk:complaint", args=[complaint.number]) + _place_of(order),
        "title": title_of(complaint, reader, getattr(order, "opening", None)),
        "severity": complaint.severity,
        "state": order.state,
        "state_label": _("被退回") if order.state == OrderState.TRANSFERRED else OrderState(order.state).label,
        "due_at": order.due_at,
        "paused_at": getattr(order, "paused_at", None),
        "unit": order.unit.name,
        "received_at": complaint.received_at,
        "channel_label": Channel(complaint.channel).label,
        "tier_label": Customer.Tier(complaint.tier).label,
        "customer": reader.name(complaint.complainant_name or complaint.customer.name),
        "assignee": order.assignee.name if order.assignee else "",
        "is_mine": order.assignee_id == reader.member.pk,
        "category": category.name,
        "flags": [*signing, *_nudged(order), *flags(complaint)],
    }


def _signing(order: WorkOrder, at: datetime) -> list[dict[str, str]]:
    """The unit's first deadline, which comes long before the order's."""
    if order.state != OrderState.DISPATCHED or order.sign_due_at is None:
        return []
    if order.sign_due_at < at:
        return [{"words": _("签收已超时"), "tone": "red", "icon": "alert-circle"}]
    return [{"words": _("%s 前签收") % absolute(order.sign_due_at, at), "tone": "amber", "icon": "clock"}]


def _nudged(order: WorkOrder) -> list[dict[str, str]]:
    """Somebody asks for it: while the unit has it."""
    if not order.nudge_count or order.state not in IN_HAND:
        return []
    return [{"words": _("催办 %d 次") % order.nudge_count, "tone": "amber", "icon": "bell"}]


def _place_of(order: WorkOrder) -> str:
    """What is to be audited or sent on stands in the order's card; the moves of who has it stand on top of the page."""
    return "" if order.state in IN_HAND else f"#{order.number}"


def done_at(complaint: Complaint) -> datetime | None:
    """When its promise was met, or its end came without; None while it still runs. The answer meets it."""
    if complaint.state in {State.RESOLVED, State.CLOSED} and complaint.replied_at is not None:
        return complaint.replied_at
    return None if complaint.is_open else complaint.closed_at or complaint.state_since


def flags(complaint: Complaint) -> list[dict[str, str]]:
    found = []
    if complaint.channel == Channel.RED_CHANNEL:
        found.append({"words": _("红色通道"), "tone": "red", "icon": "flame"})
    if complaint.is_urgent:
        found.append({"words": _("紧急"), "tone": "red", "icon": "alert-triangle"})
    if complaint.tier == Customer.Tier.VIP:
        found.append({"words": "VIP", "tone": "violet", "icon": ""})
    if complaint.tier == Customer.Tier.VULNERABLE:
        found.append({"words": _("需关照"), "tone": "violet", "icon": ""})
    if complaint.is_confidential:
        found.append({"words": _("保密"), "tone": "grey", "icon": "lock"})
    if complaint.reopened_count:
        found.append({"words": _("重开 %d 次") % complaint.reopened_count, "tone": "red", "icon": "refresh"})
    if complaint.is_on_spot:
        found.append({"words": _("当场解决"), "tone": "green", "icon": "circle-check"})
    return found
