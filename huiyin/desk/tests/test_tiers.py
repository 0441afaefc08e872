"""A customer's tier on the complaint's page: why, by hand with a reason and a last day, and what that does to time."""

import contextlib
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.complaints.actions import tiering
from huiyin.complaints.errors import GuardFailed
from huiyin.complaints.models import Complaint, Event
from huiyin.customers.actions import tiering as customers
from huiyin.customers.models import Customer, TierRule
from huiyin.customers.tiers import Facts
from huiyin.org.actions.tokens import create
from huiyin.org.models import Change
from tests import cast

Sits = Callable[[str], Client]
S = "/desk/settings/tiers"


def words(answer: Any) -> str:
    return str(answer.content.decode())


def dues(complaint: Complaint) -> dict[str, Any]:
    return dict(complaint.clocks.running().values_list("code", "due_at"))


@pytest.mark.req("C032")
def test_a_tier_set_by_hand_has_a_reason_and_a_last_day_and_shortens_what_depends_on_it(sits: Sits) -> None:
    at = timezone.now()
    complaint = cast.filed(at=at)
    place, page = f"/desk/complaints/{complaint.number}/tier", f"/desk/complaints/{complaint.number}"
    until = timezone.localdate(at) + timedelta(days=30)
    given = {"tier": "VIP", "reason": "小区团购代表", "until": until.isoformat()}
    before = dues(complaint)

    assert sits("agent").post(place, given).status_code == 403
    supervisor = sits("supervisor")
    assert supervisor.post(place, {**given, "reason": " "}).status_code == 422
    late = supervisor.post(place, {**given, "until": (until + timedelta(days=400)).isoformat()})
    assert "到期日须在今天到一年之内" in words(late)
    assert supervisor.post(place, given).status_code == 302

    complaint.refresh_from_db()
    assert (complaint.tier, complaint.customer.tier) == ("VIP", "VIP")
    after = dues(complaint)
    assert after["CK-FR"] == at + timedelta(hours=1) < before["CK-FR"]
    assert {code: due for code, due in after.items() if code != "CK-FR"} == {
        code: due for code, due in before.items() if code != "CK-FR"
    }
    event = complaint.events.get(kind=Event.Kind.TIERED)
    assert (event.particulars["was"], event.particulars["tier"], event.particulars["until"]) == (
        "STD", "VIP", until.isoformat(),
    )  # fmt: skip
    shown = words(supervisor.get(page))
    assert f"{cast.member('supervisor').name} 人工指定，到 {until:%Y-%m-%d}：小区团购代表" in shown
    assert "普通客户 → VIP客户" in shown.partition('id="record"')[2]

    assert supervisor.post(place, {**given, "tier": "STD"}).status_code == 302
    assert dues(complaint)["CK-FR"] == at + timedelta(hours=1)  # a longer promise would be an extension
    said = "客户级别后来变更，按新级别是"  # and its explanation says so, until the tier is what was promised
    assert words(supervisor.get(page)).count(said) >= 1
    assert supervisor.post(place, given).status_code == 302
    assert said not in words(supervisor.get(page))


@pytest.mark.req("C032")
def test_a_customer_who_rises_takes_their_open_complaints_along(sits: Sits) -> None:
    at = timezone.now()
    complaint, other = cast.filed(at=at), cast.filed(at=at, phone="13900002222", text="宽带断了两天。")
    Customer.objects.filter(pk=complaint.customer_id).update(since=timezone.localdate(at) - timedelta(days=7 * 366))
    customers.reckon_all(today=timezone.localdate(at), at=at)
    final = complaint.clocks.get(code="CK-RESOLVE")
    final.pk, final.code = None, "CK-RESOLVE.final"  # as a complex one of level 2 has
    final.save(force_insert=True)

    assert tiering.follow(at=at) == (1, complaint.pk)
    assert tiering.follow(at=at) == (0, 0)
    complaint.refresh_from_db()
    other.refresh_from_db()
    assert (complaint.tier, other.tier) == ("VIP", "STD")
    assert dues(complaint)["CK-FR"] == at + timedelta(hours=1)
    assert "合作年限：7 年（5 年起）" in words(sits("agent").get(f"/desk/complaints/{complaint.number}"))


