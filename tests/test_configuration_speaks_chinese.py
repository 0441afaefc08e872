"""Unfold, the dress of /admin, brings no Chinese of its own: every message of the parts in use has ours."""

from __future__ import annotations

import re
import string
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.utils.translation.template import templatize

from huiyin.org.models import Member
from tests import cast
from tests.visiting import walking
from tests.visiting.tongues import HAN, LATIN
from tools.translations import KEYWORDS

UNFOLD = Path(apps.get_app_config("unfold").path)
UNUSED = {UNFOLD / "contrib" / each.name for each in (UNFOLD / "contrib").iterdir()} - {
    UNFOLD.joinpath(*app.split(".")[1:]) for app in settings.INSTALLED_APPS
}
FOR_DEVELOPERS = {"%(class_name)s %(instance)s"}


def said() -> set[str | tuple[str, ...]]:
    found: set[str | tuple[str, ...]] = set()
    for path in (*UNFOLD.rglob("*.html"), *UNFOLD.rglob("*.py")):
        if UNUSED.isdisjoint(path.parents):
            text = path.read_text("utf-8")
            if path.suffix == ".html":
                text = f"({templatize(text, origin=str(path))})"  # within brackets Python minds no indentation
            found |= {message for _, message, _, _ in extract("python", BytesIO(text.encode()), KEYWORDS) if message}
    return found


def test_whatever_the_configuration_sites_theme_may_say_it_says_in_chinese() -> None:
    messages = said()
    with translation.override("zh-hans"):
        spoken = [ngettext(each[0], each[1], 2) if isinstance(each, tuple) else gettext(each) for each in messages]
    english = {told for told in spoken if not HAN.search(told) and LATIN.search(_without_places(told))}

    assert len(messages) > 80
    assert english - FOR_DEVELOPERS == set(), "say it in huiyin/locale/zh_Hans"


def configured(place: str) -> str:
    cast.company()
    Member.objects.create(username="configures", name="配置员", unit=cast.unit("CC"), roles=["admin"])
    return walking.browser("configures", "zh-hans").get(f"/admin/{place}").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["", "knowledge/phrase/", "knowledge/phrase/add/", "org/unit/"])
def test_its_pages_say_nothing_of_the_themes_own_in_english(place: str) -> None:
    page = configured(place)
    plain = {
        each for each in said() if isinstance(each, str) and LATIN.search(each) and "%" not in each and "{" not in each
    }

    assert 'lang="zh-hans"' in page
    assert [each for each in plain if re.search(rf'[>"]\s*{re.escape(each)}\s*[<"]', page)] == []


def test_what_it_configures_has_a_chinese_name_with_all_that_is_typed_there() -> None:
    ours = [model for model in admin.site._registry if model._meta.app_config.name.startswith("huiyin.")]
    with translation.override("zh-hans"):
        english = {model._meta.label: str(model._meta.verbose_name) for model in ours}
        typed = [field for model in ours for field in model._meta.fields if field.editable and not field.primary_key]
        english |= {str(field): str(field.verbose_name) for field in typed}
        english = {of: name for of, name in english.items() if not HAN.search(name)}

    assert len(ours) > 20
    assert english == {}


@pytest.mark.django_db
def test_what_hides_its_navigation_is_reached_by_keyboard() -> None:
    page = configured("org/unit/")
    turned = re.findall(r"<(\w+)[^>]*x-on:click=\"sidebar(?:Mobile|Desktop)Open = ", page)

    assert turned == ["button"] * 3


def _without_places(told: str) -> str:
    for place in (f"%({name})s" for name in ("counter", "name", "time", "class_name", "instance")):
        told = told.replace(place, "")
    return told.strip(string.punctuation)
