"""What the routing table asks for beside work orders is done once a complaint is reviewed, and only once."""

from typing import Any

import pytest

from huiyin.complaints import guards
from huiyin.complaints.actions import noting, reviewing
from huiyin.complaints.models import Complaint, Event
from huiyin.dispatch.actions import ruling
from huiyin.dispatch.models import RoutingRule
from huiyin.notices.models import Notice
from huiyin.quality.models import Investigation
from huiyin.supervision.actions import routed
from huiyin.triage.models import Category
from tests import cast
from tests.cast import actor, later

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company() -> None:
    cast.company()


def changed(code: str, **effect: Any) -> None:
    rule = RoutingRule.objects.get(code=code)
    wanted = {**rule.effect, **effect}
    ruling.amend_rule(
        rule, position=rule.position, condition=rule.condition, effect=wanted, is_active=True,
        actor=actor("admin"), at=later(minutes=1),
    )  # fmt: skip


@pytest.mark.req("C048")
def test_a_broken_mainboard_opens_a_trace_record_of_its_own() -> None:
    complaint = cast.reviewed(cast.filed(sku="XQ-4001", batch="2026-09-B"), category="PQ-03")

    for minutes in (21, 22):
        routed.follow_routing(complaint, at=later(minutes=minutes))

    [trace] = Investigation.objects.filter(complaint=complaint)
    name = Category.objects.get(code="PQ-03").name_zh
    assert trace.title == f"质量追溯（RT-012）{name}；SKU XQ-4001；批次 2026-09-B"
    assert trace.steps.exists()
    assert complaint.events.get(kind=Event.Kind.INVESTIGATED).actor_kind == "system"


def test_a_rule_raises_the_level_tells_people_and_a_supervisors_reason_stands_above_it() -> None:
    complaint = cast.reviewed(category="PQ-07")
    changed("RT-090", level_at_least="L2", notify=["supervisor", "QM-CASE"], clock="CK-LEGAL")

    for minutes in (21, 22):
        routed.follow_routing(complaint, at=later(minutes=minutes))

    complaint.refresh_from_db()
    raised = complaint.events.get(kind=Event.Kind.REGRADED)
    assert (complaint.severity, [each["rule"] for each in raised.particulars["rules"]], complaint.due_at) == (
        2,
        ["RT-090"],
        later(hours=24),
    )
    told = Notice.objects.filter(kind="routing_notified", number=complaint.number)
    assert "supervisor" in set(told.values_list("member__username", flat=True))

    lowered = cast.filed(phone="13900005555")
    Complaint.objects.filter(pk=lowered.pk).update(severity=2)
    lowered.refresh_from_db()
    reviewing.review(
        lowered, category=Category.objects.get(code="PQ-07"), severity=3, issues=["不通电"], note="客户误报",
        actor=actor("supervisor"), at=later(minutes=20),
    )  # fmt: skip
    routed.follow_routing(lowered, at=later(minutes=21))
    lowered.refresh_from_db()
    assert lowered.severity == 3


def test_which_categories_need_an_opinion_before_they_close_is_the_tables_to_say() -> None:
    assert guards.opinions_needed() == {"RL-09": "RT-009"}
    changed("RT-010", block_close_without="legal_opinion")  # TD-07
    complaint = cast.reviewed(category="TD-07")

    assert "RT-010" in str(guards.GUARDS["no_open_task"](complaint, {}, later(hours=1)))
    assert Complaint.objects.filter(guards.awaiting_opinion()).get() == complaint
    noting.opine(complaint, text="可以结案", actor=actor("legal"), at=later(hours=1))
    assert guards.GUARDS["no_open_task"](complaint, {}, later(hours=1)) is None
