"""The rows that endpoints speak of, each only if the token's member may know of it; otherwise 404."""

from typing import TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.api.problems import Problem
from huiyin.api.tokens import member_of
from huiyin.complaints.models import Attachment, Clock, Complaint, Extension, Letter, Note, Pause, Validity
from huiyin.dispatch.models import Audit, WorkOrder
from huiyin.org.models import Member, Unit
from huiyin.supervision.models import Supervision
from huiyin.triage.models import Category

Row = TypeVar("Row", bound=Model)
BESIDE = ("category", "confirmed_category", "owner_unit", "assignee", "customer")


def _not_found(sentence: str) -> Problem:
    return Problem(404, sentence)


def complaints(member: Member) -> QuerySet[Complaint]:
    """With what a list line shows, and without the text."""
    unread = ("text", "elements", "grading", "tracking_code")
    return Complaint.objects.visible_to(member).select_related(*BESIDE).defer(*unread)


def complaint(request: HttpRequest, number: str, *beside: str) -> Complaint:
    rows = Complaint.objects.visible_to(member_of(request)).select_related(*beside)
    return _one(rows, number, _("没有这件投诉，或不在您能看到的范围内。"))


def whole(request: HttpRequest, number: str) -> Complaint:
    """With everything that hangs on it, in a fixed number of queries."""
    member = member_of(request)
    rows = Complaint.objects.visible_to(member).select_related(*BESIDE, "reviewer", "merged_into")
    sent_or_own = Letter.objects.exclude(Q(status__in=Letter.UNSAID) & ~Q(author=member)).select_related("author")
    clocks = Clock.objects.visible_to(member)
    rows = rows.prefetch_related(
        "issues",
        Prefetch("clocks", clocks.select_related("explanation").prefetch_related("extensions")),
        Prefetch("pauses", Pause.objects.select_related("note")),
        Prefetch("attachments", Attachment.objects.visible_to(member)),
        Prefetch("letters", sent_or_own),
        Prefetch("notes", Note.objects.filter(withdrawn_at=None).select_related("author")),
        Prefetch("validities", Validity.objects.select_related("proposed_by", "confirmed_by")),
    )
    return _one(rows, number, _("没有这件投诉，或不在您能看到的范围内。"))


_ISSUES = (
    WorkOrder.issues.through.objects.filter(workorder=OuterRef("pk"))
    .order_by("issue__position", "issue")
    .values("issue")
)


def orders(member: Member) -> QuerySet[WorkOrder]:
    return (
        WorkOrder.objects.visible_to(member)
        .with_time()
        .select_related("complaint__customer", "unit", "assignee", "handler", "parent", "replaces")
        .prefetch_related("answers", Prefetch("audits", Audit.objects.select_related("auditor")))
        .annotate(has_successor=Q(successor__isnull=False), issue_ids=ArraySubquery(_ISSUES))
    )


def orders_of(row: Complaint, member: Member) -> list[WorkOrder]:
    found = list(orders(member).filter(complaint=row).order_by("id"))
    for order in found:
        order.complaint = row
    return found


def order(request: HttpRequest, number: str) -> WorkOrder:
    return _one(orders(member_of(request)), number, _("没有这张工单，或不在您能看到的范围内。"))


def order_of(request: HttpRequest, row: Complaint, number: str) -> WorkOrder:
    found = orders(member_of(request)).filter(complaint=row, number=number).first()
    if found is None:
        raise Problem(422, errors=[("work_order", _("这件投诉没有这张工单：%s。") % number)])
    return found


def _one(rows: QuerySet[Row], number: str, sentence: str) -> Row:
    found = [] if "\x00" in number else list(rows.filter(number=number[:40]).order_by()[:1])
    if not found:
        raise _not_found(sentence)
    return found[0]


def unit(request: HttpRequest, code: str, field: str = "unit") -> Unit:
    found = Unit.objects.visible_to(member_of(request)).filter(code=code).first()
    if found is None:
        raise Problem(422, errors=[(field, _("没有这个单位：%s。") % code)])
    return found


def member(request: HttpRequest, username: str, field: str) -> Member:
    found = Member.objects.visible_to(member_of(request)).active().filter(username=username).first()
    if found is None:
        raise Problem(422, errors=[(field, _("没有这个成员：%s。") % username)])
    return found


def category(request: HttpRequest, code: str) -> Category:
    rows = Category.objects.visible_to(member_of(request)).leaves().current(timezone.now())
    found = rows.select_related("parent", "owner").filter(code=code).first()
    if found is None:
        raise Problem(422, errors=[("category", _("没有这个受理类型：%s。") % code)])
    return found


def unconfirmed(row: Complaint) -> Validity:
    """The latest judgement that waits for its second person."""
    open_ones = row.validities.filter(confirmed_by=None)
    judged: Validity | None = open_ones.select_related("complaint", "proposed_by").first()
    if judged is None:
        raise Problem(404, _("没有待确认的成立判断。"))
    return judged


def clock(row: Complaint, code: str, subject: str) -> Clock:
    found = row.clocks.running().filter(code=code[:16], subject=subject).first()
    if found is None:
        raise Problem(422, errors=[("clock", _("这件投诉没有这项在走的时限：%s。") % code)])
    found.complaint = row
    return found


def extension(row: Complaint, pk: int) -> Extension:
    rows = Extension.objects.filter(clock__complaint=row).select_related("clock__complaint", "asked_by")
    return _by_pk(rows, pk, _("没有这项延期申请。"))


def supervision(request: HttpRequest, row: Complaint, pk: int) -> Supervision:
    rows = Supervision.objects.visible_to(member_of(request)).filter(complaint=row)
    joined = rows.select_related("complaint", "issued_by", "words", "answer")
    return _by_pk(joined, pk, _("没有这张督办单。"))


def _by_pk(rows: QuerySet[Row], pk: int, sentence: str) -> Row:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise _not_found(sentence)
    return found
