from dataclasses import replace
from typing import Any

import pytest

from huiyin.complaints.models import Complaint
from huiyin.dispatch import languages
from huiyin.dispatch.effects import NEVER, is_carried_out
from huiyin.dispatch.queries import kept_away, proposal
from huiyin.dispatch.routing import Facts, _holds
from huiyin.org.models import Member
from huiyin.org.rules import Role
from tests import cast
from tests.cast import actor

pytestmark = pytest.mark.django_db
PLAIN = Facts(
    code="PQ-07", level=3, complexity="S", emotion=1, tier="STD", source="phone", acts=frozenset(), owner="QM",
    support=(),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _company() -> None:
    cast.company()


def proposed(category: str, *, severity: int = 3, **given: Any) -> tuple[list[str], list[str], list[str]]:
    complaint = cast.reviewed(cast.filed(**given), category=category, severity=severity, by="supervisor")
    found = proposal(Complaint.objects.get(pk=complaint.pk))
    return found.lead, found.support, found.rules


@pytest.mark.req("A19", "B31")
def test_the_owner_of_the_leaf_leads_and_its_supporters_stand_by() -> None:
    lead, support, rules = proposed("PQ-07")

    assert (lead, support, rules) == (["QM-CASE"], ["MFG-ENG"], ["RT-090"])


@pytest.mark.req("B31")
def test_a_transport_problem_goes_to_logistics_with_its_waybill() -> None:
    lead, support, rules = proposed("LG-01")

    assert (lead, support, rules) == (["LOG-CASE"], ["SUP-MGT"], ["RT-014", "RT-090"])


@pytest.mark.req("A19")
def test_a_coupon_dispute_is_for_marketing_and_finance() -> None:
    lead, support, rules = proposed("TD-07")

    assert lead[0] == "MKT-ACT"
    assert "FIN-CHK" in support
    assert rules[0] == "RT-010"


@pytest.mark.req("C036")
def test_the_most_severe_goes_to_the_senior_team_first() -> None:
    lead, _support, rules = proposed("PQ-11", severity=1)

    assert lead == ["CC-SENIOR", "QS-SAFE"]
    assert rules[:1] == ["RT-001"]


@pytest.mark.req("A48")
def test_what_a_consumer_association_referred_stops_at_its_own_desk() -> None:
    lead, support, rules = proposed("PQ-01", severity=2, channel="consumer_association", external_id="XX消协2026-118")

    assert (lead, support, rules) == (["CC-REG"], [], ["RT-003"])


@pytest.mark.req("A31", "A34", "A63")
def test_work_goes_to_departments_and_outlets_where_handlers_are() -> None:
    kinds = {
        member.unit.kind for member in Member.objects.filter(roles__contains=[Role.HANDLER]).select_related("unit")
    }
    [billing, data, support] = (cast.unit(code) for code in ("BIL", "VAS", "IT"))

    assert kinds <= {"department", "team", "outlet", "county", "branch", "franchise"}
    orders = cast.dispatched(None, billing.code, data.code, support.code)
    assert {order.unit_id for order in orders} == {billing.pk, data.pk, support.pk}
    assert all(order.dispatched_by == actor("reviewer").member for order in orders)


def test_every_condition_of_the_shipped_table_is_known_and_every_effect_is_carried_out_or_a_hint() -> None:
    rules = cast.documents()["routing"]["rules"]
    every = [(key, value) for rule in rules for key, value in rule["then"].items()]
    carried = {key for key, value in every if is_carried_out(key, value)}
    hints = {(key, str(value)) for key, value in every if not is_carried_out(key, value)}

    for rule in rules:
        for key, wanted in rule["when"].items():
            assert key in NEVER or isinstance(_holds(key, wanted, PLAIN), bool)
    assert carried == {
        "team", "co_teams", "notify", "prefer", "exclude", "dispatch", "request", "record", "start", "open", "clock",
        "add_clock", "level_at_least", "incident", "channel", "block_close_without", "stop",
    }  # fmt: skip
    assert {key for key, _value in hints} == {
        "alert", "attach", "check", "dispatch", "into", "merge_as", "note", "record", "skill", "start", "task",
        "translate",
    }  # fmt: skip
    assert {value for key, value in hints if key in {"dispatch", "record", "start"}} == {
        "False", "carrier_scorecard", "supplier_scorecard", "eight_d"
    }  # fmt: skip


def test_what_nothing_carries_out_is_a_hint_with_its_rule_and_who_is_to_keep_away_is_named() -> None:
    complaint = cast.reviewed(cast.filed(tier="VIP"), category="LG-01", by="supervisor")
    found = proposal(complaint)

    assert ("RT-014", "attach", ["waybill_track"]) in found.hints
    assert ("RT-021", "skill", "vip") in found.hints
    assert found.lead[0] == "KA"
    foreign = "My refund has still not arrived after three weeks and nobody answers the telephone."
    assert "CC-INTL" in proposal(cast.filed(text=foreign, phone="13900008888")).lead

    accused = actor("handler").member
    Complaint.objects.filter(pk=complaint.pk).update(named_employee=accused)
    exclude = proposal(complaint := Complaint.objects.get(pk=complaint.pk)).exclude
    assert exclude == {"named_employee", "line_manager_of_named"}
    assert accused is not None
    assert kept_away(complaint, exclude) == {accused.pk, accused.line_manager_id} - {None}


def test_many_who_complain_of_the_same_and_the_media_are_known() -> None:
    complaint = cast.reviewed(by="supervisor")
    grading = {**complaint.grading, "reasons": [{"rule": "SEV-10", "text": "L2 重大：曝光威胁有凭据"}]}
    Complaint.objects.filter(pk=complaint.pk).update(grading=grading)
    found = proposal(Complaint.objects.get(pk=complaint.pk))
    assert (found.notify, found.floor, found.floored) == ({"PR-MON": ["RT-004"]}, 2, ["RT-004"])

    assert _holds("group_complainants_gte", 20, replace(PLAIN, complainants=20))
    assert not _holds("group_complainants_gte", 20, PLAIN)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "电饭煲坏了，商品见 https://item.example.com/detail.htm?id=abcdefghijklmnop&from=search_result_page，请换货",
            True,
        ),
        ("型号KFR-35GW/NhGm1BAj的空调不制冷，回信请寄 zhang.wei.long.name@example.com.cn", True),
        ("買了三天的電鍋就壞了，請盡快處理退貨", True),
        ("我在无印良品のお店买的锅坏了", True),
        ("我买的キャラクターグッズ坏了要求退货", True),
        ("13900001111 2026-11-16", True),
        ("The rice cooker KX-2000 broke after three days. 请 help", False),
        ("Рисоварка сломалась через три дня, верните деньги", False),
        ("不良品交換希望です。返品手続方法を教えて下さい", False),
        ("テレビ", False),
        ("밥솥이 3일 만에 고장났어요. 환불해 주세요", False),
        ("หม้อหุงข้าวเสีย", False),
    ],
)
def test_only_what_is_written_in_chinese_is_taken_for_it(text: str, wanted: bool) -> None:
    assert languages.is_chinese(text) is wanted
