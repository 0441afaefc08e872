"""Who there is, unit by unit, read once for many questions: the nearest with a role, up the organisation tree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import cached_property
from itertools import islice

from huiyin.complaints.models import Complaint
from huiyin.duty import queries as duty
from huiyin.org.models import Member, Unit
from huiyin.org.rules import Role

LEADS = (Role.DEPT_LEAD, Role.SUPERVISOR, Role.CC_MANAGER, Role.DIRECTOR, Role.EXECUTIVE)


class Directory:
    """Members and units as they are at `at`, those with one of `roles` or all. Three statements, however much is
    asked."""

    def __init__(self, *, at: datetime, roles: Collection[str] = ()) -> None:
        self.at = at
        self.roles = roles

    @cached_property
    def _units(self) -> dict[int, Unit]:
        return {unit.pk: unit for unit in Unit.objects.active()}

    @cached_property
    def _members(self) -> dict[int, list[Member]]:
        found: dict[int, list[Member]] = {}
        members = Member.objects.active().with_role(*self.roles) if self.roles else Member.objects.active()
        for member in members.order_by("name", "pk"):
            found.setdefault(member.unit_id, []).append(member)
        return found

    @cached_property
    def everybody(self) -> dict[int, Member]:
        return {member.pk: member for members in self._members.values() for member in members}

    def of_unit(self, unit_id: int) -> list[Member]:
        return self._members.get(unit_id, [])

    def upwards(self, unit_id: int) -> Iterator[int]:
        """The unit, its service centre and siblings' centre, then the level above, to the top."""
        unit = self._units.get(unit_id)
        while unit is not None:
            yield unit.pk
            yield from (each.pk for each in self._centres.get(unit.pk, ()) if each.pk != unit_id)
            unit = self._units.get(unit.parent_id) if unit.parent_id else None

    @cached_property
    def _centres(self) -> dict[int, list[Unit]]:
        found: dict[int, list[Unit]] = {}
        for unit in self._units.values():
            if unit.kind == Unit.Kind.SERVICE_CENTRE and unit.parent_id:
                found.setdefault(unit.parent_id, []).append(unit)
        return found

    def nearest(self, unit_id: int, *roles: str) -> list[Member]:
        """Those of the roles in the first unit up the tree that has any."""
        for place in self.upwards(unit_id):
            if found := [member for member in self.of_unit(place) if member.has_role(*roles)]:
                return found
        return []

    def next_above(self, unit_id: int, *roles: str) -> list[Member]:
        """Those of the second unit up the tree that has any."""
        found = ([m for m in self.of_unit(place) if m.has_role(*roles)] for place in self.upwards(unit_id))
        return next(islice(filter(None, found), 1, None), [])

    def anywhere(self, *roles: str) -> list[Member]:
        return [member for member in self.everybody.values() if member.has_role(*roles)]

    @cached_property
    def _away(self) -> frozenset[int]:
        return duty.away(self.at)

    @cached_property
    def _instead(self) -> dict[int, Member]:
        return duty.deputies(self._away, self.at)

    @cached_property
    def _on_and_off(self) -> tuple[frozenset[int], frozenset[int]]:
        return duty.on_and_off(self.at)

    def on_hand(self, members: Iterable[Member]) -> list[Member]:
        """Of several who could, those whose shift it is not are left out while another is there (who has no roster is
        there at any hour); nobody there: all of them, who hear of it when their shift begins."""
        asked = list(members)
        kept = [member for member in asked if member.pk not in self._on_and_off[1]]  # for who is away another hears
        return kept if any(member.pk not in self._away for member in kept) else asked

    def with_shift(self, named: Member, colleagues: Iterable[Member]) -> list[Member]:
        """Whoever is named, and while their shift is over, those of the colleagues whose shift it is."""
        on, off = self._on_and_off
        if named.pk not in off:
            return [named]
        return [named, *(each for each in colleagues if each.pk in on and each.pk not in self._away)]

    def present(self, members: Iterable[Member]) -> list[Member]:
        """In the place of who is absent, whoever stands in for them; without a deputy, they themselves."""
        found = [self._instead.get(member.pk, member) for member in members]
        return list({member.pk: member for member in found}.values())

    def reached(self, members: Iterable[Member], complaint: Complaint, sees: Sight) -> list[Member]:
        """Who hears what these should, as far as they may see the complaint: for who is absent their deputy, or where
        that one may not see it, whoever leads above them. Never nobody: at last whoever leads above the complaint."""
        found: list[Member] = []
        for member in members:
            instead = self._instead.get(member.pk, member)
            if sees(instead, complaint.pk):
                found.append(instead)
            elif instead is not member:
                found += self._leads_above(member.unit_id, complaint, sees)
        found = found or self._leads_above(complaint.owner_unit_id, complaint, sees)
        return list({member.pk: member for member in found}.values())

    def _leads_above(self, unit_id: int, complaint: Complaint, sees: Sight) -> list[Member]:
        for place in self.upwards(unit_id):
            leads = [member for member in self.of_unit(place) if member.has_role(*LEADS)]
            if found := [each for each in leads if each.pk not in self._away and sees(each, complaint.pk)]:
                return found
        return []


class Sight:
    """Who may see which of these complaints; one statement a member, when it is first asked."""

    def __init__(self, complaints: Collection[Complaint]) -> None:
        self._keys = [complaint.pk for complaint in complaints]
        self._seen: dict[int, frozenset[int]] = {}

    def __call__(self, member: Member, complaint_id: int) -> bool:
        if member.pk not in self._seen:
            rows = Complaint.objects.filter(pk__in=self._keys).visible_to(member)
            self._seen[member.pk] = frozenset(rows.values_list("pk", flat=True))
        return complaint_id in self._seen[member.pk]
