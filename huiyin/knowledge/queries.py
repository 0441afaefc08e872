"""The library out of its tables, as the values that the pure modules work with; and looking something up in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Model, Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import get_language

from huiyin.knowledge import articles, guides, letters, likeness, listening, phrases, scripts
from huiyin.knowledge.models import (
    CODE_PATTERN,
    Channel,
    Frame,
    LetterText,
    LibraryCase,
    Method,
    Phrase,
    Playbook,
    Script,
)
from huiyin.lib.words import either
from huiyin.org.models import in_language
from huiyin.triage.models import Synonym

Row = TypeVar("Row", bound=Model)
SCRIPT_PLACES = ("code", "name_zh", "name_en", "text", "categories")
MOST_COMPARED = 200  # cases
LONGEST_COMPARED = 4_000  # characters of a complaint
PHRASE_PLACES = ("code", "words", "pattern", "why", "rewrite")


def book() -> phrases.Book:
    """The words to avoid and to say, as they are now; two small queries."""
    names = Playbook.objects.values_list("name_zh", flat=True)
    rules = tuple(
        phrases.Rule(
            code=row.code,
            when=row.when,
            level=row.level,
            why=row.why,
            words=tuple(row.words),
            pattern=row.pattern,
            exceptions=tuple(row.exceptions),
            rewrite=row.rewrite,
        )
        for row in Phrase.objects.filter(is_active=True)
    )
    return phrases.Book(rules, tuple(names))


def listening_cues() -> listening.Cues:
    """What restates and what asks, with the book's own words for RP-03; one small query."""
    rule = Phrase.objects.filter(code=listening.RULE, is_active=True).values_list("words", flat=True).first()
    return listening.cues(rule or ())


def wordings() -> list[scripts.Wording]:
    """Every script in use."""
    return [wording(row) for row in Script.objects.filter(is_active=True)]


def wording(row: Script) -> scripts.Wording:
    return scripts.Wording(
        code=row.code,
        name=row.name,
        stage=row.stage,
        text=row.text,
        codes=frozenset(row.categories),
        variants={channel: getattr(row, f"{channel}_text") for channel in Channel.values},
        is_regret=row.is_regret,
        is_confessing=row.is_confessing,
    )


def frames() -> dict[str, scripts.Framing]:
    return {row.channel: scripts.Framing(row.opening, row.closing) for row in Frame.objects.all()}


def letter(name: str, /, **given: str) -> letters.Said:
    """Subject and body of what the product sends, in the language in use, in the company's own words if it has any."""
    language = letters.ENGLISH if (get_language() or "").startswith("en") else letters.CHINESE
    return said_letter(name, language, LetterText.objects.filter(code=name).first(), given)


def said_letter(code: str, language: str, own: LetterText | None, given: Mapping[str, str]) -> letters.Said:
    shipped = letters.SHIPPED[code]
    ending = "en" if language == letters.ENGLISH else "zh"
    parts = (
        (getattr(own, f"{part}_{ending}", "") if own else "") or shipped.said(part, language)
        for part in ("subject", "body")
    )
    return letters.Said(*(letters.fill(text, given) for text in parts))


