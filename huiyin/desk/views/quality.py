"""质量改进: incidents, investigations, root causes and assessments, each as a list."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from huiyin.desk import quality
from huiyin.desk.pages import Request, at_desk, given_ids, needs, show
from huiyin.org.rules import Right, may
from huiyin.quality.actions import telling
from huiyin.quality.queries import assessments_by_department

PAGE = 50


@at_desk
@needs(Right.SEE_QUALITY)
@require_safe
def board(request: Request) -> HttpResponse:
    at = timezone.now()
    tab = request.GET.get("tab", "")
    tab = tab if tab in quality.TABS else quality.TABS[0]
    context = {
        "tab": tab,
        "tabs": quality.tabs(tab),
        "notices": quality.notices(request.user),
        "may_open": may(request.user, Right.OPEN_INCIDENT),
        **_LISTS[tab](request, at),
    }
    return show(request, "desk/quality/board.html", context, at=at)


@at_desk
@require_POST
def notices_seen(request: Request) -> HttpResponseBase:
    """Those that stood on the page are read."""
    telling.see_notices(member=request.user, notices=given_ids(request, "notice"), at=timezone.now())
    return redirect("desk:quality")


def _incidents(request: Request, at: datetime) -> dict[str, Any]:
    return _paged(request, quality.incidents(request.user))


def _investigations(request: Request, at: datetime) -> dict[str, Any]:
    return _paged(request, quality.investigations(request.user))


def _causes(request: Request, at: datetime) -> dict[str, Any]:
    known = quality.quarters(request.user, at)
    quarter = request.GET.get("quarter", "")
    quarter = quarter if quarter in known else known[0]
    return {"quarters": known, "quarter": quarter, **_paged(request, quality.causes(request.user, quarter))}


def _assessments(request: Request, at: datetime) -> dict[str, Any]:
    known = quality.months(request.user, at)
    month = next((each for each in known if each.isoformat() == request.GET.get("month", "")), known[0])
    return {
        "months": known,
        "month": month,
        "departments": assessments_by_department(request.user, month),
        **_paged(request, quality.assessments(request.user, month)),
    }


def _paged(request: Request, rows: Any) -> dict[str, Any]:
    """Fifty a page, by number: these lists are short."""
    asked = request.GET.get("page", "1")
    number = max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    found = list(rows[(number - 1) * PAGE : number * PAGE + 1])
    return {
        "rows": found[:PAGE],
        "previous_url": _url(request, number - 1) if number > 1 else "",
        "next_url": _url(request, number + 1) if len(found) > PAGE else "",
    }


def _url(request: Request, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


_LISTS = {
    "incidents": _incidents,
    "investigations": _investigations,
    "causes": _causes,
    "assessments": _assessments,
}
