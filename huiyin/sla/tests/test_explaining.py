import json
from datetime import timedelta

import pytest

from huiyin.sla.promises import Inputs, deadline, explain
from huiyin.sla.tests.documents import at, policy

FRIDAY = "2026-11-20 17:59"
SIMPLE, COMPLEX = Inputs("L3", "S", "general"), Inputs("L3", "C", "general")
SENTENCES = [
    (
        "CK-RESOLVE", COMPLEX, FRIDAY,
        "收到 11月20日 17:59 起 5 个工作日（不计收到当天；跳过 11/21、11/22 周末）→ 11月27日 18:00；"
        "依据 sla.yaml CK-RESOLVE L3/C 第 5 条，政策版本 1",
        "5 working days from receipt on 20 Nov 17:59 (that day not counted; "
        "skipping 11/21 and 11/22 weekend) → 27 Nov 18:00; "
        "under sla.yaml CK-RESOLVE L3/C rule 5, policy version 1",
    ),
    (
        "CK-RESOLVE", SIMPLE, FRIDAY,
        "收到 11月20日 17:59 起 72 小时（自然时间，节假日照算；早于 3 个工作日，取其早）→ 11月23日 17:59；"
        "依据 sla.yaml CK-RESOLVE L3/S 第 4 条，政策版本 1",
        "72 hours from receipt on 20 Nov 17:59 (round the clock; earlier than 3 working days) → 23 Nov 17:59; "
        "under sla.yaml CK-RESOLVE L3/S rule 4, policy version 1",
    ),
    (
        "CK-RESOLVE", COMPLEX, "2026-02-13 17:30",
        "收到 2月13日 17:30 起 5 个工作日（不计收到当天；跳过 2/15–2/23 春节；2/14 调休上班计入）→ 2月27日 18:00；"
        "依据 sla.yaml CK-RESOLVE L3/C 第 5 条，政策版本 1",
        "5 working days from receipt on 13 Feb 17:30 (that day not counted; skipping 2/15–2/23 Spring Festival; "
        "counting make-up working day 2/14) → 27 Feb 18:00; under sla.yaml CK-RESOLVE L3/C rule 5, policy version 1",
    ),
    (
        "CK-RESOLVE", COMPLEX, "2026-12-28 10:00",
        "收到 12月28日 10:00 起 5 个工作日（不计收到当天）→ 2027年1月2日 18:00；"
        "暂定：放假安排只到 2026-12-31，按可能的最早时刻给出，待节假日数据更新后重算；"
        "依据 sla.yaml CK-RESOLVE L3/C 第 5 条，政策版本 1",
        "5 working days from receipt on 28 Dec 10:00 (that day not counted) → 2 Jan 2027 18:00; "
        "provisional: no holidays are known after 2026-12-31, so this is the earliest it can be, "
        "to be reckoned again once they are; "
        "under sla.yaml CK-RESOLVE L3/C rule 5, policy version 1",
    ),
    (
        "CK-FR", Inputs("L3", "S", "tech", "VIP", urgent=True), FRIDAY,
        "收到 11月20日 17:59 起 30 分钟（自然时间，节假日照算；早于 60 分钟、2 小时，取其早）→ 11月20日 18:29；"
        "依据 sla.yaml CK-FR 紧急 第 2 条，政策版本 1",
        "30 minutes from receipt on 20 Nov 17:59 (round the clock; earlier than 60 minutes, 2 hours) → 20 Nov 18:29; "
        "under sla.yaml CK-FR urgent rule 2, policy version 1",
    ),
    (
        "CK-HANDLE", SIMPLE, FRIDAY,
        "派单 11月20日 18:29，工单时限 11月23日 17:59，为客服中心预留 14 小时 18 分钟（自然时间，节假日照算）"
        "→ 11月23日 03:41；依据 sla.yaml CK-HANDLE，政策版本 1",
        "Dispatched 20 Nov 18:29, work order due 23 Nov 17:59, 14 h 18 min kept for the service centre "
        "(round the clock) → 23 Nov 03:41; under sla.yaml CK-HANDLE, policy version 1",
    ),
    (
        "CK-HANDLE", COMPLEX, FRIDAY,
        "收到 11月20日 17:59 起 4 个工作日（工单时限 5 个工作日的 80%；不计收到当天；"
        "跳过 11/21、11/22 周末）→ 11月26日 18:00；"
        "依据 sla.yaml CK-HANDLE，政策版本 1",
        "4 working days from receipt on 20 Nov 17:59 (80% of the work order's 5 working days; that day not counted; "
        "skipping 11/21 and 11/22 weekend) → 26 Nov 18:00; under sla.yaml CK-HANDLE, policy version 1",
    ),
    (
        "CK-RESOLVE", Inputs("L2", "C", "contract"), FRIDAY,
        "收到 11月20日 17:59 起 24 小时（自然时间，节假日照算）→ 11月21日 17:59；"
        "这是临时方案的时限，最终解决 5 个工作日；"
        "依据 sla.yaml CK-RESOLVE L2/C 第 3 条，政策版本 1",
        "24 hours from receipt on 20 Nov 17:59 (round the clock) → 21 Nov 17:59; "
        "an interim solution, the final one within 5 working days; "
        "under sla.yaml CK-RESOLVE L2/C rule 3, policy version 1",
    ),
    (
        "CK-DAILY", Inputs("L2", "C", "contract"), FRIDAY,
        "11月20日 17:59 之后的第一个 18:00 → 11月20日 18:00；依据 sla.yaml CK-DAILY，政策版本 1",
        "The first 18:00 after 20 Nov 17:59 → 20 Nov 18:00; under sla.yaml CK-DAILY, policy version 1",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("code", "inputs", "start", "chinese", "english"), SENTENCES)
def test_a_deadline_says_in_one_sentence_why_it_is_what_it_is(
    code: str, inputs: Inputs, start: str, chinese: str, english: str
) -> None:
    dispatched = at(start) + timedelta(minutes=30)
    found = deadline(policy(), code, start=at(start), inputs=inputs, dispatched=dispatched)
    assert found is not None
    kept = json.loads(json.dumps(found.why))
    assert kept == found.why
    assert explain(kept, "zh-hans") == chinese
    assert explain(kept, "en") == english


def test_where_nothing_was_reckoned_nothing_is_said() -> None:
    assert explain({}, "zh-hans") == ""


def test_the_shipped_clocks_all_have_an_english_name() -> None:
    from huiyin.sla.explaining import ENGLISH_CLOCKS

    of_authorities = {"CK-REG", "CK-REG-C", "CK-REG-W"}  # of the regulatory profiles, not of the policy
    assert set(ENGLISH_CLOCKS) == set(policy().clocks) | of_authorities
