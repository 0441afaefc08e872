"""Endpoints: what may be done with a complaint, each move a noun under it. One domain call each."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from huiyin.api import finding, incoming, outgoing, showing
from huiyin.api.once import once
from huiyin.api.tokens import actor_of, member_of
from huiyin.complaints.actions import (
    closing,
    judging,
    keeping,
    merging,
    noting,
    regrading,
    replying,
    reviewing,
    waiting,
)
from huiyin.complaints.models import Complaint
from huiyin.complaints.models.complaint import Outcome

router = Router(tags=["moves"])
STANDING = {200: outgoing.Standing}


def _stands(request: HttpRequest, complaint: Complaint) -> HttpResponse:
    return showing.answer(showing.standing(complaint, member_of(request)))


Act = Callable[..., None]


def _with_reason(request: HttpRequest, number: str, body: incoming.ReasonIn, act: Act) -> HttpResponse:
    complaint = finding.complaint(request, number)
    act(complaint, reason=body.reason, actor=actor_of(request), at=timezone.now())
    return _stands(request, complaint)


def _plainly(request: HttpRequest, number: str, act: Act) -> HttpResponse:
    complaint = finding.complaint(request, number)
    act(complaint, actor=actor_of(request), at=timezone.now())
    return _stands(request, complaint)


@router.put("/complaints/{number}/review", response=STANDING, summary="Pass the review (复核)")
def review(request: HttpRequest, number: str, body: incoming.ReviewIn) -> HttpResponse:
    """Category, severity and issues stand as given; level 1, and making it less severe, takes a supervisor."""
    complaint = finding.complaint(request, number)
    reviewing.review(
        complaint,
        category=finding.category(request, body.category),
        severity=body.severity,
        complexity=body.complexity or "",
        issues=body.issues,
        note=body.note,
        version=body.version,
        actor=actor_of(request),
        at=timezone.now(),
    )
    return _stands(request, complaint)


@router.put("/complaints/{number}/grade", response=STANDING, summary="Grade it anew (重新定级)")
def regrade(request: HttpRequest, number: str, body: incoming.RegradeIn) -> HttpResponse:
    """Level and complexity, at any time while it is open; promises are reckoned anew from their own start."""
    complaint = finding.complaint(request, number, "category", "confirmed_category")
    regrading.regrade(
        complaint,
        severity=body.severity,
        complexity=body.complexity or "",
        reason=body.reason,
        version=body.version,
        actor=actor_of(request),
        at=timezone.now(),
    )
    return _stands(request, complaint)


@router.post("/complaints/{number}/take-up", response=STANDING, summary="Take it up for review (开始复核)")
@once
def take_up(request: HttpRequest, number: str) -> HttpResponse:
    return _plainly(request, number, reviewing.take_up)


@router.post("/complaints/{number}/return", response=STANDING, summary="Return it to the front desk (退回补充)")
@once
def return_intake(request: HttpRequest, number: str, body: incoming.ReasonIn) -> HttpResponse:
    return _with_reason(request, number, body, reviewing.return_intake)


@router.post("/complaints/{number}/resubmission", response=STANDING, summary="Resubmit it (补充后重新提交)")
@once
def resubmit(request: HttpRequest, number: str, body: incoming.ResubmissionIn) -> HttpResponse:
    complaint = finding.complaint(request, number)
    reviewing.resubmit(
        complaint,
        elements=body.elements,
        supplement=body.supplement,
        actor=actor_of(request),
        at=timezone.now(),
    )
    return _stands(request, complaint)


@router.post("/complaints/{number}/on-spot-resolution", response=STANDING, summary="Resolved on the spot (当场解决)")
@once
def resolve_on_spot(request: HttpRequest, number: str, body: incoming.OnSpotIn) -> HttpResponse:
    complaint = finding.complaint(request, number)
    replying.resolve_on_spot(
        complaint,
        explanation=body.explanation,
        customer_agreed=body.customer_agreed,
        cause=body.cause,
        breach_reason=body.breach_reason,
        actor=actor_of(request),
        at=timezone.now(),
    )
    return _stands(request, complaint)


@router.put("/complaints/{number}/assignee", response=STANDING, summary="Say who looks after it (指定负责人)")
def assign(request: HttpRequest, number: str, body: incoming.AssignmentIn) -> HttpResponse:
    complaint = finding.complaint(request, number)
    to = finding.member(request, body.member, "member")
    keeping.assign(complaint, to=to, actor=actor_of(request), at=timezone.now())
    return _stands(request, complaint)


@router.post("/complaints/{number}/closure", response=STANDING, summary="Close it (结案)")
@once
def close(request: HttpRequest, number: str, body: incoming.ClosureIn) -> HttpResponse:
    """With the customer's consent, or once seven days have passed since the answer without a word."""
    complaint = finding.complaint(request, number, "category", "confirmed_category")
    words = {"note": body.note, "breach_reason": body.breach_reason}
    closing.close(complaint, outcome=Outcome(body.outcome), **words, actor=actor_of(request), at=timezone.now())
    return _stands(request, complaint)


