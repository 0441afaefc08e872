"""Which methods were followed, and how the complaints ended on which they were."""

import pytest
from pytest_django import DjangoAssertNumQueries

from huiyin.complaints.actions import closing, guiding
from huiyin.complaints.models import Complaint
from huiyin.complaints.models.complaint import Outcome
from huiyin.insight.queries import MethodUse, method_use_by_outcome
from tests import cast
from tests.cast import actor, later

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company() -> None:
    cast.company()


def guided(complaint: Complaint, *methods: str) -> Complaint:
    for minutes, method in enumerate(methods, start=1):
        guiding.begin(
            complaint,
            method=method,
            evidence="原话和录音位置",
            actor=actor("agent"),
            at=later(hours=8, minutes=minutes),
        )
    return complaint


def used(uses: tuple[MethodUse, ...]) -> dict[str, dict[str, int]]:
    return {use.code: dict(use.counts) for use in uses if use.total}


@pytest.mark.req("A12")
def test_methods_and_their_main_ways_are_counted_by_outcome(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    satisfied = guided(cast.resolved(), "M-6", "SC-6", "M-6")
    closing.accept(satisfied, outcome=Outcome.SATISFIED, at=later(days=1))
    guided(cast.filed(phone="13900002222"), "SC-1")

    supervisor = cast.member("supervisor")
    assert supervisor.reach
    with django_assert_num_queries(3):
        uses = method_use_by_outcome(supervisor)

    assert used(uses.by_method) == {"M-6": {"satisfied": 1}, "SC-6": {"satisfied": 1}, "SC-1": {"open": 1}}
    assert len(uses.by_method) == 8
    assert used(uses.by_tag) == {
        "引导客户": {"satisfied": 1, "open": 1},
        "服务承诺": {"satisfied": 1, "open": 1},
        "补偿损失": {"satisfied": 1},
        "外部仲裁": {"satisfied": 1},
    }
    assert {use.code: use.accepted_share for use in uses.by_method}["M-6"] == 1.0


def test_what_a_member_may_not_see_is_not_counted() -> None:
    guided(cast.filed(), "M-7")

    uses = method_use_by_outcome(cast.member("outsider"))

    assert used(uses.by_method) == {}
    assert [use.accepted_share for use in uses.by_method] == [None] * 8
