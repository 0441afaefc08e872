"""Endpoints: work orders, from dispatch to audit."""

from typing import Literal

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from huiyin.api import finding, incoming, outgoing, showing
from huiyin.api.once import once
from huiyin.api.paging import Paging, page
from huiyin.api.problems import Problem
from huiyin.api.tokens import actor_of, member_of
from huiyin.complaints.models import Complaint, Issue
from huiyin.dispatch.actions import auditing, dispatching, handling, nudging, reassigning
from huiyin.dispatch.actions.dispatching import Order
from huiyin.dispatch.models import WorkOrder
from huiyin.dispatch.states import OrderState

router = Router(tags=["work orders"])
ORDER = {200: outgoing.WorkOrderOut}
MADE = {201: outgoing.WorkOrderOut}


def _shown(request: HttpRequest, order: WorkOrder, status: int = 200) -> HttpResponse:
    """As it stands now: also to whom the act itself took it out of sight."""
    order.refresh_from_db()
    prefetch_related_objects([order], "issues", "answers", "audits__auditor")
    return showing.answer(showing.Shown(member_of(request), timezone.now()).order(order), status)


class Filters(Paging):
    state: list[OrderState] = []
    mine: bool = False
    sort: Literal["due_at", "-due_at"] = "due_at"


@router.get("/work-orders", response=outgoing.WorkOrderList, summary="List work orders")
def work_orders(request: HttpRequest, filters: Query[Filters]) -> HttpResponse:
    """Those of complaints that the token's member may see, by due date; `mine`: of the member's own units."""
    member, at = member_of(request), timezone.now()
    rows = finding.orders(member)
    if filters.state:
        rows = rows.filter(state__in=filters.state)
    if filters.mine:
        rows = rows.filter(unit_id__in=sorted(member.reach.unit_ids))
    order = (filters.sort, "-id" if filters.sort.startswith("-") else "id")
    found, following = page(request, rows, order=order, paging=filters)
    shown = showing.Shown(member, at)
    return showing.answer(outgoing.WorkOrderList(items=[shown.order(row) for row in found], next=following))


@router.get("/work-orders/{number}", response=ORDER, summary="One work order")
def work_order(request: HttpRequest, number: str) -> HttpResponse:
    row = finding.order(request, number)
    return showing.answer(showing.Shown(member_of(request), timezone.now()).order(row))


@router.post("/complaints/{number}/work-orders", response=MADE, summary="Dispatch to a unit (派单)")
@once
def dispatch(request: HttpRequest, number: str, body: incoming.WorkOrderIn) -> HttpResponse:
    complaint = finding.complaint(request, number, "category", "confirmed_category")
    made = dispatching.dispatch(
        complaint,
        orders=[_order(request, complaint, body)],
        version=body.version,
        actor=actor_of(request),
        at=timezone.now(),
    )
    return _shown(request, made[0], 201)


def _order(request: HttpRequest, complaint: Complaint, body: incoming.WorkOrderIn) -> Order:
    return Order(
        unit=finding.unit(request, body.unit),
        assignee=finding.member(request, body.assignee, "assignee") if body.assignee else None,
        issues=_issues(complaint, body.issues),
        instructions=body.instructions,
        due_at=body.due_at,
    )


def _issues(complaint: Complaint, wanted: list[int]) -> list[Issue]:
    found = {issue.pk: issue for issue in complaint.issues.all()} if wanted else {}
    if unknown := [pk for pk in wanted if pk not in found]:
        raise Problem(422, errors=[("issues", _("这件投诉没有这个问题点：%s。") % unknown[0])])
    return [found[pk] for pk in dict.fromkeys(wanted)]


@router.post("/work-orders/{number}/signature", response=ORDER, summary="Sign for it (签收)")
@once
def sign(request: HttpRequest, number: str) -> HttpResponse:
    order = finding.order(request, number)
    handling.sign(order, actor=actor_of(request), at=timezone.now())
    return _shown(request, order)


@router.post("/work-orders/{number}/decline", response=ORDER, summary="Give it back (退单)")
@once
def decline(request: HttpRequest, number: str, body: incoming.ReasonIn) -> HttpResponse:
    order = finding.order(request, number)
    handling.decline(order, reason=body.reason, actor=actor_of(request), at=timezone.now())
    return _shown(request, order)


