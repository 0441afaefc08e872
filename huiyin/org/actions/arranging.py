"""The unit tree: place a unit, move it with all that is below it, rename it, take it out of use."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr

from huiyin.org import errors
from huiyin.org.actions.permitting import must_configure
from huiyin.org.actors import Actor
from huiyin.org.models import CODE, Company, Unit


def _lock_tree() -> None:
    """Two moves at once could make a loop that neither makes alone; moves are rare and trees small."""
    list(Unit.objects.select_for_update().order_by("id").values_list("id", flat=True))


@transaction.atomic
def place_unit(
    *,
    code: str,
    name_zh: str,
    kind: str,
    parent: Unit | None,
    actor: Actor,
    at: datetime,
    name_en: str = "",
    time_zone: str = "",
) -> Unit:
    """A new unit below its parent. Raises BadCode, CodeTaken, UnitInactive."""
    must_configure(actor)
    if not re.fullmatch(CODE, code):
        raise errors.BadCode(code)
    if Unit.objects.filter(code=code).exists():
        raise errors.CodeTaken(code)
    if parent is not None:
        parent = Unit.objects.select_for_update().get(pk=parent.pk)
        if not parent.is_active:
            raise errors.UnitInactive(parent.code)
    return Unit.objects.create(
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        kind=kind,
        parent=parent,
        path=f"{parent.path if parent else '/'}{code}/",
        time_zone=time_zone or (parent.time_zone if parent else "Asia/Shanghai"),
    )


@transaction.atomic
def move_unit(unit: Unit, *, under: Unit | None, actor: Actor, at: datetime) -> None:
    """The unit and its subtree stand under the new parent. Raises WouldLoop, UnitInactive."""
    must_configure(actor)
    _lock_tree()
    unit.refresh_from_db()
    if under is not None:
        under.refresh_from_db()
        if unit.contains(under):
            raise errors.WouldLoop(unit.code)
        if not under.is_active:
            raise errors.UnitInactive(under.code)
    old, new = unit.path, f"{under.path if under else '/'}{unit.code}/"
    Unit.objects.filter(pk=unit.pk).update(parent=under)
    Unit.objects.filter(path__startswith=old).update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    unit.parent, unit.path = under, new


@transaction.atomic
def rename_unit(unit: Unit, *, name_zh: str, actor: Actor, at: datetime, name_en: str = "") -> None:
    must_configure(actor)
    unit.name_zh, unit.name_en = name_zh, name_en
    unit.save(update_fields=["name_zh", "name_en"])


@transaction.atomic
def deactivate_unit(unit: Unit, *, actor: Actor, at: datetime) -> None:
    """No new work goes to it; its rows stay. Raises StillInUse while anything active is in it."""
    must_configure(actor)
    _lock_tree()
    below = Unit.objects.within(unit).active().exclude(pk=unit.pk)
    if below.exists() or unit.members.filter(is_active=True).exists():
        raise errors.StillInUse(unit.code)
    unit.is_active = False
    unit.save(update_fields=["is_active"])


@transaction.atomic
def reactivate_unit(unit: Unit, *, actor: Actor, at: datetime) -> None:
    """Raises UnitInactive where the parent is not in use."""
    must_configure(actor)
    if unit.parent is not None and not unit.parent.is_active:
        raise errors.UnitInactive(unit.parent.code)
    unit.is_active = True
    unit.save(update_fields=["is_active"])


@transaction.atomic
def name_company(company: Company, *, name_zh: str, name_en: str, time_zone: str, actor: Actor, at: datetime) -> None:
    """How the company is called on its pages and letters, and where its days begin."""
    must_configure(actor)
    company.name_zh, company.name_en, company.time_zone = name_zh, name_en, time_zone
    company.save(update_fields=["name_zh", "name_en", "time_zone"])
