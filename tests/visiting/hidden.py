"""Complaints of every place in the tree, each with signs of its own in all that hangs on it; for the rights matrix."""

import io
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils import timezone

from huiyin.coaching.models import Appeal, Card, Draw, Review, Sampled
from huiyin.compensation.actions import offering
from huiyin.compensation.actions.offering import Terms
from huiyin.compensation.worth import Proposed
from huiyin.complaints.actions import attaching, keeping, noting, regulating
from huiyin.complaints.actions.regulating import Referral
from huiyin.complaints.models import Complaint
from huiyin.notices.actions.telling import tell
from huiyin.org.models import Member
from huiyin.quality.actions import incidents, investigating
from huiyin.quality.models import IncidentClass
from huiyin.redchannel.models import Decision, RedCase, WarRoom
from tests import cast
from tests.cast import actor, member, unit

ROWS = ("centre", "quality", "county", "outlet", "south", "secret", "names-agent")


def mark(row: str) -> str:
    """What it is searched for by."""
    return f"zqx{ROWS.index(row)}{row.replace('-', '')}"


def sign(row: str) -> str:
    """What nobody asks for."""
    return f"wvk{ROWS.index(row)}{row.replace('-', '')}"


def name(row: str) -> str:
    return f"张伟{sign(row)}"


def told(row: str) -> str:
    """What people write of it names the customer."""
    return f"{sign(row)}，{name(row)}"


def complaints(everybody: Iterable[str]) -> dict[str, Complaint]:
    """By row. `everybody`: user names, all of whom were told of each."""
    cast.company()
    made = {row: _filed(row) for row in ROWS}
    for row, code in (("quality", "QM"), ("county", "CTY-E01")):
        cast.dispatched(cast.reviewed(made[row]), code)
    keeping.assign(made["secret"], to=member("agent"), actor=actor("reviewer"), at=timezone.now())
    keeping.set_confidential(made["secret"], confidential=True, actor=actor("supervisor2"), at=timezone.now())
    keeping.recuse(made["names-agent"], employee=member("agent"), actor=actor("supervisor2"), at=timezone.now())
    for row, complaint in made.items():
        noting.note(complaint, text=f"备注 {told(row)}", actor=actor("supervisor2"), at=timezone.now())
        content = io.BytesIO(f"附件 {sign(row)}".encode())
        attaching.attach(
            complaint, name=f"{sign(row)}.txt", chunks=[content.read()], actor=actor("agent2"), at=timezone.now()
        )
        _offer(complaint, told(row))
        _refer(complaint, sign(row))
        _look_into(complaint, told(row))
        _told_to(everybody, complaint, sign(row))
        _scored(complaint, sign(row))
        _make_red(complaint, told(row))
        complaint.refresh_from_db()
    return made


def _offer(complaint: Complaint, words: str) -> None:
    options = [Proposed("reship", words=f"补发 {words}"), Proposed("voucher", Decimal(80), f"优惠券 {words}")]
    terms = Terms(options=options, explanation=f"说明 {words}", off_tariff_because=f"原因 {words}")
    offering.offer(complaint, terms=terms, actor=actor("supervisor2"), at=timezone.now())


def _refer(complaint: Complaint, words: str) -> None:
    """An authority has sent it, under words that only who sees it may read."""
    sent = Referral(profile="CN-12315", number=f"12315-{words}", authority=f"受理机构 {words}")
    regulating.refer(complaint, sent, actor=actor("supervisor2"), at=timezone.now())


def _told_to(everybody: Iterable[str], complaint: Complaint, words: str) -> None:
    """Even to those who may not know of it: what they were told of while they might, their inbox hides."""
    tell(
        members=Member.objects.filter(username__in=everybody), kind="announcement", number=complaint.number,
        values={"title": f"告知 {words}", "text": words}, link=f"/desk/complaints/{complaint.number}", key=words,
        urgent=False, at=timezone.now(),
    )  # fmt: skip


def _make_red(complaint: Complaint, words: str) -> None:
    """A case of the red channel with an open war room, in words that only who sees the complaint may read."""
    who, at = member("supervisor2"), timezone.now()
    case = RedCase.objects.create(complaint=complaint, reason="level", called_at=at, rounds=1, paged=[who.pk])
    room = WarRoom.objects.create(case=case, position=1, topic=f"议题 {words}", called_at=at, called_by=who)
    Decision.objects.create(room=room, position=1, text=f"决定 {words}", author=who, decided_at=at)


def _scored(complaint: Complaint, words: str) -> None:
    """A drawn case with its score, cards and appeal, in words that only who sees the complaint may read."""
    who, at = member("supervisor2"), timezone.now()
    drawn, _is_new = Draw.objects.get_or_create(
        month=date(2026, 10, 1), defaults={"seed": "1", "percent": 20, "least_per_agent": 4, "population": 1, "size": 1,
        "drawn_at": at},
    )  # fmt: skip
    case = Sampled.objects.create(
        draw=drawn, complaint=complaint, reason="random", agent=member("supervisor2"), unit=unit("CC"), is_twice=True
    )
    given = {"reviewed_at": at, "score": 90, "comment": f"评语 {words}"}
    Card.objects.create(case=case, turn=1, reviewer=member("manager"), **given)
    review = Review.objects.create(case=case, reviewer=member("manager"), **given)
    Appeal.objects.create(review=review, reason=f"申诉 {words}", made_by=who, made_at=at)


def _look_into(complaint: Complaint, words: str) -> None:
    """An incident and an investigation of its own, in words that only who sees it may read."""
    who, at = actor("supervisor2"), timezone.now()
    kind = IncidentClass.objects.get(code="INC-SAFE")
    incident = incidents.open_incident(kind=kind, title=f"事件 {words}", complaint=complaint, actor=who, at=at)
    incidents.tick_duty(incident.duties.all()[0], evidence=f"凭据 {words}", actor=who, at=at)
    investigating.open_investigation(complaint, title=f"调查 {words}", actor=who, at=at)


def _filed(row: str) -> Complaint:
    who = {"south": "outsider", "outlet": "branch"}.get(row, "agent2")
    received = unit("OUT-001") if row == "outlet" else None
    return cast.filed(
        at=timezone.now(),
        by=actor(who),
        text=f"{cast.TEXT} {mark(row)} {told(row)}",
        title=f"电饭煲 {told(row)}",
        order_no=mark(row),
        name=name(row),
        phone=f"1390000{ROWS.index(row):04d}",
        email=f"{sign(row)}@example.com",
        received_unit=received,
    )
