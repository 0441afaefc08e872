"""The cast, and the trade's steps by the product's own actions, for tests that cross apps."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from huiyin import loading
from huiyin.complaints.actions import closing, replying, reviewing
from huiyin.complaints.models import Complaint, Letter
from huiyin.complaints.models.complaint import Outcome
from huiyin.dispatch.actions import auditing, dispatching, handling
from huiyin.dispatch.actions.dispatching import Order
from huiyin.dispatch.models import WorkOrder
from huiyin.intake.actions.taking_in import take_in
from huiyin.intake.arrival import Arrival
from huiyin.org.actions import demo_members
from huiyin.org.actions.loading import load_demo_units
from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.models import Member, Unit
from huiyin.triage.models import Category
from tests import keeping

MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
TEXT = "上周六在旗舰店买的星桥电饭煲，用了三次就不通电，指示灯不亮。打了两次电话都说会回电，到现在没有人联系我。"


def later(**by: float) -> datetime:
    return MONDAY + timedelta(**by)


def company() -> None:
    """The default configuration and the demo company's members; their password is of no use.

    What was loaded once comes back as rows: nearly every test begins here, and loading takes a third of a second.
    """
    if not keeping.bring_back():
        with keeping.kept():
            _load()


def _load() -> None:
    loading.load(at=MONDAY - timedelta(days=30))
    load_demo_units(at=MONDAY - timedelta(days=30))
    demo_members.make(password="not-used-in-tests-1", at=MONDAY - timedelta(days=30))


def documents() -> Mapping[str, Mapping[str, Any]]:
    """The default files."""
    return loading.documents()


def member(username: str) -> Member:
    return Member.objects.get(username=username)


def actor(username: str) -> Actor:
    return Actor.of(member(username))


def unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def filed(*, at: datetime = MONDAY, by: Actor = SYSTEM, **given: Any) -> Complaint:
    values: dict[str, Any] = {"text": TEXT, "channel": "phone", "name": "客户张伟", "phone": "13900001111", **given}
    return take_in(Arrival(**values), actor=by, at=at).complaint


def reviewed(
    complaint: Complaint | None = None,
    *,
    at: datetime | None = None,
    category: str = "PQ-01",
    severity: int = 3,
    issues: Sequence[str] = ("电饭煲不通电", "没有人回电"),
    by: str = "reviewer",
) -> Complaint:
    complaint = complaint or filed()
    reviewing.review(
        complaint,
        category=Category.objects.get(code=category),
        severity=severity,
        issues=issues,
        actor=actor(by),
        at=at or later(minutes=20),
    )
    return complaint


def dispatched(complaint: Complaint | None = None, *units: str, at: datetime | None = None) -> list[WorkOrder]:
    return dispatching.dispatch(
        complaint or reviewed(),
        orders=[Order(unit=unit(code)) for code in units or ("QM",)],
        actor=actor("reviewer"),
        at=at or later(minutes=30),
    )


def informed(complaint: Complaint, *, at: datetime) -> str:
    """The customer was told on the telephone: what a pause that needs that names as its proof."""
    letter = Letter.objects.create(
        complaint=complaint, channel=Letter.Channel.PHONE, status=Letter.Status.SENT, body="您好，样品已送检。",
        author=member("agent"), created_at=at, sent_at=at,
    )  # fmt: skip
    return f"letter:{letter.pk}"


def completed(order: WorkOrder, *, by: str = "handler", at: datetime | None = None) -> WorkOrder:
    if order.state == "dispatched":
        handling.sign(order, actor=actor(by), at=at or later(minutes=40))
    answers = {issue.pk: f"已核查：{issue.text}" for issue in order.issues.all()}
    handling.complete(
        order, findings="主板电源模块虚焊，已安排换新。", answers=answers, actor=actor(by), at=at or later(hours=5)
    )
    return order


def passed(order: WorkOrder, *, at: datetime | None = None) -> WorkOrder:
    auditing.pass_(order, actor=actor("auditor"), at=at or later(hours=6))
    return order


def waiting_for_reply() -> Complaint:
    """Handled, audited, and now the desk's."""
    [order] = dispatched()
    passed(completed(order))
    return Complaint.objects.get(pk=order.complaint_id)


def resolved(*, at: datetime | None = None) -> Complaint:
    complaint = waiting_for_reply()
    replying.send(
        complaint,
        channel=Letter.Channel.PHONE,
        body="您好，经核查是主板故障，已为您安排换新，三天内送到。",
        is_final=True,
        actor=actor("agent"),
        at=at or later(hours=7),
    )
    return complaint


def closed(*, at: datetime | None = None) -> Complaint:
    complaint = resolved()
    closing.accept(complaint, outcome=Outcome.SATISFIED, at=at or later(days=1))
    return complaint
