"""One running promise drawn on a line of time: what is open and what is closed, what did not count, what is due.

Places are shares of the line's width in per cent, so that the same drawing fits a phone and a wide page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.complaints.models import Clock, Pause
from huiyin.desk.wordings import pause_label
from huiyin.sla import promises
from huiyin.sla.almanac import english_name
from huiyin.sla.days import BeyondCalendar, Day, Sort
from huiyin.sla.engine import NATURAL
from huiyin.sla.policy import Policy

DAYS_WITH_HOURS = 21  # on a longer line opening hours would be hairs
LABELS = 5
MARKS = (50, 80)
EDGE = 8  # per cent
WIDE_ENOUGH = 14
LONGEST = timedelta(days=400)  # drawn; what lies beyond stands at the edge
SHORT = timedelta(hours=36)
LATE_SHOWN = 1.0  # of what is long past due, as much again as the promise is long
ONE_DAY = timedelta(days=1)


class Band(NamedTuple):
    """A stretch of the line. `sort`: open, weekend, holiday, pause."""

    sort: str
    x: float
    width: float
    name: str


class Mark(NamedTuple):
    """A moment on the line. `sort`: start, share, due, first, now, stop."""

    sort: str
    x: float
    name: str
    at: datetime

    @property
    def anchor(self) -> str:
        """How its word stands beside the line, so that it stays on the drawing."""
        return "start" if self.x < EDGE else "end" if self.x > 100 - EDGE else "middle"


class Tick(NamedTuple):
    x: float
    name: str


@dataclass(frozen=True)
class Face:
    """What the drawing holds; `sentence` says it for those who do not see it, `rows` in full."""

    bands: list[Band]
    marks: list[Mark]
    ticks: list[Tick]
    sentence: str
    from_second: int
    until_second: int
    rows: list[tuple[str, str]] = field(default_factory=list)

    @property
    def names(self) -> list[Tick]:
        """Of the days off, where there is room for the word beside what was paused; days of one name that touch share
        it."""
        off: list[tuple[float, float, str]] = []
        for band in self.bands:
            if band.sort not in {"weekend", "holiday"}:
                continue
            word, end = band.name.partition(" ")[2], band.x + band.width
            if off and band.x <= off[-1][1] + 0.1 and off[-1][2] == word:
                off[-1] = (off[-1][0], end, word)
            else:
                off.append((band.x, end, word))
        held = [(band.x, band.x + band.width) for band in self.bands if band.sort == "pause"]
        roomy = [(*_widest(start, end, held), word) for start, end, word in off]
        return [Tick(round((start + end) / 2, 2), word) for start, end, word in roomy if end - start >= WIDE_ENOUGH]


def _widest(start: float, end: float, taken: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The widest part that nothing covers."""
    free = [(start, end)]
    for first, last in taken:
        free = [part for low, high in free for part in ((low, min(high, first)), (max(low, last), high))]
    return max(free, key=lambda part: part[1] - part[0])


class _Line(NamedTuple):
    first: datetime
    last: datetime

    def x(self, at: datetime) -> float:
        share = (at - self.first) / (self.last - self.first)
        return round(100 * min(max(share, 0.0), 1.0), 2)

    def holds(self, at: datetime) -> bool:
        return self.first <= at <= self.last

    def band(self, sort: str, start: datetime, end: datetime, name: str) -> Band | None:
        x, until = self.x(start), self.x(end)
        return Band(sort, x, round(until - x, 2), name) if until > x else None


def face_of(clock: Clock, pauses: Sequence[Pause], policy: Policy, *, at: datetime) -> Face:
    """`policy` is the one the clock was started under; `pauses` those of its complaint, which need not concern it."""
    line = _line(clock, at)
    held = [each for each in pauses if policy.may_pause(clock.code, each.reason)]
    days = list(_days(line, policy))
    bands = [each for each in (*_of_days(line, policy, days), *_of_pauses(line, held, policy, at)) if each]
    marks = list(_marks(clock, line, policy, at))
    rows = [(each.name, shown(each.at)) for each in sorted(marks, key=lambda mark: mark.at)]
    rows += [(_("不计时"), each.name) for each in bands if each.sort in {"holiday", "weekend"}]
    rows += [(_("暂停"), each.name) for each in bands if each.sort == "pause"]
    return Face(
        bands, marks, list(_ticks(line, days, policy)), _sentence(clock, held, at),
        int(line.first.timestamp()), int(line.last.timestamp()), rows,
    )  # fmt: skip


def shown(at: datetime) -> str:
    return date_format(timezone.localtime(at), _("n月j日 H:i"))


def _is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def _line(clock: Clock, at: datetime) -> _Line:
    """From the start to what is last of due and end, with a margin; now too, but not for ever after, nor for longer
    than anybody reads."""
    whole = max(clock.due_at - clock.started_at, timedelta(hours=1))
    end = clock.stopped_at or at
    latest = max(clock.started_at + whole, min(end, clock.due_at + whole * LATE_SHOWN), clock.promised_at)
    latest = min(latest, clock.started_at + LONGEST)
    margin = (latest - clock.started_at) * 0.05
    return _Line(clock.started_at - margin, latest + margin)


