"""Everything the complaint page shows, gathered in a number of queries that does not depend on how much there is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.channels.models import Channel
from huiyin.complaints import causes, rules
from huiyin.complaints.models import (
    Attachment,
    Clock,
    Complaint,
    Event,
    Extension,
    Issue,
    Letter,
    Note,
    Pause,
    Validity,
)
from huiyin.complaints.models.draft import QUIET
from huiyin.customers.models import Customer
from huiyin.desk import (
    accountable,
    attached,
    elements,
    guidance,
    offers,
    promises,
    quality,
    red,
    regulatory,
    timing,
    worth,
)
from huiyin.desk.deed import Deed
from huiyin.desk.deeds import ON_COMPLAINTS
from huiyin.desk.order_deeds import ON_ORDERS
from huiyin.desk.present import awaited, is_own
from huiyin.desk.queries import in_line
from huiyin.desk.reading import Reader
from huiyin.desk.rows import complaint_row, done_at, flags, title_of
from huiyin.desk.stages import stages
from huiyin.desk.timeline import people_in, timeline
from huiyin.dispatch import rules as order_rules
from huiyin.dispatch.models import WorkOrder
from huiyin.dispatch.states import OrderState
from huiyin.intake.queries import duplicates
from huiyin.lib.joining import children, point
from huiyin.lib.phrasing import noted
from huiyin.org.models import Member, Unit
from huiyin.org.rules import Right, may
from huiyin.triage.queries import brands

PEOPLE = ("assignee", "reviewer", "filed_by", "named_employee")
PAST = 50  # earlier complaints of the customer are counted so far
SHOWN_PAST = 5
SHOWN = 40  # entries of the timeline that stand open; the older ones are folded away


def case_of(complaint: Complaint, member: Member, *, at: datetime) -> dict[str, Any]:
    """The page's context. The complaint comes from pages.the_complaint, with what it points to."""
    reader = Reader(member).of(complaint)
    _fetch_time(complaint, member)
    orders = _orders(complaint)
    letters = children(Letter, "complaint", complaint.pk)
    attachments = children(Attachment, "complaint", complaint.pk)
    validities = children(Validity, "complaint", complaint.pk)
    events = children(Event, "complaint", complaint.pk)
    notes = children(Note, "complaint", complaint.pk)
    audits = [audit for order in orders for audit in order.audits.all()]
    people = point(
        Member, (audits, "auditor"), (letters, "author"), (attachments, "added_by"), (events, "actor"),
        (notes, "author"), *(([complaint], name) for name in PEOPLE),
        *((validities, name) for name in ("proposed_by", "confirmed_by")),
        *((orders, name) for name in ("assignee", "handler", "dispatched_by")),
        also=people_in(events),
    )  # fmt: skip
    point(Unit, (orders, "unit"), ([complaint.assignee] if complaint.assignee else [], "unit"))
    names = promises.clock_names()
    files = attached.readable(attachments, notes, letters, reader)
    entries = timeline(
        complaint, events, letters=letters, attachments=files, validities=validities, notes=notes, clocks=names,
        people=people, units=[complaint.owner_unit, *(order.unit for order in orders)], reader=reader,
    )  # fmt: skip
    pauses = list(complaint.pauses.all())
    chips = promises.clock_chips(complaint.clocks.all(), names, pauses, reader=reader, at=at)
    verbs = {verb.name for verb in rules.verbs(complaint, member)}
    if _may_confirm(complaint, validities, member):
        verbs.add("confirm")
    if timing.owes_answer(complaint, member):
        verbs.add("answer_supervision")
    known = quality.beside(complaint, member)
    if known["investigation"] is not None:
        verbs.discard("investigate")
    deeds = timing.naming_the_late(deeds_of(verbs), chips)
    told = {complaint.order_no, complaint.sku, complaint.batch}
    paused = {chip["subject"]: chip["paused_at"] for chip in chips if chip["code"] == "CK-HANDLE"}
    issues = children(Issue, "complaint", complaint.pk)
    order_lines = [_order(order, issues, member, reader) | {"paused_at": paused.get(order.number)} for order in orders]
    may_guide = reader.is_full and "guide" in verbs
    return {
        "complaint": complaint,
        "reader": reader,
        "title": title_of(complaint, reader),
        "text": reader.words(complaint.text),
        "place": reader.words(complaint.occurred_place) if reader.is_full else "",
        "expectation": reader.words(complaint.expectation),
        "channel_label": Channel(complaint.channel).label,
        "flags": flags(complaint),
        "stages": stages(complaint, orders, at=at),
        "main_clock": _main_clock(complaint, names, chips),
        "clocks": [chip for chip in chips if chip["done_at"] is None],
        "stopped_clocks": [chip for chip in chips if chip["done_at"] is not None],
        "pauses": promises.paused_lines(pauses, reader, at=at) if pauses else [],
        "issues": [_issue(issue, orders, reader) for issue in issues],
        "orders": order_lines,
        "own_orders": [order for order in order_lines if order["is_own"]],
        "awaited": awaited(complaint, orders),
        "entries": entries[:SHOWN],
        "older": entries[SHOWN:],
        "seen": events[-1].seq if events else 0,
        "waiting": _waiting(letters, reader, at) if reader.correspondence == "R" else [],
        "drafts": [letter for letter in letters if _is_own_draft(letter, member)],
        "attachments": [attached.shown(each, complaint.number) for each in files],
        "validities": [] if not reader.is_full else validities,
        "customer": _customer(complaint, reader),
        "elements": [*_brand(complaint), *elements.shown(complaint.elements, reader, but=told)],
        "accountable": accountable.named(complaint, member),
        "cause": causes.name_of(complaint.cause) if complaint.cause else "",
        "offers": offers.panel(complaint, reader, at=at),
        "regulatory": regulatory.panel(complaint, reader, chips, at=at),
        "history": _history(complaint, reader),
        "others": _others(complaint, reader, at),
        "method": guidance.panel(complaint, member, events=events, validities=validities) if may_guide else None,
        "quality": known,
        "red": red.beside(complaint, events, member),
        "deeds": [deed for deed in deeds if not deed.is_quiet],
        "more_deeds": [deed for deed in deeds if deed.is_quiet],
        "has_lead": complaint.state not in {"in_progress", "in_audit"},  # there the work orders lead
        "letter_deed": any(deed.noun == "letters" for deed in deeds),
        "may_note": "note" in verbs,
        "may_attach": "attach" in verbs,
        "may_reveal": "reveal" in verbs and reader.contact == "M",
        "is_proposed": complaint.effective_at is None,
    }


