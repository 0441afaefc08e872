"""Endpoints: the red channel. Who is paged and who confirmed, the task force, the war room, and the reports."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from huiyin.api import finding, incoming, showing
from huiyin.api.once import once
from huiyin.api.outgoing import PersonOut
from huiyin.api.outgoing import red as out
from huiyin.api.paging import Paging, page
from huiyin.api.problems import Problem
from huiyin.api.tokens import actor_of, member_of
from huiyin.complaints.errors import GuardFailed
from huiyin.complaints.models import Clock, Complaint
from huiyin.org.models import Member
from huiyin.quality.actions import reporting
from huiyin.quality.models import Incident, IncidentClass, Report
from huiyin.quality.rules import may_work_on
from huiyin.redchannel import queries, rules
from huiyin.redchannel.actions import force, paging, rooms
from huiyin.redchannel.models import DailyReport, RedCase, RedCaseQuerySet, WarRoom

router = Router(tags=["red channel"])
ORDER = ("-called_at", "-id")
ONE = {200: out.RedCaseOut}
MADE = {201: out.RedCaseOut}
BESIDE = ("complaint", "confirmed_by", "lead", "kind")
DAYS = 14


class Standing(Paging):
    standing: bool = Field(True, description="False: those that are over as well.")


def _cases(member: Member) -> RedCaseQuerySet:
    return RedCase.objects.visible_to(member).select_related(*BESIDE)


def _case(request: HttpRequest, number: str) -> RedCase:
    complaint = finding.complaint(request, number, "owner_unit", "category__parent")
    case = _cases(member_of(request)).filter(complaint=complaint).first()
    if case is None:
        raise Problem(404, _("这件投诉不在红色通道。"))
    case.complaint = complaint
    return case


def _room(case: RedCase) -> WarRoom:
    room = case.rooms.open().first()
    if room is None:
        raise GuardFailed("room", _("没有正在进行的会诊。"))
    room.case = case
    return room


def _incident(case: RedCase, member: Member) -> Incident | None:
    """The plan's, unless another complaint in it names this member."""
    return Incident.objects.visible_to(member).filter(pk=case.incident_id or 0).first()


def _person(member: Member | None) -> PersonOut | None:
    return showing.person(member) if member is not None else None


def _brief(case: RedCase) -> out.RedBrief:
    return out.RedBrief(
        number=case.complaint.number, severity=case.complaint.severity, reason=case.reason, rule=case.rule,
        called_at=case.called_at, rounds=case.rounds, next_at=case.next_at, confirmed_at=case.confirmed_at,
        confirmed_by=_person(case.confirmed_by), ended_at=case.ended_at, plan=case.kind.code if case.kind else "",
        lead=_person(case.lead), formed_at=case.formed_at,
    )  # fmt: skip


def _whole(request: HttpRequest, number: str, status: int = 200) -> HttpResponse:
    """As it stands now, read afresh."""
    case, member = _case(request, number), member_of(request)
    paged = Member.objects.visible_to(member).in_bulk(case.paged)
    clocks = Clock.objects.visible_to(member).filter(complaint=case.complaint, code__in=queries.CLOCKS)
    incident = _incident(case, member)
    reports = list(incident.reports.select_related("author")) if incident else []
    held = list(case.rooms.select_related("called_by"))
    shown = out.RedCaseOut(
        **_brief(case).model_dump(),
        paged=[showing.person(paged[pk]) for pk in case.paged if pk in paged],
        task_force=[showing.person(each.member) for each in case.force.select_related("member")],
        incident=incident.number if incident else "",
        clocks=[showing.clock_of(each) for each in clocks.order_by("started_at", "id")],
        reports=[_report(each) for each in reports],
        rooms=[_room_out(room, case) for room in held],
        allowed=_allowed(case, incident, next((room for room in held if room.ended_at is None), None), member),
    )
    return showing.answer(shown, status)


