"""What the intake form asks for (受理要素) is changed, or a new set of questions made."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from django.db import transaction

from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change
from huiyin.triage import errors, queries
from huiyin.triage.actions.recording import must_configure
from huiyin.triage.models import ElementSet, Question


@dataclass(frozen=True)
class Words:
    name_zh: str
    name_en: str = ""
    kind: str = Question.Kind.LINE

    @classmethod
    def of(cls, row: Question) -> Words:
        return cls(row.name_zh, row.name_en, row.kind)

    def __str__(self) -> str:
        return " / ".join(str(part) for part in (self.name_zh, self.name_en, Question.Kind(self.kind).label) if part)


@dataclass(frozen=True)
class Asked:
    """One question of a set. Without a key it is new; without words it is called as it was."""

    key: str
    is_required: bool
    words: Words | None = None


@transaction.atomic
def make_set(
    *, name_zh: str, name_en: str, asked: Sequence[Asked], known: Collection[str], actor: Actor, at: datetime,
    code: str = "",
) -> ElementSet:  # fmt: skip
    """A new set, for categories to be given. `known`: keys that mean something already. Raises MayNotConfigure,
    AskedTwice and ValidationError (a code that exists)."""
    must_configure(actor)
    made = ElementSet(code=code or _free_code())
    changed = _put(made, name_zh, name_en, asked, known)
    made.full_clean()
    made.save()
    record(
        Change.Area.ELEMENTS, made.code, label=name_zh, verb=Change.Verb.ADDED,
        after={**_said(made), **({"questions": changed} if changed else {})}, actor=actor, at=at,
    )  # fmt: skip
    return made


@transaction.atomic
def amend_set(
    elements: ElementSet, *, name_zh: str, name_en: str, asked: Sequence[Asked], known: Collection[str], actor: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """From now on the form asks this; complaints keep what they were asked. Raises MayNotConfigure, AskedTwice."""
    must_configure(actor)
    was = {key: str(Words.of(row)) for key, row in _questions(asked).items()}
    before = _said(elements)
    changed = _put(elements, name_zh, name_en, asked, known)
    elements.full_clean()
    elements.save()
    after = _said(elements)
    if changed:
        before["questions"], after["questions"] = {key: was.get(key, "") for key in changed}, changed
    record(
        Change.Area.ELEMENTS, elements.code, label=elements.name_zh or elements.code, verb=Change.Verb.AMENDED,
        before=before, after=after, actor=actor, at=at,
    )  # fmt: skip


def _put(
    elements: ElementSet, name_zh: str, name_en: str, asked: Sequence[Asked], known: Collection[str]
) -> dict[str, str]:
    """The set's own fields, and the words of its questions; those that changed."""
    taken = {*known, *Question.objects.values_list("key", flat=True)}
    keys, changed, there = list[str](), dict[str, str](), _questions(asked)
    for each in asked:
        key = each.key or _free_key(each.words.name_en if each.words else "", taken)
        taken.add(key)
        keys.append(key)
        if each.words and (key not in there or Words.of(there[key]) != each.words):
            row = there.get(key) or Question(key=key)
            row.name_zh, row.name_en, row.kind = each.words.name_zh, each.words.name_en, each.words.kind
            row.full_clean()
            row.save()
            changed[key] = str(each.words)
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise errors.AskedTwice(twice)
    elements.name_zh, elements.name_en = name_zh, name_en
    elements.required = [key for key, each in zip(keys, asked, strict=True) if each.is_required]
    elements.optional = [key for key, each in zip(keys, asked, strict=True) if not each.is_required]
    queries.forget_on_commit()
    return changed


def _questions(asked: Sequence[Asked]) -> dict[str, Question]:
    return {row.key: row for row in Question.objects.filter(key__in=[each.key for each in asked if each.key])}


def _free_key(name_en: str, taken: Collection[str]) -> str:
    """Out of the English name, else a number of its own."""
    base = re.sub(r"[^a-z0-9]+", "_", name_en.lower()).strip("_")[:40]
    base = base if re.match(r"[a-z]", base) else "own"
    if base != "own" and base not in taken:
        return base
    return next(key for n in count(2 if base != "own" else 1) if (key := f"{base}_{n}") not in taken)


def _free_code() -> str:
    taken = set(ElementSet.objects.values_list("code", flat=True))
    return next(code for n in count(1) if (code := f"E-{n:02d}") not in taken)


def _said(elements: ElementSet) -> dict[str, Any]:
    return {
        "name_zh": elements.name_zh,
        "name_en": elements.name_en,
        "required": list(elements.required),
        "optional": list(elements.optional),
    }
