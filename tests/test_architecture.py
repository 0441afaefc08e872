"""The rules of the house that import-linter, ruff and mypy cannot tell (ARCHITECTURE.md)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from huiyin import flow
from huiyin.complaints.models import Event
from tests.source import FACES, app, dotted, imports, python_files, ranks, templates, tree, where

CLOCKS = re.compile(r"(timezone|datetime|dt)\.(now|utcnow|today)|(date|datetime)\.today|timezone\.localdate|time\.time")
TELLS_THE_TIME = (*FACES, "commands", "demo", "health")
BANNED_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|managers?|services?|misc|stuff)$", re.IGNORECASE)
HTTP = ("django.http", "django.shortcuts", "django.views", "django.urls", "ninja", "django_htmx")


def our_models() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("huiyin."):
            yield model


REFERENCE = {"Category", "Member", "Unit"}  # whose names stand on every page


def guarded_models() -> set[str]:
    """Those that not everybody may see: the ones whose rows answer `visible_to`."""
    ours = {model.__name__ for model in our_models() if hasattr(model._default_manager.all(), "visible_to")}
    return ours - REFERENCE


def asked_of_rows_already_seen(path: Path) -> set[int]:
    """The managers in subqueries, which lead back to an outer row."""
    return {
        id(inner)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and any(isinstance(each.value, ast.Call) and dotted(each.value.func) == "OuterRef" for each in node.keywords)
        for inner in ast.walk(node.func)
    }


def test_relations_between_tables_point_down() -> None:
    heights = ranks()
    upward = [
        f"{model._meta.label}.{field.name} -> {target._meta.label}"
        for model in our_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and isinstance(target := field.related_model, type)
        and target.__module__.startswith("huiyin.")
        and target._meta.app_label != model._meta.app_label
        and heights[target._meta.app_label] >= heights[model._meta.app_label]
    ]
    assert upward == []


def test_nothing_listens_to_django_signals() -> None:
    listeners = [
        where(path, node)
        for path in python_files()
        for name, node in imports(path)
        if name.startswith(("django.dispatch", "django.db.models.signals", "django.core.signals"))
    ]
    assert listeners == []


def test_no_model_overrides_save_or_delete() -> None:
    overriding = [
        f"{each.__module__}.{each.__name__}.{name}"
        for model in our_models()
        for each in model.__mro__
        if each.__module__.startswith("huiyin.")
        for name in ("save", "delete")
        if name in vars(each)
    ]
    assert overriding == []


def test_only_faces_tasks_and_commands_look_at_the_clock() -> None:
    looking = [
        where(path, node)
        for path in python_files()
        if app(path) not in TELLS_THE_TIME and path.stem not in {"tasks", "admin"} and "templatetags" not in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and CLOCKS.fullmatch(dotted(node))
    ]
    assert looking == []


def test_faces_fetch_rows_only_through_what_the_member_may_see() -> None:
    guarded = guarded_models()
    assert {"Complaint", "WorkOrder", "Message", "Customer", "Attachment"} <= guarded
    direct = []
    for path in python_files():
        if app(path) not in FACES:
            continue
        seen = {
            id(node.value)
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Attribute) and node.attr == "visible_to"
        }
        seen |= asked_of_rows_already_seen(path)
        for node in ast.walk(tree(path)):
            fetched: ast.AST | None = None
            if (
                isinstance(node, ast.Attribute)
                and node.attr in {"objects", "_default_manager"}
                and id(node) not in seen
            ):
                fetched = node.value
            elif isinstance(node, ast.Call) and dotted(node.func).startswith("get_") and node.args:
                fetched = node.args[0]
            if fetched and dotted(fetched).split(".")[-1] in guarded:
                direct.append(where(path, node))
    assert direct == []


def test_domain_apps_know_no_http() -> None:
    top = {"urls", "health", "accounts", "branding", "wsgi", "asgi"}
    domain = {app.removeprefix("huiyin.") for app in ranks()} - {*FACES, *top}
    knowing = [
        f"{where(path, node)} {name}"
        for path in python_files()
        if app(path) in domain - {"lib"} and path.stem not in {"admin", "settings"}
        for name, node in imports(path)
        if name.startswith(HTTP)
    ]
    assert knowing == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [where(path) for path in python_files() if BANNED_NAMES.search(path.stem)] == []


def test_no_class_has_a_name_that_says_nothing() -> None:
    named = [
        where(path, node)
        for path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and re.search(r"(Utils?|Helpers?|Service|Handler)$", node.name)
    ]
    assert named == []


def test_every_kind_of_event_has_a_follower_or_is_known_to_be_quiet() -> None:
    followed, quiet = set(flow.FOLLOWERS), set(flow.QUIET)
    assert followed | quiet == set(Event.Kind)
    assert followed & quiet == set()


def test_task_wrappers_are_short() -> None:
    long = [
        f"{where(path, node)} {node.name}"
        for path in python_files()
        if path.stem == "tasks"
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and len(node.body) > 5
    ]
    assert long == []


INLINE = {
    "inline style": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "hx-on": re.compile(r"\shx-on[:=-]", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*\b(src=|type=\"application/json\"))[^>]*>", re.IGNORECASE),
    "inline style sheet": re.compile(r"<style\b", re.IGNORECASE),
}


@pytest.mark.parametrize("fault", INLINE)
def test_templates_hold_nothing_that_the_content_policy_refuses(fault: str) -> None:
    found = [
        f"{where(path)} {match.group().strip()}"
        for path in templates()
        for match in INLINE[fault].finditer(path.read_text("utf-8"))
    ]
    assert found == []


def test_no_template_turns_escaping_off() -> None:
    ours = re.compile(r"help_text\|safe")  # Django's own hints on passwords are lists in HTML
    turning = [
        where(path)
        for path in templates()
        if re.search(r"\|\s*safe\b|autoescape off", ours.sub("", path.read_text("utf-8")))
    ]
    assert turning == []