@router.post("/work-orders/{number}/start", response=ORDER, summary="Say that work has begun (开始处理)")
@once
def begin(request: HttpRequest, number: str) -> HttpResponse:
    order = finding.order(request, number)
    handling.begin(order, actor=actor_of(request), at=timezone.now())
    return _shown(request, order)


@router.post("/work-orders/{number}/completion", response=ORDER, summary="Complete it (处理完成)")
@once
def complete(request: HttpRequest, number: str, body: incoming.CompletionIn) -> HttpResponse:
    """Findings, and an answer to each issue of the order."""
    order = finding.order(request, number)
    handling.complete(
        order,
        findings=body.findings,
        answers={answer.issue: answer.text for answer in body.answers},
        result_code=body.result_code,
        breach_reason=body.breach_reason,
        actor=actor_of(request),
        at=timezone.now(),
    )
    return _shown(request, order)


@router.post("/work-orders/{number}/nudge", response=ORDER, summary="Ask the unit to hurry (催办)")
@once
def nudge(request: HttpRequest, number: str) -> HttpResponse:
    """Counted on the order; at most once in 30 minutes, and only while the unit has it."""
    order = finding.order(request, number)
    nudging.nudge(order, actor=actor_of(request), at=timezone.now())
    return _shown(request, order)


@router.put("/work-orders/{number}/assignee", response=ORDER, summary="Give it to a colleague (改派处理人)")
def reassign(request: HttpRequest, number: str, body: incoming.AssignmentIn) -> HttpResponse:
    """Another of the unit's people has it from now on."""
    order = finding.order(request, number)
    to = finding.member(request, body.member, "member")
    reassigning.reassign(order, to=to, actor=actor_of(request), at=timezone.now())
    return _shown(request, order)


@router.post("/work-orders/{number}/audit", response=ORDER, summary="Audit it (审核)")
@once
def audit(request: HttpRequest, number: str, body: incoming.AuditIn) -> HttpResponse:
    """`pass`, or `send_back` with the reason: then the same unit has it again, one round further."""
    order = finding.order(request, number)
    actor, at = actor_of(request), timezone.now()
    if body.verdict == "pass":
        auditing.pass_(order, actor=actor, at=at)
    else:
        auditing.send_back(order, reason=body.reason, actor=actor, at=at)
    return _shown(request, order)


@router.post("/work-orders/{number}/redispatch", response=MADE, summary="Send it to another unit (重新派单)")
@once
def redispatch(request: HttpRequest, number: str, body: incoming.RedispatchIn) -> HttpResponse:
    made = dispatching.redispatch(
        finding.order(request, number),
        unit=finding.unit(request, body.unit),
        assignee=finding.member(request, body.assignee, "assignee") if body.assignee else None,
        instructions=body.instructions,
        actor=actor_of(request),
        at=timezone.now(),
    )
    return _shown(request, made, 201)


@router.post("/work-orders/{number}/settlement", response=ORDER, summary="Nobody else need act (不再改派)")
@once
def settle(request: HttpRequest, number: str, body: incoming.ReasonIn) -> HttpResponse:
    order = finding.order(request, number)
    dispatching.settle(order, reason=body.reason, actor=actor_of(request), at=timezone.now())
    return _shown(request, order)


@router.post("/work-orders/{number}/cancellation", response=ORDER, summary="Take it away (作废)")
@once
def cancel(request: HttpRequest, number: str, body: incoming.ReasonIn) -> HttpResponse:
    order = finding.order(request, number)
    dispatching.cancel(order, reason=body.reason, actor=actor_of(request), at=timezone.now())
    return _shown(request, order)


@router.post("/work-orders/{number}/work-orders", response=MADE, summary="Hand a part down (拆分子工单)")
@once
def split(request: HttpRequest, number: str, body: incoming.WorkOrderIn) -> HttpResponse:
    parent = finding.order(request, number)
    orders = [_order(request, parent.complaint, body)]
    made = dispatching.split(parent, orders=orders, actor=actor_of(request), at=timezone.now())
    return _shown(request, made[0], 201)