def choices() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Code and name of the methods for any complaint, and of the playbooks."""
    found = []
    for model in (Method, Playbook):
        rows = model.objects.filter(is_active=True).values_list("code", "name_zh", "name_en")
        found.append([(code, in_language(zh, en)) for code, zh, en in rows])
    return found[0], found[1]


def guide(code: str, known: list[scripts.Wording] | None = None) -> guides.Guide | None:
    """The method or playbook of that code, in use or not any more; `known` are the wordings, if they were read."""
    method = Method.objects.filter(code=code).first()
    if method is not None:
        return guides.Guide(method.code, method.name, guides.steps_of_method(method.steps))
    playbook = Playbook.objects.filter(code=code).first()
    return None if playbook is None else special(playbook, wordings() if known is None else known)


def special(playbook: Playbook, known: list[scripts.Wording]) -> guides.Guide:
    named = {each.code: each for each in known}
    own = [named[code] for code in playbook.script_codes if code in named]
    return guides.Guide(
        code=playbook.code,
        name=playbook.name,
        steps=guides.steps_of_playbook(playbook.steps, own),
        is_special=True,
        signals=tuple(playbook.signals),
        tags=tuple(playbook.tags),
        techniques=tuple(playbook.techniques),
        avoid=tuple(playbook.avoid),
        escalate_when=tuple(playbook.escalate_when),
        guards=tuple(playbook.guards),
    )


def find_scripts(q: str) -> QuerySet[Script]:
    return find(Script.objects.filter(is_active=True), q, *SCRIPT_PLACES)


def find_playbooks(q: str) -> QuerySet[Playbook]:
    places = ("code", "name_zh", "name_en", "traits", "signals", "steps", "tags", "techniques")
    cases = Prefetch("cases", LibraryCase.objects.filter(is_active=True), to_attr="shown_cases")
    return find(Playbook.objects.filter(is_active=True), q, *places).prefetch_related(cases)


def find_methods(q: str) -> QuerySet[Method]:
    return find(Method.objects.filter(is_active=True), q, "code", "name_zh", "name_en", "steps")


def cases() -> QuerySet[LibraryCase]:
    return LibraryCase.objects.filter(is_active=True).select_related("playbook")


def drafts() -> QuerySet[LibraryCase]:
    """What waits for an editor, the newest first."""
    return LibraryCase.objects.filter(is_draft=True).select_related("archived_by").order_by("-archived_at", "-pk")


def search_cases(q: str) -> list[tuple[LibraryCase, likeness.Hit]]:
    """The cases that answer what was typed, the fittest first, each with its reason; of a code, that case alone."""
    code = q.strip().upper()
    if re.fullmatch(CODE_PATTERN, code):
        return [(case, likeness.Hit(case.pk, 1.0)) for case in cases().filter(code=code)]
    asked = likeness.question(q, synonyms())
    found = _candidates(asked)
    return _with_rows(found, likeness.answering(asked, _entries(found)))


def cases_like(text: str, codes: Collection[str], *, most: int = 3) -> list[tuple[LibraryCase, likeness.Hit]]:
    """The cases that resemble a complaint in these words and of these categories."""
    asked = likeness.question(text[:LONGEST_COMPARED], synonyms())
    found = _candidates(asked, codes)
    return _with_rows(found, likeness.resembling(asked, _entries(found), codes, most=most))


def synonyms() -> dict[str, list[str]]:
    return dict(Synonym.objects.values_list("canonical", "variants"))


def _candidates(asked: likeness.Question, codes: Collection[str] = ()) -> list[LibraryCase]:
    """Those that have anything of it, those with the most first."""
    ways = [way for way in (either(asked.spellings), either(asked.pairs)) if way]
    if not ways:
        return []
    query = SearchQuery(" | ".join(ways), config="simple", search_type="raw")
    wanted = Q(words__vector=query)
    if codes:
        wanted |= Q(categories__overlap=list(codes))
    return list(cases().filter(wanted).order_by(SearchRank("words__vector", query).desc(), "pk")[:MOST_COMPARED])


def _entries(found: Iterable[LibraryCase]) -> list[likeness.Entry]:
    return [likeness.entry(case.pk, case.name_zh, case.text, case.categories) for case in found]


def _with_rows(found: Iterable[LibraryCase], hits: Iterable[likeness.Hit]) -> list[tuple[LibraryCase, likeness.Hit]]:
    rows = {case.pk: case for case in found}
    return [(rows[hit.pk], hit) for hit in hits]


def find_phrases(q: str) -> QuerySet[Phrase]:
    return find(Phrase.objects.filter(is_active=True), q, *PHRASE_PLACES)


def find(rows: QuerySet[Row], q: str, *places: str) -> QuerySet[Row]:
    """Rows in which every word of `q` stands somewhere; all of them where nothing is asked for."""
    texts: dict[str, Any] = {f"{place}_as_text": Cast(place, TextField()) for place in places}
    found = rows.annotate(**texts) if q.split() else rows
    for word in q.replace("\x00", "").split()[:8]:
        anywhere = Q()
        for name in texts:
            anywhere |= Q(**{f"{name}__icontains": word})
        found = found.filter(anywhere)
    return found


def library() -> list[articles.Article]:
    """Every article in use that has words of its own: cases, methods, playbooks; four small queries with scripts."""
    found = [
        articles.Article(
            articles.CASE, row.code, row.name, row.handling, categories=frozenset(row.categories),
            more=f"{row.situation} {row.cause} {row.result} {row.lesson} {row.name_zh}",
        )
        for row in LibraryCase.objects.filter(is_active=True)
    ]  # fmt: skip
    for row in Method.objects.filter(is_active=True):
        steps = (f"{number}. {step['zh']}：{step.get('prompt', '')}" for number, step in enumerate(row.steps, start=1))
        found.append(articles.Article(articles.METHOD, row.code, row.name, "\n".join(steps), more=row.name_zh))
    for book_row in Playbook.objects.filter(is_active=True):
        text = "\n".join(f"{number}. {line}" for number, line in enumerate(book_row.steps, start=1))
        more = " ".join([book_row.name_zh, *book_row.signals, *book_row.tags, *book_row.techniques, *book_row.avoid])
        found.append(articles.Article(articles.PLAYBOOK, book_row.code, book_row.name, text, more=more))
    return found
