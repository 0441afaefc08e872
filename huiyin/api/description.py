"""The words of the OpenAPI document, and what every operation of it has in common."""

from typing import Any

from huiyin.api.problems import MEDIA_TYPE, ProblemDetails

TEXT = """Machines file complaints and take part in handling them.

**Tokens.** `Authorization: Bearer hy_...`. A token acts as its member and sees and may do what they may. Scope `read`
opens GET, `write` everything else, `file` only POST /complaints. A revoked token stops working within three seconds.

**Errors** are RFC 9457 problem details (`application/problem+json`); `detail` and `errors[].message` are in Chinese or
English by Accept-Language. 404: not there, or not visible to you. 403: visible, but not yours to do. 409: the state
does not allow it; `allowed` has the states it may become. 422: something is missing or wrong; `errors` says what.

**Lists** are read with `page_size` (1 to 200) and `next`, a complete URL.

**Idempotency-Key** (POST; at most 200 characters, kept 48 hours): the same key with the same body gives the same answer
and does nothing twice, also when both come at once; such an answer carries `Idempotent-Replayed: true`. With another
body: 409. Refusals are not kept.

**Chat.** `/chat/dingtalk/{robot}` takes what DingTalk sends, signed its own way, and is described in docs/chat.md.

**Sizes.** JSON at most 1 MB, a file at most 25 MB: 413 beyond. **Times** are RFC 3339 with a zone; answers are in UTC.
"""

_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "description": "The same key and body: the same answer, and nothing is done twice.",
}
_ALWAYS = {400: "Not understood", 401: "No valid token", 403: "Not allowed", 413: "Too large", 429: "Too often"}
_READING = {404: "Not there, or not visible", 422: "Something is wrong"}
_WRITING = {**_READING, 409: "The state does not allow it", 415: "Not JSON"}


def complete(schema: dict[str, Any]) -> None:
    """Every operation may answer with a problem; every POST takes an Idempotency-Key."""
    schema["components"].setdefault("schemas", {})["ProblemDetails"] = _problem_schema(schema)
    for methods in schema["paths"].values():
        for method, operation in methods.items():
            also = _READING if method == "get" else _WRITING
            for status, words in (_ALWAYS | also).items():
                operation["responses"].setdefault(status, _response(words))
            if method == "post":
                operation.setdefault("parameters", []).append(_KEY)


def _response(words: str) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/ProblemDetails"}
    return {"description": words, "content": {MEDIA_TYPE: {"schema": reference}}}


def _problem_schema(schema: dict[str, Any]) -> dict[str, Any]:
    shape = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    for name, inner in shape.pop("$defs", {}).items():
        schema["components"]["schemas"][name] = inner
    return shape