def _fetch_time(complaint: Complaint, member: Member) -> None:
    """Its clocks with what moved them, and its pauses."""
    asked = Extension.objects.select_related("reason", "asked_by", "decided_by")
    clocks = (
        Clock.objects.visible_to(member).select_related("explanation").prefetch_related(Prefetch("extensions", asked))
    )
    pauses = Pause.objects.select_related("note", "started_by")
    prefetch_related_objects([complaint], Prefetch("clocks", clocks), Prefetch("pauses", pauses))


def deeds_of(verbs: set[str]) -> list[Deed]:
    """The deeds open to these verbs, one for each place, those with a panel of their own left out."""
    found: dict[str, Deed] = {}
    for deed in ON_COMPLAINTS:
        if deed.verb in verbs and not deed.is_inside and deed.verb not in {"note", "attach"}:
            found.setdefault(deed.noun, deed)
    return list(found.values())


def _may_confirm(complaint: Complaint, validities: Sequence[Validity], member: Member) -> bool:
    waiting = [each for each in validities if each.confirmed_by_id is None]
    is_open = complaint.state in {"in_progress", "in_audit"}
    return bool(waiting) and is_open and may(member, Right.JUDGE_VALIDITY) and waiting[0].proposed_by_id != member.pk


def _orders(complaint: Complaint) -> list[WorkOrder]:
    successor = WorkOrder.objects.filter(replaces=OuterRef("pk"))
    asked = WorkOrder.issues.through.objects.filter(workorder=OuterRef("pk")).values("issue")
    found = (
        complaint.work_orders.prefetch_related("answers", "audits")
        .annotate(has_successor=Exists(successor), issue_ids=ArraySubquery(asked))
        .order_by()
    )
    orders = sorted(found, key=lambda order: order.pk)
    for order in orders:
        order.complaint = complaint
    point(WorkOrder, (orders, "parent"), (orders, "replaces"))
    return orders


def _order(order: WorkOrder, issues: Sequence[Issue], member: Member, reader: Reader) -> dict[str, Any]:
    verbs = {verb.name for verb in order_rules.order_verbs(order, member)}
    deeds = [deed for deed in ON_ORDERS if deed.verb in verbs and not deed.is_quiet]
    is_theirs = order_rules.is_theirs(order, member)
    answers = {answer.issue_id: answer.text for answer in order.answers.all()}
    asked = frozenset(getattr(order, "issue_ids", ()))
    return {
        "row": order,
        "findings": reader.words(order.findings),
        "result": reader.words(order.result_code),
        "instructions": reader.words(order.instructions),
        "decline_reason": reader.words(order.decline_reason),
        "state_label": _("被退回") if order.state == OrderState.TRANSFERRED else OrderState(order.state).label,
        "answers": [
            {"issue": reader.words(issue.text), "text": reader.words(answers.get(issue.pk, ""))}
            for issue in issues
            if issue.pk in asked
        ],
        "audits": order.audits.all(),
        "deeds": deeds,
        "more_deeds": [deed for deed in ON_ORDERS if deed.verb in verbs and deed.is_quiet],
        "is_gone": order.state in {OrderState.CANCELLED, OrderState.TRANSFERRED},
        "waits_for_audit": order.state == OrderState.COMPLETED,
        "sign_is_done": order.signed_at,
        "is_own": is_own(order, is_theirs=is_theirs, has_deeds=any(deed.minds_changes for deed in deeds)),
    }


