"""Dividing the work: who answers for each step, who does it, who is asked and told; and each department's contacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.org import errors
from huiyin.org.actions.permitting import must_configure
from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change, Interface, Member, Part, Party, Step, Unit
from huiyin.org.rules import ROLES

Area, Verb = Change.Area, Change.Verb
ACCOUNTABLE = "A"
Cells = Sequence[tuple[Party, str]]


@transaction.atomic
def add_step(*, code: str, names: Mapping[str, str], cells: Cells, actor: Actor, at: datetime) -> Step:
    """Raises MayNotConfigure, CodeTaken, NotOneAccountable, UnknownRole, UnitInactive, ValidationError."""
    must_configure(actor)
    if Step.objects.filter(code=code).exists():
        raise errors.CodeTaken(code)
    step = _written(Step(code=code), names, cells)
    record(Area.DIVISION, code, label=step.name_zh, verb=Verb.ADDED, after=said(step), actor=actor, at=at)
    return step


@transaction.atomic
def divide(step: Step, *, names: Mapping[str, Any], cells: Cells, actor: Actor, at: datetime) -> bool:
    """The step's names, place and parties from now on; False where they were so already. Raises as add_step."""
    must_configure(actor)
    held = Step.objects.select_for_update(of=("self",)).select_related("unit").get(pk=step.pk)
    before = said(held)
    _written(held, names, cells)
    changed = record(
        Area.DIVISION, held.code, label=held.name_zh, verb=Verb.AMENDED, before=before, after=said(held), actor=actor,
        at=at,
    )  # fmt: skip
    return changed is not None


@transaction.atomic
def remove_step(step: Step, *, actor: Actor, at: datetime) -> None:
    must_configure(actor)
    before = said(step)
    record(Area.DIVISION, step.code, label=step.name_zh, verb=Verb.REMOVED, before=before, actor=actor, at=at)
    step.delete()


@transaction.atomic
def name_interfaces(unit: Unit, *, members: Sequence[Member], actor: Actor, at: datetime) -> bool:
    """They are whom the others turn to, the first above all; False where they were already. Raises MayNotConfigure,
    AlreadyLeft."""
    must_configure(actor)
    Unit.objects.select_for_update().get(pk=unit.pk)
    for member in members:
        if not member.is_active:
            raise errors.AlreadyLeft(member.username)
    before = list(unit.interfaces.values_list("member__username", flat=True))
    after = [member.username for member in members]
    changed = record(
        Area.DIVISION, unit.code, label=unit.name_zh, verb=Verb.AMENDED, before={"interfaces": before},
        after={"interfaces": after}, actor=actor, at=at,
    )  # fmt: skip
    if changed is None:
        return False
    unit.interfaces.all().delete()
    Interface.objects.bulk_create(
        Interface(unit=unit, member=member, position=place) for place, member in enumerate(members, start=1)
    )
    return True


def place_default(*, code: str, names: Mapping[str, Any], cells: Cells) -> Step:
    """A step that comes with the product: nobody's change."""
    return _written(Step(code=code), names, cells)


def said(step: Step) -> dict[str, Any]:
    """What the record of changes keeps."""
    letters: dict[str, list[str]] = {"A": [step.accountable.code], "R": [], "C": [], "I": []}
    for part in step.parts.select_related("unit"):
        letters[part.letter].append(part.party.code)
    return {"name_zh": step.name_zh, "name_en": step.name_en, "position": step.position, **letters}


def _written(step: Step, names: Mapping[str, Any], cells: Cells) -> Step:
    accountable = [party for party, letter in cells if letter == ACCOUNTABLE]
    if len(accountable) != 1:
        raise errors.NotOneAccountable([party.name for party in accountable])
    _check(party for party, _letter in cells)
    [answers] = accountable
    step.role, step.unit = answers
    for name, value in names.items():
        setattr(step, name, value)
    step.full_clean()
    step.save()
    step.parts.all().delete()
    Part.objects.bulk_create(
        Part(step=step, role=party.role, unit=party.unit, letter=letter)
        for party, letter in cells
        if letter != ACCOUNTABLE
    )
    return step


def _check(parties: Iterable[Party]) -> None:
    for party in parties:
        if party.unit is None and party.role not in ROLES:
            raise errors.UnknownRole(party.role)
        if party.unit is not None and not party.unit.is_active:
            raise errors.UnitInactive(party.unit.code)
