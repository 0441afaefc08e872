"""Endpoints: who waits to be answered, for the telephone system or the ticket machine (C091)."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from huiyin.api import finding, incoming, outgoing, showing
from huiyin.api.once import once
from huiyin.api.problems import Problem
from huiyin.api.reading import Id
from huiyin.api.tokens import actor_of, member_of, must
from huiyin.intake.actions import queueing
from huiyin.intake.models import Waiting
from huiyin.org.rules import Right
from huiyin.supervision.actions.queueing import need_of

router = Router(tags=["waiting"])
SHOWN = 200


def _out(row: Waiting) -> outgoing.WaitingOut:
    return outgoing.WaitingOut(
        id=row.pk, reference=row.reference, way=row.way, unit=showing.unit(row.unit), entered_at=row.entered_at,
        ended_at=row.ended_at, lost=row.is_lost, seconds=int(row.lasted(timezone.now()).total_seconds()),
    )  # fmt: skip


@router.get("/waiting", response=outgoing.WaitingList, summary="Who waits now (排队等待)")
def waiting(request: HttpRequest) -> HttpResponse:
    """The longest first, and how many people the queue of the member's unit needs by Erlang C."""
    must(request, Right.FILE_COMPLAINT)
    member, at = member_of(request), timezone.now()
    rows = Waiting.objects.visible_to(member).waiting().select_related("unit")[:SHOWN]
    need = need_of(member.unit, at=at)
    return showing.answer(
        outgoing.WaitingList(items=[_out(row) for row in rows], agents_needed=need.agents, agents_on_duty=need.on_duty)
    )


@router.post("/waiting", response={201: outgoing.WaitingOut}, summary="Somebody waits (进入排队)")
@once
def enter(request: HttpRequest, body: incoming.WaitingIn) -> HttpResponse:
    """The same reference again, while it waits, is the same one. After 15 minutes the supervisors are told."""
    unit = finding.unit(request, body.unit) if body.unit else member_of(request).unit
    row = queueing.enter(
        reference=body.reference, unit=unit, way=body.way, entered_at=body.entered_at, actor=actor_of(request),
        at=timezone.now(),
    )  # fmt: skip
    return showing.answer(_out(row), 201)


@router.post("/waiting/{waiting}/answer", response={200: outgoing.WaitingOut}, summary="Answered, or gone (应答)")
@once
def answer(request: HttpRequest, waiting: Id, body: incoming.AnsweredIn | None = None) -> HttpResponse:
    row = Waiting.objects.visible_to(member_of(request)).select_related("unit").filter(pk=waiting).first()
    if row is None:
        raise Problem(404, _("没有这一位等待的客户。"))
    queueing.answer(row, actor=actor_of(request), at=timezone.now(), is_lost=bool(body and body.lost))
    return showing.answer(_out(row))
