"""Who is to be told and who is to be asked, by the organisation's tree and the absences of the week."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from huiyin.org.models import Member, Unit
from tests.week.company import AWAY

SIGNS, DESK, REVIEWS, AUDITS = (
    ("handler", "dept_lead"),
    ("frontline", "senior_agent", "supervisor"),
    ("reviewer", "supervisor"),
    ("auditor_cc",),
)
SEE_ALL = frozenset({"executive", "legal", "analyst", "stats_outlet"})
SEE_FROM_THEIR_CENTRE = frozenset({"reviewer", "auditor_cc", "supervisor", "cc_manager", "director", "senior_agent"})
SEE_NOTHING = frozenset({"admin"})


class Person(NamedTuple):
    pk: int
    username: str
    name: str
    unit: str
    roles: frozenset[str]

    def is_one_of(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


class People:
    def __init__(self) -> None:
        units = list(Unit.objects.select_related("parent"))
        self.above: Mapping[str, str | None] = {unit.code: unit.parent.code if unit.parent else None for unit in units}
        self.centres: Mapping[str, str] = {
            unit.parent.code: unit.code for unit in units if unit.kind == "service_centre" and unit.parent
        }
        self.all = [
            Person(each.pk, each.username, each.name, each.unit.code, frozenset(each.roles))
            for each in Member.objects.select_related("unit").order_by("pk")
        ]
        self.named = {each.username: each for each in self.all}
        self.by_pk = {each.pk: each for each in self.all}

    def upwards(self, unit: str) -> Iterator[str]:
        """The unit, then what leads its level, then the level above."""
        place: str | None = unit
        while place:
            yield place
            centre = self.centres.get(place)
            if centre and centre != unit:
                yield centre
            place = self.above[place]

    def nearest(self, unit: str, *roles: str) -> list[Person]:
        for place in self.upwards(unit):
            if found := [each for each in self.all if each.unit == place and each.is_one_of(*roles)]:
                return found
        return []

    def second_above(self, unit: str, role: str) -> list[Person]:
        """Not the first up the line that has one: the next."""
        lines = [[p for p in self.all if p.unit == place and p.is_one_of(role)] for place in self.upwards(unit)]
        return [*filter(None, lines), [], []][1]

    def sees(self, person: Person, units: Iterable[str]) -> bool:
        """Those above see what is below them; a service centre sees all that its level does."""
        if person.is_one_of(*SEE_ALL):
            return True
        if person.is_one_of(*SEE_NOTHING):
            return False
        root = person.unit
        if person.is_one_of(*SEE_FROM_THEIR_CENTRE) and root in self.centres.values():
            root = self.above[root] or root
        return any(root in self._line(unit) for unit in units)

    def _line(self, unit: str) -> Iterator[str]:
        place: str | None = unit
        while place:
            yield place
            place = self.above[place]

    def is_away(self, person: Person, at: datetime) -> bool:
        return any(each.who == person.username and each.since <= at < each.until for each in AWAY)

    def stands_in(self, person: Person, at: datetime) -> Person | None:
        """The deputy who is there, or the deputy's; None where nobody is, or nobody need."""
        place, asked = person, set()
        while absence := next((a for a in AWAY if a.who == place.username and a.since <= at < a.until), None):
            asked.add(place.username)
            if absence.deputy is None or absence.deputy in asked:
                return None
            place = self.named[absence.deputy]
        return place if place != person else None

    def present(self, people: Iterable[Person], at: datetime) -> set[Person]:
        return {self.stands_in(each, at) or each for each in people}