def _report(row: Report) -> out.OutageReport:
    return out.OutageReport(
        text=row.text, author=_person(row.author), written_at=row.written_at, due_at=row.due_at,
        missed_at=row.missed_at,
    )  # fmt: skip


def _room_out(room: WarRoom, case: RedCase) -> out.RoomOut:
    room.case = case
    people = list(room.participants.select_related("member__unit"))
    joined = [each.member for each in people if each.joined_at is not None]
    for each in people:
        each.room = room
    return out.RoomOut(
        position=room.position, topic=room.topic, place=room.place, called_at=room.called_at,
        called_by=_person(room.called_by), quorum_at=room.quorum_at, ended_at=room.ended_at, minutes=room.minutes,
        quorum=[out.Seat(zh=side["zh"], en=side["en"], has_come=room.has_come(side, joined)) for side in room.sides],
        participants=[
            out.ParticipantOut(
                member=showing.person(each.member), called_at=each.called_at, joined_at=each.joined_at,
                seconds=int(each.joined_after.total_seconds()) if each.joined_after is not None else None,
            )
            for each in people
        ],
        decisions=[
            out.DecisionOut(
                position=each.position, text=each.text, author=showing.person(each.author), decided_at=each.decided_at
            )
            for each in room.decisions.select_related("author")
        ],
    )  # fmt: skip


def _allowed(case: RedCase, incident: Incident | None, room: WarRoom | None, member: Member) -> list[str]:
    may = {
        "confirm": rules.may_confirm(case, member),
        "name": rules.may_name(case, member),
        "form": rules.may_form(case, member),
        "report": incident is not None and not incident.is_ended and may_work_on(incident, member),
        "call": room is None and rules.may_call(case, member),
    }
    if room is not None:
        may |= {
            "invite": rules.may_invite(room, member),
            "join": rules.may_join(room, member),
            "decide": rules.may_decide(room, member),
            "end": rules.may_end(room, member),
        }
    return [name for name, is_so in may.items() if is_so]


def _doing(request: HttpRequest, number: str) -> tuple[RedCase, datetime]:
    return _case(request, number), timezone.now()


@router.get("/red-cases", response=out.RedList, summary="The red channel (红色通道)")
def cases(request: HttpRequest, asked: Annotated[Standing, Query()]) -> HttpResponse:
    """Those that stand, the last called first."""
    rows = _cases(member_of(request))
    found, following = page(request, rows.standing() if asked.standing else rows, order=ORDER, paging=asked)
    return showing.answer(out.RedList(items=[_brief(case) for case in found], next=following))


@router.get("/red-daily-reports", response=out.DailyList, summary="Daily reports to management (每日报送)")
def daily(request: HttpRequest) -> HttpResponse:
    """For those whom they are made for: what was open at level 2 at six, the last 14 days."""
    member = member_of(request)
    if not queries.is_manager(member):
        raise Problem(403, _("您的角色没有权限进行此操作。"))
    reports = list(DailyReport.objects.all()[:DAYS])
    wanted = {pk for report in reports for pk in report.complaints}
    numbers = dict(Complaint.objects.visible_to(member).filter(pk__in=wanted).values_list("pk", "number"))
    items = [
        out.DailyOut(
            day=each.day, due_at=each.due_at, made_at=each.made_at, late=each.is_late, skipped=each.skipped,
            complaints=[numbers[pk] for pk in each.complaints if pk in numbers],
            hidden=sum(pk not in numbers for pk in each.complaints),
        )
        for each in reports
    ]  # fmt: skip
    return showing.answer(out.DailyList(items=items))


@router.get("/complaints/{number}/red-case", response=ONE, summary="Its case in the red channel")
def one(request: HttpRequest, number: str) -> HttpResponse:
    return _whole(request, number)


@router.post("/complaints/{number}/red-case/confirmation", response=ONE, summary="I have it (确认接手)")
@once
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """Nobody is paged any more. By who was paged, or an executive."""
    case, at = _doing(request, number)
    paging.confirm(case, actor=actor_of(request), at=at)
    return _whole(request, number)


