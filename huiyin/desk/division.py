"""Who does what, as a table: the steps down, whoever has a part in them across."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch

from huiyin.org.models import Interface, Member, Part, Party, Step, Unit
from huiyin.org.roles import LABELS

KINDS = (Unit.Kind.SERVICE_CENTRE, Unit.Kind.DEPARTMENT)


def table(asked: str = "") -> tuple[list[Party], list[dict[str, Any]]]:
    """The columns and the rows; with `asked`, the steps in whose name, roles or units it stands. Two queries."""
    parts = Prefetch("parts", Part.objects.select_related("unit"))
    found = [(step, _cells(step)) for step in Step.objects.select_related("unit").prefetch_related(parts)]
    shown = [(step, cells) for step, cells in found if not asked or asked in _words(step, cells)]
    named = {_key(party): party for _step, cells in shown for party, _letter in cells}
    order = [*LABELS]
    roles = sorted((each for each in named.values() if each.unit is None), key=lambda each: order.index(each.role))
    units = sorted((each for each in named.values() if each.unit is not None), key=lambda each: each.code)
    columns = [*roles, *units]
    rows = []
    for step, cells in shown:
        letters = {_key(party): letter for party, letter in cells}
        rows.append({"step": step, "letters": [letters.get(_key(party), "") for party in columns]})
    return columns, rows


def letters_of(step: Step) -> dict[tuple[str, int | None], str]:
    return {_key(party): letter for party, letter in _cells(step)}


def _cells(step: Step) -> list[tuple[Party, str]]:
    return [(step.accountable, "A"), *((part.party, part.letter) for part in step.parts.all())]


def _key(party: Party) -> tuple[str, int | None]:
    return party.role, party.unit.pk if party.unit else None


def _words(step: Step, cells: list[tuple[Party, str]]) -> str:
    names = (f"{party.name} {party.code}" for party, _letter in cells)
    return " ".join([step.name_zh, step.name_en, step.code, *names]).casefold()


def departments(member: Member, asked: str = "") -> list[dict[str, Any]]:
    """Each department with whom to turn to there. Two queries."""
    people = Prefetch("interfaces", Interface.objects.select_related("member"))
    rows = Unit.objects.visible_to(member).active().filter(kind__in=KINDS).prefetch_related(people)
    found = [{"unit": unit, "people": [each.member for each in unit.interfaces.all()]} for unit in rows]
    return [each for each in found if not asked or asked in " ".join(_said(each)).casefold()]


def _said(row: dict[str, Any]) -> Iterator[str]:
    unit = row["unit"]
    yield from (unit.code, unit.name_zh, unit.name_en, *(f"{each.name} {each.username}" for each in row["people"]))
