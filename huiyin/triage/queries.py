"""The grading's reference book out of the tables, and reading the tree."""

from __future__ import annotations

import threading
import time
from typing import Final

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from huiyin.triage.book import Book, Leaf, Rule
from huiyin.triage.conditions import parse
from huiyin.triage.levels import ORDINARY
from huiyin.triage.models import Brand, Category, Cause, Question, SeverityRule, Synonym

CHECK_SECONDS: Final = 5.0

# Every change of a row changes the sum, in whatever order transactions commit; a leaf whose time is up, the count.
_VERSION: Final = """
    SELECT count(*), sum(extract(epoch FROM updated_at)), count(*) FILTER (WHERE valid_to <= now()), max(id)
    FROM triage_category
    UNION ALL SELECT count(*), sum(extract(epoch FROM updated_at)), 0, max(id) FROM triage_severityrule
    UNION ALL SELECT count(*), sum(extract(epoch FROM updated_at)), 0, max(id) FROM triage_synonym
"""


class _Kept:
    """One process's book. Not shared: each process looks for itself whether the tables have changed."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.book: Book | None = None
        self.checked_at = 0.0
        self.causes: tuple[float, list[Cause]] = (0.0, [])
        self.brands: tuple[float, list[Brand]] = (0.0, [])
        self.questions: tuple[float, dict[str, Question]] | None = None


_kept = _Kept()


def book() -> Book:
    """What grade needs, as the tables have it, at most CHECK_SECONDS ago: no query or one small one, and a few when
    something was changed."""
    book = _kept.book
    if book is not None and time.monotonic() - _kept.checked_at < CHECK_SECONDS:
        return book
    with _kept.lock:
        version = _version()
        if _kept.book is None or _kept.book.version != version:
            _kept.book = _read(version)
        _kept.checked_at = time.monotonic()
        return _kept.book


def book_with(leaf: Category) -> Book:
    """As it would be if this leaf were kept as it stands, new or changed. Nothing is kept of it."""
    return _read("", leaf)


def causes() -> list[Cause]:
    """Every cause in its order, those not offered any more as well; at most CHECK_SECONDS old."""
    if not _kept.causes[1] or time.monotonic() - _kept.causes[0] >= CHECK_SECONDS:
        _kept.causes = (time.monotonic(), list(Cause.objects.all()))
    return _kept.causes[1]


def brands() -> list[Brand]:
    """Every brand in its order, those not offered any more as well; at most CHECK_SECONDS old."""
    if not _kept.brands[1] or time.monotonic() - _kept.brands[0] >= CHECK_SECONDS:
        _kept.brands = (time.monotonic(), list(Brand.objects.all()))
    return _kept.brands[1]


def questions() -> dict[str, Question]:
    """What elements are called by the administrator, by key; at most CHECK_SECONDS old."""
    if _kept.questions is None or time.monotonic() - _kept.questions[0] >= CHECK_SECONDS:
        _kept.questions = (time.monotonic(), {each.key: each for each in Question.objects.all()})
    return _kept.questions[1]


def forget() -> None:
    """The next book() in this process looks at the tables."""
    _kept.book = None
    _kept.causes = (0.0, [])
    _kept.brands = (0.0, [])
    _kept.questions = None


def forget_on_commit() -> None:
    """What an action does after it changed the tables: now for the rest of its transaction, and once it is done for
    everybody else in this process. Other processes see it within CHECK_SECONDS."""
    forget()
    transaction.on_commit(forget)


def successors() -> dict[str, str]:
    """For each closed leaf the leaf that stands for it today, through all who came between: figures of an old tree
    can be restated on the new one (A56)."""
    step = dict(Category.objects.leaves().filter(successor__isnull=False).values_list("code", "successor__code"))
    return {code: _last(code, step) for code in step}


def _last(code: str, step: dict[str, str]) -> str:
    seen = {code}
    while (code := step.get(code, code)) not in seen:
        seen.add(code)
    return code


def _version() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        return repr(cursor.fetchall())


def _read(version: str, other: Category | None = None) -> Book:
    """`other` stands in the place of the row of its code, or as one more in its own."""
    rows = list(Category.objects.leaves().select_related("parent"))
    if other is not None:
        is_new = all(row.code != other.code for row in rows)
        rows = [other if row.code == other.code else row for row in rows]
        rows = sorted([*rows, other], key=lambda row: row.position) if is_new else rows
    over = Q(valid_to__lte=Now()) | Q(parent__valid_to__lte=Now())
    closed = set(Category.objects.leaves().filter(over).values_list("code", flat=True))
    words = _keywords(rows, closed)
    current = [row for row in rows if row.code not in closed]
    return Book.of(
        [
            Leaf(
                code=row.code,
                name=row.name_zh,
                group=row.parent.code if row.parent else "",
                severity=row.severity or ORDINARY,
                complexity=row.complexity,
                issue_class=row.issue_class,
                keywords=tuple(words[row.code]),
            )
            for row in current
        ],
        [
            Rule(rule.code, rule.level, parse(rule.condition), rule.name_zh)
            for rule in SeverityRule.objects.filter(is_active=True)
        ],
        {row.canonical: tuple(row.variants) for row in Synonym.objects.all()},
        version=version,
        category_ids={row.code: row.pk for row in current},
    )


def _keywords(rows: list[Category], closed: set[str]) -> dict[str, list[str]]:
    """Each leaf's keywords; those of a closed leaf speak for the one that stands for it."""
    codes = {row.pk: row.code for row in rows}
    step = {row.code: codes[row.successor_id] for row in rows if row.code in closed and row.successor_id}
    words: dict[str, list[str]] = {row.code: [] for row in rows}
    for row in rows:
        words[_last(row.code, step)] += row.keywords
    return words
