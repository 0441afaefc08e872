"""Where the palette leads besides complaints, people and units: pages, settings, views of the queue; each only for who
may open it, and found by its name in Chinese, by the first letters of its sounds, in English, or by other words."""

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from huiyin.desk.administration.framing import open_to
from huiyin.desk.pages import Request, nav_of, results_url
from huiyin.desk.shelves import shelves_for
from huiyin.desk.templatetags.reports import report_tabs
from huiyin.desk.viewlist import saved_for
from huiyin.lib.initials import initials
from huiyin.org.rules import Right, may

SHOWN = 7
CHINESE, ENGLISH = "zh-hans", "en"
Lines = list[dict[str, Any]]


def groups(typed: str, request: Request) -> Lines:
    """As the palette lists them; where nothing is typed, the navigation alone."""
    words = typed.strip().casefold()
    if not words:
        return [{"label": _("页面"), "items": pages(request)[:20]}]
    views = [*_in_both(lambda: _shelves(request)), *_saved(request)]
    return [
        {"label": _("页面"), "items": _fitting(words, [*pages(request), *_in_both(lambda: _reports(request))])},
        {"label": _("视图"), "items": _fitting(words, views)},
        {"label": _("设置"), "items": _fitting(words, _in_both(lambda: _settings(request)))},
    ]


def pages(request: Request) -> Lines:
    """Those of the navigation."""
    return _in_both(lambda: _pages(request))


def _pages(request: Request) -> Lines:
    found = [_line(item["label"], item["url"], item["icon"]) for item in nav_of(request)]
    if url := results_url(request.user):
        found.append(_line(_("我的质检结果"), url, "checklist"))
    return found


def _reports(request: Request) -> Lines:
    """The pages beside the first one of the reports."""
    if not may(request.user, Right.SEE_FIGURES):
        return []
    return [_line(tab["label"], tab["url"], "chart-bar", _("统计报告")) for tab in report_tabs("")[1:]]


def _shelves(request: Request) -> Lines:
    queue = reverse("desk:queue")
    return [
        _line(each.label, f"{queue}?view={each.name}", "list-details", _("队列")) for each in shelves_for(request.user)
    ]


def _saved(request: Request) -> Lines:
    """Named by people, in whatever language they chose."""
    queue = reverse("desk:queue")
    return [
        _line(each.name, f"{queue}?{each.query}&saved={each.pk}", "list-details", each.get_scope_display())
        | {"also": initials(each.name)}
        for each in saved_for(request.user)
    ]


def _settings(request: Request) -> Lines:
    return [
        _line(each.label, each.url, each.icon, _("系统设置")) | {"also": str(each.words)}
        for _label, sections in open_to(request)
        for each in sections
    ]


def _line(label: Any, url: str, icon: str, note: Any = "") -> dict[str, Any]:
    return {"label": str(label), "url": url, "icon": icon, "note": str(note)}


def _in_both(lines: Callable[[], Lines]) -> Lines:
    """As the page speaks, each with what it is also found by."""
    said = {}
    for language in (CHINESE, ENGLISH):
        with translation.override(language):
            said[language] = lines()
    shown = said[ENGLISH if translation.get_language() == ENGLISH else CHINESE]
    return [
        line | {"also": " ".join([_words(chinese), _words(english), initials(chinese["label"])]).casefold()}
        for line, chinese, english in zip(shown, said[CHINESE], said[ENGLISH], strict=True)
    ]


def _words(line: dict[str, Any]) -> str:
    return f"{line['label']} {line.get('also', '')}"


def _fitting(words: str, lines: Sequence[dict[str, Any]]) -> Lines:
    """Whose name has the words first, then by the other ways."""
    named = [line for line in lines if words in line["label"].casefold()]
    others = [line for line in lines if line not in named and words in line["also"]]
    return [*named, *others][:SHOWN]