def _days(line: _Line, policy: Policy) -> Iterator[Day]:
    calendar = policy.calendar
    day, last = calendar.local(line.first).date(), calendar.local(line.last).date()
    while day <= last:
        yield calendar.day(day)
        day += ONE_DAY


def _of_days(line: _Line, policy: Policy, days: Sequence[Day]) -> Iterator[Band | None]:
    calendar = policy.calendar
    zone = ZoneInfo(calendar.zone)
    is_short = len(days) <= DAYS_WITH_HOURS
    for day in days:
        if day.is_working:
            opening = calendar.hours if is_short else ((calendar.hours[0][0], calendar.hours[-1][1]),)
            for opens, closes in opening:
                first, last = (datetime.combine(day.day, edge, zone) for edge in (opens, closes))
                yield line.band("open", first, last, _of_day(day))
        else:
            midnight = datetime.combine(day.day, datetime.min.time(), zone)
            sort = "holiday" if day.sort is Sort.HOLIDAY else "weekend"
            yield line.band(sort, midnight, midnight + ONE_DAY, _of_day(day))


def _of_day(day: Day) -> str:
    names = {Sort.WEEKEND: _("周末"), Sort.HOLIDAY: _("放假"), Sort.MAKEUP: _("调休上班"), Sort.WORKDAY: ""}
    name = (day.name if _is_chinese() else english_name(day.name)) or names[day.sort]
    return f"{day.day.month}/{day.day.day} {name}".strip()


def _of_pauses(line: _Line, pauses: Sequence[Pause], policy: Policy, at: datetime) -> Iterator[Band | None]:
    for each in pauses:
        reason = policy.pause_reasons.get(each.reason)
        label = pause_label(each.reason, reason.zh if reason else each.reason)
        until = shown(each.ended_at) if each.ended_at else _("现在")
        yield line.band("pause", each.started_at, each.ended_at or at, f"{label} {shown(each.started_at)}–{until}")


def _marks(clock: Clock, line: _Line, policy: Policy, at: datetime) -> Iterator[Mark]:
    found = [("start", clock.started_at, _("开始"))]
    if clock.paused_at is None:
        for share in MARKS:
            moment = _share(clock, policy, share / 100)
            if moment is not None:
                found.append(("share", moment, f"{share}%"))
    if clock.promised_at != clock.due_at:
        found.append(("first", clock.promised_at, _("原定截止")))
    found.append(("due", clock.due_at, _("截止")))
    if clock.stopped_at is not None:
        found.append(("stop", clock.stopped_at, _("完成")))
    elif line.holds(at):
        found.append(("now", at, _("现在")))
    return (Mark(sort, line.x(moment), name, moment) for sort, moment, name in found)


def _share(clock: Clock, policy: Policy, share: float) -> datetime | None:
    try:
        return promises.share_used_at(policy, clock.why, start=clock.started_at, due=clock.due_at, share=share)
    except BeyondCalendar:
        return None


def _ticks(line: _Line, days: Sequence[Day], policy: Policy) -> Iterator[Tick]:
    """Midnights by their date; on a short line whole hours."""
    zone = ZoneInfo(policy.calendar.zone)
    starts = [datetime.combine(day.day, datetime.min.time(), zone) for day in days]
    if line.last - line.first < SHORT:
        hours = [start + timedelta(hours=hour) for start in starts for hour in range(24)]
        places = [each for each in hours if EDGE <= line.x(each) <= 100 - EDGE and line.holds(each)]
        step = next((n for n in (1, 2, 3, 6, 12) if len(places) <= LABELS * n), 12)
        shown_ones = [each for each in places if each.hour % step == 0]
    else:
        places = [each for each in starts if line.holds(each) and line.x(each) < 100 - EDGE]
        shown_ones = places[:: max(1, -(-len(places) // LABELS))]
    for each in shown_ones:
        yield Tick(line.x(each), f"{each.hour}:00" if each.hour else f"{each.month}/{each.day}")


def _sentence(clock: Clock, held: Sequence[Pause], at: datetime) -> str:
    words = {"start": shown(clock.started_at), "due": shown(clock.due_at), "n": len(held)}
    said = _("时间线：%(start)s 开始，%(due)s 截止，暂停 %(n)d 次。") % words
    return said if clock.stopped_at else said + _("现在是 %s。") % shown(at)


def worked(policy: Policy, start: datetime, end: datetime) -> timedelta | None:
    """Opening time between two moments; None where the days are not known."""
    try:
        return policy.calendar.working_between(*sorted((start, end)))
    except BeyondCalendar:
        return None


def openings(policy: Policy, start: datetime, end: datetime, most: int = 40) -> list[tuple[datetime, datetime]]:
    """Stretches of opening time between two moments, for the page to count down by itself; empty where too many."""
    calendar = policy.calendar
    zone = ZoneInfo(calendar.zone)
    found: list[tuple[datetime, datetime]] = []
    day: date = calendar.local(start).date()
    while day <= calendar.local(end).date() and len(found) <= most:
        if calendar.day(day).is_working:
            for opens, closes in calendar.hours:
                first = max(datetime.combine(day, opens, zone), start)
                last = min(datetime.combine(day, closes, zone), end)
                if first < last:
                    found.append((first, last))
        day += ONE_DAY
    return found if len(found) <= most else []


def counts_naturally(clock: Clock) -> bool:
    return clock.why.get("unit") in NATURAL or "at" in clock.why
