"""Which leaf a text is taken for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from huiyin.triage.book import Book, Leaf
from huiyin.triage.grading import grade
from huiyin.triage.matching import parse, spellings

LABELLED = Path(__file__).with_name("labelled.yaml")


@pytest.fixture(scope="module")
def labelled() -> Mapping[str, list[tuple[str, str]]]:
    halves = yaml.safe_load(LABELLED.read_text("utf-8"))
    return {half: [(code, text) for code, text in rows] for half, rows in halves.items()}


def test_each_half_has_one_sentence_for_each_leaf(labelled: Mapping[str, list[tuple[str, str]]], book: Book) -> None:
    assert {half: {code for code, _text in rows} == set(book.leaves) for half, rows in labelled.items()} == {
        "tuning": True,
        "held_out": True,
    }
    assert {half: len(rows) for half, rows in labelled.items()} == {"tuning": 103, "held_out": 103}


@pytest.mark.parametrize(("half", "leaf", "group"), [("tuning", 0.95, 0.95), ("held_out", 0.85, 0.88)])
def test_most_labelled_sentences_are_taken_for_their_leaf(
    half: str, leaf: float, group: float, labelled: Mapping[str, list[tuple[str, str]]], book: Book
) -> None:
    rows = [(code, grade(text, book=book).category) for code, text in labelled[half]]
    assert sum(code == found for code, found in rows) / len(rows) >= leaf
    assert sum(code[:2] == found[:2] for code, found in rows) / len(rows) >= group


def test_a_confident_verdict_is_a_right_one(labelled: Mapping[str, list[tuple[str, str]]], book: Book) -> None:
    verdicts = [(code, grade(text, book=book)) for code, text in labelled["held_out"]]
    sure = [code == verdict.category for code, verdict in verdicts if verdict.confidence >= 0.7]
    unsure = [code == verdict.category for code, verdict in verdicts if verdict.confidence < 0.5]
    assert sum(sure) / len(sure) >= 0.95 > sum(unsure) / len(unsure)


def test_a_broken_mainboard_is_pq_03(book: Book) -> None:
    verdict = grade("电视买了半年不开机，师傅说主板坏了。", book=book)
    assert (verdict.category, verdict.issue_class, verdict.complexity) == ("PQ-03", "tech", "C")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("優惠券無法使用", "TD-07"),
        ("ＡＰＰ閃退，升級後打不開", "PQ-18"),
        ("My refund has still not arrived after three weeks.", "TD-06"),
        ("THE COURIER WAS VERY RUDE", "LG-07"),
        ("coupon", "TD-07"),
    ],
)
def test_traditional_full_width_and_english_texts_are_read(text: str, code: str, book: Book) -> None:
    assert grade(text, book=book).category == code


def test_the_title_counts_more_than_the_text(book: Book) -> None:
    assert grade("优惠券用不了", title="发票抬头开错了", book=book).category == "TD-11"
    assert grade("发票抬头开错了", title="优惠券用不了", book=book).category == "TD-07"


def test_a_damaged_outer_box_is_told_from_a_whole_one(book: Book) -> None:
    assert grade("快递外箱破了，里面的碗也碎了。", book=book).category == "LG-03"
    assert grade("外箱完好，拆开里面的碗碎了。", book=book).category == "LG-04"


def test_what_is_denied_is_not_the_category(book: Book) -> None:
    assert "PQ-04" not in dict(grade("洗衣机没有异响，就是发票还没开。", book=book).candidates)


def test_the_kind_a_person_chose_weighs_in(book: Book) -> None:
    text = "营业厅的椅子可以再多几把。"
    assert grade(text, kind="suggestion", book=book).category.startswith("SG")


def test_a_keyword_is_read_as_a_text_is() -> None:
    book = Book.of([leaf("AA-01", "ＡＰＰ閃退^2")], [], {})
    assert grade("app闪退", book=book).category == grade("APP閃退", book=book).category == "AA-01"


def test_the_longest_word_wins() -> None:
    book = Book.of([leaf("AA-01", "维修^2"), leaf("AA-02", "维修费^2")], [], {})
    assert grade("维修费太贵", book=book).candidates == (("AA-02", 1.0),)


def test_the_parts_of_a_gap_stand_near_each_other_in_one_sentence() -> None:
    book = Book.of([leaf("AA-01", "退款~没到^2")], [], {})
    found = {text: grade(text, book=book).category for text in ("退款三天了还没到", "退款。还没到", "没到退款")}
    assert found == {"退款三天了还没到": "AA-01", "退款。还没到": "SG-05", "没到退款": "SG-05"}


def test_a_keyword_stands_for_the_synonyms_of_its_words() -> None:
    assert spellings("外箱破损", {"破损": ("损坏", "烂了", "碎")}) == ["外箱破损", "外箱损坏", "外箱烂了"]


def test_a_keyword_without_a_weight_weighs_by_its_length() -> None:
    weights = [parse(word) for word in ("券码", "优惠券", "优惠券码", "app", "promo code", "优惠券^0.5")]
    assert weights == [
        ("券码", 1.0), ("优惠券", 1.5), ("优惠券码", 2.0), ("app", 1.5), ("promo code", 2.0), ("优惠券", 0.5),
    ]  # fmt: skip


def leaf(code: str, *keywords: str) -> Leaf:
    return Leaf(code, code, code[:2], 3, "S", "general", keywords)
