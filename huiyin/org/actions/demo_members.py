"""The demo company's members; they sign in with their role as name."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import transaction

from huiyin.org.models import Member, Unit
from huiyin.org.rules import Role


class _Person(NamedTuple):
    username: str
    name: str
    unit: str
    roles: tuple[Role, ...]
    manager: str | None


# managers before those who report to them
CAST = (
    _Person("executive", "赵建国", "HQ", (Role.EXECUTIVE,), None),
    _Person("director", "钱卫东", "HQ", (Role.DIRECTOR,), "executive"),
    _Person("admin", "孙志远", "HQ", (Role.ADMIN,), "director"),
    _Person("analyst", "周敏", "HQ", (Role.ANALYST,), "director"),
    _Person("outlet", "冯雪", "MKT", (Role.STATS_OUTLET,), "director"),
    _Person("legal", "吴正", "LEG", (Role.LEGAL,), "executive"),
    _Person("manager", "郑慧", "CC", (Role.CC_MANAGER,), "director"),
    _Person("supervisor", "韩梅梅", "CC", (Role.SUPERVISOR,), "manager"),
    _Person("supervisor2", "林涛", "CC", (Role.SUPERVISOR,), "manager"),
    _Person("reviewer", "陈静", "CC", (Role.REVIEWER,), "supervisor"),
    _Person("auditor", "褚明", "CC", (Role.AUDITOR_CC,), "manager"),
    _Person("auditor2", "卫兰", "CC", (Role.AUDITOR_CC,), "manager"),
    _Person("agent", "李雷", "CC", (Role.FRONTLINE,), "supervisor"),
    _Person("agent2", "蒋欣", "CC", (Role.FRONTLINE,), "supervisor"),
    _Person("lead", "沈国强", "QM", (Role.DEPT_LEAD,), "director"),
    _Person("handler", "杨帆", "QM", (Role.HANDLER,), "lead"),
    _Person("quality", "朱琳", "QM", (Role.QUALITY_ENG,), "lead"),
    _Person("handler2", "秦勇", "LOG", (Role.HANDLER,), "director"),
    _Person("branch", "许佳", "CTY-E01", (Role.STORE_AGENT, Role.HANDLER), None),
    _Person("outsider", "王芳", "BR-SOUTH-CC", (Role.FRONTLINE,), None),
)


@transaction.atomic
def make(*, password: str, at: datetime) -> list[Member]:
    """Those of the cast who are not there yet, all with the one password; needs load() and load_demo_units().

    Returns the whole cast. Who is there keeps name, roles and password.
    """
    units = {unit.code: unit for unit in Unit.objects.all()}
    members = {m.username: m for m in Member.objects.filter(username__in=[person.username for person in CAST])}
    # hashed once: twenty slow hashes would hold up the first start for ten seconds
    hashed = make_password(password)
    for person in CAST:
        if person.username not in members:
            members[person.username] = Member.objects.create(
                username=person.username,
                name=person.name,
                unit=units[person.unit],
                roles=[str(role) for role in person.roles],
                line_manager=members[person.manager] if person.manager else None,
                password=hashed,
                date_joined=at,
                is_demo=True,
            )
    return [members[person.username] for person in CAST]
