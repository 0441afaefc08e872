"""四级建议月报 (C047): a month's suggestions and enquiries, what became of them, and the items with their way into the
library. Read by who sees figures, and by who makes knowledge of answers."""

import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import structlog
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huiyin.channels.models import Channel
from huiyin.complaints.actions.archiving import DRAFTED_OF
from huiyin.complaints.models import Complaint, Event
from huiyin.desk.pages import Request, at_desk, show
from huiyin.desk.periods import day, number
from huiyin.desk.reading import Reader
from huiyin.desk.rows import title_of
from huiyin.desk.views.export import KINDS
from huiyin.insight import intervals
from huiyin.insight import monthly as items
from huiyin.insight.actions.monthly import may_read
from huiyin.insight.monthly import Chosen, Line, Month, Report
from huiyin.knowledge.queries import drafts
from huiyin.lib import keyset, sheets
from huiyin.org.models import Member
from huiyin.org.rules import Right, may

UNITS = 30
SIZE = 50
ORDER = ("-received_at", "-id")
PARTS = ("customer", "category", "confirmed_category", "owner_unit", "received_unit")

log = structlog.get_logger()


@at_desk
@require_safe
def monthly(request: Request) -> HttpResponse:
    """RP-MON-L4."""
    if not may_read(request.user):
        raise PermissionDenied
    at, member = timezone.now(), request.user
    month, chosen = _month(request, at), _chosen(request)
    found = items.report(member, month)
    rows, more = _rows(request, month, chosen)
    first = timezone.localdate(at).replace(day=1)
    context = {
        "month": month,
        "newest": f"{first:%Y-%m}",
        "neighbours": _neighbours(month, first),
        "whole": found.whole,
        "tiles": _tiles(found, month),
        "tables": [
            (_("按类别"), _("类别"), _lines(found.categories, month, "category")),
            (_("按受理单位"), _("受理单位"), _lines(found.units, month, "unit")),
            (_("按渠道"), _("渠道"), _lines(found.channels, month, "channel")),
        ],
        "chosen": _said(chosen, found),
        "rows": rows,
        "least": intervals.LEAST,
        "sees_figures": may(member, Right.SEE_FIGURES),
        "exports": _exports(month) if may(member, Right.EXPORT_STATS) else [],
        **more,
    }
    return show(request, "desk/reports/monthly.html", context, at=at)


