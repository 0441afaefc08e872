"""What a text promises the customer, and what it does not."""

from datetime import timedelta

import pytest

from huiyin.sla.spoken import promised_in
from huiyin.sla.tests.documents import at, policy

MONDAY = at("2026-11-23 10:00")

PROMISED = [
    ("您好，明天下午三点前给您答复。", "2026-11-24 15:00"),
    ("我们会在24小时内回复您。", "2026-11-24 10:00"),
    ("二十四小时之内给您一个明确的答复", "2026-11-24 10:00"),
    ("已经记下了，周五前与您联系。", "2026-11-27 18:00"),
    ("我们已收到您的投诉，3个工作日内，我们将给您回电。", "2026-11-26 18:00"),
    ("最迟下周二上午给您回电话，请您放心。", "2026-12-01 12:00"),
    ("11月24日15：00前答复您", "2026-11-24 15:00"),
    ("我会在2026-11-25 09:30之前联系您", "2026-11-25 09:30"),
    ("今天下班前给您回复", "2026-11-23 18:00"),
    ("今晚八点半前给您打电话", "2026-11-23 20:30"),
    ("半小时内给您回电", "2026-11-23 10:30"),
    ("下午三点前给您回电", "2026-11-23 15:00"),
    ("两天内有进展，一周内给您结果。两个小时内先给您回个电话", "2026-11-23 12:00"),
    ("1月5日前给您书面答复", "2027-01-05 18:00"),
    ("给您答复的时间是周三中午12点", "2026-11-25 12:00"),
    ("本月底前向您反馈处理结果", "2026-11-30 18:00"),
    ("25号之前给您说法", "2026-11-25 18:00"),
    ("We will reply by Friday 5 pm.", "2026-11-27 17:00"),
    ("You will hear from us within 24 hours.", "2026-11-24 10:00"),
    ("I'll call you back tomorrow morning", "2026-11-24 12:00"),
    ("Thank you. We shall write to you within three working days.", "2026-11-26 18:00"),
    ("We will get back to you by 5 p.m. on Wednesday.", "2026-11-25 17:00"),
    ("We will contact you before 24 November at 15:00", "2026-11-24 15:00"),
    ("We will update you by the end of the day", "2026-11-23 18:00"),
]
NOTHING = [
    "",
    "您好，您反映的情况我们已经记录。",
    "请您在3天内回复我们。",
    "请于周五前补充购买凭证，以便我们答复。",
    "您可以在24小时内联系我们。",
    "3个工作日内退款到账。",
    "我们不能承诺明天给您答复。",
    "我们昨天下午三点已联系您。",
    "今天上午九点前给您答复。",  # it is ten
    "我们会尽快给您答复。",
    "我们无法在24小时内答复您",
    "您说明天下午三点在家，师傅上门维修。",
    "2020年5月1日前给您答复",
    "13月45日前给您答复，99点前回复您",
    "请在24小时内告知我们",
    "Please reply by Friday.",
    "You can call us within 24 hours.",
    "We cannot call you back by Friday.",
    "The refund arrives within 3 working days.",
    "We replied on Monday at 9 am.",
    "500天内给您答复",
]


@pytest.mark.req("B45")
@pytest.mark.parametrize(("text", "until"), PROMISED)
def test_a_promised_time_is_read_from_the_text(text: str, until: str) -> None:
    found = promised_in(text, at=MONDAY, calendar=policy().calendar)

    assert found is not None
    assert found.until == at(until)


@pytest.mark.parametrize("text", NOTHING)
def test_what_promises_nothing_or_is_past_proposes_nothing(text: str) -> None:
    assert promised_in(text, at=MONDAY, calendar=policy().calendar) is None


def test_a_long_text_is_read_at_once_and_never_further_than_90_days() -> None:
    text = "明天下午三点三十分十一" * 2000 + "。" + "within two " * 2000
    assert promised_in(text, at=MONDAY, calendar=policy().calendar) is None
    told = promised_in("30天内给您答复", at=MONDAY, calendar=policy().calendar)
    assert told is not None
    assert told.until - MONDAY == timedelta(days=30)
