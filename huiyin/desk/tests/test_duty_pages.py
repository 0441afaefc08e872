"""值班 and 不在岗 on screen: who may do what, what is refused, and that a longer roster costs no more queries."""

from collections.abc import Callable
from datetime import date, time, timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.duty.actions import desks, excusing, rostering
from huiyin.duty.models import Absence, Assignment, Desk
from huiyin.org.actors import SYSTEM
from huiyin.org.models import Change
from tests import cast
from tests.cast import member, unit

Sits = Callable[[str], Client]
D = "/desk/duty/"
CHIP = '<span class="chip">病假</span>'


def desk(code: str = "apac", home: str = "CC", who: str = "agent") -> Desk:
    at = timezone.now()
    made = desks.set_up(
        code=code, name_zh=f"{code}值班", unit=unit(home), time_zone="Asia/Shanghai", actor=SYSTEM, at=at
    )
    shift = desks.add_shift(made, name="早班", weekdays=range(1, 8), starts=time(6), ends=time(14), actor=SYSTEM, at=at)
    rostering.assign(member(who), shift, first=date(2026, 1, 1), last=None, actor=SYSTEM, at=at)
    return made


def test_everybody_sees_the_week_and_the_hours_nobody_keeps(sits: Sits) -> None:
    assert "还没有值班台" in sits("agent").get(D).content.decode()
    desk()
    for username in ("agent", "outsider", "handler"):
        page = sits(username).get(D).content.decode()
        assert "李雷" in page
        assert "今后十四天有无人值班的时段" in page
        assert "排人" not in page
    assert "desks/apac" in sits("supervisor").get(D).content.decode()
    assert sits("agent").get(f"{D}?week=not-a-day").status_code == 200


def test_a_longer_roster_costs_no_more_queries(sits: Sits) -> None:
    client = sits("supervisor")

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(D).status_code == 200
        return len(queries)

    desk()
    cost()
    once = cost()
    for number in range(3):
        desk(f"desk{number}", who="agent2")
    assert cost() == once


def test_only_who_keeps_a_units_roster_opens_its_desk(sits: Sits) -> None:
    row = desk()
    opened = {
        name: sits(name).get(f"{D}desks/{row.code}").status_code for name in ("supervisor", "admin", "agent", "lead")
    }
    assert opened == {"supervisor": 200, "admin": 200, "agent": 403, "lead": 403}
    assignment = Assignment.objects.get()
    assert sits("lead").post(f"{D}assignments/{assignment.pk}/end").status_code == 403
    assert sits("agent").get(f"{D}desks/new").status_code == 403
    assert Assignment.objects.count() == 1


def test_a_supervisor_sets_up_a_desk_gives_shifts_and_takes_them_back(sits: Sits) -> None:
    client = sits("supervisor")
    given = {
        "code": "emea",
        "name_zh": "欧洲值班",
        "unit": "CC",
        "time_zone": "Europe/Berlin",
        "is_round_the_clock": "on",
    }
    assert client.post(f"{D}desks/new", given).status_code == 302
    assert client.post(f"{D}desks/new", given).status_code == 422
    place = f"{D}desks/emea"
    night = {"what": "shift", "s-name": "夜班", "s-starts": "22:00", "s-ends": "06:00", "s-weekdays": ["1", "2"]}
    assert client.post(place, night).status_code == 302
    assert client.post(place, night).status_code == 422
    shift = Desk.objects.get().shifts.get()
    turn = {"what": "assign", "a-member": member("agent").pk, "a-shift": shift.pk, "a-first": "2026-11-23"}
    refused = client.post(place, {**turn, "a-last": "2026-11-01", "a-weekdays": ["1"]})
    assert refused.status_code == 422
    assert "最后一天不能早于第一天" in refused.content.decode()
    assert client.post(place, {**turn, "a-weekdays": ["1", "2"]}).status_code == 302
    assignment = Assignment.objects.get()
    assert (assignment.weekdays, assignment.last) == ([1, 2], None)
    client.post(f"{D}assignments/{assignment.pk}/end", {"day": "2026-11-24", "only": "1"})
    assert Assignment.objects.count() == 2
    assert client.post(f"{D}desks/emea/shifts/{shift.pk}/removal").status_code == 302
    assert not Assignment.objects.exists()
    assert Change.objects.filter(area="duty", subject="emea").count() == 5


def test_one_puts_down_ones_own_absence_and_nobody_elses(sits: Sits) -> None:
    start = timezone.localtime() + timedelta(days=1)
    given = {
        "member": member("agent2").pk,
        "starts_at": f"{start:%Y-%m-%dT%H:%M}",
        "ends_at": f"{start + timedelta(days=2):%Y-%m-%dT%H:%M}",
        "deputy": member("agent2").pk,
        "reason": "sick",
    }
    assert sits("agent").post(f"{D}absences", given).status_code == 302
    absence = Absence.objects.get()
    assert (absence.member, absence.deputy) == (member("agent"), member("agent2"))
    assert CHIP in sits("agent2").get(f"{D}absences").content.decode()
    assert CHIP in sits("supervisor").get(f"{D}absences").content.decode()
    for stranger in ("outsider", "handler", "auditor"):
        assert CHIP not in sits(stranger).get(f"{D}absences").content.decode()
        assert sits(stranger).post(f"{D}absences/{absence.pk}/end").status_code == 404
    again = sits("agent").post(f"{D}absences", given)
    assert again.status_code == 422
    assert "重叠" in again.content.decode()
    assert sits("supervisor").post(f"{D}absences/{absence.pk}/end").status_code == 302
    assert not Absence.objects.exists()


def test_who_is_away_stands_on_the_roster_with_the_deputy(sits: Sits) -> None:
    desk()
    at = timezone.now()
    excusing.excuse(
        member("agent"), starts_at=at - timedelta(days=8), ends_at=at + timedelta(days=8), deputy=member("agent2"),
        actor=SYSTEM, at=at,
    )  # fmt: skip
    page = sits("reviewer").get(D).content.decode()
    assert "data-away" in page
    assert "不在岗 → 蒋欣" in page
    assert "现在无人值班" in page


def test_absences_cost_no_more_queries_when_there_are_more(sits: Sits) -> None:
    client, at = sits("supervisor"), timezone.now()

    def cost(*people: str) -> int:
        for each in people:
            excusing.excuse(
                member(each), starts_at=at, ends_at=at + timedelta(days=1), deputy=None, actor=SYSTEM, at=at
            )
        with CaptureQueriesContext(connection) as queries:
            assert cast.member(people[0]).name in client.get(f"{D}absences").content.decode()
        return len(queries)

    cost("agent")
    assert cost("agent2") == cost("reviewer", "auditor", "manager")


def test_a_shift_is_called_by_its_name_in_the_readers_language(sits: Sits) -> None:
    row = desk()
    given = {"s-name": "夜班", "s-name_en": "Night shift", "s-starts": "22:00", "s-ends": "06:00", "s-weekdays": ["1"]}
    assert sits("supervisor").post(f"{D}desks/{row.code}", {"what": "shift", **given}).status_code == 302
    client = sits("supervisor")
    for language, name in (("zh-hans", "夜班"), ("en", "Night shift")):
        client.post("/desk/account/language", {"language": language})
        page = client.get(f"{D}desks/{row.code}").content.decode()
        assert page.count(f"{name} 22:00") == 1
        assert f">{name}<" in page
