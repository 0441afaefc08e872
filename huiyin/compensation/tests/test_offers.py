"""An offer from its options to what was given: law, tariff, authority, and who sees it."""

import ast
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from huiyin.compensation import queries, wording
from huiyin.compensation.actions import deciding, loading, offering, settling
from huiyin.compensation.actions.offering import Terms
from huiyin.compensation.errors import OfferMoveRefused, PolicyUnsound
from huiyin.compensation.models import Fulfilment, Offer, PolicyVersion
from huiyin.compensation.states import OfferState
from huiyin.compensation.worth import Proposed
from huiyin.complaints.actions import closing
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Complaint, Event
from huiyin.complaints.models.complaint import Outcome
from huiyin.org.actors import CUSTOMER
from tests import cast
from tests.cast import actor, later, member

pytestmark = [pytest.mark.django_db]
RESHIP = Proposed("reship", words="今天补发一件新的，明天送到")
VOUCHER = Proposed("voucher", Decimal(100), "给您一张 100 元优惠券，一年内有效")
REFUND = Proposed("refund", Decimal(399), "全额退款 399 元，原路退回")


@pytest.fixture(autouse=True)
def _company(db: None) -> None:
    cast.company()


def offered(
    complaint: Complaint | None = None,
    *options: Proposed,
    by: str = "agent",
    at: datetime | None = None,
    **terms: Any,
) -> Offer:
    given = {"explanation": "主板故障，责任在我们。", "off_tariff_because": "多次来电", "price": Decimal(399), **terms}
    return offering.offer(
        complaint or cast.reviewed(),
        terms=Terms(options=options or (RESHIP, REFUND, VOUCHER), **given),
        actor=actor(by),
        at=at or later(hours=1),
    )


def approved(offer: Offer, *, by: str = "supervisor2", at: datetime | None = None) -> Offer:
    deciding.approve(offer, actor=actor(by), at=at or later(hours=2))
    return offer


def chosen(offer: Offer, instrument: str = "reship") -> Offer:
    settling.choose(offer, option=offer.options.get(instrument=instrument), actor=CUSTOMER, at=later(hours=3))
    return offer


def kinds_of(complaint: Complaint) -> list[str]:
    return list(complaint.events.filter(kind__startswith="offer").values_list("kind", flat=True))


@pytest.mark.req("D24", "D30")
def test_two_or_more_options_go_from_proposal_through_approval_and_choice_to_what_was_given() -> None:
    offer = offered()
    assert offer.state == OfferState.PROPOSED
    assert {option.instrument for option in offer.options.all()} == {"refund", "reship", "voucher"}

    given = settling.fulfil(chosen(approved(offer)), reference="SF1234567890", actor=actor("agent"), at=later(hours=4))

    assert Offer.objects.get().state == OfferState.FULFILLED
    assert (given.instrument, given.amount) == ("reship", Decimal(0))
    assert kinds_of(offer.complaint) == ["offered", "offer_approved", "offer_chosen", "offer_fulfilled"]


@pytest.mark.req("D30")
def test_a_single_option_wants_a_reason_why() -> None:
    complaint = cast.reviewed()

    with pytest.raises(GuardFailed, match="两个方案"):
        offered(complaint, RESHIP)

    assert not Offer.objects.exists()
    assert offered(complaint, RESHIP, only_one_because="只剩这一种库存").options.count() == 1


@pytest.mark.req("D30")
def test_the_options_are_said_one_by_one_in_the_letter() -> None:
    offer = offered()

    letter = wording.as_letter(list(offer.options.all()))

    assert "一是今天补发" in letter
    assert "；二是全额退款" in letter
    assert "；三是给您一张" in letter


@pytest.mark.req("C113")
def test_words_are_offered_before_money() -> None:
    call = Proposed("manager_call", words="由主管给您打电话致歉")

    offer = offered(None, VOUCHER, REFUND, call)

    assert [option.kind for option in offer.options.all()] == ["emotional", "refund", "goodwill"]


