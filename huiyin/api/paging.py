"""Cursor pages of any queryset, and the URL of the next one."""

from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from huiyin.api.problems import Problem
from huiyin.lib import keyset


class Paging(BaseModel):
    page_size: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: str | None = Field(None, max_length=2000, description="From `next`; good for the same `sort` only.")


def page(
    request: HttpRequest, rows: QuerySet[Any], *, order: tuple[str, ...], paging: Paging
) -> tuple[list[Any], str | None]:
    """The rows, and the URL of the page after them. Raises Problem for a cursor that is not ours."""
    try:
        found = keyset.page(rows, order=order, size=paging.page_size, cursor=paging.cursor)
    except keyset.BadCursor as bad:
        raise Problem(422, errors=[("cursor", _("这个游标无效或属于另一种排序，请从第一页开始。"))]) from bad
    return found.rows, _next(request, found.next)


def _next(request: HttpRequest, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    asked: QueryDict = request.GET.copy()
    asked["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")
