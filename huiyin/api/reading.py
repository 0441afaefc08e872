"""From bytes to JSON values, and the kinds of value that endpoints take."""

from datetime import datetime
from typing import Annotated, Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError, from_json

from huiyin.api.problems import Problem


class JsonParser(Parser):
    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Raises Problem: 415 if it does not say it is JSON, 400 if it is none."""
        if request.content_type != "application/json":
            raise Problem(415, _("请用 Content-Type: application/json。"))
        try:
            return cast(dict[str, Any], from_json(request.body, allow_inf_nan=False))
        except ValueError as error:
            raise Problem(400, _("不是有效的 JSON：%s") % error) from error


class Body(BaseModel):
    """A request body: what it does not know it refuses, so that a misspelt field is noticed."""

    model_config = ConfigDict(extra="forbid")


def _sane(at: datetime) -> datetime:
    if not 1970 <= at.year <= 2200:
        raise PydanticCustomError("datetime_parsing", "out of range")
    return at


def _without_nul(text: str) -> str:
    return text.replace("\x00", "")


Moment = Annotated[AwareDatetime, AfterValidator(_sane)]
Words = Annotated[str, Field(max_length=20_000), AfterValidator(_without_nul)]
Line = Annotated[str, Field(max_length=500), AfterValidator(_without_nul)]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