@router.post("/complaints/{number}/red-case/task-force", response=ONE, summary="Name the task force (成立专项小组)")
@once
def name(request: HttpRequest, number: str, body: incoming.TaskForceIn) -> HttpResponse:
    """One at least of every department of the plan that has anybody."""
    case, at = _doing(request, number)
    kind = IncidentClass.objects.filter(code=body.plan[:16]).first()
    if kind is None:
        raise Problem(422, errors=[("plan", _("没有这个预案：%s。") % body.plan)])
    lead = finding.member(request, body.lead, "lead")
    members = [finding.member(request, each, "members") for each in body.members]
    force.name(case, kind=kind, lead=lead, members=members, actor=actor_of(request), at=at)
    return _whole(request, number)


@router.post("/complaints/{number}/red-case/formation", response=ONE, summary="It stands, says its lead (小组已成立)")
@once
def form(request: HttpRequest, number: str) -> HttpResponse:
    case, at = _doing(request, number)
    force.form(case, actor=actor_of(request), at=at)
    return _whole(request, number)


@router.post("/complaints/{number}/red-case/reports", response=MADE, summary="An outage report (故障诊断报告)")
@once
def report(request: HttpRequest, number: str, body: incoming.OutageReportIn) -> HttpResponse:
    """The next one is due two hours later, until service is restored."""
    case, at = _doing(request, number)
    incident = _incident(case, member_of(request))
    if incident is None:
        raise GuardFailed("incident", _("还没有按预案成立专项小组，没有事件可以报告。"))
    write = reporting.restore if body.restored else reporting.report
    write(incident, text=body.text, actor=actor_of(request), at=at)
    return _whole(request, number, 201)


@router.post("/complaints/{number}/red-case/rooms", response=MADE, summary="Call a war room (召集会诊)")
@once
def call(request: HttpRequest, number: str, body: incoming.WarRoomIn) -> HttpResponse:
    """The task force, those invited, and of each side that would be missing whoever can be reached. The group's robot
    says so; half an hour for one of each side begins."""
    case, at = _doing(request, number)
    invited = [finding.member(request, each, "members") for each in body.members]
    rooms.call(case, topic=body.topic, place=body.place, invited=invited, actor=actor_of(request), at=at)
    return _whole(request, number, 201)


@router.post("/complaints/{number}/red-case/invitations", response=ONE, summary="Call in others (邀请)")
@once
def invite(request: HttpRequest, number: str, body: incoming.InvitationIn) -> HttpResponse:
    case, at = _doing(request, number)
    members = [finding.member(request, each, "members") for each in body.members]
    rooms.invite(_room(case), members=members, actor=actor_of(request), at=at)
    return _whole(request, number)


@router.post("/complaints/{number}/red-case/joining", response=ONE, summary="I am in the war room (加入会诊)")
@once
def join(request: HttpRequest, number: str) -> HttpResponse:
    """Timed; one of each side makes the quorum."""
    case, at = _doing(request, number)
    rooms.join(_room(case), actor=actor_of(request), at=at)
    return _whole(request, number)


@router.post("/complaints/{number}/red-case/decisions", response=MADE, summary="It is decided (记录决定)")
@once
def decide(request: HttpRequest, number: str, body: incoming.TextIn) -> HttpResponse:
    """By somebody in the room; it can never be changed."""
    case, at = _doing(request, number)
    rooms.decide(_room(case), text=body.text, actor=actor_of(request), at=at)
    return _whole(request, number, 201)


@router.post("/complaints/{number}/red-case/end", response=ONE, summary="The war room is over (结束会诊)")
@once
def end(request: HttpRequest, number: str, body: incoming.MinutesIn) -> HttpResponse:
    case, at = _doing(request, number)
    rooms.end(_room(case), minutes=body.minutes, actor=actor_of(request), at=at)
    return _whole(request, number)
