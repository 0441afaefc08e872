import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.lib.clean import TooLong, clean_line, clean_text, deidentify


def test_the_words_and_the_lines_stay_as_they_are() -> None:
    assert clean_text("  第一点\r\n第二点\t好\r第三点👨‍👩‍👧  ") == "第一点\n第二点\t好\n第三点👨‍👩‍👧"


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x85", "\u202e", "\u2066", "\ufeff", "\ud800"])
def test_signs_that_deceive_or_break_are_taken_out(sign: str) -> None:
    assert clean_text(f"退{sign}款") == "退款"


def test_what_is_too_long_is_refused_and_not_cut() -> None:
    with pytest.raises(TooLong) as refusal:
        clean_text("长" * 11, limit=10)
    assert (refusal.value.length, refusal.value.limit) == (11, 10)


@given(st.text(st.characters(), max_size=200))
def test_cleaned_text_can_be_stored_and_is_clean(raw: str) -> None:
    once = clean_text(raw)
    assert clean_text(once) == once
    assert "\x00" not in once
    once.encode()


def test_a_line_is_one_line() -> None:
    assert clean_line("关于投诉\r\nBcc: x@example.com") == "关于投诉 Bcc: x@example.com"


@pytest.mark.req("D25")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请打13800138000找我", "请打[电话]找我"),
        ("电话138-0013-8000。", "电话[电话]。"),
        ("+86 138 0013 8000", "[电话]"),
        ("座机021-12345678", "座机[电话]"),
        ("身份证110101199003078515", "身份证[证件号]"),
        ("身份证11010119900307851X，", "身份证[证件号]，"),
        ("卡号6222 0212 3456 7890 123", "卡号[卡号]"),
        ("邮箱zhang.wei@example.com.cn", "邮箱[邮箱]"),
        ("a" * 300 + "@example.com," + "b" * 300, "[邮箱]," + "b" * 300),
        ("微信号：zhangwei_88", "微信[账号]"),
        ("QQ 123456789", "QQ[账号]"),
        ("车牌沪A12345", "车牌[车牌]"),
        ("订单金额2999元，11月21日", "订单金额2999元，11月21日"),
    ],
)
def test_text_without_the_person_keeps_the_matter(text: str, shown: str) -> None:
    assert deidentify(text) == shown