def _issue(issue: Any, orders: Sequence[WorkOrder], reader: Reader) -> dict[str, Any]:
    given = [
        {"unit": order.unit.name, "text": reader.words(answer.text), "passed": order.state == OrderState.PASSED}
        for order in orders
        for answer in order.answers.all()
        if answer.issue_id == issue.pk and order.state not in {OrderState.CANCELLED, OrderState.TRANSFERRED}
    ]
    return {
        "position": issue.position,
        "text": reader.words(issue.text),
        "answer": reader.words(issue.answer),
        "is_dropped": issue.is_dropped,
        "answers": given,
    }


def _main_clock(complaint: Complaint, names: dict[str, str], chips: Sequence[dict[str, Any]]) -> dict[str, Any]:
    mine = (chip for chip in chips if chip["code"] in promises.REGULATORY and chip["due_at"] == complaint.due_at)
    named = next((str(chip["label"]) for chip in mine if chip["code"] in promises.DUE_BY), "")
    return {
        "due_at": complaint.due_at,
        "done_at": done_at(complaint),
        "label": named or promises.clock_label("CK-RESOLVE", names),
        "paused_at": complaint.paused_at if complaint.is_open else None,
        "paused_until": next((chip["paused_until"] for chip in chips if chip["due_at"] == complaint.due_at), None),
    }


def _waiting(letters: Sequence[Letter], reader: Reader, at: datetime) -> list[dict[str, Any]]:
    """What goes out by itself in a moment, or later; its author may take it back until then."""
    return [
        {
            "pk": letter.pk,
            "send_at": letter.send_at,
            "body": letter.body,
            "is_own": letter.author_id == reader.member.pk,
            "is_soon": letter.send_at - at < timedelta(minutes=10),
            "seconds": max(int((letter.send_at - at).total_seconds()), 0) + 5,
        }
        for letter in letters
        if letter.status == Letter.Status.WAITING and letter.send_at is not None
    ]


def _is_own_draft(letter: Letter, member: Member) -> bool:
    return letter.status == Letter.Status.DRAFT and letter.author_id == member.pk


def _customer(complaint: Complaint, reader: Reader) -> dict[str, Any]:
    customer = complaint.customer
    if not reader.is_full:
        return {"name": _("（已隐去）"), "tier": Customer.Tier(complaint.tier).label, "contacts": []}
    labels = {"phone": _("电话"), "email": _("邮箱"), "address": _("地址")}
    contacts = reader.contacts(customer)
    return {
        "name": complaint.complainant_name or customer.name or _("未留姓名"),
        "tier": Customer.Tier(complaint.tier).label,
        "tier_why": worth.why(complaint, reader.member),
        "worth": worth.known(complaint, reader.member),
        "region": complaint.region or customer.region,
        "contacts": [{"label": labels[name], "value": value} for name, value in contacts.items() if value],
        "is_hidden": reader.contact not in {"R", "M"},
    }


def _brand(complaint: Complaint) -> list[dict[str, Any]]:
    if not complaint.brand:
        return []
    name = next((brand.name for brand in brands() if brand.code == complaint.brand), complaint.brand)
    source = complaint.get_brand_source_display()
    return [{"label": elements.element("brand").label, "value": noted(name, source) if source else name}]


def _others(complaint: Complaint, reader: Reader, at: datetime) -> list[dict[str, Any]]:
    """Complaints of the same customer or order that the reader may see: perhaps the same matter."""
    same = duplicates(
        reader.member, at=at, customer_id=complaint.customer_id, order_no=complaint.order_no, but=complaint.pk
    )
    return [complaint_row(each, reader) for each in in_line(same)[:8]]


def _history(complaint: Complaint, reader: Reader) -> dict[str, Any]:
    """What this customer complained of before, as far as the reader may see it: a count up to a cap, and the latest."""
    if not reader.is_full:
        return {"count": 0, "rows": []}
    seen = Complaint.objects.visible_to(reader.member).filter(customer=complaint.customer_id).exclude(pk=complaint.pk)
    found = list(in_line(seen).order_by("-received_at", "-id")[: PAST + 1])
    open_ones_first = sorted(found[:PAST], key=lambda each: not each.is_open)
    everything = f"{reverse('desk:queue')}?view=all&customer={complaint.customer_id}" if len(found) > SHOWN_PAST else ""
    return {
        "count": len(found), "has_more": len(found) > PAST, "all_url": everything,
        "rows": [complaint_row(each, reader) for each in open_ones_first[:SHOWN_PAST]],
    }  # fmt: skip


def changes_since(complaint: Complaint, seq: int, member: Member) -> list[Event]:
    """What others did that one who acts should know of, after that link of the record."""
    later = complaint.events.filter(seq__gt=seq).exclude(kind__in=QUIET).exclude(actor=member)
    return list(later.select_related("actor").order_by("seq")[:20])
