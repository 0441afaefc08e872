"""Typical cases: kept from a closed complaint by who may, found by their words from the next moment on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from huiyin.knowledge.errors import MayNotArchive, MayNotEdit
from huiyin.knowledge.models import LibraryCase
from huiyin.lib.words import terms
from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change
from huiyin.org.rules import Right

_LETTERS = "LC"
_KEEP = """
    INSERT INTO knowledge_casewords (case_id, vector) SELECT * FROM unnest(%s::bigint[], %s::tsvector[])
    ON CONFLICT (case_id) DO UPDATE SET vector = EXCLUDED.vector
"""


@transaction.atomic
def archive(*, values: Mapping[str, Any], actor: Actor, at: datetime) -> LibraryCase:
    """A new case with the next code. The caller has taken out of the texts what is personal. Raises MayNotArchive,
    ValidationError."""
    if actor.member is None or not actor.may(Right.ARCHIVE_CASE):
        raise MayNotArchive
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE knowledge_librarycase IN SHARE ROW EXCLUSIVE MODE")  # two cases, two codes
    last = LibraryCase.objects.order_by("-position").values_list("position", flat=True).first() or 0
    case = LibraryCase(code=_next_code(), position=last + 1, archived_by=actor.member, archived_at=at, **values)
    case.full_clean()
    case.save()
    index([case])
    record(
        Change.Area.LIBRARY, case.code, label=case.name_zh, verb=Change.Verb.ADDED,
        after={"categories": case.categories}, actor=actor, at=at,
    )  # fmt: skip
    return case


@transaction.atomic
def publish(code: str, *, actor: Actor, at: datetime) -> LibraryCase | None:
    """A draft that an editor has read is found from now on; None where there is no such draft (any more). Raises
    MayNotEdit."""
    if not actor.may(Right.EDIT_KNOWLEDGE):
        raise MayNotEdit
    case = LibraryCase.objects.select_for_update().filter(code=code, is_draft=True).first()
    if case is None:
        return None
    case.is_draft, case.is_active = False, True
    case.save(update_fields=["is_draft", "is_active", "updated_at"])
    record(
        Change.Area.LIBRARY, case.code, label=case.name_zh, verb=Change.Verb.AMENDED,
        before={"is_active": False}, after={"is_active": True}, actor=actor, at=at,
    )  # fmt: skip
    return case


def index(cases: Iterable[LibraryCase]) -> None:
    """They are found by the words they have now."""
    rows = [(case.pk, " ".join(terms(case.text))) for case in cases]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [list(column) for column in zip(*rows, strict=True)])


def _next_code() -> str:
    codes = LibraryCase.objects.filter(code__startswith=f"{_LETTERS}-").values_list("code", flat=True)
    used = [int(code[len(_LETTERS) + 1 :]) for code in codes if re.fullmatch(r"[A-Z]+-[0-9]+", code)]
    return f"{_LETTERS}-{max(used, default=0) + 1:02d}"