@router.post("/complaints/{number}/reopening", response=STANDING, summary="Reopen it (重开)")
@once
def reopen(request: HttpRequest, number: str, body: incoming.ReasonIn) -> HttpResponse:
    return _with_reason(request, number, body, closing.reopen)


@router.post("/complaints/{number}/withdrawal", response=STANDING, summary="The customer withdraws it (客户撤回)")
@once
def withdraw(request: HttpRequest, number: str, body: incoming.ReasonIn) -> HttpResponse:
    return _with_reason(request, number, body, closing.withdraw)


@router.post("/complaints/{number}/merger", response=STANDING, summary="Merge it into another (合并)")
@once
def merge(request: HttpRequest, number: str, body: incoming.MergerIn) -> HttpResponse:
    complaint = finding.complaint(request, number)
    into = finding.complaint(request, body.into)
    merging.merge(complaint, into=into, actor=actor_of(request), at=timezone.now())
    return _stands(request, complaint)


@router.post("/complaints/{number}/separation", response=STANDING, summary="Undo the merger (撤销合并)")
@once
def unmerge(request: HttpRequest, number: str, body: incoming.ReasonIn) -> HttpResponse:
    return _with_reason(request, number, body, merging.unmerge)


@router.post("/complaints/{number}/interim", response=STANDING, summary="Settle it for now (阶段性处理)")
@once
def settle_for_now(request: HttpRequest, number: str, body: incoming.InterimIn) -> HttpResponse:
    complaint = finding.complaint(request, number)
    waiting.settle_for_now(
        complaint, plan=body.plan, follow_up_on=body.follow_up_on, actor=actor_of(request), at=timezone.now()
    )
    return _stands(request, complaint)


@router.post("/complaints/{number}/external", response=STANDING, summary="It goes outside (转外部争议处理)")
@once
def go_external(request: HttpRequest, number: str, body: incoming.ReasonIn) -> HttpResponse:
    return _with_reason(request, number, body, closing.go_external)


@router.post("/complaints/{number}/external-result", response=STANDING, summary="It comes back (外部处理有结果)")
@once
def return_from_external(request: HttpRequest, number: str, body: incoming.ReasonIn) -> HttpResponse:
    return _with_reason(request, number, body, closing.return_from_external)


@router.post("/complaints/{number}/legal-opinion", response=STANDING, summary="Keep the legal opinion (法务意见)")
@once
def opine(request: HttpRequest, number: str, body: incoming.TextIn) -> HttpResponse:
    complaint = finding.complaint(request, number)
    noting.opine(complaint, text=body.text, actor=actor_of(request), at=timezone.now())
    return _stands(request, complaint)


@router.put("/complaints/{number}/confidentiality", response=STANDING, summary="Make it confidential, or not (保密)")
def set_confidential(request: HttpRequest, number: str, body: incoming.ConfidentialityIn) -> HttpResponse:
    complaint = finding.complaint(request, number)
    keeping.set_confidential(complaint, confidential=body.confidential, actor=actor_of(request), at=timezone.now())
    return _stands(request, complaint)


@router.post("/complaints/{number}/recusal", response=STANDING, summary="An employee keeps away (回避)")
@once
def recuse(request: HttpRequest, number: str, body: incoming.AssignmentIn) -> HttpResponse:
    complaint = finding.complaint(request, number)
    employee = finding.member(request, body.member, "member")
    keeping.recuse(complaint, employee=employee, actor=actor_of(request), at=timezone.now())
    return _stands(request, complaint)


@router.post("/complaints/{number}/disclosure", response=outgoing.ContactOut, summary="See the contact (查看联系方式)")
@once
def reveal(request: HttpRequest, number: str, body: incoming.ReasonIn) -> HttpResponse:
    """The customer's contact in full; the reason goes on the record."""
    complaint = finding.complaint(request, number, "customer")
    customer = keeping.reveal(complaint, reason=body.reason, actor=actor_of(request), at=timezone.now())
    return showing.answer(outgoing.ContactOut(name=customer.name, phone=customer.phone, email=customer.email))


@router.post("/complaints/{number}/validity", response={201: outgoing.ValidityOut}, summary="Judge it (成立判断)")
@once
def judge(request: HttpRequest, number: str, body: incoming.ValidityIn) -> HttpResponse:
    """Was it justified; counts once a second person confirms."""
    complaint = finding.complaint(request, number)
    at = timezone.now()
    judged = judging.judge(
        complaint,
        value=body.value,
        reason=body.reason,
        evidence=body.evidence,
        cause=body.cause,
        actor=actor_of(request),
        at=at,
    )
    return showing.answer(showing.Shown(member_of(request), at).validity(judged), 201)


@router.post(
    "/complaints/{number}/validity/confirmation", response=STANDING, summary="A second person confirms (第二人确认)"
)
@once
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    complaint = finding.complaint(request, number)
    judged = finding.unconfirmed(complaint)
    judging.confirm(judged, actor=actor_of(request), at=timezone.now())
    return _stands(request, judged.complaint)


@router.post("/complaints/{number}/answering", response=STANDING, summary="Answer an unjustified one (转答复客户)")
@once
def answer_not_valid(request: HttpRequest, number: str) -> HttpResponse:
    return _plainly(request, number, judging.answer_not_valid)
