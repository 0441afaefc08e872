"""8D: a team that may decide something, and one discipline after the other."""

from datetime import datetime

import pytest

from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Event
from huiyin.quality import gates
from huiyin.quality.actions import investigating
from huiyin.quality.errors import AlreadyEnded, ChangedMeanwhile, OutOfOrder
from huiyin.quality.gates import Seat
from huiyin.quality.models import Discipline, Investigation
from tests import cast
from tests.cast import actor, later, member

pytestmark = pytest.mark.django_db

TEAM = [
    Seat(name="沈国强", department="质量管理部", role="champion", authority="可停线"),
    Seat(name="朱琳", department="质量管理部", role="leader", authority="可封存批次"),
    Seat(name="李工", department="研发部", authority="可改设计"),
    Seat(name="赵工", department="生产工程部", authority="可改工艺"),
]
MINUTES = "确定分工：研发查电源模块，生产查回流焊曲线。"


@pytest.fixture
def investigation(db: None) -> Investigation:
    cast.company()
    complaint = cast.reviewed(category="PQ-03")
    cast.dispatched(complaint, "QM")
    return investigating.open_investigation(
        complaint, title="电源板虚焊", actor=actor("quality"), at=cast.later(hours=1)
    )


def signed(investigation: Investigation, code: str) -> None:
    investigating.sign_off(investigation, code=code, actor=actor("quality"), at=later(hours=3))


def meet(investigation: Investigation, at: datetime | None = cast.MONDAY) -> None:
    investigating.form_team(
        investigation, seats=TEAM, kickoff_at=at, kickoff_minutes=MINUTES, actor=actor("quality"), at=later(hours=2)
    )


def written(investigation: Investigation, code: str) -> None:
    field = Discipline.objects.get(code=code).fields[0]["name"]
    investigating.save(
        investigation, code=code, values={field: "已查明", "unasked": "x"}, actor=actor("quality"), at=later(hours=2)
    )


@pytest.mark.req("B30")
@pytest.mark.parametrize(
    ("seats", "missing"),
    [
        (TEAM, None),
        ([*TEAM[1:], Seat(name="周工", authority="x")], "倡导者"),
        ([TEAM[0], *TEAM[2:], Seat(name="周工", authority="x")], "组长"),
        (TEAM[:3], "4 至 10 人"),
        ([*TEAM, *(Seat(name=f"成员{number}", authority="x") for number in range(7))], "4 至 10 人"),
        ([*TEAM, Seat(name="周工", department="储运物流部")], "周工 的处置权限"),
    ],
)
def test_the_team_needs_a_champion_a_leader_and_four_to_ten_people_who_may_decide(
    seats: list[Seat], missing: str | None
) -> None:
    said = gates.team(seats, kickoff_at=cast.MONDAY, minutes=MINUTES)

    assert said is None if missing is None else said is not None and missing in said


@pytest.mark.req("B30")
def test_d1_is_not_signed_off_before_the_team_has_met(investigation: Investigation) -> None:
    written(investigation, "D0")
    signed(investigation, "D0")
    meet(investigation, None)
    with pytest.raises(GuardFailed, match="启动会议"):
        signed(investigation, "D1")

    meet(investigation)
    signed(investigation, "D1")

    assert [each.name for each in investigation.team.all()] == ["沈国强", "朱琳", "李工", "赵工"]
    with pytest.raises(GuardFailed, match="已放行"):
        meet(investigation)


@pytest.mark.req("B30")
def test_disciplines_are_signed_off_in_order_and_the_last_closes_it(investigation: Investigation) -> None:
    codes = [step.code for step in investigation.steps.all()]
    assert codes == ["D0", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8"]
    with pytest.raises(OutOfOrder):
        signed(investigation, "D2")
    with pytest.raises(GuardFailed, match="放行条件"):
        signed(investigation, "D0")

    for code in codes:
        if code == "D1":
            meet(investigation)
        else:
            written(investigation, code)
        signed(investigation, code)

    investigation.refresh_from_db()
    assert investigation.closed_at == later(hours=3)
    assert investigation.steps.get(code="D2").values == {"who": "已查明"}
    assert investigation.complaint.events.filter(kind=Event.Kind.INVESTIGATED).count() == 10
    with pytest.raises(AlreadyEnded):
        written(investigation, "D8")


def test_one_complaint_has_one_investigation_by_who_may_and_for_who_sees_the_complaint(
    investigation: Investigation,
) -> None:
    with pytest.raises(GuardFailed):
        investigating.open_investigation(
            investigation.complaint, title="再来", actor=actor("quality"), at=later(hours=2)
        )
    with pytest.raises(MayNot):
        investigating.open_investigation(cast.filed(), title="查", actor=actor("agent"), at=later(hours=2))

    sees = {name for name in ("quality", "legal", "agent", "outsider", "analyst", "handler2")
            if Investigation.objects.visible_to(member(name)).exists()}  # fmt: skip
    assert sees == {"quality", "legal", "agent"}


@pytest.mark.req("B30")
def test_what_each_discipline_asks_is_data(investigation: Investigation) -> None:
    asked = {each.code: [field["name"] for field in each.fields] for each in Discipline.objects.all()}

    assert asked["D1"] == ["scope"]
    assert asked["D2"][:7] == ["who", "what", "when", "where", "why", "how", "how_many"]
    assert "containment" in asked["D3"]
    assert Discipline.objects.get(code="D1").gate == "有倡导者和组长，成员有处置权限"


@pytest.mark.req("B30")
def test_of_two_at_one_step_the_second_is_told_and_nothing_is_overwritten(investigation: Investigation) -> None:
    field = Discipline.objects.get(code="D0").fields[0]["name"]
    investigating.save(
        investigation, code="D0", values={field: "甲查明"}, actor=actor("quality"), at=later(hours=2), seen=None
    )
    with pytest.raises(ChangedMeanwhile):
        investigating.save(
            investigation, code="D0", values={field: "乙查明"}, actor=actor("supervisor"), at=later(hours=3), seen=None
        )
    meet(investigation)
    with pytest.raises(ChangedMeanwhile):
        investigating.form_team(
            investigation, seats=TEAM[:1], actor=actor("supervisor"), at=later(hours=3), seen=later(hours=1)
        )

    assert investigation.steps.get(code="D0").values == {field: "甲查明"}
    assert investigation.team.count() == len(TEAM)
    investigating.save(
        investigation, code="D0", values={field: "乙查明"}, actor=actor("supervisor"), at=later(hours=3),
        seen=later(hours=2),
    )  # fmt: skip
    assert investigation.steps.get(code="D0").values == {field: "乙查明"}
