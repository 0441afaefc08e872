"""Moments, deadlines and lengths of time as a person reads them, in the active time zone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from huiyin.lib import spans
from huiyin.lib.templatetags.assets import icon

register = template.Library()

Absent = Literal[""] | None  # how a template passes a variable it does not have

RECENT = timedelta(days=7)
SOON = timedelta(hours=4)


def _now(context: Context) -> datetime:
    now = context.get("now")
    return now if isinstance(now, datetime) else timezone.now()


def absolute(at: datetime, now: datetime) -> str:
    """Day and minute, with the year where it is another one."""
    is_chinese = (get_language() or "").startswith("zh")
    local, today = timezone.localtime(at), timezone.localtime(now)
    if local.year == today.year:
        return date_format(local, "n月j日 H:i" if is_chinese else "j M H:i")
    return date_format(local, "Y年n月j日 H:i" if is_chinese else "j M Y H:i")


def _brief(at: datetime, now: datetime) -> str:
    """The minute of today or the day, as a narrow column has room for."""
    local = timezone.localtime(at)
    if local.date() == timezone.localtime(now).date():
        return date_format(local, "H:i")
    return absolute(at, now).rpartition(" ")[0]


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime | Absent) -> SafeString:
    """`3 分钟前` while recent (the page keeps it ticking), else the date; the exact time on hover."""
    if not at:
        return SafeString("")
    now = _now(context)
    exact = timezone.localtime(at)
    is_recent = abs(at - now) < RECENT
    # written out, not by format_html: lists have hundreds, and nothing in it comes from anybody
    ticks = " data-moment" if is_recent else ""
    words = spans.from_now(at - now) if is_recent else absolute(at, now)
    iso = exact.isoformat(timespec="seconds")
    return SafeString(f'<time datetime="{iso}" title="{iso[:10]} {iso[11:19]}"{ticks}>{words}</time>')


@register.simple_tag(takes_context=True)
def stamp(context: Context, at: datetime | date | Absent) -> SafeString:
    """The date and time itself: `11月22日 14:05`."""
    if not at:
        return SafeString("")
    if not isinstance(at, datetime):
        return format_html('<time datetime="{}">{}</time>', at.isoformat(), at.isoformat())
    exact = timezone.localtime(at)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        exact.isoformat(timespec="seconds"),
        exact.strftime("%Y-%m-%d %H:%M:%S"),
        absolute(at, _now(context)),
    )


_CHIP_WORDS = {"done": ("check", _("按时")), "paused": ("player-pause", _("暂停计时"))}


@dataclass(frozen=True)
class Due:
    state: str  # ok, soon, overdue, done, paused
    words: str
    at: str
    exact: str


@register.simple_tag(takes_context=True)
def due(context: Context, at: datetime, done_at: datetime | Absent = None, is_paused: object = False) -> Due:
    """How a deadline stands: `{% due complaint.due_at as d %}`, then d.state, d.words, d.at, d.exact."""
    distance = at - (done_at or _now(context))
    if done_at:
        state = "done" if distance >= timedelta(0) else "overdue"
    elif is_paused:
        state = "paused"
    else:
        state = "overdue" if distance < timedelta(0) else "soon" if distance < SOON else "ok"
    exact = timezone.localtime(at)
    return Due(
        state, spans.to_deadline(distance), exact.isoformat(timespec="seconds"), exact.strftime("%Y-%m-%d %H:%M")
    )


@register.simple_tag(takes_context=True)
def due_chip(
    context: Context,
    at: datetime,
    done_at: datetime | Absent = None,
    is_paused: object = False,
    label: str = "",
    until: datetime | Absent = None,
) -> SafeString:
    """The deadline as a chip; its words tick in the page while it runs. Written here because lists have hundreds.

    `is_paused` may be the moment since when; `until` is when the pause ends by itself, and is then said too.
    """
    told = due(context, at, done_at, is_paused)
    runs = not done_at and not is_paused
    if told.state in _CHIP_WORDS:
        name, said = _CHIP_WORDS[told.state]
        words = str(said)
        if told.state == "paused" and isinstance(is_paused, datetime):
            words = _paused(context, is_paused, until)
        face = f"{icon(name)}<span>{words}</span>"
    else:
        face = (
            f'<span class="due-clock due-clock-run">{icon("clock")}</span>'
            f'<span class="due-clock due-clock-over">{icon("alert-circle")}</span>'
            f"<span data-due-words>{told.words}</span>"
        )
    ticks = f' data-due="{told.at}"' if runs else ""
    named = f"<span>{escape(label)}</span> " if label else ""
    return SafeString(
        f'<span class="chip due" data-due-state="{told.state}" title="{told.exact}"{ticks}>{named}{face}</span>'
    )


def _paused(context: Context, since: datetime, until: datetime | Absent) -> str:
    now = _now(context)
    if not until:
        return gettext("暂停，%s 起") % _brief(since, now)
    return gettext("暂停，%(since)s 至 %(until)s") % {"since": absolute(since, now), "until": absolute(until, now)}


@register.filter
def span(length: timedelta | int | float | None) -> str:
    """A timedelta, or seconds, in words."""
    if length is None:
        return ""
    return spans.words(length if isinstance(length, timedelta) else timedelta(seconds=length))
