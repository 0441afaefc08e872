"""What of a complaint can be found, and how a typed query finds it.

The vector is made here, not by PostgreSQL's parser: words cut by lib.words, plus the order number and the keyed digests
of phone and e-mail, so that an exact phone number finds its complaints while no number stands in the index.
"""

import re
import time
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, F, Func, OuterRef, QuerySet, Subquery, Value

from huiyin.complaints.models import Complaint, Searchable
from huiyin.complaints.models.complaint import as_one
from huiyin.lib import statements
from huiyin.lib.phones import normalise
from huiyin.lib.sealed import digest
from huiyin.lib.words import terms, to_query

LONGEST = 20_000  # characters of one text that are indexed


def vector(complaint: Complaint, *, phone_digest: str, email_digest: str) -> str:
    """A tsvector literal of everything this complaint is found by."""
    words = terms(f"{complaint.title}\n{complaint.text[:LONGEST]}\n{complaint.complainant_name}")
    codes = [code.lower() for code in (complaint.order_no, complaint.sku, complaint.batch) if code]
    codes += [_contact(kept) for kept in (phone_digest, email_digest) if kept]
    return " ".join([*words, *_quoted(codes)])


def query(typed: str) -> str:
    """A tsquery literal: all words, or the whole of it as order number, phone or e-mail. Empty if nothing is left."""
    whole = typed.strip().lower()
    if not whole:
        return ""
    words = to_query(typed)
    ways = [words] if words else []
    if not whole.isalpha() or whole.isascii():  # no code, telephone or mail address is of Han characters alone
        ways += _quoted([whole, _contact(digest(whole)), _contact(digest(normalise(whole)))])
    return " | ".join(f"({way})" for way in ways)


def matching(rows: QuerySet[Any], typed: str, *, prefix: str = "") -> QuerySet[Any]:
    """Those of the rows whose complaint is found by what was typed; `prefix` leads from the row to its complaint.

    Up to FEW complaints are looked up first and the rows chosen by their keys: that costs the same wherever in time
    they lie. A very common word is tried on one row after the other in the order of the page, which soon has enough.
    Between the two the planner decides.
    """
    literal = query(typed)
    if not literal:
        return rows.none()
    holds = _Matches(F("vector"), _TsQuery(Value(literal)))
    if _is_common(literal):
        words = Searchable.objects.filter(complaint=OuterRef(f"{prefix}pk")).values_list(holds)
        return rows.filter(Subquery(words, output_field=BooleanField()))  # not a join: the planner may begin with it
    found = statements.rows("SELECT complaints_found(%s::tsquery, %s::int)", [literal, str(FEW + 1)])
    if not found:
        return rows.none()
    if len(found) <= FEW:
        return rows.filter(_AnyOf(F(f"{prefix}pk"), as_one(row[0] for row in found)))
    return rows.filter(_Matches(F(f"{prefix}searchable__vector"), _TsQuery(Value(literal))))


FEW = 5_000
COMMON = 0.03  # of all complaints
RELEARNT_EVERY = 600.0  # seconds
_shares: dict[str, float] = {}  # of the complaints hold each of the commonest words
_learnt_at = -RELEARNT_EVERY


def _is_common(literal: str) -> bool:
    """By PostgreSQL's own statistics: whether each of its words is in a good part of many complaints."""
    global _learnt_at
    if time.monotonic() - _learnt_at >= RELEARNT_EVERY:
        _learnt_at = time.monotonic()
        learnt = statements.rows(_STATISTICS, [str(FEW)])
        _shares.clear()
        for words, shares in learnt:  # after the shares come their least, most and the share of nulls
            _shares.update(zip(words, shares, strict=False))
    words = _WORD.findall(literal)
    return bool(words) and "|" not in literal and all(_shares.get(word, 0.0) > COMMON for word in words)


_WORD = re.compile(r"'([^']+)'")
_STATISTICS = """
    SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats
    WHERE schemaname = current_schema() AND tablename = 'complaints_searchable' AND attname = 'vector'
    AND most_common_elems IS NOT NULL
    AND (SELECT reltuples FROM pg_class WHERE oid = 'complaints_searchable'::regclass) > %s::real
"""


class _TsQuery(Func):
    template = "%(expressions)s::tsquery"
    output_field = SearchQueryField()


class _Matches(Func):
    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()


class _AnyOf(Func):
    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def _contact(kept_digest: str) -> str:
    return f"contact:{kept_digest[:24]}"


def _quoted(words: Iterable[str]) -> list[str]:
    kept = (word.replace("\x00", "")[:500] for word in words)
    return ["'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in kept if word.strip()]
