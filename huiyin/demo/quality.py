"""Two incidents, an investigation, and what recurs and is assessed, by the product's own actions."""

from datetime import datetime, timedelta

from huiyin.complaints.models import Complaint
from huiyin.complaints.models.complaint import Kind
from huiyin.complaints.states import State
from huiyin.demo.staff import Staff
from huiyin.quality.actions import assessing, incidents, investigating, recurring, reporting
from huiyin.quality.gates import Seat
from huiyin.quality.models import AssessmentRule, IncidentClass, RootCauseDuty

TEAM = (
    Seat(name="沈国强", department="质量管理部", role="champion", authority="可停线、可封存批次"),
    Seat(name="朱琳", department="质量管理部", role="leader", authority="可调用各部门数据"),
    Seat(name="邵飞", department="研发部", authority="可改设计"),
    Seat(name="武强", department="生产工程部", authority="可改工艺参数"),
    Seat(name="常青", department="供应商管理部", authority="可要求供应商返工"),
)
MINUTES = "参加：质量、研发、生产工程、供应商管理。研发查电源模块设计，生产查回流焊曲线，供应商管理调来料记录。"
CAUSE = "排程系统只按受理先后派工，不看备件是否到货，缺件单占住工位，其余单子跟着延误。"
REDESIGN = "派工前先核对备件库存；缺件超过 24 小时自动改派或换新；每日 17:00 复盘未完工单。"


def make(staff: Staff, *, at: datetime) -> int:
    """Returns how many root causes are due. None of it falls after `at`."""
    _safety(staff, at)
    _outage(staff, at)
    _investigation(staff, at)
    return _recurrence(staff, at)


def _soon(complaint: Complaint, at: datetime) -> datetime:
    """A moment between the complaint's last event and now."""
    last: datetime = complaint.events.order_by("-seq").values_list("at", flat=True)[0]
    return last + (at - last) / 4


def _ours() -> list[Complaint]:
    seen = Complaint.objects.open().filter(owner_unit__code="CC", is_confidential=False, kind=Kind.COMPLAINT)
    return list(seen.select_related("category", "confirmed_category").order_by("severity", "-received_at", "-id"))


def _safety(staff: Staff, at: datetime) -> None:
    supervisor, opened_at = staff.actor("supervisor"), at - timedelta(days=2)
    incident = incidents.open_incident(
        kind=IncidentClass.objects.get(code="INC-SAFE"),
        title="小家电发热、漏电的投诉集中出现",
        summary="三日内多件投诉称使用中发热或漏电，暂无人受伤。先封存同批库存，等检测结论再定是否召回。",
        actor=supervisor,
        at=opened_at,
    )
    filing, press, _recall = incident.duties.all()
    legal = staff.actor("legal")
    incidents.assign_duty(filing, owner=legal.member, actor=supervisor, at=opened_at + timedelta(hours=1))
    evidence = "报备预案已定稿，联系人和材料清单见合规共享目录 2026-11 号。"
    incidents.tick_duty(filing, evidence=evidence, actor=legal, at=opened_at + timedelta(hours=6))
    incidents.assign_duty(
        press, owner=staff.actor("director").member, actor=supervisor, at=opened_at + timedelta(hours=1),
        due_at=at + timedelta(hours=5),
    )  # fmt: skip
    text = "已封存两个批次共 1,240 台，送检 12 台，预计明日出结论。"
    reporting.report(incident, text=text, actor=supervisor, at=opened_at + timedelta(days=1))
    for complaint in [each for each in _ours() if each.severity == 1][:3]:  # after the report, which would be on them
        incidents.join_complaint(incident, complaint=complaint, actor=supervisor, at=_soon(complaint, at))


def _outage(staff: Staff, at: datetime) -> None:
    """One report in time, one missed, the next one due in half an hour."""
    opened_at = at - timedelta(hours=5)
    incident = incidents.open_incident(
        kind=IncidentClass.objects.get(code="INC-OUT"),
        title="华东部分小区宽带中断",
        summary="监控自 5 小时前起告警，涉及三个小区约 2,300 户。",
        actor=staff.actor("supervisor"),
        at=opened_at,
    )
    text = "故障定位到汇聚交换机主控板，备件已从区域仓发出，预计两小时到场。"
    reporting.report(incident, text=text, actor=staff.actor("ops.case"), at=opened_at + timedelta(minutes=90))
    reporting.sweep_missed(at=at - timedelta(hours=1))
    for complaint in [each for each in _ours() if "outage" in each.category.acts][:3]:
        incidents.join_complaint(
            incident, complaint=complaint, actor=staff.actor("supervisor"), at=_soon(complaint, at)
        )


def _investigation(staff: Staff, at: datetime) -> None:
    in_hand = [each for each in _ours() if each.state == State.IN_PROGRESS]
    complaint = next((each for each in in_hand if each.category.code.startswith("PQ")), None)
    if complaint is None:
        return
    began = _soon(complaint, at)
    step, quality = (at - began) / 6, staff.actor("quality")
    row = investigating.open_investigation(complaint, title="电源板虚焊导致不通电", actor=quality, at=began)
    first = {"symptom": "通电后指示灯不亮", "emergency_action": "封存同批库存", "era_verified": "抽检 50 台，已隔离"}
    investigating.save(row, code="D0", values=first, actor=quality, at=began + step)
    investigating.sign_off(row, code="D0", actor=quality, at=began + step)
    investigating.form_team(
        row, seats=TEAM, scope="电源板及其焊接工序", kickoff_at=began + step, kickoff_minutes=MINUTES,
        actor=quality, at=began + 2 * step,
    )  # fmt: skip
    investigating.sign_off(row, code="D1", actor=quality, at=began + 2 * step)
    what = {"who": "终端客户", "what": "电源板虚焊", "when": "使用三次以内", "how_many": "已知 7 台，批次 480 台"}
    investigating.save(row, code="D2", values=what, actor=quality, at=began + 3 * step)


def _recurrence(staff: Staff, at: datetime) -> int:
    """What the followers of the reviews would have done at the time."""
    reviewed = (
        Complaint.objects.exclude(effective_at=None).select_related("confirmed_category").order_by("effective_at")
    )
    assessed = set(AssessmentRule.objects.values_list("category_code", flat=True))
    for complaint in reviewed:
        category, then = complaint.confirmed_category, complaint.effective_at
        if category is None or then is None:
            continue
        recurring.count(complaint, at=then)
        if category.code in assessed:
            assessing.assess(complaint, at=_soon(complaint, at))
    duties = list(RootCauseDuty.objects.order_by("opened_at"))
    for number, duty in enumerate(duties):
        _work_on(duty, number, staff, at)
    return len(duties)


def _work_on(duty: RootCauseDuty, number: int, staff: Staff, at: datetime) -> None:
    """The oldest are approved, a few wait for approval, the last ones are fresh."""
    quality, manager = staff.actor("quality"), staff.actor("manager")
    moment = duty.opened_at + (at - duty.opened_at) / 2
    project = f"XM-2026-{number + 1:02d} {duty.category.name_zh}改进"
    objective = f"O{number % 3 + 1}-KR{number % 2 + 1} 同类投诉下降三成"
    recurring.plan(duty, quarter=duty.quarter, project=project, objective=objective, actor=manager, at=moment)
    if at - duty.opened_at < timedelta(days=7):
        return
    recurring.submit(duty, cause=CAUSE, redesign=REDESIGN, actor=quality, at=moment)
    if at - duty.opened_at > timedelta(days=10):
        recurring.approve(duty, actor=manager, at=moment + timedelta(hours=8))
