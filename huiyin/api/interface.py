"""The interface put together: one parser, one kind of error, one description."""

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import Error, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from huiyin import __version__
from huiyin.api import (
    complaints,
    correspondence,
    customers,
    mentions,
    moves,
    offers,
    orders,
    red,
    reference,
    regulatory,
    timing,
    waiting,
)
from huiyin.api.description import TEXT, complete
from huiyin.api.problems import Problem, answer, of_fields
from huiyin.api.reading import JsonParser
from huiyin.api.tokens import Bearer
from huiyin.compensation.errors import OfferMoveRefused
from huiyin.complaints.errors import GuardFailed, MayNot, MoveRefused, Refused
from huiyin.customers.actions.finding import CustomerVanished
from huiyin.dispatch.errors import OrderMoveRefused
from huiyin.intake.arrival import NotTaken

log = logging.getLogger(__name__)
OF_CUSTOMER = frozenset({"name", "phone", "email", "tier"})


class Interface(NinjaAPI):
    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        complete(schema)
        return schema


interface = Interface(
    title="Huiyin 回音",
    version=__version__,
    description=TEXT,
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
    auth=Bearer(),
    parser=JsonParser(),
)
for module in (
    complaints,
    moves,
    timing,
    orders,
    offers,
    correspondence,
    regulatory,
    waiting,
    red,
    mentions,
    customers,
    reference,
):
    interface.add_router("", module.router)


@interface.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return answer(problem)


@interface.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return answer(of_fields(error.errors))


@interface.exception_handler(NotTaken)
def _not_taken(request: HttpRequest, refused: NotTaken) -> HttpResponse:
    errors = [(f"customer.{name}" if name in OF_CUSTOMER else name, text) for name, text in refused.errors.items()]
    return answer(Problem(422, _("请改正以下内容后重试。"), kind="invalid", errors=errors))


@interface.exception_handler(GuardFailed)
def _guard(request: HttpRequest, failed: GuardFailed) -> HttpResponse:
    return answer(Problem(422, str(failed), kind=failed.code, errors=[(failed.field, str(failed))]))


@interface.exception_handler(MayNot)
def _may_not(request: HttpRequest, refused: MayNot) -> HttpResponse:
    return answer(Problem(403, str(refused), kind=refused.code))


@interface.exception_handler(Refused)
def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    allowed = refused.allowed if isinstance(refused, MoveRefused | OrderMoveRefused | OfferMoveRefused) else None
    return answer(Problem(409, str(refused), kind=refused.code, allowed=allowed))


@interface.exception_handler(OperationalError)
@interface.exception_handler(InterfaceError)
def _away(request: HttpRequest, error: Error) -> HttpResponse:
    """PostgreSQL restarts or is full: nothing was kept, and the same call may be made again."""
    log.error("%s %s could not reach the database", request.method, request.path, exc_info=error)
    return answer(Problem(503, _("数据库暂时不可用，没有保存任何内容，请稍后重试。"), headers={"Retry-After": "5"}))


@interface.exception_handler(CustomerVanished)
def _vanished(request: HttpRequest, error: CustomerVanished) -> HttpResponse:
    return answer(Problem(503, _("请稍后再试一次。"), headers={"Retry-After": "1"}))


@interface.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    sentence = _("请在 Authorization: Bearer 中给出有效的令牌。")
    return answer(Problem(401, sentence, headers={"WWW-Authenticate": 'Bearer realm="huiyin"'}))


@interface.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return answer(Problem(404))


@interface.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """The parser's own problem arrives wrapped in ninja's."""
    if isinstance(error.__cause__, Problem):
        return answer(error.__cause__)
    return answer(Problem(error.status_code))


@interface.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return answer(Problem(413))


@interface.exception_handler(SuspiciousOperation)
def _suspicious(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
    return answer(Problem(400))


@interface.exception_handler(MultiPartParserError)
def _broken_multipart(request: HttpRequest, error: MultiPartParserError) -> HttpResponse:
    return answer(Problem(400))


@interface.exception_handler(UnreadablePostError)
def _unreadable(request: HttpRequest, error: UnreadablePostError) -> HttpResponse:
    return answer(Problem(400))


@interface.exception_handler(Exception)
def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """Nobody is shown a trace; the log has it."""
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return answer(Problem(500, _("这一步没有完成，已记录下来供排查。")))