def test_nobody_approves_what_they_proposed_and_nobody_beyond_their_sum() -> None:
    large = Proposed("cash", Decimal("5000.01"), "赔偿 5000.01 元")
    offer = offered(None, RESHIP, large, by="supervisor")

    for username in ("supervisor", "supervisor2", "agent", "auditor"):
        with pytest.raises(MayNot):
            deciding.approve(offer, actor=actor(username), at=later(hours=2))
    assert Offer.objects.get().state == OfferState.PROPOSED
    deciding.approve(offer, actor=actor("manager"), at=later(hours=2))

    assert Offer.objects.get().state == OfferState.APPROVED


def test_a_very_large_sum_takes_the_director_and_legal_in_either_order() -> None:
    huge = Proposed("cash", Decimal(30000), "赔偿 30000 元")
    offer = offered(None, RESHIP, huge, by="supervisor")
    with pytest.raises(MayNot):
        deciding.approve(offer, actor=actor("manager"), at=later(hours=2))

    deciding.approve(offer, actor=actor("legal"), at=later(hours=2))
    assert Offer.objects.get().state == OfferState.PROPOSED
    deciding.approve(offer, actor=actor("director"), at=later(hours=3))

    assert Offer.objects.get().state == OfferState.APPROVED


def test_sums_of_one_matter_and_of_one_customer_are_added_up_before_the_limit() -> None:
    first = offered(None, RESHIP, Proposed("cash", Decimal(3000), "赔偿 3000 元"))
    approved(first)
    other = cast.reviewed(cast.filed(text="还有一次，空调也坏了，三天没人来修。", at=later(hours=5)), at=later(hours=6))
    assert other.customer_id == first.complaint.customer_id

    second = offered(other, RESHIP, Proposed("cash", Decimal(2500), "赔偿 2500 元"), at=later(hours=7))

    assert second.total == Decimal(5500)
    assert "supervisor" not in second.waits_for
    with pytest.raises(MayNot):
        approved(second, at=later(hours=8))


@pytest.mark.req("C038")
def test_the_front_line_gives_vouchers_to_2000_at_once_and_nothing_else() -> None:
    complaint = cast.reviewed()
    letter = Proposed("apology_letter", words="书面致歉")
    with pytest.raises(GuardFailed, match="限额"):
        offered(complaint, letter, Proposed("voucher", Decimal("2000.01"), "券"), at_once=True)
    with pytest.raises(GuardFailed, match="现金"):
        offered(complaint, letter, Proposed("cash", Decimal(10), "现金"), at_once=True)
    assert not Offer.objects.exists()

    offer = offered(complaint, letter, Proposed("voucher", Decimal(2000), "券"), at_once=True)

    assert offer.state == OfferState.APPROVED
    assert offer.report_due_at == offer.made_at + timedelta(hours=48)
    clocks = complaint.clocks.running()
    assert clocks.get(code="CK-COMPFILE").due_at == offer.report_due_at
    settling.report(offer, text="客户情绪激动，先行安抚。", actor=actor("agent"), at=later(hours=2))
    assert not clocks.filter(code="CK-COMPFILE").exists()


@pytest.mark.req("C038")
def test_who_owes_a_report_gives_nothing_at_once_until_it_is_written() -> None:
    letter, small = Proposed("apology_letter", words="书面致歉"), Proposed("voucher", Decimal(50), "券")
    first = offered(None, letter, small, at_once=True)
    second = cast.reviewed(cast.filed(phone="13900002222", at=later(days=3)), at=later(days=3, hours=1))
    with pytest.raises(GuardFailed, match="备案"):
        offered(second, letter, small, at_once=True, at=later(days=3, hours=2))

    settling.report(first, text="客户情绪激动，先行安抚。", actor=actor("agent"), at=later(days=3, hours=3))

    assert offered(second, letter, small, at_once=True, at=later(days=3, hours=4)).state == OfferState.APPROVED


def test_an_agent_gives_at_once_no_more_than_five_times_a_day() -> None:
    letter, small = Proposed("apology_letter", words="书面致歉"), Proposed("voucher", Decimal(50), "券")
    for n in range(5):
        offered(cast.reviewed(cast.filed(phone=f"1390000222{n}")), letter, small, at_once=True)

    with pytest.raises(GuardFailed, match="笔数"):
        offered(cast.reviewed(cast.filed(phone="13900002229")), letter, small, at_once=True)
    assert Offer.objects.count() == 5


