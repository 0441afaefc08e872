"""Members that can be told something, and the telling with what a test does not care about filled in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from huiyin.notices.actions import telling
from huiyin.notices.models import Preference, Target
from huiyin.org.models import Member, Unit

NOON = datetime(2026, 11, 17, 4, 0, tzinfo=UTC)  # a Tuesday, 12:00 in Shanghai
NUMBER = "TS20261117-00001"


def later(**by: float) -> datetime:
    return NOON + timedelta(**by)


def unit(code: str = "CC", *, parent: Unit | None = None, zone: str = "Asia/Shanghai") -> Unit:
    path = f"{parent.path if parent else '/'}{code}/"
    found, _is_new = Unit.objects.get_or_create(
        code=code, defaults={"name_zh": f"{code}部", "kind": "department", "path": path, "parent": parent,
                             "time_zone": zone},
    )  # fmt: skip
    return found


def member(username: str = "lilei", *, of: Unit | None = None, **given: Any) -> Member:
    values = {"name": username, "email": f"{username}@example.com", "password": "!", **given}
    return Member.objects.create(username=username, unit=of or unit(), **values)


def members(count: int) -> list[Member]:
    home = unit()
    return Member.objects.bulk_create(
        Member(username=f"n{n}", name=f"李雷{n}", email=f"n{n}@example.com", unit=home, password="!")
        for n in range(count)
    )


def target(way: str = "wecom", *, of: Unit | None = None, **given: Any) -> Target:
    values = {"name": f"{way}群", "address": "http://127.0.0.1:1/", "is_quiet_at_night": False, **given}
    return Target.objects.create(way=way, unit=of, **values)


def prefers(who: Member, **given: Any) -> Preference:
    return Preference.objects.create(member=who, **given)


def tell(*who: Member, key: str = "k1", kind: str = "urged", at: datetime = NOON, **given: Any) -> int:
    values: dict[str, Any] = {
        "values": {"who": "韩梅梅", "count": 1}, "number": "", "link": f"/desk/complaints/{NUMBER}", "urgent": False,
        **given,
    }  # fmt: skip
    return telling.tell(members=who, kind=kind, key=key, at=at, **values)
