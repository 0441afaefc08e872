"""Endpoints: what authorities sent, with their numbers and deadlines. Supported, not certified."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from huiyin.api import finding, incoming, outgoing, showing
from huiyin.api.once import once
from huiyin.api.problems import Problem
from huiyin.api.reading import Id
from huiyin.api.tokens import actor_of, member_of
from huiyin.complaints.actions import regulating, returning
from huiyin.complaints.actions.regulating import Referral
from huiyin.complaints.models import Clock, Complaint, RegulatoryCase
from huiyin.sla import regulations
from huiyin.sla.models import RegulatoryProfile
from huiyin.sla.queries import profile

router = Router(tags=["regulatory"])
STANDING = {200: outgoing.Standing}


def _case(request: HttpRequest, complaint: Complaint, pk: int) -> RegulatoryCase:
    seen = RegulatoryCase.objects.visible_to(member_of(request))
    found = seen.filter(complaint=complaint, pk=pk).first()
    if found is None:
        raise Problem(404, _("没有这件监管案件。"))
    found.complaint = complaint
    return found


def _out(request: HttpRequest, case: RegulatoryCase) -> outgoing.RegulatoryOut:
    shown = showing.Shown(member_of(request), timezone.now()).of(case.complaint)
    clocks = Clock.objects.visible_to(shown.member).filter(complaint=case.complaint_id)
    theirs = clocks.filter(subject__startswith=case.key).select_related("explanation").order_by("due_at")
    known = profile(case.profile)
    return outgoing.RegulatoryOut(
        id=case.pk, profile=case.profile, number=case.number, category=case.category, authority=case.authority,
        received_at=case.received_at, deadline=case.deadline_at, answered_at=case.answered_at,
        outcome=shown.words(case.outcome),
        clocks=[shown.clock(each) for each in theirs],
        hints=regulating.hints(known, case.complaint, at=shown.at) if known else [],
    )  # fmt: skip


@router.get("/regulatory-profiles", response=outgoing.ProfileList, summary="Regulatory profiles (监管要求)")
def profiles(request: HttpRequest) -> HttpResponse:
    """Each with the basis of its figures; supported, not certified."""
    member_of(request)
    items = []
    for row in RegulatoryProfile.objects.all():
        known = regulations.read(row.body)
        items.append(
            outgoing.ProfileOut(
                code=known.code,
                name=known.zh,
                standing="supported, not certified",
                reach=row.reach,
                in_force=known.in_force,
                checked_on=known.checked_on,
                status=known.status,
                clocks=row.body["clocks"],
            )
        )
    return showing.answer(outgoing.ProfileList(items=items))


@router.get("/complaints/{number}/regulatory", response=outgoing.RegulatoryList, summary="Its regulatory cases")
def cases(request: HttpRequest, number: str) -> HttpResponse:
    complaint = finding.complaint(request, number, "category", "confirmed_category")
    rows = RegulatoryCase.objects.visible_to(member_of(request)).filter(complaint=complaint)
    return showing.answer(outgoing.RegulatoryList(items=[_out(request, case) for case in rows]))


@router.post(
    "/complaints/{number}/regulatory", response={201: outgoing.RegulatoryOut}, summary="Register one (登记监管案件)"
)
@once
def refer(request: HttpRequest, number: str, body: incoming.RegulatoryIn) -> HttpResponse:
    """Its clocks run from when the authority handed it over, and never pause."""
    complaint = finding.complaint(request, number, "category", "confirmed_category")
    referral = Referral(**body.model_dump())
    case = regulating.refer(complaint, referral, actor=actor_of(request), at=timezone.now())
    return showing.answer(_out(request, case), 201)


@router.post(
    "/complaints/{number}/regulatory/{case}/amendment",
    response={200: outgoing.RegulatoryOut},
    summary="Correct its number, class or deadline (更正监管案件)",
)
@once
def amend(request: HttpRequest, number: str, case: Id, body: incoming.RegulatoryAmendment) -> HttpResponse:
    row = _case(request, finding.complaint(request, number, "category", "confirmed_category"), case)
    referral = Referral(profile=row.profile, **body.model_dump())
    regulating.amend(row, referral, actor=actor_of(request), at=timezone.now())
    return showing.answer(_out(request, row))


@router.post(
    "/complaints/{number}/regulatory/{case}/answer",
    response={200: outgoing.RegulatoryOut},
    summary="The authority has our answer (答复受理机构)",
)
@once
def answer(request: HttpRequest, number: str, case: Id, body: incoming.RegulatoryAnswerIn) -> HttpResponse:
    """Its clock stops. With a complete reply package, or with the reason why not."""
    row = _case(request, finding.complaint(request, number, "category", "confirmed_category"), case)
    said = body.model_dump() | {"negotiated_by": str(body.negotiated_by or "")}
    regulating.answer(row, **said, actor=actor_of(request), at=timezone.now())
    return showing.answer(_out(request, row))


@router.post("/complaints/{number}/return-receipt", response=STANDING, summary="Goods came back (收到退货)")
@once
def receive_return(request: HttpRequest, number: str, body: incoming.ReturnIn | None = None) -> HttpResponse:
    """They are dealt with within 72 hours (CK-RET)."""
    complaint = finding.complaint(request, number, "category", "confirmed_category")
    returning.receive(
        complaint, without_reason=bool(body and body.without_reason), actor=actor_of(request), at=timezone.now()
    )
    return showing.answer(showing.standing(complaint, member_of(request)))


@router.post("/complaints/{number}/return-processing", response=STANDING, summary="They are dealt with (退换货处理完)")
@once
def process_return(request: HttpRequest, number: str) -> HttpResponse:
    complaint = finding.complaint(request, number)
    returning.process(complaint, actor=actor_of(request), at=timezone.now())
    return showing.answer(showing.standing(complaint, member_of(request)))
