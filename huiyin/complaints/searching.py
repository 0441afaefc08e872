"""What of a complaint can be found, and how a typed query finds it.

The vector is made here, not by PostgreSQL's parser: words cut by lib.words, plus the order number and the keyed digests
of phone and e-mail, so that an exact phone number finds its complaints while no number stands in the index.
"""

from collections.abc import Iterable

from huiyin.complaints.models import Complaint
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
    ways += _quoted([whole, _contact(digest(whole)), _contact(digest(normalise(whole)))])
    return " | ".join(f"({way})" for way in ways)


def _contact(kept_digest: str) -> str:
    return f"contact:{kept_digest[:24]}"


def _quoted(words: Iterable[str]) -> list[str]:
    kept = (word.replace("\x00", "")[:500] for word in words)
    return ["'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in kept if word.strip()]
