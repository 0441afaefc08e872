"""What a text says sets the level; each rule that holds is a reason; nothing that is denied or feared is an alarm."""

from __future__ import annotations

import pytest

from huiyin.triage.book import Book
from huiyin.triage.grading import Verdict, grade
from huiyin.triage.levels import LEVELS, severity_label
from huiyin.triage.models import SEVERITIES
from tests import cast


def rules(verdict: Verdict) -> list[str]:
    return list(dict.fromkeys(reason.rule for reason in verdict.reasons if reason.rule.startswith("SEV")))


@pytest.mark.req("C044")
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("电饭煲突然喷汽，把我妈的手烫伤了，起了一大片水泡。", "SEV-01"),
        ("孩子吃了你们的蛋糕上吐下泻，半夜送到医院抢救。", "SEV-01"),
        ("充电器插上去没十分钟就起火了，桌布都烧着了。", "SEV-01"),
        ("洗澡的时候热水器漏电，整条胳膊都麻了。", "SEV-01"),
        ("高压锅爆炸，锅盖把天花板砸了个洞。", "SEV-01"),
        ("你们两万名用户的身份证信息被泄露，论坛上都在卖。", "SEV-02"),
        ("洗碗机漏水泡坏了楼下三层，要求赔偿损失12万元。", "SEV-03"),
        ("装修全毁了，直接经济损失十万元。", "SEV-03"),
        ("今早全市三万用户断网，支付全部中断。", "SEV-04"),
        ("这个型号国外已经召回了，为什么国内没有通知？", "SEV-05"),
        ("The kettle caught fire and my hand was badly injured.", "SEV-01"),
    ],
)
def test_danger_harm_and_great_loss_are_level_one(text: str, rule: str, book: Book) -> None:
    verdict = grade(text, book=book)
    assert (verdict.severity, rules(verdict)[0], verdict.needs_people, verdict.urgent) == (1, rule, True, True)


@pytest.mark.req("C045")
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("我们30户业主联名投诉，宽带装了半个月还不能用。", "SEV-07"),
        ("我们二十几户业主都没收到货。", "SEV-07"),
        ("同一批次的轴承我们装了四十台设备，七台出现卡死故障。", "SEV-08"),
        ("一批订单八十笔全部未发货。", "SEV-08"),
        ("你们把我的手机号泄露给了装修公司。", "SEV-10"),
        ("市场监管局转办：消费者反映商家拒绝退货。", "SEV-10"),
        ("我已经委托律师，昨天发了律师函。", "SEV-10"),
        ("再不退钱我就发抖音曝光，通话录音和聊天记录我都有。", "SEV-10"),
        ("来料缺货，我们装配线已经停线四个小时。", "SEV-11"),
        ("地板泡坏，损失两万五千元。", "SEV-12"),
        ("冰箱漏水把木地板泡了，要求赔偿¥23,500。", "SEV-12"),
    ],
)
def test_groups_batches_leaks_law_and_larger_loss_are_level_two(text: str, rule: str, book: Book) -> None:
    verdict = grade(text, book=book)
    assert (verdict.severity, rules(verdict)[0], verdict.needs_people) == (2, rule, True)


@pytest.mark.parametrize(
    "text",
    [
        "还好没有受伤，就是盖子松了。",
        "没起火，也不漏电，只是插头有点松。",
        "未造成人员伤亡，但是门把手掉了。",
        "我很担心会起火，麻烦解释一下这个插座的标准。",
        "请问这款插座会不会漏电？",
        "家里装了漏电保护器，请问要多少钱？",
        "这件事让我很受伤，你们的态度太差了。",
        "价格简直是爆炸性的，太贵了。",
        "客服电话都被打爆了，一直打不通。",
        "来电人咨询退货的流程。",
        "退款三百元到现在没有到账。",
        "订单金额120000元的发票抬头开错了。",
        "我们小区有三千户，快递柜太少了。",
        "再不处理我就去12315投诉。",
        "不处理我就曝光你们！",
        "请不要把我的电话泄露给别人。",
        "我妈妈对花粉过敏，请问这款空气净化器适合吗？",
        "看着火车站的广告买的，结果跟描述不符。",
        "母亲去世了，拿着死亡证明来办过户，营业厅不给办。",
        "住院费用报销需要发票，麻烦尽快开票。",
        "店铺打折活动炸了，我的订单被取消了。",
    ],
)
def test_what_is_denied_feared_asked_or_meant_otherwise_is_no_alarm(text: str, book: Book) -> None:
    verdict = grade(text, book=book)
    assert verdict.severity >= 3, verdict.reasons


@pytest.mark.req("C016")
def test_every_rule_that_holds_is_a_reason_and_the_first_sets_the_level(book: Book) -> None:
    text = "你们的取暖器起火，我们25户居民联名投诉，损失3万元，已经起诉到法院。"
    verdict = grade(text, book=book)
    assert verdict.severity == 1
    assert rules(verdict) == ["SEV-01", "SEV-07", "SEV-10", "SEV-12"]
    found = {reason.rule: text[reason.start : reason.end] for reason in verdict.reasons if reason.start >= 0}
    assert (found["SEV-01"], found["SEV-12"]) == ("起火", "损失")
    assert verdict.model == "rules-1"


def test_a_reason_quotes_nothing_of_the_customer_s(book: Book) -> None:
    verdict = grade("我叫张伟，电话13800138000，被你们的电热毯烫伤。", book=book)
    assert not any("张伟" in reason.text or "138" in reason.text for reason in verdict.reasons)


