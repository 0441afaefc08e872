"""What an authority sent: its number and deadline are kept as given, its clocks never pause, the tightest one leads."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from huiyin.complaints import packaging
from huiyin.complaints.actions import (
    attaching,
    clocks,
    closing,
    merging,
    noting,
    reckoning,
    regulating,
    replying,
    returning,
    sweeping,
    waiting,
)
from huiyin.complaints.actions.regulating import Referral
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Clock, Complaint, Event, Letter, RegulatoryCase
from huiyin.complaints.models.complaint import Outcome
from huiyin.insight import attainment
from huiyin.lib.canonical import sha256_hex
from huiyin.org.actors import SYSTEM
from huiyin.sla.actions import excepting
from huiyin.sla.models import RegulatoryProfile
from huiyin.sla.queries import current
from tests import cast
from tests.cast import MONDAY, actor, later, member

pytestmark = pytest.mark.django_db
SENT = Referral(profile="CN-12315", number="SAMR-2026-1", received_at=MONDAY)


@pytest.fixture(autouse=True)
def _company() -> None:
    cast.company()


def on(*codes: str, reach: str = "referred") -> None:
    RegulatoryProfile.objects.filter(code__in=codes).update(reach=reach)


def referred(referral: Referral = SENT, **given: Any) -> RegulatoryCase:
    return regulating.refer(cast.filed(**given), referral, actor=actor("agent"), at=later(minutes=5))


def own(case: RegulatoryCase) -> Clock:
    return Clock.objects.get(complaint=case.complaint, code=clocks.REGULATORY, subject__startswith=case.key)


@pytest.mark.req("A48")
def test_a_referral_of_the_consumer_association_keeps_its_number_and_its_clock_starts() -> None:
    complaint = cast.filed(channel="consumer_association", external_id="XX消协〔2026〕18号")

    [case] = complaint.regulatory_cases.all()
    assert (case.profile, case.number, case.authority) == ("CN-CONSUMER", "XX消协〔2026〕18号", "消费者协会")
    clock = own(case)
    assert (clock.started_at, clock.stopped_at) == (MONDAY, None)
    event = complaint.events.get(kind=Event.Kind.REGULATED)
    assert event.particulars["number"] == "XX消协〔2026〕18号"
    again = cast.filed(channel="consumer_association", external_id="XX消协〔2026〕18号")
    assert (again, RegulatoryCase.objects.count()) == (complaint, 1)


def test_a_given_deadline_is_never_reckoned_anew_and_the_tightest_clock_leads() -> None:
    tight, far = MONDAY + timedelta(hours=5), MONDAY + timedelta(days=30)
    case = referred(Referral(profile="CN-12315", number="A-1", received_at=MONDAY, deadline=tight))
    complaint = case.complaint
    assert complaint.due_at == tight < Clock.objects.get(complaint=complaint, code="CK-RESOLVE").due_at

    regulating.amend(
        case, Referral(profile="CN-12315", number="A-1", deadline=far), actor=actor("agent"), at=later(minutes=9)
    )
    complaint.refresh_from_db()
    assert complaint.due_at == Clock.objects.get(complaint=complaint, code="CK-RESOLVE").due_at
    moved = complaint.events.get(kind=Event.Kind.REFERRAL_AMENDED).particulars
    assert moved["before"]["given"] != moved["given"]

    for day in range(17, 28):  # a fortnight's holiday, and everything counted anew: what was given stays
        excepting.set_day(
            day=(MONDAY + timedelta(days=day - 16)).date(), is_working=False, name="停业", actor=SYSTEM, at=later()
        )
    reckoning.reckon_all(current(), actor=SYSTEM, at=later(hours=1))
    assert own(case).due_at == far


def test_nothing_pauses_it_and_the_general_extension_is_not_for_it() -> None:
    on("CN-BANKINS")
    [order] = cast.dispatched(cast.reviewed())
    complaint = Complaint.objects.get(pk=order.complaint_id)
    case = regulating.refer(
        complaint, Referral(profile="CN-BANKINS", number="B-1"), actor=actor("agent"), at=later(hours=1)
    )
    before = own(case).due_at

    waiting.pause(
        complaint, code="WAIT_CUST", reason="等客户发照片", until=None, actor=actor("agent"), at=later(hours=2)
    )
    assert own(case).paused_at is None
    assert Clock.objects.get(complaint=complaint, code="CK-RESOLVE").paused_at is not None
    waiting.resume(complaint, actor=actor("agent"), at=later(days=2))
    assert own(case).due_at == before


def test_more_time_is_the_profiles_own_ladder_with_its_levels_and_the_customer_told() -> None:
    on("CN-BANKINS")
    case = referred(Referral(profile="CN-BANKINS", number="B-2", received_at=MONDAY))
    first = own(case).due_at

    regulating.ask_for_time(case, reason="须调取第三方流水", actor=actor("agent"), at=later(hours=2))
    with pytest.raises(MayNot):
        regulating.decide_on_time(case, grant=True, actor=actor("agent2"), at=later(hours=3))
    regulating.decide_on_time(case, grant=True, actor=actor("supervisor"), at=later(hours=3))
    second = own(case)
    assert (case.category, second.due_at > first, second.why["amount"]) == ("complex", True, 30)

    regulating.ask_for_time(case, reason="涉及多家机构", actor=actor("agent"), at=later(days=1))
    with pytest.raises(MayNot):
        regulating.decide_on_time(case, grant=True, actor=actor("supervisor"), at=later(days=1, hours=1))
    with pytest.raises(GuardFailed, match="告知客户"):
        regulating.decide_on_time(case, grant=True, actor=actor("manager"), at=later(days=1, hours=1))
    replying.send(
        case.complaint, channel=Letter.Channel.PHONE, body="您好，还需要一些时间核实，给您添麻烦了。", is_final=False,
        actor=actor("agent"), at=later(days=1, hours=2),
    )  # fmt: skip
    regulating.decide_on_time(case, grant=True, actor=actor("manager"), at=later(days=1, hours=3))
    assert own(case).why["amount"] == 60
    with pytest.raises(GuardFailed, match="没有"):
        regulating.ask_for_time(case, reason="再要", actor=actor("agent"), at=later(days=2))


def test_it_is_answered_with_a_complete_package_and_only_then_the_complaint_closes() -> None:
    complaint = cast.resolved()
    case = regulating.refer(complaint, SENT, actor=actor("agent"), at=later(hours=8))
    with pytest.raises(GuardFailed, match="监管时限"):
        closing.accept(complaint, outcome=Outcome.SATISFIED, at=later(hours=9))
    said: dict[str, Any] = {"words": "已与投诉人达成一致。", "outcome": "agreed", "actor": actor("agent")}
    with pytest.raises(GuardFailed, match="协商"):
        regulating.answer(case, **said, at=later(hours=10))

    regulating.answer(case, **said, negotiated_at=later(hours=9), negotiated_by="phone", at=later(hours=10))

    assert own(case).stopped_at == later(hours=10)
    closing.accept(complaint, outcome=Outcome.SATISFIED, at=later(hours=11))
    watched = Clock.objects.filter(complaint=complaint, code=clocks.WATCHED)
    assert watched.count() == 2
    assert not watched.exclude(attention_at=None).exists()


def test_what_the_authority_must_do_is_shown_and_never_counted_nor_warned_of() -> None:
    case = referred()
    late = later(days=200)
    while sweeping.sweep(at=late):
        pass
    watched = Clock.objects.filter(complaint=case.complaint, code=clocks.WATCHED)
    assert watched.count() == 2
    assert not watched.exclude(breached_at=None).exists()
    period = attainment.Period(MONDAY.date(), late.date())
    counted = attainment.clocks_of(member("supervisor2"), period, attainment.Chosen(), at=late)
    assert clocks.REGULATORY in set(counted.values_list("code", flat=True))
    assert clocks.WATCHED not in set(counted.values_list("code", flat=True))


def test_bad_referrals_are_refused_each_with_a_reason() -> None:
    referred()
    other = cast.filed(text="另一件事，洗衣机漏水。", phone="13900002222")
    for wrong, words in (
        (Referral(profile="CN-12315", number="SAMR-2026-1"), "已经登记过"),
        (Referral(profile="CN-12315"), "编号"),
        (Referral(profile="UK-FCA", number="1"), "没有启用"),
        (Referral(profile="CN-12345", number="1", category="simple"), "没有这种情形"),
        (Referral(profile="CN-12345", number="1", deadline=later(days=-9)), "期限"),
        (Referral(profile="CN-12345", number="1", received_at=later(days=9)), "未来"),
        (Referral(profile="CN-12345", number="1" * 65), "最多"),
    ):
        with pytest.raises(GuardFailed, match=words):
            regulating.refer(other, wrong, actor=actor("agent"), at=later(minutes=5))
    with pytest.raises(MayNot):
        regulating.refer(other, Referral(profile="CN-12345", number="2"), actor=actor("handler"), at=later(minutes=5))
    with pytest.raises(GuardFailed, match="不能并入"):
        merging.merge(
            Complaint.objects.exclude(pk=other.pk).get(), into=other, actor=actor("reviewer"), at=later(hours=1)
        )


def test_a_profile_for_every_complaint_counts_from_receipt_until_the_customer_is_answered() -> None:
    on("CN-TELECOM", reach="every")
    complaint = cast.waiting_for_reply()
    assert regulating.count_directly(complaint, at=later(minutes=30)) == 1
    assert regulating.count_directly(complaint, at=later(minutes=31)) == 0
    clock = Clock.objects.get(complaint=complaint, code=clocks.DIRECT)
    assert (clock.started_at, clock.why["limit_id"]) == (complaint.received_at, "operator_reply")
    replying.send(
        complaint, channel=Letter.Channel.PHONE, body="您好，已为您换新。", is_final=True, actor=actor("agent"),
        at=later(hours=7),
    )  # fmt: skip
    clock.refresh_from_db()
    assert clock.stopped_at == later(hours=7)


def test_the_reply_package_holds_everything_and_its_manifest_proves_it() -> None:
    case = referred()
    attaching.attach(
        case.complaint, name="合影/../照片.txt", chunks=["照片说明".encode()], actor=actor("agent"), at=later(hours=1)
    )

    among_ourselves = [("内部.txt", [b"x"])]
    noting.note(case.complaint, text="只给同事看。", files=among_ourselves, actor=actor("agent"), at=later(hours=1))

    packed = packaging.pack(case, actor=actor("supervisor"), at=later(hours=2))

    with zipfile.ZipFile(io.BytesIO(packed.read())) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert (manifest["number"], manifest["standing"][:6]) == ("SAMR-2026-1", "支持，未认证")
        assert {each["name"] for each in manifest["files"]} == set(archive.namelist()) - {"manifest.json"}
        assert all(sha256_hex(archive.read(each["name"])) == each["sha256"] for each in manifest["files"])
        record = json.loads(archive.read("处理记录.json"))["events"]
        assert [each["kind"] for each in record] == ["filed", "regulated", "attached", "attached", "noted"]
        assert not [name for name in archive.namelist() if "内部" in name]
        assert "照录" not in archive.read("封面.html").decode()
        assert "SAMR-2026-1" in archive.read("封面.html").decode()
        assert not [name for name in archive.namelist() if ".." in name.split("/")]
    taken = case.complaint.events.get(kind=Event.Kind.EXPORTED).particulars
    assert (taken["what"], taken["case"]) == ("reply_package", case.pk)


@pytest.mark.req("C104")
def test_what_came_back_is_dealt_with_in_72_hours_and_paid_back_in_seven_days_of_law() -> None:
    complaint = cast.reviewed()
    returning.receive(complaint, without_reason=True, actor=actor("agent"), at=later(hours=1))
    back, money = (Clock.objects.get(complaint=complaint, code=code) for code in ("CK-RET", clocks.REGULATORY))
    assert back.due_at == later(hours=73)
    assert money.why["limit_id"] == "refund_7d"
    with pytest.raises(GuardFailed, match="还没有处理完"):
        returning.receive(complaint, actor=actor("agent"), at=later(hours=2))
    returning.process(complaint, actor=actor("agent"), at=later(hours=50))
    assert not Clock.objects.running().filter(pk__in=[back.pk, money.pk]).exists()
