"""Errors as RFC 9457 problem details, in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted
from pydantic import BaseModel, Field
from pydantic_core import to_json

MEDIA_TYPE = "application/problem+json"

TITLES: dict[int, str] = {
    400: noted("没有看懂这次请求"),
    401: noted("缺少有效的令牌"),
    403: noted("没有权限"),
    404: noted("没有找到"),
    405: noted("不支持这个方法"),
    409: noted("与当前状态冲突"),
    413: noted("请求太大"),
    415: noted("不支持这种内容类型"),
    422: noted("内容有误"),
    429: noted("请求太频繁"),
    500: noted("系统出错了"),
    503: noted("暂时无法完成"),
}


class FieldError(BaseModel):
    field: str = Field(description="Where it is, e.g. `customer.phone`; empty if it is no single field.")
    message: str


class ProblemDetails(BaseModel):
    """RFC 9457."""

    type: str = Field(description="Names the kind of problem, to branch on.", examples=["urn:huiyin:not-found"])
    title: str
    status: int
    detail: str = Field(description="One sentence in the language of Accept-Language (zh or en).")
    errors: list[FieldError] = []
    allowed: list[str] | None = Field(None, description="With 409: the states that the present state may become.")


class Problem(Exception):
    """Raised anywhere in an endpoint; the interface answers with it."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        kind: str = "",
        errors: Iterable[tuple[str, str]] = (),
        allowed: Sequence[str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status, self.kind, self.detail = status, kind, detail
        self.errors, self.allowed, self.headers = list(errors), allowed, dict(headers or {})
        super().__init__(detail)


def answer(problem: Problem) -> HttpResponse:
    title = _(TITLES.get(problem.status, "")) or HTTPStatus(problem.status).phrase
    kind = problem.kind or HTTPStatus(problem.status).name.lower()
    members: dict[str, Any] = {
        "type": f"urn:huiyin:{kind.replace('_', '-')}",
        "title": title,
        "status": problem.status,
        "detail": problem.detail or title,
        "errors": [{"field": field, "message": message} for field, message in problem.errors],
    }
    if problem.allowed is not None:
        members["allowed"] = [str(state) for state in problem.allowed]
    return HttpResponse(to_json(members), status=problem.status, content_type=MEDIA_TYPE, headers=problem.headers)


def no_such_path(request: HttpRequest) -> HttpResponse:
    return answer(Problem(404, _("没有这个地址：%s") % request.path[:200]))


_SENTENCES: dict[str, str] = {
    "missing": noted("必填。"),
    "extra_forbidden": noted("没有这个字段。"),
    "string_type": noted("应为文字。"),
    "string_too_long": noted("最多 {max_length} 个字。"),
    "string_too_short": noted("不能为空。"),
    "string_pattern_mismatch": noted("写法不对。"),
    "int_type": noted("应为整数。"),
    "int_parsing": noted("应为整数。"),
    "int_parsing_size": noted("数值太大。"),
    "int_from_float": noted("应为整数。"),
    "decimal_type": noted("应为金额，例如 100.00。"),
    "decimal_parsing": noted("应为金额，例如 100.00。"),
    "decimal_max_places": noted("最多两位小数。"),
    "bool_type": noted("应为 true 或 false。"),
    "bool_parsing": noted("应为 true 或 false。"),
    "list_type": noted("应为列表。"),
    "dict_type": noted("应为对象。"),
    "model_type": noted("应为对象。"),
    "model_attributes_type": noted("应为对象。"),
    "greater_than_equal": noted("不能小于 {ge}。"),
    "less_than_equal": noted("不能大于 {le}。"),
    "too_long": noted("最多 {max_length} 项。"),
    "too_short": noted("至少 {min_length} 项。"),
    "enum": noted("可用：{expected}。"),
    "literal_error": noted("可用：{expected}。"),
    "timezone_aware": noted("时间须带时区，例如 2026-11-22T10:00:00+08:00。"),
    "datetime_parsing": noted("应为 RFC 3339 时间，例如 2026-11-22T10:00:00+08:00。"),
    "datetime_from_date_parsing": noted("应为 RFC 3339 时间，例如 2026-11-22T10:00:00+08:00。"),
    "datetime_type": noted("应为 RFC 3339 时间，例如 2026-11-22T10:00:00+08:00。"),
    "date_parsing": noted("应为日期，例如 2026-11-22。"),
    "date_from_datetime_parsing": noted("应为日期，例如 2026-11-22。"),
}
_WRONG = noted("写法不对。")


def of_fields(found: Iterable[Mapping[str, Any]]) -> Problem:
    """From pydantic's errors. `loc` begins with where the value was (body, query, path) and the parameter's name."""
    errors = []
    for error in found:
        sentence = _(_SENTENCES.get(error["type"], _WRONG))
        where = [str(step) for step in error["loc"] if step not in {"body", "query", "path", "filters", "file"}]
        errors.append((".".join(where), sentence.format_map(_Blank(error.get("ctx") or {}))))
    return Problem(422, _("请改正以下内容后重试。"), kind="invalid", errors=errors)


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""
