"""What `??` brings while one writes: every kind of article of the library, ranked by the words typed and the
complaint's category. Values only; the rows are read in queries.py."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from huiyin.lib.words import cut

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SCRIPT, CASE, METHOD, PLAYBOOK, RULE = "script", "case", "method", "playbook", "rule"
KINDS: Final[dict[str, StrOrPromise]] = {
    CASE: _("典型案例"), METHOD: _("处理方法"), PLAYBOOK: _("特殊投诉处理方法"), RULE: _("法定标准"), SCRIPT: _("话术"),
}  # fmt: skip
# What may stand in a letter: a method is how we work, and a playbook names behaviour (FP-27).
FOR_CUSTOMERS: Final = frozenset({SCRIPT, RULE, CASE})
_IN_CODE, _IN_NAME, _IN_TEXT, _OF_CATEGORY = 40, 12, 3, 8


@dataclass(frozen=True)
class Article:
    """`categories` are codes of leaves; `source` is where the words come from, as it stands behind them."""

    kind: str
    code: str
    name: str
    text: str
    source: str = ""
    categories: frozenset[str] = frozenset()
    more: str = ""  # searched, not shown


def rank(articles: Iterable[Article], q: str, codes: Collection[str], *, most: int) -> list[Article]:
    """The fittest first; with words typed only those in which one of them stands. Equal ones keep their order."""
    words = [word.lower() for word in dict.fromkeys([*q.split(), *cut(q)]) if word.strip()]
    scored = [(_score(each, words, codes), place, each) for place, each in enumerate(articles)]
    found = [(score, place, each) for (score, is_meant), place, each in scored if is_meant or not words]
    return [each for _score_of, _place, each in sorted(found, key=lambda row: (-row[0], row[1]))[:most]]


def _score(article: Article, words: list[str], codes: Collection[str]) -> tuple[int, bool]:
    code, name = article.code.lower(), article.name.lower()
    text = f"{article.text} {article.more}".lower()
    meant = 0
    for word in words:
        meant += _IN_CODE * (len(word) > 1 and code.startswith(word))
        meant += len(word) * (_IN_NAME * (word in name) + _IN_TEXT * (word in text))
    fits = _OF_CATEGORY * (not article.categories.isdisjoint(codes))
    return meant + fits, meant > 0
