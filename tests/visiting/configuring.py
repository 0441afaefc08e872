"""The pages of the configuration site, from its own registry: what it begins with, and of each kind of row the list,
the empty form, and the form of one that is there.
"""

from collections.abc import Iterable, Iterator, Mapping

from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from huiyin.org.models import Member
from tests.visiting import walking
from tests.visiting.walking import Answer, Place


def walk(readers: Iterable[str]) -> tuple[dict[Place, Answer], set[str]]:
    """Every page with who comes first among `readers` and may read it; and the labels of the models nobody may see."""
    clients = {reader: walking.browser(reader, "zh-hans") for reader in readers if reader}
    found: dict[Place, Answer] = {}
    unseen: set[str] = set()
    for model in sorted(admin.site._registry, key=lambda each: each._meta.label_lower):
        pages = [_first(clients, path) for path in _pages(model)]
        found |= dict(each for each in pages if each)
        unseen |= set() if any(pages) else {model._meta.label}
    labels = {place.path.split("/")[2] for place in found}
    around = (_first(clients, path) for path in ("/admin/", *(f"/admin/{label}/" for label in sorted(labels))))
    return dict(each for each in around if each) | found, unseen


def again(places: Iterable[Place], language: str) -> dict[Place, Answer]:
    Member.objects.update(language=language)
    asked = list(places)
    clients = {reader: walking.browser(reader, language) for reader in {place.reader for place in asked}}
    return {place: walking.ask(clients[place.reader], place) for place in asked}


def _pages(model: type[Model]) -> Iterator[str]:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    yield reverse(f"{name}_changelist")
    yield reverse(f"{name}_add")
    row = apps.get_model(model._meta.label)._default_manager.order_by("pk").last()
    if row is not None:
        yield reverse(f"{name}_change", args=[row.pk])


def _first(clients: Mapping[str, Client], path: str) -> tuple[Place, Answer] | None:
    for reader, client in clients.items():
        answer = walking.ask(client, place := Place(path, reader))
        if answer.status == 200:
            return place, answer
    return None
