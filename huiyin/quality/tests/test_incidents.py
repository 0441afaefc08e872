"""事件: what a class brings along, who is told and who may see it, and the two-hour report that somebody must write."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from huiyin.complaints.actions import keeping
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Event
from huiyin.duty.models import Absence
from huiyin.notices import guards
from huiyin.notices import models as notices
from huiyin.org.models import Member
from huiyin.org.rules import Role
from huiyin.quality.actions import incidents, reminding, reporting
from huiyin.quality.actions.telling import LEADS
from huiyin.quality.errors import AlreadyEnded
from huiyin.quality.models import Incident, IncidentClass, Notice, Report
from huiyin.quality.notices import Colleague, told
from tests import cast
from tests.cast import actor, later, member, unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company(db: None) -> None:
    cast.company()


def opened(code: str = "INC-SAFE", by: str = "supervisor", **given: Any) -> Incident:
    kind = IncidentClass.objects.get(code=code)
    values: dict[str, Any] = {"title": "电饭煲批次起火", "actor": actor(by), "at": cast.MONDAY, **given}
    return incidents.open_incident(kind=kind, **values)


def joint(incident: Incident) -> set[str]:
    return set(incident.joint_units.values_list("code", flat=True))


@pytest.mark.req("C052")
def test_a_safety_incident_has_its_units_and_the_recall_filing_and_media_checklists() -> None:
    complaint = cast.reviewed(severity=1, by="supervisor")

    incident = opened(complaint=complaint)

    assert (incident.lead_unit.code, joint(incident)) == ("QS", {"LEG", "PR"})
    assert [duty.name for duty in incident.duties.all()] == ["政府报备预案", "媒体沟通预案", "召回评估"]
    assert {duty.due_at for duty in incident.duties.all()} == {later(hours=24)}
    event = complaint.events.get(kind=Event.Kind.INCIDENT_OPENED)
    assert event.particulars == {"incident": incident.number, "incident_class": "INC-SAFE"}
    with pytest.raises(GuardFailed):
        incidents.join_complaint(incident, complaint=complaint, actor=actor("supervisor"), at=later(hours=1))


@pytest.mark.req("C052")
def test_an_incident_ends_when_every_duty_is_done_with_evidence() -> None:
    complaint = cast.reviewed()
    incident = opened(complaint=complaint)
    first, *rest = incident.duties.all()

    with pytest.raises(GuardFailed):
        incidents.tick_duty(first, evidence=" ", actor=actor("legal"), at=later(hours=1))
    incidents.tick_duty(first, evidence="报备回执 2026-118 号", actor=actor("legal"), at=later(hours=1))
    with pytest.raises(GuardFailed):
        incidents.end(incident, conclusion="已控制", actor=actor("supervisor"), at=later(hours=2))
    with pytest.raises(MayNot):
        incidents.tick_duty(rest[0], evidence="x", actor=actor("agent"), at=later(hours=2))
    for duty in rest:
        incidents.tick_duty(duty, evidence="会议纪要", actor=actor("supervisor"), at=later(hours=2))
    incidents.end(incident, conclusion="问题批次已全部召回。", actor=actor("supervisor"), at=later(days=2))

    assert complaint.events.filter(kind=Event.Kind.INCIDENT_ENDED).count() == 1
    with pytest.raises(AlreadyEnded):
        reporting.report(incident, text="补充", actor=actor("supervisor"), at=later(days=3))


@pytest.mark.req("C053")
def test_a_missed_outage_report_is_seen_once_for_each_interval_until_service_is_restored() -> None:
    incident = opened("INC-OUT")
    assert incident.next_report_due_at == later(hours=2)
    reporting.report(incident, text="定位到支付网关。", actor=actor("supervisor"), at=later(hours=1))
    Notice.objects.all().delete()

    assert reporting.sweep_missed(at=later(hours=3)) == 0  # due at the third hour, not before
    assert reporting.sweep_missed(at=later(hours=3, minutes=1)) == 1
    assert reporting.sweep_missed(at=later(hours=3, minutes=2)) == 0
    assert reporting.sweep_missed(at=later(hours=5, minutes=1)) == 1
    missed = list(Report.objects.exclude(missed_at=None).order_by("due_at"))
    assert [(each.due_at, each.missed_count) for each in missed] == [(later(hours=3), 1), (later(hours=5), 1)]
    assert member("executive").pk in Notice.objects.filter(kind="missed").values_list("member", flat=True)

    reporting.restore(incident, text="支付已恢复，观察半小时正常。", actor=actor("supervisor"), at=later(hours=6))
    assert reporting.sweep_missed(at=later(days=3)) == 0


@pytest.mark.req("C053")
def test_after_downtime_the_missed_reports_make_one_mark_and_no_flood() -> None:
    incident = opened("INC-OUT")

    assert reporting.sweep_missed(at=later(hours=71)) == 1

    mark = Report.objects.get()
    assert (mark.due_at, mark.missed_count) == (later(hours=2), 35)
    assert Notice.objects.filter(kind="missed", member=member("executive")).count() == 1
    incident.refresh_from_db()
    assert incident.next_report_due_at == later(hours=72)


@pytest.mark.req("C053")
def test_an_outage_does_not_end_before_service_is_restored() -> None:
    incident = opened("INC-OUT")
    for duty in incident.duties.all():
        incidents.tick_duty(duty, evidence="见各次报告", actor=actor("supervisor"), at=later(hours=1))

    with pytest.raises(GuardFailed):
        incidents.end(incident, conclusion="结束", actor=actor("supervisor"), at=later(hours=1))
    reporting.restore(incident, text="已恢复", actor=actor("supervisor"), at=later(hours=1))
    incidents.end(incident, conclusion="网关证书过期，已换。", actor=actor("supervisor"), at=later(hours=2))
    assert Incident.objects.open().count() == 0


@pytest.mark.req("C054")
def test_the_board_secretary_joins_once_share_prices_may_move() -> None:
    incident = opened("INC-MAJ")
    assert joint(incident) == {"LEG", "PR"}

    incidents.set_market_moving(incident, actor=actor("supervisor"), at=later(hours=1))

    assert joint(incident) == {"LEG", "PR", "BSO"}
    assert joint(opened("INC-MAJ", is_market_moving=True)) == {"LEG", "PR", "BSO"}


@pytest.mark.req("C054")
def test_those_between_are_not_told_where_share_prices_may_move() -> None:
    def told_of(incident: Incident) -> set[str]:
        return set(incident.notices.values_list("member__username", flat=True))

    line = {"executive", "director", "manager", "supervisor", "supervisor2"}
    assert told_of(opened("INC-MAJ")) == line
    assert told_of(opened("INC-MAJ", is_market_moving=True)) == {"executive"}


def colleague(pk: int, unit_code: str, *roles: Role) -> Colleague:
    return Colleague(pk=pk, units=frozenset({"HQ", unit_code}), roles=frozenset(roles))


@pytest.mark.req("C054")
def test_a_notice_skips_the_line_where_share_prices_may_move() -> None:
    people = [
        colleague(1, "HQ", Role.EXECUTIVE),
        colleague(2, "HQ", Role.DIRECTOR),
        colleague(3, "CC", Role.CC_MANAGER),
        colleague(4, "CC", Role.SUPERVISOR),
        colleague(5, "QS", Role.DEPT_LEAD),
        colleague(6, "LEG", Role.DEPT_LEAD),
        colleague(7, "BSO", Role.HANDLER),
        colleague(8, "QS", Role.HANDLER),
    ]
    units: dict[str, Any] = {"lead": "QS", "joint": {"LEG", "BSO"}, "board": {"BSO"}}

    assert told(people, **units, is_market_moving=False) == [1, 2, 3, 4, 5, 6]
    assert told(people, **units, is_market_moving=True) == [1, 5, 7]


def sees(incident: Incident) -> set[str]:
    everybody = {each.username: each for each in Member.objects.all()}
    return {name for name, each in everybody.items() if Incident.objects.visible_to(each).exists()}


def test_an_incident_is_for_who_sees_a_complaint_in_it_and_for_the_units_that_act() -> None:
    complaint = cast.filed(by=actor("outsider"))
    incident = opened(complaint=complaint)
    assert {"outsider", "supervisor", "legal", "executive", "director", "manager"} <= sees(incident)
    assert not sees(incident) & {"agent", "handler", "admin", "analyst", "branch"}

    incident.joint_units.add(unit("QM"))
    assert "handler" in sees(incident)
    keeping.set_confidential(complaint, confidential=True, actor=actor("supervisor"), at=later(hours=1))
    assert not sees(incident) & {"handler", "director", "outsider"}

    keeping.recuse(complaint, employee=member("legal"), actor=actor("supervisor"), at=later(hours=1))
    assert "legal" not in sees(incident)


@pytest.mark.req("C053")
@pytest.mark.django_db(transaction=True)
def test_four_sweeps_at_once_mark_a_missed_report_once() -> None:
    opened("INC-OUT")
    together, marked = Barrier(4), []

    def sweep() -> None:
        together.wait()
        try:
            marked.append(reporting.sweep_missed(at=later(hours=2, minutes=1)))
        finally:
            connection.close()

    threads = [Thread(target=sweep) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(marked) == [0, 0, 0, 1]
    assert Report.objects.count() == 1


def heard(kind: str) -> set[str]:
    return {each.member.username for each in notices.Notice.objects.filter(kind=kind).select_related("member")}


@pytest.mark.req("C052", "C053", "C054")
def test_an_incident_reaches_inboxes_and_telephones_and_its_duties_are_told_of_again_before_and_at_their_end() -> None:
    incident = opened("INC-OUT", complaint=cast.reviewed())
    assert heard("incident_opened") == set(incident.notices.values_list("member__username", flat=True)) != set()
    assert not notices.Notice.objects.filter(kind="incident_opened", urgent=True).exists()
    reporting.sweep_missed(at=later(hours=3))
    reporting.sweep_missed(at=later(hours=3, minutes=1))
    missed = notices.Notice.objects.filter(kind="incident_missed", member=member("executive"))
    assert [(each.urgent, each.number) for each in missed] == [(True, incident.number)]
    incidents.set_market_moving(incident, actor=actor("supervisor"), at=later(hours=4))
    assert "executive" in heard("incident_market")
    assert guards.kept_from_groups([incident.number]) == {incident.number}
    assert guards.may_still_see(member("executive"), incident.number)
    assert not guards.may_still_see(member("admin"), incident.number)
    said = notices.Notice.objects.filter(kind="incident_opened")[0]
    assert said.link == reverse("desk:incident", args=[incident.number])

    safety = opened("INC-SAFE")
    first, *rest = safety.duties.all()
    incidents.assign_duty(first, owner=member("legal"), actor=actor("supervisor"), at=later(hours=1))
    for each in rest:
        incidents.tick_duty(each, evidence="纪要", actor=actor("supervisor"), at=later(hours=1))
    swept = [reminding.sweep(at=later(hours=hours)) for hours in (19, 19.5, 20, 24, 25, 26)]
    assert swept == [0, 2, 0, 0, 2, 0]  # one of them of the outage
    states = notices.Notice.objects.filter(kind="incident_duty", member=member("legal")).order_by("pk")
    assert [(each.values["state"]["zh"], each.urgent) for each in states] == [("将到期", False), ("已到期", True)]
    incidents.assign_duty(
        first, owner=member("legal"), actor=actor("supervisor"), at=later(hours=26), due_at=later(hours=48)
    )
    assert [reminding.sweep(at=later(hours=hours)) for hours in (27, 100, 101)] == [0, 1, 0]


@pytest.mark.req("C054")
def test_for_an_absent_owner_whose_deputy_may_not_see_it_whoever_leads_hears_and_it_is_told_only_if_somebody_did() -> (
    None
):
    safety = opened("INC-SAFE")
    first, *rest = safety.duties.all()
    incidents.assign_duty(first, owner=member("legal"), actor=actor("supervisor"), at=later(hours=1))
    for each in rest:
        incidents.tick_duty(each, evidence="纪要", actor=actor("supervisor"), at=later(hours=1))
    Member.objects.filter(roles__contains=["dept_lead"]).update(roles=["handler"])
    blind = Member.objects.create(username="blind", name="外", unit=unit("CTY-E01"), roles=["handler"])
    Absence.objects.create(
        member=member("legal"), deputy=blind, starts_at=later(days=-1), ends_at=later(days=9), made_by=blind,
        made_at=later(),
    )  # fmt: skip
    active = Member.objects.active()
    everybody = list(active.values_list("pk", flat=True))
    active.update(is_active=False)
    assert reminding.sweep(at=later(hours=19.5)) == 0  # nobody is there: not said to be told

    Member.objects.filter(pk__in=everybody).exclude(roles__overlap=LEADS).update(is_active=True)
    assert reminding.sweep(at=later(hours=19.6)) == 1
    assert heard("incident_duty") == {"legal"}  # no lead above: the absent owner's own inbox
    Member.objects.filter(pk__in=everybody).update(is_active=True)
    assert [reminding.sweep(at=later(hours=25)), reminding.sweep(at=later(hours=26))] == [1, 0]
    due = notices.Notice.objects.filter(kind="incident_duty", urgent=True)
    reached = [each.member for each in due.select_related("member")]
    assert reached
    assert all(each.has_role(*LEADS) and Incident.objects.visible_to(each).exists() for each in reached)
