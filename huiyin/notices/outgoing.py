"""A message as a carrier gets it: one notice, or a digest of several. Values only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huiyin.notices.kinds import Words
from huiyin.notices.wording import fill

MOST_LINES = 20  # of a digest; how many more there are, it says
LANGUAGES = {"zh": "zh-hans", "en": "en"}


@dataclass(frozen=True)
class Line:
    title: str
    body: str
    url: str
    kind: str
    number: str
    at: datetime


@dataclass(frozen=True)
class Outgoing:
    """`name` stays the same at every try: whoever gets the message twice can see that it is one."""

    name: str
    title: str
    lines: tuple[Line, ...]
    more: int = 0
    is_urgent: bool = False
    inbox_url: str = ""
    more_words: str = ""

    @property
    def is_digest(self) -> bool:
        return len(self.lines) + self.more > 1

    @property
    def text(self) -> str:
        """Plain, for mail and for robots that are sent plain text."""
        if not self.is_digest:
            [line] = self.lines
            return "\n".join(part for part in (line.body, line.url) if part)
        parts = [f"· {line.title}\n  {line.body}\n  {line.url}".rstrip() for line in self.lines]
        return "\n".join([*parts, *self._ending])

    @property
    def short(self) -> str:
        """For a short message: the title, and where to read the rest."""
        return f"{self.title} {self.inbox_url if self.is_digest else self.lines[0].url}".strip()

    @property
    def markdown(self) -> str:
        """With links, in the part of Markdown that all three robots know."""
        if not self.is_digest:
            [line] = self.lines
            return "\n\n".join(part for part in (f"**{_safe(line.title)}**", _safe(line.body), _link(line)) if part)
        parts = [f"- {_link(line, line.title)}：{_safe(line.body)}" for line in self.lines]
        return "\n".join([f"**{_safe(self.title)}**", "", *parts, *self._ending])

    @property
    def _ending(self) -> list[str]:
        return [f"{self.more_words} {self.inbox_url}"] if self.more else []


def compose(
    name: str,
    notices: Sequence[tuple[Words, Mapping[str, Any]]],
    *,
    language: str,
    zone: ZoneInfo,
    inbox_url: str,
    is_urgent: bool = False,
) -> Outgoing:
    """The message that tells these, in the recipient's language and time. Each notice comes as its template's words and
    what it holds: values, url, kind, number and at."""
    lines = tuple(_line(words, given, language, zone) for words, given in notices)
    if len(lines) == 1:
        return Outgoing(name, lines[0].title, lines, is_urgent=is_urgent, inbox_url=inbox_url)
    more = max(len(lines) - MOST_LINES, 0)
    with translation.override(LANGUAGES[language]):
        title = ngettext("%(n)d 条通知", "%(n)d 条通知", len(lines)) % {"n": len(lines)}
        words = _("还有 %(n)d 条，请到收件箱查看：") % {"n": more}
    return Outgoing(name, title, lines[:MOST_LINES], more, is_urgent, inbox_url, words)


def _line(words: Words, given: Mapping[str, Any], language: str, zone: ZoneInfo) -> Line:
    values = {**given["values"], "number": given["number"], "at": given["at"]}
    filled = fill(words, values, language=language, zone=zone)
    return Line(filled.title, filled.body, given["url"], given["kind"], given["number"], given["at"])


def _safe(text: str) -> str:
    """Nothing in a value becomes a link, an image, a mention or a heading of its own."""
    for mark in "\\`*_[]<>#@":
        text = text.replace(mark, {"<": "＜", ">": "＞", "[": "［", "]": "］", "@": "＠"}.get(mark, " "))
    return text


def _link(line: Line, label: str = "") -> str:
    if not line.url:
        return _safe(label)
    return f"[{_safe(label) or line.number or line.url}]({line.url})"
