"""The interface on one page, out of its own OpenAPI document; no script, nothing from elsewhere."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from huiyin.api.interface import interface

Schema = dict[str, Any]
_MARKED = re.compile(r"\*\*(.+?)\*\*|`(.+?)`", re.DOTALL)


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    document: Schema = interface.get_openapi_schema()
    groups: dict[str, list[Schema]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            shown = _call(document, method, path, operation)
            groups.setdefault(operation["tags"][0], []).append(shown)
    context = {
        "text": _prose(document["info"]["description"]),
        "groups": list(groups.items()),
        "version": interface.version,
    }
    return render(request, "api/docs.html", context)


def _call(document: Schema, method: str, path: str, operation: Schema) -> Schema:
    given = [_parameter(parameter) for parameter in operation.get("parameters", ())]
    for body in operation.get("requestBody", {}).get("content", {}).values():
        given += _fields(document, body["schema"])
    answers = [(status, answer["description"]) for status, answer in operation["responses"].items()]
    return {
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "words": _prose(operation.get("description", "")),
        "given": given,
        "answers": [f"{status} {words}" for status, words in answers if str(status)[0] == "2"],
    }


def _prose(text: str) -> SafeString:
    """Paragraphs, with what the description marks as **strong** or `code`."""
    paragraphs = ((_marked(" ".join(each.split())),) for each in text.split("\n\n") if each.strip())
    return format_html_join("", "<p>{}</p>", paragraphs)


def _marked(text: str) -> SafeString:
    words, place = SafeString(""), 0
    for found in _MARKED.finditer(text):
        tag = "<strong>{}</strong>" if found[1] else "<code>{}</code>"
        words += format_html("{}" + tag, text[place : found.start()], found[1] or found[2])
        place = found.end()
    return words + format_html("{}", text[place:])


def _parameter(parameter: Schema) -> Schema:
    schema = parameter["schema"]
    words = parameter.get("description") or schema.get("description", "")
    return {
        "name": parameter["name"],
        "where": parameter["in"],
        "kind": _kind(schema),
        "required": parameter.get("required", False),
        "words": words,
    }


def _fields(document: Schema, schema: Schema) -> list[Schema]:
    shape = _resolved(document, schema)
    return [
        {
            "name": name,
            "where": "body",
            "kind": _kind(field),
            "required": name in shape.get("required", ()),
            "words": field.get("description", ""),
        }
        for name, field in shape.get("properties", {}).items()
    ]


def _resolved(document: Schema, schema: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    found: Schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def _kind(schema: Schema) -> str:
    """The type in a word or two: `string`, `[integer]`, `a | b`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_kind(each) for each in schema["anyOf"] if each.get("type") != "null"))
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type") or "any")
