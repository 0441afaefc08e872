"""What may not be said to a customer, what should be, and where in the text it stands."""

from __future__ import annotations

import pytest

from huiyin.knowledge.phrases import Book, Finding, Rule, check


def found(text: str, book: Book, *, stage: str = "reply", emotion: int = 1, is_opening: bool = False) -> list[Finding]:
    return check(text, stage=stage, emotion=emotion, is_opening=is_opening, book=book)


def codes(text: str, book: Book, **given: bool | int | str) -> list[str]:
    return [each.code for each in found(text, book, **given)]  # type: ignore[arg-type]  # each by its own name


@pytest.mark.req("D28")
@pytest.mark.parametrize(
    "text",
    [
        "对不起，但是",
        "对不起,但是",
        "对不起但是",
        "对不起 ， 但是",
        "对不起，\u3000但是",
        "对 不 起,但\u200b是",
        "对不起，\n但是",
    ],
)
def test_an_apology_with_a_but_is_blocked_with_either_comma_or_none(book: Book, text: str) -> None:
    [finding] = found(f"您好，{text}这是系统的安排。", book)

    assert (finding.level, finding.code, finding.why) == ("block", "FP-12", "带辩解的道歉")
    assert finding.rewrite == "对不起，是我们没做好。接下来我们会"
    assert finding.words == text


def test_a_finding_says_where_it_stands_in_the_text_as_it_was_written(book: Book) -> None:
    text = "关于这个问题，我 不　知 道，请稍候。"

    [finding] = found(text, book)

    assert (finding.code, finding.level) == ("FP-01", "warn")
    assert text[slice(*finding.where)] == "不　知 道"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("刚才让您误会了，抱歉。", []),
        ("您误会了，不是这样。", ["FP-14"]),
        ("神经内科的检查费用已退回。", []),
        ("你是不是神经？", ["FP-25"]),
        ("让您误会了。可是您误会了。", ["FP-14"]),
    ],
)
def test_an_exception_excuses_only_what_lies_within_it(book: Book, text: str, wanted: list[str]) -> None:
    assert codes(text, book) == wanted


def test_full_width_digits_and_latin_letters_are_read_like_narrow_ones(book: Book) -> None:
    wide = "请把密码发我，ＱＱ也行"

    assert codes(wide, book) == ["FP-61"]
    assert "RP-05" not in codes("结果１８：００前告诉您。", book, stage="progress")
    assert "RP-05" in codes("有结果就告诉您。", book, stage="progress")


@pytest.mark.req("B21")
def test_the_first_letter_greets_and_says_who_writes(book: Book) -> None:
    missing = found("您反映的问题已查明，明天换新。", book, is_opening=True)

    assert [(each.code, each.level, each.is_missing) for each in missing] == [
        ("RP-01", "warn", True),
        ("RP-02", "warn", True),
    ]
    assert codes("您好，我是李雷。您反映的问题已查明，明天换新。", book, is_opening=True) == []
    assert codes("您反映的问题已查明，明天换新。", book) == []


def test_an_excited_customer_is_met_with_understanding(book: Book) -> None:
    assert codes("换新机明天送到。", book, emotion=3) == ["RP-04"]
    assert codes("换成我也会着急。换新机明天送到。", book, emotion=5) == []


@pytest.mark.req("A01")
def test_a_playbooks_name_never_leaves_the_house(book: Book) -> None:
    [finding] = found("您属于固执己见型客户。", book)

    assert (finding.level, finding.code, finding.words) == ("block", "FP-27", "固执己见型")


def test_a_script_with_an_open_slot_is_blocked(book: Book) -> None:
    assert codes("我们在{deadline}前答复您，方案是【待填：方案一】。", book) == ["SLOT", "SLOT"]


@pytest.mark.req("C072", "D38")
def test_what_cannot_be_done_is_turned_into_what_can(book: Book) -> None:
    [hint] = found("抱歉，目前无法提前发货。", book)

    assert (hint.level, hint.words) == ("note", "无法提前发货")
    assert hint.rewrite == "我们优先安排，最快{next_time}可以提前发货"


def test_the_gravest_comes_first(book: Book) -> None:
    assert [each.level for each in found("尽快处理。我不知道。闭嘴。", book)] == ["block", "warn", "note"]


@pytest.mark.parametrize(
    ("level", "pattern", "said_as"),
    [("block", "(a+)+$", "warn"), ("warn", "(a+)+$", "warn"), ("note", "(a+)+$", "note"), ("block", "(对不起", "warn")],
)
@pytest.mark.parametrize("when", ["forbidden", "opening"])
def test_a_rule_that_cannot_be_read_in_time_says_so_and_holds_up_no_letter(
    level: str, pattern: str, said_as: str, when: str
) -> None:
    bad = Rule("FP-901", when, level, "内部叫法", pattern=pattern)
    good = Rule("FP-902", "forbidden", "block", "内部叫法", words=("灯塔",))

    findings = found("灯塔" + "a" * 4_000 + "！", Book((bad, good)), is_opening=True)

    assert {(each.code, each.level, each.is_unread) for each in findings} == {
        ("FP-901", said_as, True),
        ("FP-902", "block", False),
    }
