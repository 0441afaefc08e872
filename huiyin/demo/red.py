"""The red channel of the demo company: an outage came in on the emergency line, and its war room is open now."""

from datetime import datetime, timedelta

from huiyin.complaints.actions import reviewing
from huiyin.complaints.models import Complaint
from huiyin.demo.staff import Staff
from huiyin.intake.actions.taking_in import take_in
from huiyin.intake.arrival import Arrival
from huiyin.quality.actions import incidents
from huiyin.quality.models import Incident, IncidentClass
from huiyin.redchannel.actions import daily, force, paging, reports, rooms
from huiyin.redchannel.models import RedCase
from huiyin.triage.models import Category

MADE = 1  # complaints that it adds
AGO = timedelta(minutes=52)
TEXT = "我们小区从今天一早开始全断网，门口超市刷卡、扫码都收不了钱，排队的人都走光了。楼里还有老人靠联网的呼叫器。"
DECISIONS = (
    "启用备用汇聚链路，先恢复商户和养老机构，网络运维负责，一小时内完成。",
    "对停业商户按小时登记损失，客服统一口径答复，法务复核后再谈补偿。",
)


def make(staff: Staff, *, at: datetime) -> int:
    """Returns how many complaints it adds. None of it falls after `at`."""
    _others(staff, at)
    began = at - AGO
    case = _case(staff, began)
    _force(case, staff, began)
    room = rooms.call(
        case, topic="三个小区断网：先恢复谁，怎么答复", place="腾讯会议 884 102 556", actor=staff.actor("supervisor"),
        at=began + timedelta(minutes=14),
    )  # fmt: skip
    for minutes, name in ((15, "supervisor"), (17, "ops.case"), (19, "noc.case"), (26, "legal")):
        rooms.join(room, actor=staff.actor(name), at=began + timedelta(minutes=minutes))
    for minutes, (name, text) in zip((33, 41), zip(("ops.case", "supervisor"), DECISIONS, strict=True), strict=True):
        rooms.decide(room, text=text, actor=staff.actor(name), at=began + timedelta(minutes=minutes))
    daily.report(at=at)
    return MADE


def _case(staff: Staff, began: datetime) -> RedCase:
    arrival = Arrival(
        text=TEXT, title="小区断网，商户无法收款", channel="red_channel", external_id="demo-red", name="方玲",
        phone="13900009911", category="TN-14",
    )  # fmt: skip
    complaint = take_in(arrival, actor=staff.actor("agent"), at=began).complaint
    case = paging.consider(complaint, at=began + timedelta(seconds=3))
    assert case is not None
    paging.sweep(at=began + timedelta(minutes=5, seconds=10))  # nobody had confirmed yet
    category = Category.objects.get(code="TN-14")
    reviewing.review(
        complaint, category=category, severity=1, actor=staff.actor("supervisor"), at=began + timedelta(minutes=6)
    )
    case = paging.consider(complaint, at=began + timedelta(minutes=6, seconds=3))
    assert case is not None
    paging.confirm(case, actor=staff.actor("executive"), at=began + timedelta(minutes=7))
    return case


def _force(case: RedCase, staff: Staff, began: datetime) -> None:
    """In the outage that is open already, so that its two-hourly reports are this case's, too."""
    supervisor, kind = staff.actor("supervisor"), IncidentClass.objects.get(code="INC-OUT")
    outage = Incident.objects.open().filter(kind=kind).first()
    if outage is not None:
        incidents.join_complaint(outage, complaint=case.complaint, actor=supervisor, at=began + timedelta(minutes=8))
    lead, *others = (staff.members[name] for name in ("ops.case", "it.case", "noc.case"))
    force.name(case, kind=kind, lead=lead, members=others, actor=supervisor, at=began + timedelta(minutes=9))
    force.form(case, actor=staff.actor("ops.case"), at=began + timedelta(minutes=12))
    reports.follow(case.complaint, at=began + timedelta(minutes=13))


def _others(staff: Staff, at: datetime) -> None:
    """What became level 1 within the last day was confirmed by somebody: the worker would page for it."""
    executive = staff.actor("executive")
    for complaint in Complaint.objects.open().filter(severity=1):
        last: datetime = complaint.events.order_by("-seq").values_list("at", flat=True)[0]
        step = (at - last) / 8
        case = paging.consider(complaint, at=last + step)
        if case is not None:
            paging.confirm(case, actor=executive, at=min(last + 2 * step, last + step + timedelta(minutes=4)))
