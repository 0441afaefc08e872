"""Endpoints: filing complaints and reading them."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from huiyin.api import finding, listing, outgoing, showing
from huiyin.api.incoming import ComplaintIn
from huiyin.api.once import once
from huiyin.api.paging import Paging, page
from huiyin.api.problems import Problem
from huiyin.api.tokens import Bearer, actor_of, member_of, must
from huiyin.complaints.actions.regulating import Referral
from huiyin.complaints.events import timestamp
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.intake.actions.taking_in import Taken, take_in
from huiyin.intake.arrival import Arrival
from huiyin.org.models import Token
from huiyin.org.rules import Right

router = Router(tags=["complaints"])


@router.post(
    "/complaints",
    auth=Bearer(also=Token.Scope.FILE),
    response={201: outgoing.Created, 200: outgoing.Created},
    summary="File a complaint",
)
@once
def file(request: HttpRequest, body: ComplaintIn) -> HttpResponse:
    """Taken in as from any channel: customer found or made, graded, numbered, clocks started, all in one transaction.

    200 instead of 201 when `external_id` had been brought before: then the answer is the old complaint.
    """
    must(request, Right.FILE_COMPLAINT)
    at = timezone.now()
    taken = take_in(_arrival(body, request.body), actor=actor_of(request), at=at)
    complaint = taken.complaint
    running: Iterable[Clock] = taken.clocks
    if not taken.is_new:
        complaint = _known(request, taken)
        running = complaint.clocks.order_by("id")
    shown = showing.created(complaint, running, category=_category_of(complaint))
    return showing.answer(shown, 201 if taken.is_new else 200)


def _arrival(body: ComplaintIn, raw: bytes) -> Arrival:
    values = body.model_dump(exclude={"customer", "issues", "regulatory"})
    person = body.customer
    return Arrival(
        **values,
        referral=Referral(**body.regulatory.model_dump()) if body.regulatory else None,
        name=person.name,
        phone=person.phone,
        email=person.email,
        tier=person.tier,
        issues=tuple(text.strip() for text in body.issues if text.strip()),
        raw=raw,
    )


def _known(request: HttpRequest, taken: Taken) -> Complaint:
    """It had been brought before: shown only if the member may know of it."""
    seen = Complaint.objects.visible_to(member_of(request)).select_related("category", "owner_unit")
    found = seen.filter(pk=taken.complaint.pk).first()
    if found is None:
        raise Problem(409, _("这个渠道的同一外部编号已经登记过。"), kind="external_id_taken")
    return found


def _category_of(complaint: Complaint) -> str:
    if "category" in complaint._state.fields_cache:
        return complaint.category.code
    return str(complaint.grading["category"])


@router.get("/complaints", response=outgoing.ComplaintList, summary="List complaints")
def complaints(request: HttpRequest, filters: Query[listing.Filters]) -> HttpResponse:
    """Those the token's member may see, newest first unless sorted otherwise; without the text."""
    at, member = timezone.now(), member_of(request)
    rows = listing.chosen(member, finding.complaints(member), filters, at=at)
    found, following = page(request, rows, order=filters.order, paging=filters)
    shown = showing.Shown(member, at)
    return showing.answer(
        outgoing.ComplaintList.model_construct(items=[shown.brief(row) for row in found], next=following)
    )


@router.get("/complaints/{number}", response=outgoing.Whole, summary="One complaint, whole")
def complaint(request: HttpRequest, number: str) -> HttpResponse:
    """Text, issues, work orders, clocks, letters, notes, attachments, and the moves that are allowed now."""
    member = member_of(request)
    row = finding.whole(request, number)
    shown = showing.Shown(member, timezone.now())
    return showing.answer(shown.whole(row, finding.orders_of(row, member)))


CHAIN = """Its record, oldest first: append-only, each link bound to the one before it.

To check a link yourself: take the object
`{"seq": seq, "ts": at, "actor": actor, "action": kind, "prev": previous_hash,
  "data": {"complaint": NUMBER, ...particulars}}`,
write it as canonical JSON (keys sorted by code point at every depth, no spaces: separators `,` and `:`, no escapes
beyond what JSON requires, UTF-8) and take its SHA-256 in hexadecimal: that is `hash`. The first `previous_hash` is 64
zeros; `seq` runs from 1 without gaps. `actor` is `member:ID`, `customer` or `system`; `at` is UTC with six digits.
Particulars hold ids, codes and digests, never personal data."""


@router.get("/complaints/{number}/events", response=outgoing.Chain, summary="Its hash chain", description=CHAIN)
def events(request: HttpRequest, number: str, filters: Query[Paging]) -> HttpResponse:
    row = finding.complaint(request, number)
    chain: QuerySet[Event] = row.events.select_related("actor")
    links, following = page(request, chain, order=("seq",), paging=filters)
    items = [showing.event(link, timestamp(link.at)) for link in links]
    return showing.answer(outgoing.Chain(complaint=row.number, items=items, next=following))
