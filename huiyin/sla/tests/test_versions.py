from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from huiyin.org.actors import CUSTOMER, SYSTEM, Actor
from huiyin.org.models import Member
from huiyin.sla import errors, queries
from huiyin.sla.actions import amending, excepting, loading
from huiyin.sla.models import DayException, PolicyVersion
from huiyin.sla.policy import Policy
from huiyin.sla.promises import Inputs, deadline
from huiyin.sla.tests.documents import at, clock, shipped

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
MONDAY = at("2026-11-16 10:00")


def faster(minutes: int) -> dict[str, Any]:
    body = shipped()
    clock(body, "CK-FR")["targets"][0]["nm"] = minutes
    return body


def first_response(policy: Policy) -> datetime:
    found = deadline(policy, "CK-FR", start=MONDAY, inputs=Inputs("L1", "S"))
    assert found is not None
    return found.due_at


def test_the_shipped_policy_becomes_version_one_and_is_never_loaded_over_another(admin: Member) -> None:
    assert loading.load({"sla": shipped()}, NOW) == 1
    amending.amend(body=faster(20), note="加快首次响应", actor=Actor.of(admin), at=NOW)
    assert loading.load({"sla": shipped()}, NOW) == 0
    assert list(PolicyVersion.objects.values_list("number", flat=True)) == [2, 1]


def test_without_a_version_it_is_said_what_to_do() -> None:
    with pytest.raises(queries.NoPolicy, match="huiyin defaults"):
        queries.current()


@pytest.mark.req("A49")
@pytest.mark.usefixtures("loaded")
def test_a_change_makes_a_version_and_what_was_promised_under_the_old_one_can_still_be_reckoned(admin: Member) -> None:
    old = first_response(queries.current())
    made = amending.amend(body=faster(20), note=" 加快首次响应 ", actor=Actor.of(admin), at=NOW)
    assert (made.number, made.created_by, made.note, made.created_at) == (2, admin, "加快首次响应", NOW)
    assert queries.current().number == 2
    assert first_response(queries.current()) == at("2026-11-16 10:20")
    assert first_response(queries.numbered(1)) == old == at("2026-11-16 10:30")


@pytest.mark.usefixtures("loaded")
def test_the_policy_in_force_costs_one_query_and_is_read_once(django_assert_num_queries: Any) -> None:
    first = queries.current()
    with django_assert_num_queries(1):
        assert queries.current() is first


@pytest.mark.usefixtures("loaded")
def test_an_own_day_counts_at_once_and_so_does_its_removal(admin: Member) -> None:
    actor, start = Actor.of(admin), at("2026-11-20 10:00")
    inputs = Inputs("L3", "C")

    def due() -> datetime | None:
        found = deadline(queries.current(), "CK-RESOLVE", start=start, inputs=inputs)
        return found and found.due_at

    assert due() == at("2026-11-27 18:00")
    excepting.set_day(day=date(2026, 11, 23), is_working=False, name="厂庆", actor=actor, at=NOW)
    assert due() == at("2026-11-30 18:00")
    excepting.set_day(day=date(2026, 11, 23), is_working=True, name="照常", actor=actor, at=NOW)
    assert (due(), DayException.objects.count()) == (at("2026-11-27 18:00"), 1)
    excepting.clear_day(day=date(2026, 11, 23), actor=actor, at=NOW)
    assert due() == at("2026-11-27 18:00")
    with pytest.raises(errors.DayNotSet):
        excepting.clear_day(day=date(2026, 11, 23), actor=actor, at=NOW)


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("change", [{"number": 7}, {"body": {}}, {"note": ""}])
def test_a_version_is_never_changed(change: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        PolicyVersion.objects.update(**change)
    assert PolicyVersion.objects.get().body == shipped()


@pytest.mark.usefixtures("loaded")
def test_a_version_is_never_deleted() -> None:
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        PolicyVersion.objects.all().delete()
    assert PolicyVersion.objects.count() == 1


@pytest.mark.usefixtures("loaded")
def test_who_may_not_set_policy_changes_nothing(li_lei: Member) -> None:
    day = date(2026, 11, 23)
    for actor in (Actor.of(li_lei), CUSTOMER):
        with pytest.raises(errors.MayNotSetPolicy):
            amending.amend(body=faster(20), note="加快", actor=actor, at=NOW)
        with pytest.raises(errors.MayNotSetPolicy):
            excepting.set_day(day=day, is_working=False, name="厂庆", actor=actor, at=NOW)
        with pytest.raises(errors.MayNotSetPolicy):
            excepting.clear_day(day=day, actor=actor, at=NOW)
    assert (PolicyVersion.objects.count(), DayException.objects.count()) == (1, 0)


@pytest.mark.usefixtures("loaded")
def test_a_change_that_is_none_or_unsound_or_late_or_unexplained_is_refused() -> None:
    with pytest.raises(errors.PolicyUnchanged, match="第 1 版"):
        amending.amend(body=shipped(), note="无", actor=SYSTEM, at=NOW)
    with pytest.raises(errors.PolicyUnsound, match=r"targets\[1\]\.nm：须是大于 0 的数"):
        amending.amend(body=faster(0), note="无", actor=SYSTEM, at=NOW)
    with pytest.raises(errors.PolicyMoved, match="第 1 版"):
        amending.amend(body=faster(20), note="加快", actor=SYSTEM, at=NOW, expected=0)
    with pytest.raises(errors.NoteMissing):
        amending.amend(body=faster(20), note=" ", actor=SYSTEM, at=NOW)
    with pytest.raises(errors.NameMissing):
        excepting.set_day(day=date(2026, 11, 23), is_working=False, name=" ", actor=SYSTEM, at=NOW)
    assert PolicyVersion.objects.count() == 1


@pytest.mark.usefixtures("loaded")
def test_it_is_warned_sixty_days_before_the_holidays_end_and_after_them() -> None:
    assert queries.coverage_warnings(date(2026, 9, 1)) == []
    assert queries.coverage(date(2026, 11, 22)) == (date(2026, 12, 31), 39, True)
    assert queries.coverage_warnings(date(2026, 11, 22)) == [
        "放假安排只到 2026-12-31（还有 39 天）；要用到 2027 年工作日的时限都是暂定的，请更新节假日数据。"
    ]
    assert queries.coverage_warnings(date(2027, 2, 1)) == [
        "没有 2027 年的放假安排，按工作日计的时限都是暂定的，请更新节假日数据。"
    ]