def test_no_option_stays_below_a_confirmed_floor_also_where_a_later_offer_forgets_it() -> None:
    complaint = cast.reviewed()
    three = Proposed("statutory_multiple", Decimal(1596), "退一赔三，共 1596 元")
    for low in (VOUCHER, RESHIP, Proposed("cash", Decimal("1595.99"), "赔偿")):
        with pytest.raises(GuardFailed, match="消费者权益保护法"):
            offered(complaint, three, low, floors=["ST-1"])
    assert not Offer.objects.exists()

    offer = offered(complaint, three, floors=["ST-1"], only_one_because="法定标准")
    assert (offer.floors, offer.counted) == (["ST-1"], Decimal(1596))
    with pytest.raises(GuardFailed, match="第五十五条"):
        offered(complaint, REFUND, RESHIP, price=Decimal(0))


def test_goodwill_far_from_the_tariff_wants_a_reason() -> None:
    """PQ-01: 100 each, so 50 to 150; a VIP half as much again."""
    inside = offered(None, RESHIP, Proposed("voucher", Decimal(150), "券"), off_tariff_because="")
    assert inside.state == OfferState.PROPOSED

    with pytest.raises(GuardFailed, match="参考标准") as refused:
        offered(inside.complaint, RESHIP, Proposed("voucher", Decimal("150.01"), "券"), off_tariff_because="")
    assert refused.value.field == "off_tariff_because"


def test_money_of_the_ledger_is_paid_by_those_who_keep_it_and_only_once() -> None:
    offer = chosen(approved(offered()), "refund")
    assert offer.counted == 0  # what was paid goes back by its own way, and takes no authority
    with pytest.raises(MayNot, match="财务"):
        settling.fulfil(offer, reference="PAY-1", actor=actor("agent"), at=later(hours=4))

    first = settling.fulfil(offer, reference="PAY-1", actor=actor("manager"), at=later(hours=4))
    again = settling.fulfil(offer, reference="PAY-1", actor=actor("manager"), at=later(hours=5))
    with pytest.raises(OfferMoveRefused):
        settling.fulfil(offer, reference="PAY-2", actor=actor("manager"), at=later(hours=6))

    assert first == again == Fulfilment.objects.get()
    assert not Fulfilment.objects.visible_to(member("agent")).exists()
    assert Fulfilment.objects.visible_to(member("supervisor")).get().reference_for(member("supervisor")) == "***AY-1"
    assert first.reference_for(member("manager")) == "PAY-1"


def test_above_five_thousand_the_payer_is_a_third_person() -> None:
    offer = offered(None, RESHIP, Proposed("cash", Decimal(6000), "赔偿 6000 元"), by="supervisor")
    chosen(approved(offer, by="manager"), "cash")

    with pytest.raises(MayNot, match="三个人"):
        settling.fulfil(offer, reference="PAY-9", actor=actor("manager"), at=later(hours=4))
    assert Offer.objects.get().state == OfferState.CHOSEN


def test_an_offer_is_chosen_once_and_only_when_approved() -> None:
    offer = offered()
    with pytest.raises(OfferMoveRefused):
        chosen(offer)
    approved(offer)
    twin = Offer.objects.get()
    chosen(offer)

    with pytest.raises(OfferMoveRefused):
        settling.decline(twin, reason="不要", actor=actor("agent"), at=later(hours=4))
    assert Offer.objects.get().chosen == offer.options.get(instrument="reship")


@pytest.mark.req("C114")
def test_review_and_payment_each_run_against_the_promise_and_nothing_closes_before_it_is_paid() -> None:
    complaint = cast.resolved()
    offer = offered(complaint, at=later(hours=8))
    clocks = complaint.clocks.filter(code="CK-COMPPAY")
    assert [clock.due_at - clock.started_at for clock in clocks] == [timedelta(hours=24)]
    approved(offer, at=later(hours=9))
    assert not clocks.running().exists()
    settling.choose(offer, option=offer.options.get(instrument="reship"), actor=CUSTOMER, at=later(hours=10))

    assert clocks.running().count() == 1
    with pytest.raises(GuardFailed, match="待兑现"):
        closing.accept(complaint, outcome=Outcome.SATISFIED, at=later(days=1))
    assert closing.close_expired(at=later(days=20)) == 0
    settling.fulfil(offer, reference="SF1", actor=actor("agent"), at=later(days=20))
    assert closing.close_expired(at=later(days=21)) == 1


