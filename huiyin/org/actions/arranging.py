"""The unit tree: place a unit, move it with all that is below it, rename it, take it out of use."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr

from huiyin.org import errors, guards, looks
from huiyin.org.actions.permitting import must_configure
from huiyin.org.actions.recording import record
from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.models import CODE, Change, Company, Unit

Area, Verb = Change.Area, Change.Verb


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
    unit = _placed(code, name_zh, name_en, kind, parent, time_zone)
    record(Area.UNIT, code, label=unit.name_zh, verb=Verb.ADDED, after=_said(unit), actor=actor, at=at)
    return unit


def place_default(*, code: str, name_zh: str, name_en: str, kind: str, parent: Unit | None, time_zone: str) -> Unit:
    """A unit that comes with the product: nobody's change, so that it is in no history."""
    must_configure(SYSTEM)
    return _placed(code, name_zh, name_en, kind, parent, time_zone)


def _placed(code: str, name_zh: str, name_en: str, kind: str, parent: Unit | None, time_zone: str) -> Unit:
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
    was = unit.parent.code if unit.parent else ""
    old, new = unit.path, f"{under.path if under else '/'}{unit.code}/"
    Unit.objects.filter(pk=unit.pk).update(parent=under)
    Unit.objects.filter(path__startswith=old).update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    unit.parent, unit.path = under, new
    now = under.code if under else ""
    told = {"before": {"parent": was}, "after": {"parent": now}}
    record(Area.UNIT, unit.code, label=unit.name_zh, verb=Verb.MOVED, actor=actor, at=at, **told)


@transaction.atomic
def rename_unit(unit: Unit, *, name_zh: str, actor: Actor, at: datetime, name_en: str = "") -> None:
    must_configure(actor)
    before = {"name_zh": unit.name_zh, "name_en": unit.name_en}
    unit.name_zh, unit.name_en = name_zh, name_en
    unit.save(update_fields=["name_zh", "name_en"])
    after = {"name_zh": name_zh, "name_en": name_en}
    record(Area.UNIT, unit.code, label=name_zh, verb=Verb.AMENDED, before=before, after=after, actor=actor, at=at)


@transaction.atomic
def deactivate_unit(unit: Unit, *, actor: Actor, at: datetime) -> None:
    """No new work goes to it; its rows stay. Raises StillInUse while anything active is in it, and
    StillHasWork, with the numbers, while it owns open complaints or work orders."""
    must_configure(actor)
    _lock_tree()
    below = Unit.objects.within(unit).active().exclude(pk=unit.pk)
    if below.exists() or unit.members.filter(is_active=True).exists():
        raise errors.StillInUse(unit.code)
    if work := guards.open_work(unit):
        raise errors.StillHasWork(unit.code, work)
    unit.is_active = False
    unit.save(update_fields=["is_active"])
    record(Area.UNIT, unit.code, label=unit.name_zh, verb=Verb.RETIRED, actor=actor, at=at)


@transaction.atomic
def reactivate_unit(unit: Unit, *, actor: Actor, at: datetime) -> None:
    """Raises UnitInactive where the parent is not in use."""
    must_configure(actor)
    if unit.parent is not None and not unit.parent.is_active:
        raise errors.UnitInactive(unit.parent.code)
    unit.is_active = True
    unit.save(update_fields=["is_active"])
    record(Area.UNIT, unit.code, label=unit.name_zh, verb=Verb.RESTORED, actor=actor, at=at)


@transaction.atomic
def name_company(company: Company, *, name_zh: str, name_en: str, time_zone: str, actor: Actor, at: datetime) -> None:
    """How the company is called on its pages and letters, and where its days begin."""
    must_configure(actor)
    before = {"name_zh": company.name_zh, "name_en": company.name_en, "time_zone": company.time_zone}
    company.name_zh, company.name_en, company.time_zone = name_zh, name_en, time_zone
    company.save(update_fields=["name_zh", "name_en", "time_zone"])
    after = {"name_zh": name_zh, "name_en": name_en, "time_zone": time_zone}
    record(Area.COMPANY, company.code, label=name_zh, verb=Verb.AMENDED, before=before, after=after, actor=actor, at=at)
    looks.forget_on_commit()


def _said(unit: Unit) -> dict[str, str]:
    parent = unit.parent.code if unit.parent else ""
    return {"name_zh": unit.name_zh, "name_en": unit.name_en, "kind": str(unit.kind), "parent": parent}
