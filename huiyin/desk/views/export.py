"""The queue as a file, for those who may take cases out; who tries, and what went, is logged (A58)."""

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from huiyin.complaints import exporting
from huiyin.complaints.models import Complaint
from huiyin.complaints.models.complaint import ComplaintQuerySet
from huiyin.desk import queries
from huiyin.desk.forms.sieving import SieveForm
from huiyin.desk.pages import Request, at_desk
from huiyin.desk.shelves import BY_NAME
from huiyin.lib import sheets
from huiyin.org.rules import Right, may

log = structlog.get_logger()
KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@at_desk
@require_safe
def export(request: Request, kind: str) -> HttpResponseBase:
    if kind not in KINDS:
        raise Http404
    if not may(request.user, Right.EXPORT_CASES):
        log.warning("export refused", member=request.user.username, filters=_filters(request))
        raise PermissionDenied
    log.info("exported", member=request.user.username, kind=kind, filters=_filters(request))
    return as_file(exporting.rows(_chosen(request), member=request.user), kind)


def _filters(request: Request) -> list[str]:
    """Their names: what was searched for may be a telephone number."""
    return sorted(name for name, value in request.GET.items() if value)


def as_file(rows: Iterator[Any], kind: str) -> HttpResponseBase:
    return _csv(rows) if kind == "csv" else _xlsx(rows)


def _chosen(request: Request) -> ComplaintQuerySet:
    """The complaints of the shelf, or of its work orders, as filtered."""
    at, member = timezone.now(), request.user
    shelf = BY_NAME.get(request.GET.get("view", ""), BY_NAME["all"])
    found = queries.on_shelf(shelf, member, SieveForm(request.GET, member=member).sieve(), at=at)
    seen = Complaint.objects.visible_to(member)
    return seen.filter(pk__in=found.values("complaint" if shelf.of_orders else "pk"))


class _Echo:
    def write(self, line: str) -> str:
        return line


def _csv(rows: Iterator[Any]) -> StreamingHttpResponse:
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff" + str(writer.writerow(exporting.TITLES))
        for values in rows:
            yield str(writer.writerow([sheets.cell(value) for value in values]))

    response = StreamingHttpResponse(lines(), content_type=KINDS["csv"])
    response["Content-Disposition"] = 'attachment; filename="complaints.csv"'
    return response


def _xlsx(rows: Iterator[Any]) -> FileResponse:
    """Written to a file first: a workbook is a ZIP, whose end tells where its parts are."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "complaints.xlsx"
        with sheets.writing(path, exporting.TITLES) as write:
            for values in rows:
                write(values)
        book = path.open("rb")  # stays readable after its name is gone
    return FileResponse(book, as_attachment=True, filename="complaints.xlsx", content_type=KINDS["xlsx"])