@at_desk
@require_safe
def export(request: Request, kind: str) -> HttpResponseBase:
    """The counts as a file, for whom statistics leave through (A58); who tries, and what went, is logged."""
    if kind not in KINDS:
        raise Http404
    at = timezone.now()
    month = _month(request, at)
    if not may(request.user, Right.EXPORT_STATS):
        log.warning("export refused", member=request.user.username, kind="monthly", month=month.name)
        raise PermissionDenied
    log.info("exported", member=request.user.username, kind="monthly", month=month.name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"level-4-{month.name}.{kind}"
        with sheets.writing(path, _TITLES) as write:
            for values in _written(items.report(request.user, month), request.user, at):
                write(values)
        file = path.open("rb")  # stays readable after its name is gone
    return FileResponse(file, as_attachment=True, filename=path.name, content_type=KINDS[kind])


_TITLES = (
    "month", "by", "code", "name", "n", "before", "trend", "answered", "to_knowledge", "to_improvement", "final",
    "data_at", "exported_by",
)  # fmt: skip


def _written(found: Report, member: Member, at: datetime) -> Iterator[tuple[Any, ...]]:
    stamp = timezone.localtime(at).isoformat(timespec="minutes")
    parts = {"all": [found.whole], "category": found.categories, "unit": found.units, "channel": found.channels}
    for by, lines in parts.items():
        for line in lines:
            tally = line.tally
            yield (
                found.month.name, by, line.code, line.name, tally.n, tally.before, str(line.trend), tally.answered,
                tally.kept, tally.improved, "yes" if found.month.is_over else "no", stamp, member.username,
            )  # fmt: skip


def _month(request: Request, at: datetime) -> Month:
    """What is asked for, this one where nothing sensible is; never one to come."""
    today = timezone.localdate(at)
    asked = day(f"{request.GET.get('month', '')[:7]}-01") or today
    return items.the_month(min(asked, today), at=at)


def _chosen(request: Request) -> Chosen:
    given = request.GET
    channel, fate = given.get("channel", ""), given.get("fate", "")
    return Chosen(
        number(given.get("category", "")), number(given.get("unit", "")),
        channel if channel in Channel.values else "", fate if fate in (*items.FATES, items.TO_KEEP) else "",
    )  # fmt: skip


def _neighbours(month: Month, newest: date) -> dict[str, str]:
    """The months beside it; none that is still to come."""
    first, last = month.period.first, month.period.last
    following = date.fromordinal(last.toordinal() + 1)
    before = date.fromordinal(first.toordinal() - 1)
    return {
        "before": f"?month={before:%Y-%m}" if before.year > 2000 else "",
        "after": f"?month={following:%Y-%m}" if following <= newest else "",
    }


def _tiles(found: Report, month: Month) -> list[dict[str, Any]]:
    tally = found.whole.tally
    named = {
        "": (tally.n, _("四级建议和咨询")),
        "waiting": (tally.waiting, _("还没有答复")),
        "answered": (tally.answered, _("已答复")),
        "kept": (tally.kept, _("已转为知识")),
        "improved": (tally.improved, _("列为改进")),
    }
    return [
        {"value": value, "label": label, "url": _url(month, **({"fate": fate} if fate else {}))}
        for fate, (value, label) in named.items()
    ]


def _lines(lines: list[Line], month: Month, by: str) -> list[dict[str, Any]]:
    """The first of them with where their rows are; the others, where there are too many, as one."""
    shown = [
        {
            "line": line,
            "name": line.name or (_("没有受理单位") if by == "unit" else line.key),
            "url": _url(month, **{by: line.key}),
            "kept_url": _url(month, **{by: line.key}, fate="kept"),
            "improved_url": _url(month, **{by: line.key}, fate="improved"),
            **_compared(line),
        }
        for line in lines[:UNITS]
    ]
    if rest := lines[UNITS:]:
        summed = items.rest_of(rest, month)
        shown.append({"line": summed, "name": _("其余 %d 项") % len(rest), "url": "", **_compared(summed)})
    return shown


def _compared(line: Line) -> dict[str, Any]:
    return {"difference": f"{line.tally.n - line.tally.before:+d}", "answered": line.tally.rate("answered")}


def _said(chosen: Chosen, found: Report) -> list[str]:
    """What the rows were chosen by."""
    fates = {
        "waiting": _("还没有答复"), "answered": _("已答复"), "kept": _("已转为知识"), "improved": _("列为改进"),
        items.TO_KEEP: _("可以转为知识"),
    }  # fmt: skip
    named = [
        next((line.name or _("没有受理单位") for line in lines if line.key == str(key)), _("（本月没有）"))
        for lines, key in ((found.categories, chosen.category), (found.units, chosen.unit))
        if key is not None
    ]
    named += [str(Channel(chosen.channel).label)] if chosen.channel else []
    return [*named, *([fates[chosen.fate]] if chosen.fate else [])]


def _rows(request: Request, month: Month, chosen: Chosen) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Page by page, the newest first; what stands around them."""
    member, asked = request.user, request.GET.get("cursor")
    found = items.items_of(member, month, chosen)
    joined = found.select_related(*PARTS)
    try:
        page = keyset.page(joined, order=ORDER, size=SIZE, cursor=asked)
    except keyset.BadCursor:
        page = keyset.page(joined, order=ORDER, size=SIZE)
    reader, codes = Reader(member), _codes(page.rows)
    waiting = set(drafts().filter(code__in=codes.values()).values_list("code", flat=True)) if codes else set()
    may_keep = may(member, Right.ARCHIVE_CASE)
    kept = {"category": chosen.category, "unit": chosen.unit, "channel": chosen.channel, "fate": chosen.fate}
    given = {name: value for name, value in kept.items() if value not in (None, "")}
    around = {
        "count": found.count(),
        "all_url": _url(month) if given else "",
        "to_keep_url": _url(month, fate=items.TO_KEEP) if may_keep else "",
        "previous_url": _url(month, **given, cursor=page.previous) if page.previous else "",
        "next_url": _url(month, **given, cursor=page.next) if page.next else "",
    }
    return [_row(each, reader, codes.get(each.pk, ""), waiting, may_keep=may_keep) for each in page.rows], around


def _row(row: Complaint, reader: Reader, code: str, waiting: set[str], *, may_keep: bool) -> dict[str, Any]:
    told = vars(row)
    is_free = not told["is_kept"] and not row.is_confidential and row.state in DRAFTED_OF
    shelf = "drafts" if code in waiting else "cases"
    is_known = code and (may_keep or code not in waiting)  # a draft stands on no shelf but theirs
    return {
        "complaint": row,
        "title": title_of(row, reader),
        "category": row.confirmed_category or row.category,
        "channel": Channel(row.channel).label,
        "is_answered": told["is_answered"],
        "is_improved": told["is_improved"],
        "case": code,
        "is_draft": code in waiting,
        "case_url": f"{reverse('desk:knowledge')}?{urlencode({'shelf': shelf, 'q': code})}" if is_known else "",
        "keep_url": reverse("desk:knowledge-draft", args=[row.number]) if may_keep and is_free else "",
    }


def _codes(rows: list[Complaint]) -> dict[int, str]:
    """Of those that became knowledge the code of the entry; one statement where there is any."""
    kept = [row.pk for row in rows if vars(row)["is_kept"]]
    if not kept:
        return {}
    found = Event.objects.filter(complaint__in=kept, kind=Event.Kind.ARCHIVED)
    return {each.complaint_id: str(each.particulars.get("case", "")) for each in found}


def _url(month: Month, **given: Any) -> str:
    return f"{reverse('desk:monthly')}?{urlencode({'month': month.name, **given})}#rows"


def _exports(month: Month) -> list[dict[str, str]]:
    names = {"csv": "CSV", "xlsx": "Excel"}
    base = {kind: reverse("desk:monthly-export", args=[kind]) for kind in names}
    return [{"label": label, "url": f"{base[kind]}?month={month.name}"} for kind, label in names.items()]
