"""What stands in a member's inbox, in words; what they may not know of any more stands there without them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet, Window
from django.db.models.functions import RowNumber, TruncHour
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.notices import guards
from huiyin.notices.kinds import kinds
from huiyin.notices.models import Notice
from huiyin.notices.queries import wording, zone_of
from huiyin.notices.wording import fill
from huiyin.org.models import Member

JUST_NOW_EACH, JUST_NOW_MOST = 500, 5_000  # of one member, so that a burst for one hides nothing from another; of all
FEW = 3  # of one kind in one hour stand each for itself; more are one row
HOUR = TruncHour("at", tzinfo=UTC)


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
    bunch: Bunch | None = None  # the newest of so many


@dataclass(frozen=True)
class Bunch:
    """Those of one kind in one hour, urgent ones apart."""

    kind: str
    hour: datetime
    is_urgent: bool
    count: int = 0
    unseen: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None

    @property
    def key(self) -> str:
        return f"{self.kind}.{self.hour:%Y%m%d%H}.{int(self.is_urgent)}"

    @property
    def label(self) -> str:
        kind = kinds().get(self.kind)
        return kind.label if kind else _("通知")


def bunch_of(key: str) -> Bunch | None:
    """What Bunch.key names; None where it names nothing."""
    kind, _dot, rest = key.partition(".")
    hour, _dot, urgent = rest.partition(".")
    try:
        begun = datetime.strptime(hour, "%Y%m%d%H").replace(tzinfo=UTC)
    except ValueError:
        return None
    return Bunch(kind, begun, urgent == "1") if kind in kinds() and urgent in ("0", "1") else None


def of_bunch(rows: QuerySet[Notice], bunch: Bunch) -> QuerySet[Notice]:
    until = bunch.hour + timedelta(hours=1)
    return rows.filter(kind=bunch.kind, urgent=bunch.is_urgent, at__gte=bunch.hour, at__lt=until)


def heads(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    """What stands in the inbox: each that has few of its kind beside it in its hour, and the newest of more."""
    same: list[Any] = [F("kind"), F("urgent"), HOUR]
    placed = rows.annotate(
        beside=Window(Count("pk"), partition_by=same),
        place=Window(RowNumber(), partition_by=same, order_by=[F("at").desc(), F("pk").desc()]),
    )
    standing = placed.filter(Q(beside__lte=FEW) | Q(place=1)).order_by()
    return rows.filter(pk__in=standing.values("pk"))


def bunched(shown: Sequence[Entry], heads: Sequence[Notice], rows: QuerySet[Notice]) -> list[Entry]:
    """The entries of these heads of the rows; one that stands for more says for how many. One query."""
    if not heads:
        return []
    hours = {each.at.replace(minute=0, second=0, microsecond=0) for each in heads}
    among = rows.filter(
        at__gte=min(hours), at__lt=max(hours) + timedelta(hours=1), kind__in={row.kind for row in heads}
    )
    counted = among.annotate(hour=HOUR).order_by().values("kind", "urgent", "hour").annotate(
        count=Count("pk"), unseen=Count("pk", filter=Q(seen_at=None)), first_at=Min("at"), last_at=Max("at")
    ).filter(count__gt=FEW)  # fmt: skip
    found = {
        (each["kind"], each["urgent"], each["hour"]): Bunch(
            each["kind"], each["hour"], each["urgent"], each["count"], each["unseen"], each["first_at"], each["last_at"]
        )
        for each in counted
    }
    places = [(row.kind, row.urgent, row.at.replace(minute=0, second=0, microsecond=0)) for row in heads]
    return [replace(entry, bunch=found.get(place)) for entry, place in zip(shown, places, strict=True)]


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
    """Unread ones told since then, oldest first; the newest where there are many. Keys are no help here: connections
    draw them in blocks."""
    newest = [F("at").desc(), F("pk").desc()]
    rows = Notice.objects.unseen().filter(member__in=member_ids, at__gte=moment)
    placed = rows.annotate(place=Window(RowNumber(), partition_by=F("member"), order_by=newest))
    return list(placed.filter(place__lte=JUST_NOW_EACH).order_by("-at", "-pk")[:JUST_NOW_MOST])[::-1]
