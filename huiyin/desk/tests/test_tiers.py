"""A customer's tier on the complaint's page: why, by hand with a reason and a last day, and what that does to time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.complaints.actions import tiering
from huiyin.complaints.models import Complaint, Event
from huiyin.customers.actions import tiering as customers
from huiyin.customers.models import Customer, TierRule
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
