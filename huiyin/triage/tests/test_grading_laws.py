"""Whatever the text: a verdict, always the same one, and a worse story never makes a better level."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.triage.book import Book
from huiyin.triage.folding import fold
from huiyin.triage.grading import LIMIT, UNCLASSIFIED, Verdict, grade
from huiyin.triage.scoring import KINDS

PHRASES = (
    *("退款还没到账", "主板坏了", "没有受伤", "怕起火", "我们30户业主", "损失12万元", "快递员态度差", "请问怎么办理"),
    *(
        "泄露我的信息",
        "律师函",
        "曝光你们",
        "录音",
        "12315转办",
        "VIP",
        "断网",
        "同批",
        "五台不良",
        "如果",
        "不要",
        "谢谢",
    ),
    *("！！！", "😡", "🔥", "مرحبا", "\x00\ufffd", "injured", "¥99,999", "十万", "，", "。", "\n", " "),
)
texts = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PHRASES), max_size=30).map("".join))
kinds = st.sampled_from([*KINDS, "complaint", "", "whatever"])
tiers = st.sampled_from(["VIP", "STD", "VUL", "", "whatever"])
known = st.none() | st.dictionaries(
    st.sampled_from(["reopened_count", "group_complainants", "claimed_loss_cny", "vip", "nonsense"]),
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    max_size=4,
)


def is_sound(verdict: Verdict, text: str, title: str) -> bool:
    return (
        1 <= verdict.severity <= 4
        and 1 <= verdict.emotion <= 5
        and 0 <= verdict.confidence <= 1
        and verdict.complexity in {"S", "C"}
        and len(verdict.reasons) >= 1
        and all(
            (reason.source, reason.start, reason.end) == ("", -1, -1)
            or 0 <= reason.start < reason.end <= len(title if reason.source == "title" else text)
            for reason in verdict.reasons
        )
        and len(verdict.candidates) <= 3
    )


@settings(max_examples=400, deadline=None)
@given(text=texts, title=texts, kind=kinds, channel=st.text(max_size=20), tier=tiers, known=known)
def test_any_text_has_a_sound_verdict_and_always_the_same(
    text: str, title: str, kind: str, channel: str, tier: str, known: dict[str, Any] | None, book: Book
) -> None:
    verdict = grade(text, title=title, kind=kind, channel=channel, tier=tier, signals=known, book=book)
    assert is_sound(verdict, text, title)
    assert verdict == grade(text, title=title, kind=kind, channel=channel, tier=tier, signals=known, book=book)


@settings(max_examples=300, deadline=None)
@given(text=texts, tier=tiers)
def test_adding_an_injury_never_lowers_the_level(text: str, tier: str, book: Book) -> None:
    before = grade(text, tier=tier, book=book)
    after = grade(f"{text}。孩子被电热毯烫伤，已经送医院抢救。", tier=tier, book=book)
    assert after.severity == 1 <= before.severity


@settings(max_examples=300, deadline=None)
@given(text=texts, amount=st.integers(100_000, 9_999_999))
def test_a_claim_of_a_hundred_thousand_is_level_one_after_any_story(text: str, amount: int, book: Book) -> None:
    assert grade(f"{text}。我的直接损失{amount}元。", book=book).severity == 1


@settings(max_examples=200, deadline=None)
@given(text=texts, tier=tiers)
def test_no_tier_makes_a_level_milder(text: str, tier: str, book: Book) -> None:
    assert grade(text, tier=tier, book=book).severity <= grade(text, tier="", book=book).severity


@settings(max_examples=200, deadline=None)
@given(text=texts, count=st.integers(0, 100), more=st.integers(0, 100))
def test_more_of_what_is_known_never_makes_a_level_milder(text: str, count: int, more: int, book: Book) -> None:
    fewer = grade(text, signals={"group_complainants": count}, book=book)
    larger = grade(text, signals={"group_complainants": count + more}, book=book)
    assert larger.severity <= fewer.severity


@given(text=st.text())
def test_folding_keeps_every_character_at_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize("text", ["", " ", "\x00" * 50, "😀" * 500, "\u202eabc\u202c" * 40, "\ud83d", "啊" * 10_000])
def test_a_text_that_says_nothing_is_unclassified(text: str, book: Book) -> None:
    verdict = grade(text, book=book)
    assert (verdict.category, verdict.severity, verdict.emotion, verdict.urgent) == (UNCLASSIFIED, 3, 1, False)


def test_of_a_very_long_text_the_beginning_is_read_and_the_verdict_says_so(book: Book) -> None:
    verdict = grade("退款还没到账。" + "烦" * 1_000_000 + "电热毯起火。", book=book)
    assert (verdict.category, verdict.severity) == ("TD-06", 3)
    assert verdict.reasons[-1].text == f"文本过长，只分析了前{LIMIT}字"
    assert grade("退款还没到账。", book=book).reasons[-1].rule != "LIMIT"


def test_an_empty_book_still_answers() -> None:
    verdict = grade("主板坏了", book=Book.of([], [], {}))
    assert (verdict.category, verdict.severity, verdict.confidence) == (UNCLASSIFIED, 3, 0.1)