def test_a_place_in_the_title_is_told_from_a_place_in_the_text(book: Book) -> None:
    verdict = grade("详情见附件。", title="充电宝爆炸", book=book)
    reason = next(reason for reason in verdict.reasons if reason.rule == "SEV-01")
    assert (reason.source, reason.start, reason.end) == ("title", 3, 5)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("建议遥控器增加背光功能。", "SG-01"),
        ("请问怎么办理停机保号，需要什么材料？", "SG-03"),
        ("王师傅非常耐心，特别感谢，表扬他！", "SG-04"),
    ],
)
def test_suggestions_questions_and_praise_are_level_four(text: str, code: str, book: Book) -> None:
    verdict = grade(text, book=book)
    assert (verdict.category, verdict.severity, verdict.needs_people) == (code, 4, False)


def test_everything_else_is_level_three(book: Book) -> None:
    verdict = grade("洗衣机排水管接头松了，师傅说下周来。", book=book)
    assert (verdict.severity, rules(verdict), verdict.needs_people) == (3, ["SEV-99"], False)


def test_what_cannot_be_classified_is_level_three_and_goes_to_people(book: Book) -> None:
    verdict = grade("你好，在吗？", book=book)
    assert (verdict.category, verdict.severity, verdict.confidence) == ("SG-05", 3, 0.1)


def test_a_category_s_default_makes_it_more_severe_and_never_less(book: Book) -> None:
    mild = grade("酸奶的生产日期被涂改过。", book=book)
    assert (mild.category, mild.severity, rules(mild)) == ("PQ-12", 2, ["SEV-99"])
    assert [reason.text for reason in mild.reasons][-1] == "类别默认二级（重要/严重），从重"
    grave = grade("酸奶的生产日期被涂改过，喝了拉肚子，已经住院。", book=book)
    assert grave.severity == 1


def test_a_passing_word_of_a_grave_category_is_no_alarm(book: Book) -> None:
    text = "退款一直没到账，退款进度也查不到，客服说原路退回要等，顺便说一句，盒子里好像有小虫。"
    assert grade(text, book=book).severity == 3


@pytest.mark.req("C016")
def test_a_person_s_category_stands_and_its_default_counts(book: Book) -> None:
    verdict = grade("退款一直没到账。", category="RL-14", book=book)
    assert (verdict.category, verdict.severity, verdict.confidence, verdict.issue_class) == ("RL-14", 1, 1.0, "tech")
    assert verdict.candidates[0][0] == "TD-06"


@pytest.mark.parametrize("tier", ["VIP", "STD", "VUL"])
def test_a_tier_never_lowers_a_level(tier: str, book: Book) -> None:
    assert grade("电热毯起火了。", tier=tier, book=book).severity == 1
    assert grade("快递晚到了两天。", tier=tier, book=book).severity == 3


def test_an_important_customer_s_interruption_is_level_two(book: Book) -> None:
    text = "专线断网两小时了，业务全停。"
    assert [grade(text, tier=tier, book=book).severity for tier in ("STD", "VIP")] == [3, 2]


@pytest.mark.parametrize("channel", ["hotline_12315", "hotline_12345", "consumer_association"])
def test_what_a_regulator_sends_is_level_two(channel: str, book: Book) -> None:
    text = "洗衣机排水管接头松了。"
    assert [grade(text, channel=each, book=book).severity for each in ("phone", channel)] == [3, 2]


@pytest.mark.parametrize(
    ("known", "severity"),
    [
        ({"reopened_count": 1}, 3),
        ({"reopened_count": 2}, 2),
        ({"group_complainants": 19}, 3),
        ({"group_complainants": 20}, 2),
        ({"claimed_loss_cny": 99_999}, 2),
        ({"claimed_loss_cny": "100000"}, 1),
        ({"media_or_viral": True, "brand_mentions_ratio": 3.5}, 1),
        ({"media_or_viral": True, "brand_mentions_ratio": 1}, 3),
        ({"outage_affected_users": 10_000}, 1),
        ({"claimed_loss_cny": None, "fire": "maybe"}, 3),
    ],
)
def test_what_is_known_from_elsewhere_counts(known: dict[str, object], severity: int, book: Book) -> None:
    assert grade("洗衣机排水管接头松了。", signals=known, book=book).severity == severity


@pytest.mark.parametrize(
    ("text", "complexity"),
    [
        ("快递晚到了两天。", "S"),
        ("快递晚到了两天，损失三千元，要求赔偿。", "C"),
        ("快递晚到了两天，这是第三次投诉了。", "C"),
        ("手机主板坏了。", "C"),
    ],
)
def test_liability_inspection_and_a_third_round_make_it_complex(text: str, complexity: str, book: Book) -> None:
    assert grade(text, book=book).complexity == complexity


def test_the_levels_are_ranked_and_named_in_both_languages() -> None:
    assert [level.code for level in LEVELS.values()] == ["L1", "L2", "L3", "L4"]
    assert {rank: level.zh for rank, level in LEVELS.items()} == {rank: str(name) for rank, name in SEVERITIES}
    policy = cast.documents()["severity"]["levels"]
    assert [(each.code, each.owner, each.accountable) for each in LEVELS.values()] == [
        (each["id"], each["owner"], each["accountable"]) for each in policy
    ]
    assert severity_label(1) == "一级（紧急/重大）"
    assert severity_label(2, "en") == "L2 Major"
