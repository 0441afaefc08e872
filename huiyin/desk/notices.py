"""What is for one member in particular: mentioned, an order to sign, an order urged; and how many of these wait."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from huiyin.complaints.models import Complaint, Event, Mention
from huiyin.complaints.watching import AT_ONCE, Link, by_member
from huiyin.desk.queries import capped_counts
from huiyin.dispatch import queries as dispatch
from huiyin.dispatch.states import IN_HAND
from huiyin.notices.models import Notice
from huiyin.notices.queries import language_of, wording, zone_of
from huiyin.notices.wording import fill
from huiyin.org.models import Member
from huiyin.org.rules import Right, may

Kind = Event.Kind
ABOUT_ORDERS = frozenset({Kind.DISPATCHED, Kind.NUDGED})
COUNTED_AS_WORK = ("order_dispatched", "order_offered", "order_nudged")  # until signed for, or handled
FEW = 3  # told at once, each in a toast; more are said in one
MOST = 100  # counted; beyond, "99+"


def notices(links: Sequence[Link], members: Collection[Member]) -> dict[int, list[dict[str, Any]]]:
    """By member, in order: {key, text, number, place} for what others did. Two statements at most.

    Whether the member sees the complaint, the mention and the order's view have decided.
    """
    mentioned = {link.pk: set(link.particulars.get("mentions", ())) for link in links if link.kind == Kind.NOTED}
    orders = _orders_of([link for link in links if link.kind in ABOUT_ORDERS], members)
    seen = _mentions_of([link for link in links if mentioned.get(link.pk)], members)
    found: dict[int, list[dict[str, Any]]] = {}
    for member in members:
        for link in links:
            if link.actor_id == member.pk:
                continue
            if member.pk in mentioned.get(link.pk, ()) and link.particulars.get("note") in seen.get(member.pk, ()):
                found.setdefault(member.pk, []).append(_mention(link, member))
            elif link.kind in ABOUT_ORDERS and link.particulars.get("order") in orders.get(member.pk, ()):
                found.setdefault(member.pk, []).append(_order(link, member))
    return found


def _mentions_of(links: Iterable[Link], members: Iterable[Member]) -> dict[int, set[Any]]:
    notes = [link.particulars.get("note") for link in links]
    named = {pk for link in links for pk in link.particulars.get("mentions", ())}
    asked = (
        (member, Mention.objects.visible_to(member).filter(member=member, note__in=notes))
        for member in members
        if member.pk in named
    )
    return by_member(asked, "note_id") if notes else {}


def _orders_of(links: Iterable[Link], members: Iterable[Member]) -> dict[int, set[Any]]:
    """The numbers of those orders that wait for the member: to be signed, or in their hands."""
    numbers = {link.particulars.get("order") for link in links}
    if not numbers:
        return {}
    signing = ((each, dispatch.to_sign(each)) for each in members if may(each, Right.SIGN))
    handling = ((each, dispatch.to_handle(each)) for each in members)
    asked = ((each, rows.filter(number__in=numbers)) for pairs in (signing, handling) for each, rows in pairs)
    return by_member(asked, "number")


def waiting(members: Sequence[Member]) -> dict[int, int]:
    """By member, how many unread notices, unseen mentions, orders to sign and urged orders in hand there are; one
    statement for each AT_ONCE members: PostgreSQL takes no more than 1,664 columns, nor a statement of any depth."""
    found: dict[int, int] = {}
    for start in range(0, len(members), AT_ONCE):
        found |= _waiting(members[start : start + AT_ONCE])
    return found


def _waiting(members: Sequence[Member]) -> dict[int, int]:
    urged = Q(nudge_count__gt=0, state__in=sorted(IN_HAND))
    heads = [
        rows.order_by().values("pk")[:MOST]
        for member in members
        for rows in (
            Mention.objects.visible_to(member).filter(member=member, seen_at=None),
            dispatch.to_sign(member),
            dispatch.to_handle(member).filter(urged),
            Notice.objects.visible_to(member).unseen().exclude(kind__in=COUNTED_AS_WORK),
        )
    ]
    found = capped_counts(heads)
    return {member.pk: sum(found[place * 4 : place * 4 + 4]) for place, member in enumerate(members)}


def told(rows: Sequence[Notice], members: Mapping[int, Member]) -> dict[int, list[dict[str, Any]]]:
    """By member, what they were told just now: {text, number, link}. Two statements.

    Only what is about a complaint that they may know of, or about none; the rest waits in the inbox.
    """
    asked = (
        (members[pk], Complaint.objects.visible_to(members[pk]).filter(number__in=numbers))
        for pk, numbers in _numbers(rows).items()
    )
    seen, words = by_member(asked, "number"), wording() if rows else None
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        member = members[row.member_id]
        if words is None or (row.number and row.number not in seen.get(member.pk, ())):
            continue
        language = language_of(member)
        values = {**row.values, "number": row.number, "at": row.at}
        title = fill(words(row.kind, language), values, language=language, zone=zone_of(member.unit)).title
        link = reverse("desk:inbox-notice", args=[row.pk])
        said = {
            "key": row.pk,
            "text": title,
            "number": row.number,
            "link": link,
            **({"urgent": True} if row.urgent else {}),
        }
        found.setdefault(member.pk, []).append(said)
    return found


def in_one(new: Sequence[dict[str, Any]], member: Member) -> list[dict[str, Any]]:
    """A burst is said once, with its count, and leads to the inbox; what is urgent still stands for itself, unless
    that is a burst as well."""
    found: list[dict[str, Any]] = []
    for is_urgent in (True, False):
        some = [each for each in new if each.get("urgent", False) == is_urgent]
        if len(some) <= FEW:
            found += some
            continue
        with translation.override(member.language):
            text = (_("%d 条新的紧急提醒") if is_urgent else _("%d 条新提醒")) % len(some)
        link = reverse("desk:inbox") + ("?show=urgent" if is_urgent else "?show=unseen")
        burst = {"key": some[-1]["key"], "text": text, "number": "", "link": link, "count": len(some)}
        found.append({**burst, **({"urgent": True} if is_urgent else {})})
    return found


def _numbers(rows: Iterable[Notice]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for row in rows:
        if row.number:
            found.setdefault(row.member_id, set()).add(row.number)
    return found


def _mention(link: Link, member: Member) -> dict[str, Any]:
    with translation.override(member.language):
        text = _("%(who)s 在 %(number)s 的备注里提到了您") % {"who": link.actor, "number": link.number}
    return {"key": link.pk, "text": text, "number": link.number, "place": f"note-{link.particulars.get('note')}"}


def _order(link: Link, member: Member) -> dict[str, Any]:
    order: Mapping[str, Any] = link.particulars
    with translation.override(member.language):
        words = _("有工单派给您：%s") if link.kind == Kind.DISPATCHED else _("工单被催办：%s")
        text = words % order.get("order", "")
    return {"key": link.pk, "text": text, "number": link.number, "place": str(order.get("order", ""))}
