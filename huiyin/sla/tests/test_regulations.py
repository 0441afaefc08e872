"""Limits of law, reckoned from values only; the shipped profiles are read as they are."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from huiyin.sla import regulations
from huiyin.sla.explaining import explain
from huiyin.sla.policy import Policy
from huiyin.sla.regulations import Profile
from huiyin.sla.tests.documents import at, shipped

DOCUMENT = yaml.safe_load((Path(__file__).parents[2] / "defaults" / "regulations.yaml").read_text("utf-8"))
POLICY = Policy(shipped(), number=1)


def of(code: str) -> Profile:
    body = next(each for each in DOCUMENT["profiles"] if each["id"] == code)
    return regulations.read(body, checked_on=DOCUMENT["checked_on"])


def due(code: str, name: str, start: datetime) -> datetime:
    profile = of(code)
    limit = profile.limit(name)
    assert limit is not None
    return regulations.deadline(POLICY, profile, limit, code="CK-REG", start=start).due_at


def local(moment: datetime, zone: str = "Asia/Shanghai") -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"


def test_every_profile_is_read_with_its_basis_and_is_supported_not_certified() -> None:
    assert DOCUMENT["status"] == "supported_not_certified"
    profiles = [of(each["id"]) for each in DOCUMENT["profiles"]]
    assert len(profiles) == 9
    for profile in profiles:
        assert profile.checked_on
        assert all(limit.basis and limit.zh and limit.en for limit in profile.clocks)
        assert any(not limit.is_watched for limit in profile.clocks)


@pytest.mark.req("A48")
def test_limits_are_reckoned_as_each_law_counts() -> None:
    before_national_day = at("2026-09-28 10:00")
    assert local(due("CN-12315", "odr_reply", before_national_day)) == "2026-10-16 18:00:00"  # 10 working days
    assert (
        local(due("CN-BANKINS", "simple", at("2026-09-17 09:00"))) == "2026-10-08 23:59:59"
    )  # 15 days end in the holiday
    assert local(due("CN-12345", "emergency", at("2026-10-01 23:30"))) == "2026-10-02 01:30:00"
    friday = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert local(due("UK-FCA", "final_response", friday), "Europe/London") == "2027-01-15 23:59:59"  # 8 weeks
    assert local(due("UK-FCA", "ombudsman_window", at("2026-08-31 10:00")), "Europe/London") == "2027-02-28 23:59:59"
    assert local(due("UK-FCA", "psd", friday), "Europe/London") == "2026-12-11 18:00:00"
    # no Chinese holiday moves a foreign deadline: the fifteenth day is a Sunday and stays one
    assert local(due("US-CFPB", "response", at("2026-11-21 10:00")), "America/New_York") == "2026-12-05 23:59:59"


def test_months_end_with_the_month_where_it_is_shorter() -> None:
    assert regulations.months_after(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert regulations.months_after(date(2026, 12, 15), 1) == date(2027, 1, 15)


def test_a_given_deadline_says_that_it_was_given_and_a_reckoned_one_by_what() -> None:
    profile = of("CN-12315")
    [limit] = [each for each in profile.begun("referred", is_direct=False) if not each.is_watched]
    start, end = at("2026-11-16 10:00"), at("2026-11-20 17:00")
    given = regulations.given(POLICY, profile, limit, code="CK-REG", start=start, due=end, number="SAMR-1")
    assert given.due_at == end
    assert "SAMR-1" in explain(given.why, "zh")
    assert "照录，不重算" in explain(given.why, "zh")
    assert "as the authority gave it" in explain(given.why, "en")
    counted = regulations.deadline(POLICY, profile, limit, code="CK-REG", start=start)
    assert "不暂停" in explain(counted.why, "zh")
    assert "支持，未认证" in explain(counted.why, "zh")
    assert "supported, not certified" in explain(counted.why, "en")


def test_eligibility_is_a_hint_by_months_for_bills_and_years_for_the_rest() -> None:
    profile, today = of("CN-TELECOM"), at("2026-11-16 10:00")
    old, older = at("2026-05-01 10:00"), at("2024-11-01 10:00")
    assert regulations.hints(profile, occurred=old, at=today, is_billing=True) == [("months", 5)]
    assert regulations.hints(profile, occurred=old, at=today, is_billing=False) == []
    assert regulations.hints(profile, occurred=older, at=today, is_billing=False) == [("years", 2)]
    assert regulations.hints(of("CN-12315"), occurred=older, at=today, is_billing=True) == []


def test_which_clocks_begin_depends_on_who_sent_it_and_how_it_is_classed() -> None:
    telecom, bank = of("CN-TELECOM"), of("CN-BANKINS")
    assert [each.id for each in telecom.begun("referred", is_direct=True)] == ["operator_reply"]
    assert [each.id for each in telecom.begun("referred", is_direct=False)] == [
        "authority_accept", "authority_answer", "operator_to_authority",
    ]  # fmt: skip
    assert [each.id for each in bank.begun("referred", is_direct=False)] == ["simple"]
    assert [each.id for each in bank.begun("referred", is_direct=False, chosen="complex")] == ["complex"]
    rungs = [bank.next_rung(name) for name in ("simple", "complex", "very_complex")]
    assert [rung.id if rung else "" for rung in rungs] == ["complex", "very_complex", ""]
