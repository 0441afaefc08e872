"""A small organisation: headquarters, two branches with their centres, a county office, departments."""

from __future__ import annotations

from datetime import UTC, datetime

from huiyin.org.actions.arranging import place_unit
from huiyin.org.actors import SYSTEM
from huiyin.org.models import Member, Unit

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

TREE = (
    ("HQ", "集团总部", Unit.Kind.HEADQUARTERS, None),
    ("CC", "客户服务中心", Unit.Kind.SERVICE_CENTRE, "HQ"),
    ("QM", "质量管理部", Unit.Kind.DEPARTMENT, "HQ"),
    ("QM-CASE", "质量客诉组", Unit.Kind.TEAM, "QM"),
    ("BR-EAST", "华东分公司", Unit.Kind.BRANCH, "HQ"),
    ("BR-EAST-CC", "华东客户服务中心", Unit.Kind.SERVICE_CENTRE, "BR-EAST"),
    ("CTY-E01", "临江县营业部", Unit.Kind.COUNTY, "BR-EAST"),
    ("BR-SOUTH", "华南分公司", Unit.Kind.BRANCH, "HQ"),
    ("BR-SOUTH-CC", "华南客户服务中心", Unit.Kind.SERVICE_CENTRE, "BR-SOUTH"),
)


def company() -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for code, name, kind, parent in TREE:
        units[code] = place_unit(
            code=code, name_zh=name, kind=kind, parent=units[parent] if parent else None, actor=SYSTEM, at=NOW
        )
    return units


def member(unit: Unit, *roles: str, name: str = "李雷", username: str = "") -> Member:
    """No usable password, which spares each test a slow hash."""
    return Member.objects.create(
        username=username or f"m{Member.objects.count() + 1}", name=name, unit=unit, roles=list(roles), password="!"
    )
