"""Reading for those who watch: what was lately added to the chains, who is where, and who may know of it.

Each answers for all who watch at once: the number of statements does not grow with their number.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Max, QuerySet, Value

from huiyin.complaints.models import ChainHead, Complaint, Event, Presence
from huiyin.org.models import Member

AT_ONCE = 100  # members in one statement
MOST = 500  # links that are told one by one; beyond, one is told that there is much


@dataclass(frozen=True)
class Link:
    """One event, as it is told to those who watch."""

    pk: int
    complaint_id: int
    number: str
    seq: int
    kind: str
    actor_kind: str
    actor_id: int | None
    actor: str
    particulars: Mapping[str, Any]


@dataclass(frozen=True)
class Here:
    """Somebody has it open; of several pages of theirs the busiest counts."""

    member_id: int
    name: str
    status: str


_LINK = ("pk", "complaint_id", "complaint__number", "seq", "kind", "actor_kind", "actor_id", "actor__name",
         "particulars")  # fmt: skip
_BUSIEST_LAST = (Presence.Status.IDLE, Presence.Status.VIEWING, Presence.Status.EDITING)


def _link(*row: Any) -> Link:
    pk, complaint_id, number, seq, kind, actor_kind, actor_id, actor, particulars = row
    return Link(pk, complaint_id, number, seq, kind, actor_kind, actor_id, actor or "", particulars)


def position() -> int:
    """The newest event's key."""
    return Event.objects.aggregate(newest=Max("pk"))["newest"] or 0


def links_after(pk: int, *, most: int = MOST) -> list[Link]:
    """The events with greater keys, oldest first. A transaction that takes long may still add one with a lesser key."""
    rows = Event.objects.filter(pk__gt=pk).order_by("pk").values_list(*_LINK)[:most]
    return [_link(*row) for row in rows]


def heads(complaint_ids: Collection[int]) -> dict[int, int]:
    """How long each chain is."""
    return dict(ChainHead.objects.filter(pk__in=complaint_ids).values_list("pk", "seq"))


def links_beyond(seqs: Mapping[int, int]) -> list[Link]:
    """What each of these complaints' chains holds after that place, in order."""
    if not seqs:
        return []
    rows = Event.objects.filter(complaint_id__in=seqs, seq__gt=min(seqs.values())).order_by("complaint_id", "seq")
    links = (_link(*row) for row in rows.values_list(*_LINK))
    return [link for link in links if link.seq > seqs[link.complaint_id]]


def here(at: datetime) -> dict[int, tuple[Here, ...]]:
    """Who has which complaint open, by complaint."""
    rows = Presence.objects.fresh(at).order_by("complaint_id", "member_id")
    found: dict[int, dict[int, Here]] = {}
    for complaint_id, member_id, name, status in rows.values_list(
        "complaint_id", "member_id", "member__name", "status"
    ):
        people = found.setdefault(complaint_id, {})
        known = people.get(member_id)
        if known is None or _BUSIEST_LAST.index(status) > _BUSIEST_LAST.index(known.status):
            people[member_id] = Here(member_id, name, status)
    return {complaint_id: tuple(people.values()) for complaint_id, people in found.items()}


def numbers(complaint_ids: Collection[int]) -> dict[int, str]:
    return dict(Complaint.objects.filter(pk__in=complaint_ids).values_list("pk", "number"))


def seen_by(wanted: Mapping[Member, Collection[int]]) -> dict[int, set[int]]:
    """By member: which of the complaints asked about they may know of."""
    rows = (
        (member, Complaint.objects.visible_to(member).filter(pk__in=sorted(ids)))
        for member, ids in wanted.items()
        if ids
    )
    return {pk: {int(row) for row in found} for pk, found in by_member(rows, "pk").items()}


def by_member(rows: Iterable[tuple[Member, QuerySet[Any]]], field: str) -> dict[int, set[Any]]:
    """The field of each member's rows, a hundred members to a statement."""
    asked = [
        found.order_by().annotate(viewer=Value(member.pk, BigIntegerField())).values_list("viewer", field)
        for member, found in rows
    ]
    answers: dict[int, set[Any]] = {}
    for start in range(0, len(asked), AT_ONCE):
        first, *rest = asked[start : start + AT_ONCE]
        for member_id, value in first.union(*rest, all=True) if rest else first:
            answers.setdefault(member_id, set()).add(value)
    return answers
