"""The default organisation out of the default files; what is there already is left as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.text import slugify

from huiyin.org.actions.arranging import place_default
from huiyin.org.actions.dividing import place_default as place_division
from huiyin.org.models import Change, Company, Party, Step, Unit

KINDS = {
    "province": Unit.Kind.HEADQUARTERS,
    "city": Unit.Kind.BRANCH,
    "county": Unit.Kind.COUNTY,
    "outlet": Unit.Kind.OUTLET,
    "franchise": Unit.Kind.FRANCHISE,
}
CENTRE = "CC"


class _Row(NamedTuple):
    code: str
    name_zh: str
    name_en: str
    kind: str
    parent: str | None


DEMO_UNITS = (
    _Row("CTY-E01", "临江县营业部", "Linjiang county office", Unit.Kind.COUNTY, "BR-EAST"),
    _Row("BR-EAST-CC", "华东客户服务中心", "East customer service centre", Unit.Kind.SERVICE_CENTRE, "BR-EAST"),
    _Row("BR-SOUTH-CC", "华南客户服务中心", "South customer service centre", Unit.Kind.SERVICE_CENTRE, "BR-SOUTH"),
    _Row("BR-NORTH-CC", "华北客户服务中心", "North customer service centre", Unit.Kind.SERVICE_CENTRE, "BR-NORTH"),
)


def _rows(org: Mapping[str, Any], routing: Mapping[str, Any]) -> Iterator[_Row]:
    """Parents before children, as the files have them."""
    top = next(unit["id"] for unit in org["org_units"] if unit["parent"] is None)
    for unit in org["org_units"]:
        yield _Row(unit["id"], unit["zh"], unit.get("en", ""), KINDS[unit["level"]], unit["parent"])
    for department in org["departments"]:
        kind = Unit.Kind.SERVICE_CENTRE if department["id"] == CENTRE else Unit.Kind.DEPARTMENT
        yield _Row(department["id"], department["zh"], department.get("en", ""), kind, top)
    for code, team in routing.get("team_ids", {}).items():
        yield _Row(code, team["zh"], team.get("en", ""), Unit.Kind.TEAM, team["dept"])


def _place(rows: Iterator[_Row], time_zone: str) -> int:
    units = {unit.code: unit for unit in Unit.objects.all()}
    made = 0
    for row in rows:
        if row.code not in units:
            units[row.code] = place_default(
                code=row.code,
                name_zh=row.name_zh,
                name_en=row.name_en,
                kind=row.kind,
                parent=units[row.parent] if row.parent else None,
                time_zone=time_zone,
            )
            made += 1
    return made


@transaction.atomic
def load(documents: Mapping[str, Mapping[str, Any]], at: datetime) -> int:
    """Company, units, departments and teams of the documents `org` and `routing` exist; returns how many rows are
    new. An administrator's names, moves and deactivations stand."""
    org = documents["org"]
    company = org["company"]
    _company, is_new = Company.objects.get_or_create(
        id=1,
        defaults={
            "code": company["id"],
            "name_zh": company["name_zh"],
            "name_en": company.get("name_en", ""),
            "time_zone": company["timezone"],
            "locale": company["locale"],
        },
    )
    made = int(is_new) + _place(_rows(org, documents.get("routing", {})), company["timezone"])
    return made + _divide(org.get("raci", []))


def _divide(steps: Sequence[Mapping[str, str]]) -> int:
    """Who does what, where nobody has said so yet: an administrator's division stands, what they removed as well."""
    if Step.objects.exists() or Change.objects.filter(area=Change.Area.DIVISION).exists():
        return 0
    for position, each in enumerate(steps, start=1):
        name_zh, _space, name_en = each["step"].partition(" ")
        cells = [(Party(role), letter) for role, letter in each.items() if role != "step"]
        names = {"name_zh": name_zh, "name_en": name_en, "position": position}
        place_division(code=slugify(name_en), names=names, cells=cells)
    return len(steps)


@transaction.atomic
def load_demo_units(at: datetime) -> int:
    """The county office and the branches' own service centres, which the demo's members work in."""
    return _place(iter(DEMO_UNITS), "")
