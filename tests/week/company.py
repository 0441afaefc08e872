"""Who works there in the week of the National Day holiday, and who is away when."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from huiyin import loading
from huiyin.duty.models import Absence
from huiyin.org.actions import demo_members
from huiyin.org.actions.loading import load_demo_units
from huiyin.org.models import Member, Unit
from huiyin.org.rules import Role

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)


def on(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """That moment of October 2026 in Shanghai."""
    return datetime(2026, 10, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


START, END = on(5), on(12)


class _Person(NamedTuple):
    username: str
    name: str
    unit: str
    role: Role


MORE = (
    _Person("qm_wang", "王砚", "QM", Role.HANDLER),
    _Person("qm_zhao", "赵霁", "QM", Role.HANDLER),
    _Person("east_lead", "顾明远", "BR-EAST", Role.DEPT_LEAD),
    _Person("east_luo", "罗平", "BR-EAST", Role.HANDLER),
    _Person("east_song", "宋岚", "BR-EAST", Role.HANDLER),
    _Person("county_he", "何苗", "CTY-E01", Role.HANDLER),
    _Person("east_sup", "方敏", "BR-EAST-CC", Role.SUPERVISOR),
    _Person("east_rev", "唐越", "BR-EAST-CC", Role.REVIEWER),
    _Person("east_aud", "丁然", "BR-EAST-CC", Role.AUDITOR_CC),
    _Person("east_agent", "夏禾", "BR-EAST-CC", Role.FRONTLINE),
)


class Away(NamedTuple):
    who: str
    deputy: str | None
    since: datetime
    until: datetime


AWAY = (
    Away("supervisor", "supervisor2", on(5), on(8)),
    Away("east_sup", "supervisor", on(6), on(7, 18)),  # whose own deputy stands in for both
    Away("handler", "qm_zhao", on(6), on(9, 12)),
    Away("east_song", None, on(7), on(10, 9)),
    Away("lead", "qm_wang", on(8, 9), on(9, 18)),
    Away("east_lead", "east_luo", on(9, 9), on(9, 18)),
    Away("agent", "agent2", on(8), on(10)),
    Away("manager", "director", on(10), on(11, 12)),
)


def settle() -> None:
    """The default configuration, the demo company, those who are here for the week, and their absences."""
    long_ago = START - timedelta(days=30)
    loading.load(at=long_ago)
    load_demo_units(at=long_ago)
    demo_members.make(password="not-used-in-the-week-1", at=long_ago)
    units = {unit.code: unit for unit in Unit.objects.all()}
    for person in MORE:
        Member.objects.create(
            username=person.username, name=person.name, unit=units[person.unit], roles=[str(person.role)]
        )
    people = {member.username: member for member in Member.objects.all()}
    for username, member in people.items():
        member.email = f"{username}@example.com"  # so that what is told goes beyond the inbox, too
    Member.objects.bulk_update(people.values(), ["email"])
    Absence.objects.bulk_create(
        Absence(
            member=people[each.who],
            deputy=people[each.deputy] if each.deputy else None,
            starts_at=each.since,
            ends_at=each.until,
            made_by=people["manager"],
            made_at=long_ago,
        )
        for each in AWAY
    )


def is_away(username: str, at: datetime) -> bool:
    return any(each.who == username and each.since <= at < each.until for each in AWAY)
