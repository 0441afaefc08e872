"""Each process keeps the book and hears of changes without asking much."""

from __future__ import annotations

from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from pytest_django import DjangoAssertNumQueries

from huiyin.org.actors import SYSTEM
from huiyin.triage import queries
from huiyin.triage.actions import closing, growing
from huiyin.triage.grading import grade
from huiyin.triage.models import Category, SeverityRule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def test_the_book_has_every_leaf_with_its_row_and_every_rule() -> None:
    book = queries.book()
    assert len(book.leaves) == len(book.category_ids) == 103
    assert book.category_ids["PQ-03"] == Category.objects.get(code="PQ-03").pk
    assert [rule.code for rule in book.rules] == list(SeverityRule.objects.values_list("code", flat=True))
    assert grade("手机主板坏了", book=book).category == "PQ-03"


def test_the_book_costs_no_query_while_fresh_and_one_small_one_after(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    queries.book()
    with django_assert_num_queries(0):
        queries.book()
    with patch.object(queries, "CHECK_SECONDS", 0), django_assert_num_queries(1):
        queries.book()


def test_what_another_process_changed_is_seen_when_looked_for() -> None:
    before = queries.book()
    leaf = Category.objects.get(code="LG-01")
    leaf.keywords = [*leaf.keywords, "鸽子送信^4"]
    leaf.save()
    assert queries.book() is before
    with patch.object(queries, "CHECK_SECONDS", 0):
        assert grade("鸽子送信", book=queries.book()).category == "LG-01"


def test_a_closed_leaf_is_no_longer_proposed(at: datetime) -> None:
    text = "物流信息五天没更新，一直停在中转站"
    assert grade(text, book=queries.book()).category == "LG-08"
    closing.close_leaf(
        Category.objects.get(code="LG-08"), successor=Category.objects.get(code="LG-01"), actor=SYSTEM, at=at
    )
    book = queries.book()
    assert "LG-08" not in book.category_ids
    assert grade(text, book=book).category == "LG-01"


def test_a_leaf_that_closes_later_is_proposed_until_then() -> None:
    leaf = Category.objects.get(code="LG-08")
    leaf.successor = Category.objects.get(code="LG-01")
    leaf.valid_to = leaf.valid_from + timedelta(days=36500)
    leaf.save()
    queries.forget()
    assert "LG-08" in queries.book().leaves


def test_an_amendment_is_in_the_book_at_once(at: datetime) -> None:
    queries.book()
    growing.amend(Category.objects.get(code="LG-01"), severity=2, actor=SYSTEM, at=at)
    assert queries.book().leaves["LG-01"].severity == 2


def test_an_inactive_rule_sets_no_level() -> None:
    SeverityRule.objects.filter(code="SEV-12").update(is_active=False)
    queries.forget()
    assert grade("损失三万元，要求赔偿。", book=queries.book()).severity == 3
