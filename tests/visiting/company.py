"""The demo company with everything its people wrote in a third script, so that what is left in Chinese or English on a
page is the product's own: a Han character becomes the Hangul one of the same width, in every text of every table.

What has a name in either language (`name_zh`, `name_en`) keeps both: the page must choose the right one.
"""

import re
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models.functions import Cast

from huiyin import loading
from huiyin.demo import seeding
from huiyin.org.actions import demo_members
from huiyin.org.actions.loading import load_demo_units
from huiyin.org.models import Member, Unit
from tests.visiting.walking import PASSWORD

LATIN = re.compile(r"[A-Za-z]")
HAN = re.compile(r"[\u3400-\u9fff]")
PUNCTUATION = re.compile(r"[\u3000-\u303f\uff01-\uff5e]")
OURS = tuple(f"huiyin.{name}" for name in ("org", "customers", "triage", "sla", "channels", "complaints", "dispatch",
    "intake", "knowledge", "compensation", "quality", "redchannel", "surveys", "coaching", "insight", "notices", "duty",
    "supervision"))  # fmt: skip
EVERY = 5  # one in so many of the demo company's complaints: each state is among them


_people: list[str] = []


def make(*, at: datetime) -> None:
    loading.load(at=at - timedelta(days=90))
    load_demo_units(at=at - timedelta(days=90))
    demo_members.make(password=PASSWORD, at=at - timedelta(days=90))
    Member.objects.create(username="dpo", name="dpo", unit=Unit.objects.get(code="HQ"), roles=["dpo"])
    turns = count()
    seeding.seed(at=at, kept=lambda story: story.script.lang == "zh" and next(turns) % EVERY == 0)


def disguise() -> None:
    """What people wrote is in neither language from here on; nor are their names, in English sentences as well."""
    _people[:] = Member.objects.values_list("name", flat=True)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the record may not be changed otherwise
    for model in apps.get_models():
        if model._meta.app_config is None or model._meta.app_config.name not in OURS:
            continue
        for field in model._meta.local_concrete_fields:
            if not field.primary_key and not field.is_relation:
                _disguise(model, field)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def _disguise(model: type[models.Model], field: "models.Field[Any, Any]") -> None:
    rows = model._default_manager.all()
    if isinstance(field, models.CharField | models.TextField | models.JSONField) or "Array" in type(field).__name__:
        rows = rows.annotate(as_text=Cast(field.name, models.TextField())).filter(as_text__regex=HAN.pattern)
    elif "SealedText" not in type(field).__name__:
        return
    if field.name.endswith("_zh"):  # without an English name, the Chinese one is shown to all
        rows = rows.filter(**{f"{field.name[:-2]}en": ""}) if f"{field.name[:-2]}en" in _names(model) else rows
    changed = []
    for row in rows.iterator():
        before = getattr(row, field.name)
        after = _nobody_named(before) if field.name.endswith("_en") else in_no_language(before)
        if after != before:
            setattr(row, field.name, after)
            changed.append(row)
    model._default_manager.bulk_update(changed, [field.name], batch_size=500)


def _names(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.local_concrete_fields}


def _is_in_both(value: dict[str, Any], key: str) -> bool:
    name, _, language = f"_{key}".rpartition("_")
    return language == "en" or (language == "zh" and bool(value.get(f"{name}_en"[1:])))


def in_no_language(value: Any) -> Any:
    if isinstance(value, str):
        if HAN.search(value) and "{" not in value:
            value = LATIN.sub(lambda latin: chr(0xAC00 + ord(latin[0])), value)
        return PUNCTUATION.sub("·", HAN.sub(lambda han: chr(0xAC00 + (ord(han[0]) - 0x3400) % 11172), value))
    if isinstance(value, list):
        return [in_no_language(each) for each in value]
    if isinstance(value, dict):
        return {
            in_no_language(key): _nobody_named(each) if _is_in_both(value, str(key)) else in_no_language(each)
            for key, each in value.items()
        }
    return value


def _nobody_named(said: Any) -> Any:
    for name in _people if isinstance(said, str) else ():
        said = said.replace(name, str(in_no_language(name)))
    return said


def codes() -> frozenset[str]:
    """What members and units are called by machines: their own words, in whatever letters."""
    found: set[str] = set()
    for model in apps.get_models():
        for name in {"code", "username"} & {field.name for field in model._meta.local_concrete_fields}:
            found |= {str(code) for code in model._default_manager.values_list(name, flat=True)}
    return frozenset(part for code in found for part in re.findall(r"[A-Za-z]+", code))
