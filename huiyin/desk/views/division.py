"""Who does what and whom to turn to, for every member: a page to read and print, and a file."""

import csv
import io

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huiyin.desk.division import departments, table
from huiyin.desk.pages import Request, at_desk, show
from huiyin.lib.phrasing import noted
from huiyin.lib.sheets import cell


@at_desk
@require_safe
def division(request: Request) -> HttpResponse:
    columns, rows = table()
    context = {"columns": columns, "rows": rows, "departments": departments(request.user)}
    return show(request, "desk/division.html", context, at=timezone.now())


@at_desk
@require_safe
def as_csv(request: Request) -> HttpResponse:
    """The matrix, and below it each department's contacts."""
    columns, rows = table()
    lines: list[list[str]] = [[_("步骤"), *(party.name for party in columns)]]
    lines += [[row["step"].name, *row["letters"]] for row in rows]
    lines += [[], [_("部门"), _("接口人")]]
    for each in departments(request.user):
        lines.append([each["unit"].name, *(noted(person.name, person.username) for person in each["people"])])
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerows([cell(value) for value in line] for line in lines)
    response = HttpResponse(f"\ufeff{written.getvalue()}", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="raci.csv"'
    return response
