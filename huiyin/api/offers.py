"""Endpoints: compensation. What is offered, who approved it, what was chosen and given."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from huiyin.api import finding, showing
from huiyin.api.once import once
from huiyin.api.outgoing import Move, PersonOut
from huiyin.api.problems import Problem
from huiyin.api.reading import Body, Id, Line, Words
from huiyin.api.tokens import actor_of, member_of
from huiyin.compensation import queries
from huiyin.compensation.actions import deciding, offering, settling
from huiyin.compensation.actions.offering import Terms
from huiyin.compensation.models import Fulfilment, Instrument, Offer
from huiyin.compensation.rules import offer_verbs
from huiyin.compensation.worth import Proposed
from huiyin.org.models import Member

router = Router(tags=["compensation"])
Money = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]


class OptionIn(Body):
    instrument: Line = Field(description=f"One of {', '.join(Instrument.values)}.")
    amount: Money = Field(Decimal(0), description="CNY; a string or a number.", examples=["100.00"])
    words: Line = Field(description="For the customer.")


class OfferIn(Body):
    options: Annotated[list[OptionIn], Field(min_length=1, max_length=offering.MOST_OPTIONS)] = Field(
        description="Two or more; one needs `only_one_because`."
    )
    explanation: Words
    price: Money = Field(Decimal(0), description="What the customer paid in the matter.")
    floors: Annotated[list[Line], Field(max_length=20)] = Field([], description="Confirmed legal conditions: ST-1 ...")
    units: int = Field(1, ge=1, le=999, description="How many times the tariff's sum is due: days, visits.")
    only_one_because: Line = ""
    off_tariff_because: Line = ""
    at_once: bool = Field(False, description="Given by the front line on its own authority.")


class ApprovalIn(Body):
    note: Words = ""


class RefusalIn(Body):
    reason: Words


class ChoiceIn(Body):
    option: Id | None = Field(None, description="The id of an option; null: the customer takes none.")
    reason: Words = Field("", description="Why none of them.")


class FulfilmentIn(Body):
    reference: Line = Field(description="Of the payment, the voucher, the parcel or the call. The same twice is one.")


class OptionOut(BaseModel):
    id: int
    position: int
    kind: str
    instrument: str
    amount: str
    words: str


class SignatureOut(BaseModel):
    by: PersonOut
    role: str
    note: str
    at: datetime


class OfferOut(BaseModel):
    id: int
    complaint: str
    state: str
    by: PersonOut
    at: datetime
    options: list[OptionOut]
    explanation: str
    floors: list[str]
    total: str = Field(description="With the other awards of the matter, and of the customer in 30 days.")
    waits_for: list[str] = Field(description="The roles that may sign next.")
    signatures: list[SignatureOut]
    chosen: int | None
    reference: str = Field(description="Empty until given, or where the member does not read the ledger.")
    allowed_moves: list[Move]


class OfferList(BaseModel):
    items: list[OfferOut]


def _out(row: Offer, member: Member, given: Fulfilment | None) -> OfferOut:
    words = showing.Shown(member, row.made_at).of(row.complaint).words
    return OfferOut(
        id=row.pk,
        complaint=row.complaint.number,
        state=row.state,
        by=showing.person(row.made_by),
        at=row.made_at,
        options=[
            OptionOut(
                id=each.pk,
                position=each.position,
                kind=each.kind,
                instrument=each.instrument,
                amount=str(each.amount),
                words=words(each.words),
            )
            for each in row.options.all()
        ],
        explanation=words(row.explanation),
        floors=row.floors,
        total=str(row.total),
        waits_for=row.waits_for,
        signatures=[
            SignatureOut(by=showing.person(each.member), role=each.role, note=words(each.note), at=each.signed_at)
            for each in row.approvals.all()
        ],
        chosen=row.chosen_id,
        reference=given.reference_for(member) if given else "",
        allowed_moves=[Move(name=verb.name, label=str(verb.label)) for verb in offer_verbs(row, member)],
    )


def _found(request: HttpRequest, pk: int) -> Offer:
    seen = Offer.objects.visible_to(member_of(request)).select_related("complaint__customer", "made_by", "chosen")
    found = seen.filter(pk=pk).first()
    if found is None:
        raise Problem(404, _("没有这个补偿方案，或不在您能看到的范围内。"))
    return found


def _stands(request: HttpRequest, row: Offer, status: int = 200) -> HttpResponse:
    """As it is now."""
    member = member_of(request)
    given = Fulfilment.objects.visible_to(member).filter(offer=row).first()
    [fresh] = queries.of_complaint(row.complaint, member).filter(pk=row.pk)
    fresh.complaint = row.complaint
    return showing.answer(_out(fresh, member, given), status)


@router.get("/complaints/{number}/offers", response=OfferList, summary="What was offered")
def offers(request: HttpRequest, number: str) -> HttpResponse:
    """Newest first; empty for those who read no compensation."""
    complaint, member = finding.complaint(request, number), member_of(request)
    rows = list(queries.of_complaint(complaint, member))
    ledger = {each.offer_id: each for each in Fulfilment.objects.visible_to(member).filter(offer__in=rows)}
    for row in rows:
        row.complaint = complaint
    return showing.answer(OfferList(items=[_out(row, member, ledger.get(row.pk)) for row in rows]))


@router.post("/complaints/{number}/offers", response={201: OfferOut}, summary="Offer compensation (提出补偿方案)")
@once
def offer(request: HttpRequest, number: str, body: OfferIn) -> HttpResponse:
    complaint = finding.complaint(request, number, "category", "confirmed_category")
    given = body.model_dump(exclude={"options"})
    options = [Proposed(each.instrument, each.amount, each.words) for each in body.options]
    made = offering.offer(complaint, terms=Terms(options=options, **given), actor=actor_of(request), at=timezone.now())
    return _stands(request, made, 201)


@router.post("/offers/{offer}/approval", response=OfferOut, summary="Approve it (批准)")
@once
def approve(request: HttpRequest, offer: Id, body: ApprovalIn) -> HttpResponse:
    """One signature; large sums take more than one."""
    row = _found(request, offer)
    deciding.approve(row, note=body.note, actor=actor_of(request), at=timezone.now())
    return _stands(request, row)


@router.post("/offers/{offer}/refusal", response=OfferOut, summary="Do not approve it (不批准)")
@once
def refuse(request: HttpRequest, offer: Id, body: RefusalIn) -> HttpResponse:
    row = _found(request, offer)
    deciding.refuse(row, reason=body.reason, actor=actor_of(request), at=timezone.now())
    return _stands(request, row)


@router.post("/offers/{offer}/choice", response=OfferOut, summary="The customer chooses, or takes none (客户选定)")
@once
def choose(request: HttpRequest, offer: Id, body: ChoiceIn) -> HttpResponse:
    row, at = _found(request, offer), timezone.now()
    if body.option is None:
        settling.decline(row, reason=body.reason, actor=actor_of(request), at=at)
        return _stands(request, row)
    option = row.options.filter(pk=body.option).first()
    if option is None:
        raise Problem(422, errors=[("option", _("请选择这次提出的方案之一。"))])
    settling.choose(row, option=option, actor=actor_of(request), at=at)
    return _stands(request, row)


@router.post("/offers/{offer}/fulfilment", response=OfferOut, summary="It was given (已兑现)")
@once
def fulfil(request: HttpRequest, offer: Id, body: FulfilmentIn) -> HttpResponse:
    row = _found(request, offer)
    settling.fulfil(row, reference=body.reference, actor=actor_of(request), at=timezone.now())
    return _stands(request, row)
