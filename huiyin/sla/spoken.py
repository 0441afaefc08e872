"""A time promised in what is said to a customer: "明天下午三点前给您答复", "within 24 hours". Read by rules, from a
given moment; values only. It proposes and sets nothing: what it does not understand it leaves alone.

A time counts only beside words of answering ("答复", "call you back"), in a clause that neither asks something of the
customer ("请您三天内回复") nor denies, nor tells of what was. The earliest one that is still to come is taken.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from re import Match
from typing import NamedTuple

from huiyin.sla.days import BeyondCalendar
from huiyin.sla.engine import Calendar, Target
from huiyin.sla.promises import earliest

LONGEST = timedelta(days=90)
NEXT_YEAR_AFTER = timedelta(days=180)  # "1月5日" said in November is the coming one

_N = r"(\d{1,3}|[零一二两三四五六七八九十]{1,3})"
_PART = r"(凌晨|早上|早晨|清晨|上午|中午|下午|傍晚|晚上|晚间|早|晚)?"
_HOUR = rf"(?:(\d{{1,2}}):(\d{{2}})|{_N}(?:点|时)(?:钟|整)?(?:(半)|(一刻)|{_N}分?)?)"
_CLOCK = rf"{_PART}\s*(?:{_HOUR})?"
_DAY = (
    r"(?:(\d{4})[-/年])?(\d{1,2})[-/月](\d{1,2})[日号]?"  # year, month, day
    r"|(今天|今日|今|明天|明日|明|后天|大后天)"
    r"|(本周|这周|下周|本星期|这星期|下星期|下个?礼拜|周|星期|礼拜)([一二三四五六日天末])"
    r"|(本月底|月底|本周内|(?<![一二两三四五六七八九十\d个])周内)"
    r"|(\d{1,2})[日号](?![内以后]|之(?!前))"
)
_SPAN = re.compile(
    rf"(?:{_N}\s*个?\s*(工作日|小时|钟头|分钟|天|日|周|星期|礼拜)|(半)个?(小时|天|钟头)|(一个半小时))(?:之内|以内|内|之后|后|之前)"
)
_MOMENT = re.compile(
    rf"(?:{_DAY})(?:上(?!午)|的)?\s*{_CLOCK}\s*(?:下班)?|(?<!\d){_PART}\s*{_HOUR}(?=\s*(?:前|之前|以前|给|与|跟|和|回|再))"
)
_ANSWER = re.compile(
    r"答复|回复|回个?(?:电|话|信)|回访|复电|致电|去电|联系(?:到)?您|联络您|(?:与|和|跟|同)您(?:取得)?(?:联系|联络|沟通)|打电话|通知您|告知您|告诉您|"
    r"(?:给|向)您(?:一个|个|一)?(?:明确|满意|具体|初步|正式|准确)?的?(?:消息|结果|说法|方案|反馈|回音|说明|报告|交代|处理|电话|信)|反馈"
)
_NO_PROMISE = re.compile(
    r"请(?:您|你|在|于|尽|务必|按)|烦请|麻烦您|劳驾|您(?:可以?|须|需|应|要|若|如|在|于)|如果?(?:您|超)|若您|"
    r"(?:联系|回复|答复|告知|告诉|通知|反馈给|致电|打给|打电话给)我们|给我们|不会|无法|不能(?!超过|晚于)|没能|未能|没有|并未|不承诺|"
    r"(?:已|曾)经?(?!.{0,4}(?:安排|约定))|昨|前天|上周|刚才|了吗|吗$"
)
_LEADS = re.compile(r"(?:答复|回复|回电|联系|反馈|致电)(?:您|给您)?的?(?:时间|时限)")
_MONDAY_IS_0 = {name: index for index, name in enumerate("一二三四五六日")} | {"天": 6, "末": 6}
_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_PARTS = {
    "凌晨": 6, "早上": 12, "早晨": 12, "清晨": 12, "早": 12, "上午": 12, "中午": 13, "下午": 0, "傍晚": 19, "晚上": 21,
    "晚间": 21, "晚": 21,
}  # fmt: skip  # the hour by which a part of the day is over; 0: at closing time
_NEAR = 24  # so many characters may stand between a time and the word of answering

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_WORDS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "ten": 10,
    "twelve": 12, "twenty-four": 24, "forty-eight": 48,
}  # fmt: skip
_AT = (
    r"(?:\s*(?:,|at|by|before)?\s*(?:(\d{1,2})(?:[:.](\d{2}))?\s*(a\.?m\b\.?|p\.?m\b\.?)"
    r"|(\d{1,2}):(\d{2})|(noon|midday)))?"
)
_EN_DAY = (
    rf"(?:(this|next|coming)\s+)?({'|'.join(_WEEKDAYS)})|(today|tonight|tomorrow)(?:\s+(morning|noon|afternoon|evening))?"
    rf"|(\d{{1,2}})(?:st|nd|rd|th)?\s+({'|'.join(_MONTHS)})|({'|'.join(_MONTHS)})\s+(\d{{1,2}})(?:st|nd|rd|th)?"
    r"|(\d{4})-(\d{2})-(\d{2})|(?:the\s+)?(end\s+of\s+(?:the\s+|this\s+)?(?:day|week))"
)
_EN_SPAN = re.compile(
    rf"\b(?:within|in)\s+(?:the\s+next\s+)?(half\s+an\s+hour|(?:\d{{1,3}}|{'|'.join(_WORDS)})"
    r"\s+(?:(?:working|business)\s+days?|minutes?|hours?|days?|weeks?))\b"
)
_EN_MOMENT = re.compile(
    rf"\b(?:by|before|no later than|on|at)?\s*(?:(\d{{1,2}})(?:[:.](\d{{2}}))?\s*(a\.?m\b\.?|p\.?m\b\.?)\s+(?:on\s+)?)?"
    rf"\b(?:{_EN_DAY})\b{_AT}"
)
_EN_ANSWER = re.compile(
    r"\b(?:repl(?:y|ied)|respond|answer|call|ring|phone|contact|write|e-?mail|get back|be in touch|come back|update|"
    r"inform|let you know|hear from us|hear back|have (?:an|our|your) answer|reach you|follow up)\b"
)
_EN_OURS = re.compile(r"\b(?:we|i|you will hear|you'll hear|our \w+ will|hear from us)\b")
_EN_NO_PROMISE = re.compile(
    r"\bplease\b(?! be assured| rest assured| expect)|\b(?:cannot|can't|won't|unable|could not|did not|didn't"
    r"|not be able|not promise|never)\b|\byou (?:can|may|must|should|need|could)\b|\b(?:contact|call|write to|e-?mail"
    r"|tell|inform|reach) us\b|\byesterday\b|\b(?:replied|called|contacted|have already)\b|\?$"
)


class Spoken(NamedTuple):
    """The moment, and the words it was read from."""

    until: datetime
    words: str


def promised_in(text: str, *, at: datetime, calendar: Calendar) -> Spoken | None:
    """The earliest time to come by which the text says that the customer hears from us; None where it says none."""
    plain = unicodedata.normalize("NFKC", text)
    try:
        found = [*_chinese(plain, at, calendar), *_english(plain.lower(), at, calendar)]
    except (BeyondCalendar, OverflowError):
        return None
    return min((each for each in found if at < each.until <= at + LONGEST), default=None)


def _chinese(text: str, at: datetime, calendar: Calendar) -> Iterator[Spoken]:
    for sentence in re.split(r"[。!?;\n]", text):
        clauses = [each.strip() for each in re.split(r"[,、]", sentence)]
        for place, clause in enumerate(clauses):
            following = clauses[place + 1] if place + 1 < len(clauses) else ""
            yield from _of_clause(clause, following, at, calendar)


def _of_clause(clause: str, following: str, at: datetime, calendar: Calendar) -> Iterator[Spoken]:
    for reading, pattern in ((_span, _SPAN), (_moment, _MOMENT)):
        for match in pattern.finditer(clause):
            rest = clause[match.end() : match.end() + 2 * _NEAR]
            is_bare = not re.sub(r"[之以前内后左右期间的\s]", "", rest)
            said = rest if not is_bare else following
            answer = _ANSWER.search(said)
            is_led = _LEADS.search(clause[: match.start()]) is not None
            if not is_led and (answer is None or answer.start() > _NEAR):
                continue
            about = clause if is_led or not is_bare else f"{clause},{following}"
            if _NO_PROMISE.search(about) or (until := reading(match, at, calendar)) is None:
                continue
            yield Spoken(until, match[0].strip())


def _number(written: str) -> int:
    """12, 十二, 二十四, 两."""
    if written.isdigit():
        return int(written)
    if "十" not in written:
        return _DIGITS[written[-1]]
    tens, ones = written.split("十", 1)
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _span(match: Match[str], at: datetime, calendar: Calendar) -> datetime | None:
    number, unit, half, of, _one_and_a_half = match.groups()
    if half:
        return at + (timedelta(hours=12) if of == "天" else timedelta(minutes=30))
    if not number:
        return at + timedelta(minutes=90)
    return _after(_number(number), unit, at, calendar)


def _after(count: int, unit: str, at: datetime, calendar: Calendar) -> datetime | None:
    if not count:
        return None
    if unit.startswith(("工作", "work", "business")):
        return earliest(calendar, at, Target.of("wd", count))
    if unit.startswith(("小时", "钟头", "hour")):
        return at + timedelta(hours=count)
    if unit.startswith(("分钟", "minute")):
        return at + timedelta(minutes=count)
    return at + timedelta(days=count * (7 if unit.startswith(("周", "星期", "礼拜", "week")) else 1))


def _moment(match: Match[str], at: datetime, calendar: Calendar) -> datetime | None:
    year, month, day, near, week, weekday, by_end, of_month, *clock = match.groups()
    part, hour, minute, spoken, half, quarter, spoken_minute = clock[:7]
    now = calendar.local(at)
    if not any((month, near, week, by_end, of_month)):  # an hour alone: today
        part, hour, minute, spoken, half, quarter, spoken_minute = clock[7:]
    on = _day(now, year, month, day, near, week, weekday, by_end, of_month)
    if on is None:
        return None
    minutes = (
        int(minute) if minute else 30 if half else 15 if quarter else _number(spoken_minute) if spoken_minute else 0
    )
    said = int(hour) if hour else _number(spoken) if spoken else None
    return _of_day(on, part, said, minutes, now, calendar)


def _of_day(
    on: date, part: str | None, hour: int | None, minutes: int, now: datetime, calendar: Calendar
) -> datetime | None:
    """The moment of that day; without an hour when its part, or our own day, is over."""
    if hour is None:
        over = _PARTS.get(part or "", 0)
        moment = time(over) if over else calendar.hours[-1][1]
    else:
        is_late = part in ("下午", "傍晚", "晚上", "晚间", "晚") or (part == "中午" and hour < 3)
        if hour < 12 and (is_late or (part is None and hour < 8 and not minutes and hour > 0)):
            hour += 12
        if hour > 23 or minutes > 59:
            return None
        moment = time(hour, minutes)
    return datetime.combine(on, moment, tzinfo=now.tzinfo)


def _day(
    now: datetime,
    year: str | None,
    month: str | None,
    day: str | None,
    near: str | None,
    week: str | None,
    weekday: str | None,
    by_end: str | None,
    of_month: str | None,
) -> date | None:
    today = now.date()
    if month and day:
        return _dated(today, int(year) if year else None, int(month), int(day))
    if near:
        return today + timedelta(days={"今": 0, "明": 1, "后": 2, "大": 3}[near[0]])
    if week and weekday:
        ahead = _MONDAY_IS_0[weekday] - today.weekday()
        is_next = week.startswith("下") or (week in ("周", "星期", "礼拜") and ahead < 0)
        return today + timedelta(days=ahead + (7 if is_next else 0))
    if by_end:
        return _end_of_week(today) if "周" in by_end else _end_of_month(today)
    if of_month:
        return _dated(today, today.year, today.month, int(of_month))
    return today


def _dated(today: date, year: int | None, month: int, day: int) -> date | None:
    try:
        found = date(year or today.year, month, day)
        return found.replace(year=found.year + 1) if year is None and found < today - NEXT_YEAR_AFTER else found
    except ValueError:
        return None


def _end_of_week(today: date) -> date:
    return today + timedelta(days=max(4 - today.weekday(), 0))


def _end_of_month(today: date) -> date:
    return (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _english(text: str, at: datetime, calendar: Calendar) -> Iterator[Spoken]:
    for sentence in re.split(r"[。!;\n]|(?<=\?)|(?<!\bp\.m)(?<!\ba\.m)\.(?=\s|$)", text):
        if not (_EN_ANSWER.search(sentence) and _EN_OURS.search(sentence)) or _EN_NO_PROMISE.search(sentence.strip()):
            continue
        for match in _EN_SPAN.finditer(sentence):
            if until := _en_span(match[1], at, calendar):
                yield Spoken(until, match[0].strip())
        for match in _EN_MOMENT.finditer(sentence):
            if until := _en_moment(match, at, calendar):
                yield Spoken(until, match[0].strip())


def _en_span(written: str, at: datetime, calendar: Calendar) -> datetime | None:
    if written.startswith("half"):
        return at + timedelta(minutes=30)
    count, unit = written.split(maxsplit=1)
    return _after(int(count) if count.isdigit() else _WORDS[count], unit, at, calendar)


def _en_moment(match: Match[str], at: datetime, calendar: Calendar) -> datetime | None:
    given = match.groups()
    before, (which, weekday, near, part, day, month, month_2, day_2, year, number, day_3, end), after = (
        given[:3], given[3:15], given[15:],
    )  # fmt: skip
    now = calendar.local(at)
    today = now.date()
    on: date | None
    if weekday:
        ahead = (_WEEKDAYS.index(weekday) - today.weekday()) % 7
        on = today + timedelta(days=ahead + (7 if which == "next" and ahead + today.weekday() < 7 else 0))
    elif near:
        on = today + timedelta(days=near == "tomorrow")
        part = "evening" if near == "tonight" else part
    elif year:
        on = _dated(today, int(year), int(number), int(day_3))
    elif end:
        on = _end_of_week(today) if "week" in end else today
    else:
        on = _dated(today, None, _MONTHS.index(month or month_2) + 1, int(day or day_2))
    if on is None:
        return None
    hour, minutes, half_day = (before[0], before[1], before[2]) if before[0] else after[:3]
    if hour:
        clock = int(hour) % 12 + (12 if half_day.startswith("p") else 0)
        return _of_day(on, "", clock, int(minutes or 0), now, calendar)
    if after[3]:
        return _of_day(on, "", int(after[3]), int(after[4]), now, calendar)
    if after[5] or part == "noon":
        return _of_day(on, "", 12, 0, now, calendar)
    return _of_day(on, {"morning": "上午", "evening": "晚上"}.get(part or "", "下午"), None, 0, now, calendar)
