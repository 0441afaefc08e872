"""The demo company's three desks, kept round the clock over three continents, with one gap and one colleague away."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from huiyin.duty.actions import desks, excusing, rostering
from huiyin.duty.models import Absence, Desk, Shift
from huiyin.org.actors import SYSTEM
from huiyin.org.models import Member, Unit
from huiyin.org.rules import Role

CODES = {"Asia/Shanghai": ("apac", "Asia-Pacific desk"), "Europe/Berlin": ("emea", "Europe desk"),
         "America/New_York": ("amer", "Americas desk")}  # fmt: skip
SHIFTS = (
    ("早班", "Early shift", time(6), time(14)),
    ("中班", "Late shift", time(14), time(22)),
    ("夜班", "Night shift", time(22), time(6)),
)
WORKDAYS, WEEKEND, EVERY_DAY = (1, 2, 3, 4, 5), (6, 7), tuple(range(1, 8))
# by desk: username and name of four people, none of whom can sign in
PEOPLE = {
    "apac": (("duty.a1", "钟灵"), ("duty.a2", "方圆"), ("duty.a3", "古月"), ("duty.a4", "米兰")),
    "emea": (("duty.e1", "林安娜"), ("duty.e2", "何马丁"), ("duty.e3", "苏菲"), ("duty.e4", "叶欧文")),
    "amer": (("duty.n1", "高艾米"), ("duty.n2", "罗本"), ("duty.n3", "石卡洛"), ("duty.n4", "温迪")),
}  # fmt: skip
# who of the four has which shift on which days; nobody has the American nights of the weekend
TURNS = ((0, 0, WORKDAYS), (1, 1, WORKDAYS), (2, 2, WORKDAYS), (3, 0, WEEKEND), (0, 1, WEEKEND), (1, 2, WEEKEND))


def make(org: Mapping[str, Any], *, at: datetime) -> int:
    """The desks of org.yaml with their rosters; returns how many are new."""
    if Desk.objects.exists():
        return 0
    made = 0
    for spec in org["duty"]["timezone_desks"]:
        code, name_en = CODES[spec["tz"]]
        unit = Unit.objects.get(code=spec["primary"])
        desk = desks.set_up(
            code=code, name_zh=spec["desk"], name_en=name_en, unit=unit, time_zone=spec["tz"], actor=SYSTEM, at=at
        )
        _keep(desk, _hire(code, unit, at), at)
        made += 1
    _send_away(at)
    return made


def _hire(code: str, unit: Unit, at: datetime) -> list[Member]:
    nobody = make_password(None)
    return [
        Member.objects.get_or_create(
            username=username,
            defaults={"name": name, "unit": unit, "roles": [str(Role.FRONTLINE)], "password": nobody,
                      "date_joined": at - timedelta(days=90), "is_demo": True},
        )[0]
        for username, name in PEOPLE[code]
    ]  # fmt: skip


def _keep(desk: Desk, people: list[Member], at: datetime) -> None:
    shifts: list[Shift] = [
        desks.add_shift(
            desk, name=name, name_en=name_en, weekdays=EVERY_DAY, starts=starts, ends=ends, actor=SYSTEM, at=at
        )
        for name, name_en, starts, ends in SHIFTS
    ]
    first = (at - timedelta(days=30)).astimezone(ZoneInfo(desk.time_zone)).date()
    for person, shift, weekdays in TURNS:
        if desk.code == "amer" and shift == len(SHIFTS) - 1 and weekdays == WEEKEND:
            continue
        rostering.assign(people[person], shifts[shift], first=first, last=None, weekdays=weekdays, actor=SYSTEM, at=at)


def _send_away(at: datetime) -> None:
    """One of the reviewers is on leave, and the other stands in."""
    members = Member.objects.in_bulk(["reviewer.night", "reviewer"], field_name="username")
    if len(members) == 2:
        excusing.excuse(
            members["reviewer.night"], starts_at=at - timedelta(days=1), ends_at=at + timedelta(days=4),
            deputy=members["reviewer"], reason=Absence.Reason.LEAVE, actor=SYSTEM, at=at,
        )  # fmt: skip
