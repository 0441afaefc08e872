"""Complaints as rows for a file: what the member who asks may see, and as much of it as their roles show."""

from collections.abc import Callable, Iterator, Sequence

from huiyin.complaints.models.complaint import ComplaintQuerySet
from huiyin.customers.models import Customer
from huiyin.lib.clean import deidentify
from huiyin.lib.sheets import Value
from huiyin.org import rules
from huiyin.org.models import Member

CHUNK = 1000
TITLES = (
    "number", "external_id", "channel", "kind", "state", "category", "confirmed_category", "severity", "complexity",
    "emotion", "tier", "owner_unit", "assignee", "received_at", "due_at", "breached_at", "closed_at", "outcome",
    "reopened_count", "order_no", "sku", "batch", "region", "customer_name", "customer_phone", "customer_email",
    "title", "text", "expectation",
)  # fmt: skip


def rows(complaints: ComplaintQuerySet, *, member: Member) -> Iterator[Sequence[Value]]:
    """One row a complaint under TITLES, oldest first, however many; people hidden as the member's roles have it."""
    words: Callable[[str], str] = str if member.reach.content == "full" else deidentify
    access = rules.field(member, "contact_pii")
    joined = complaints.select_related("customer", "category", "confirmed_category", "owner_unit", "assignee")
    for each in joined.order_by("id").iterator(chunk_size=CHUNK):
        yield (
            each.number, each.external_id, each.channel, each.kind, each.state, each.category.code,
            each.confirmed_category.code if each.confirmed_category else None, each.severity, each.complexity,
            each.emotion, each.tier, each.owner_unit.code, each.assignee.username if each.assignee else None,
            each.received_at, each.due_at, each.breached_at, each.closed_at, each.outcome,
            each.reopened_count, each.order_no, each.sku, each.batch, each.region, *_person(each.customer, access),
            words(each.title), words(each.text), words(each.expectation),
        )  # fmt: skip


def _person(customer: Customer, access: str) -> tuple[str, str, str]:
    if access in {"R", "RW"}:
        return customer.name, customer.phone, customer.email
    if access == "M":
        return customer.name_masked, customer.phone_masked, customer.email_masked
    return "", "", ""