def frequent(*, times: int, phone: str = "13900007777") -> Complaint:
    """A customer who was awarded something so many times."""
    for n in range(times):
        row = cast.filed(phone=phone, text=f"第 {n} 次买的灯泡不亮，请尽快处理一下。", at=later(days=n))
        complaint = cast.reviewed(row, at=later(days=n, hours=1))
        offer = approved(offered(complaint, at=later(days=n, hours=2)), at=later(days=n, hours=3))
        settling.choose(
            offer, option=offer.options.get(instrument="voucher"), actor=CUSTOMER, at=later(days=n, hours=4)
        )
    last = cast.filed(phone=phone, text="这次买的冰箱不制冷，要求退货退款。", at=later(days=times))
    return cast.reviewed(last, at=later(days=times, hours=1))


@pytest.mark.req("B18")
def test_a_flag_for_many_awards_never_blocks_what_the_law_gives() -> None:
    """CG-7: the same offer for a flagged customer and for one who never asked goes the same way to its end."""
    flagged = frequent(times=4)
    fresh = cast.reviewed(cast.filed(phone="13900008888", at=later(days=4)), at=later(days=4, hours=1))
    assert queries.frequency(flagged.customer_id, at=later(days=5)).is_flagged
    assert not queries.frequency(fresh.customer_id, at=later(days=5)).is_flagged
    refund = Proposed("refund", Decimal(2999), "七日内全额退款 2999 元")

    ends = []
    for complaint in (flagged, fresh):
        offer = offered(
            complaint, refund, at=later(days=5), price=Decimal(2999), floors=["ST-2"], only_one_because="法定权利"
        )
        approved(offer, at=later(days=5, hours=1))
        settling.choose(offer, option=offer.options.get(), actor=CUSTOMER, at=later(days=5, hours=2))
        settling.fulfil(offer, reference=f"PAY-{complaint.pk}", actor=actor("manager"), at=later(days=5, hours=3))
        ends.append((offer.state, offer.counted, list(offer.approvals.values_list("role", flat=True))))

    assert ends[0] == ends[1] == (OfferState.FULFILLED, Decimal(0), ["supervisor"])


@pytest.mark.req("B18")
def test_no_action_and_no_rule_asks_how_often_a_customer_was_awarded_something() -> None:
    house = Path(queries.__file__).parent
    asking = [
        path.name
        for path in [*house.glob("actions/*.py"), *(house / f"{name}.py" for name in ("authority", "worth", "rules"))]
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if "frequency" in (getattr(node, "id", ""), getattr(node, "attr", ""), getattr(node, "name", ""))
    ]

    assert asking == []


def test_offers_are_seen_by_those_who_see_the_complaint_and_read_compensation() -> None:
    [order] = cast.dispatched(None, "QM")
    offered(order.complaint)

    def seen(usernames: Sequence[str]) -> set[str]:
        return {name for name in usernames if Offer.objects.visible_to(member(name)).exists()}

    names = ("agent", "supervisor", "manager", "legal", "director", "handler", "lead", "outsider", "admin", "analyst")
    assert seen(names) == {"agent", "supervisor", "manager", "legal", "director", "lead"}


def test_the_record_names_offers_and_no_sum_and_no_words() -> None:
    offer = approved(offered())

    said = str(list(Event.objects.filter(complaint=offer.complaint).values_list("particulars", flat=True)))

    assert "399" not in said
    assert "责任" not in said


def test_the_policy_is_loaded_once_amended_by_a_new_version_and_never_changed() -> None:
    body = cast.documents()["compensation"]
    assert loading.load({"compensation": body}, later(days=1)) == 0
    wider = {**body, "tier_factors": {"VIP": "2", "VUL": "1.2"}}
    with pytest.raises(MayNot):
        loading.amend(body=wider, note="试一试", actor=actor("agent"), at=later(days=1))
    with pytest.raises(PolicyUnsound):
        loading.amend(body={**body, "limits": {}}, note="试一试", actor=actor("admin"), at=later(days=1))

    loading.amend(body=wider, note="VIP 加倍", actor=actor("admin"), at=later(days=1))

    assert queries.current().tier_factors["VIP"] == Decimal(2)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE compensation_policyversion SET note = ''")
    assert PolicyVersion.objects.count() == 2