@pytest.mark.req("C032")
def test_who_may_keeps_what_a_customer_is_worth_and_the_record_holds_no_figure(sits: Sits) -> None:
    """On the page and by the interface; the tier follows its rule at once, and its reason is told as far as one may."""
    complaint = cast.filed(at=timezone.now())
    page, place = f"/desk/complaints/{complaint.number}", f"/desk/complaints/{complaint.number}/worth"
    given = {"contribution": "88123.50", "since": "2024-01-31", "reason": "ERP 11 月导出"}
    supervisor = sits("supervisor")

    assert sits("agent").post(place, given).status_code == 403
    for wrong in ({"contribution": "-1"}, {"reason": " "}, {"since": "2099-01-01"}):
        assert supervisor.post(place, {**given, **wrong}).status_code == 422
    assert not complaint.events.filter(kind=Event.Kind.VALUED).exists()
    assert supervisor.post(place, given).status_code == 302
    assert supervisor.post(place, given).status_code == 422  # nothing new

    complaint.refresh_from_db()
    assert (complaint.tier, complaint.customer.tier) == ("VIP", "VIP")
    event = complaint.events.get(kind=Event.Kind.VALUED)
    assert event.particulars["changed"] == ["contribution", "since"]
    assert not [each for each in complaint.events.all() if "88123" in str(each.particulars)]
    shown = words(supervisor.get(page))
    assert "近 12 个月贡献：88,124 元，达到 95% 分位线 88,124 元" in shown
    assert "近 12 个月贡献、合作开始" in shown.partition('id="worth-history"')[2]
    plain = words(sits("agent").get(page))
    assert "近 12 个月贡献：达到 95% 分位线" in plain
    assert [trace for trace in ("88,12", "88123", "worth-history", "0 元") if trace in plain] == []
    assert "88,12" not in words(sits("analyst").get(page))

    asked = f"/api/v1/complaints/{complaint.number}/customer-worth"
    assert _machine("agent").get(asked).status_code == 403
    answer = _machine("supervisor").get(asked).json()
    assert (answer["contribution"], answer["since"], answer["tier"]) == ("88123.50", "2024-01-31", "VIP")
    body = {"by_contract": True, "reason": "合同 HT-7"}
    changed = _machine("supervisor").put(asked, body, content_type="application/json").json()
    assert (changed["contribution"], changed["by_contract"], changed["tier_reason"]) == (None, True, "合同约定")
    again = complaint.events.filter(kind=Event.Kind.VALUED).latest("seq").particulars
    assert again["changed"] == ["contribution", "since", "is_by_contract"]


@pytest.mark.req("C032")
def test_all_customers_are_read_once_before_anything_is_held_and_only_if_something_is_new() -> None:
    complaint = cast.filed(at=cast.MONDAY)
    TierRule.objects.create(code="half", name_zh="前一半", tier="VIP", basis="percentile", threshold=50, position=9)
    for amount in (100, 200, 300):
        Customer.objects.create(created_at=cast.MONDAY, contribution=amount)

    def know(amount: int) -> list[str]:
        with CaptureQueriesContext(connection) as asked, contextlib.suppress(GuardFailed):
            tiering.know(
                complaint, facts=Facts(Decimal(amount)), reason="ERP", today=date(2026, 11, 16),
                actor=cast.actor("supervisor"), at=cast.MONDAY,
            )  # fmt: skip
        told = [each["sql"] for each in asked]
        return ["all" if "percentile_cont" in sql else "held" for sql in told if "percentile" in sql or " FOR " in sql]

    first = know(150)
    assert (first[:2], first.count("all")) == (["all", "held"], 1)
    assert complaint.customer.tier == "STD"  # half have 175: 100, 150, 200, 300
    know(250)
    assert complaint.customer.tier_why["line"] == "225.00"
    assert "all" not in know(250)


def _machine(username: str) -> Client:
    _token, raw = create(member=cast.member(username), name="x", scopes=("read", "write"), at=timezone.now())
    return Client(headers={"Authorization": f"Bearer {raw}"})


@pytest.mark.req("C032")
def test_the_rules_are_configuration_and_their_changes_on_record(sits: Sits, django_assert_num_queries: Any) -> None:
    admin = sits("admin")
    admin.get(S)
    with django_assert_num_queries(QUERIES):
        page = words(admin.get(S))
    assert [name for name in ("合同约定", "近 12 个月贡献", "合作年限") if name not in page] == []

    given = {"name_zh": "合作年限", "tier": "VIP", "threshold": "8", "position": "3", "is_active": "on"}
    assert admin.post(f"{S}/years", {**given, "threshold": "many"}).status_code == 422
    assert admin.post(f"{S}/years", given).status_code == 302
    assert TierRule.objects.get(code="years").threshold == 8
    change = Change.objects.get(area="tiers")
    assert (change.before["threshold"], change.after["threshold"]) == (5, 8)
    assert sits("agent").get(S).status_code == 403


QUERIES = 10
