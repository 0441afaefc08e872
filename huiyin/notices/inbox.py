"""What stands in a member's inbox, in words; what they may not know of any more stands there without them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.notices import guards
from huiyin.notices.kinds import kinds
from huiyin.notices.models import Notice
from huiyin.notices.queries import wording, zone_of
from huiyin.notices.wording import fill
from huiyin.org.models import Member

JUST_NOW_MOST = 200


@dataclass(frozen=True)
class Entry:
    pk: int
    title: str
    body: str
    label: str
    number: str
    link: str
    at: datetime
    is_seen: bool
    is_urgent: bool
    is_hidden: bool


def entries(notices: Sequence[Notice], member: Member) -> list[Entry]:
    """In the same order and in the language of the page; two queries whatever their number."""
    if not notices:
        return []
    seen, words = guards.seen_of(member, {each.number for each in notices}), wording()
    language = "en" if (get_language() or "").startswith("en") else "zh"
    zone = zone_of(member.unit)
    found = []
    for each in notices:
        is_hidden = each.number not in seen
        told = fill(
            words(each.kind, language), {**each.values, "number": each.number, "at": each.at},
            language=language, zone=zone,
        )  # fmt: skip
        kind = kinds().get(each.kind)
        found.append(
            Entry(
                each.pk,
                _("这件投诉您现在看不到了") if is_hidden else told.title,
                "" if is_hidden else told.body,
                kind.label if kind else "",
                "" if is_hidden else each.number,
                "" if is_hidden else each.link,
                each.at,
                each.seen_at is not None,
                each.urgent,
                is_hidden,
            )
        )
    return found


def told_since(moment: datetime, member_ids: Collection[int]) -> list[Notice]:
    """Unread ones told since then, oldest first. Keys are no help here: connections draw them in blocks."""
    rows = Notice.objects.unseen().filter(member__in=member_ids, at__gte=moment).order_by("at", "pk")
    return list(rows[:JUST_NOW_MOST])
