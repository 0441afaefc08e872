"""Who there is, unit by unit, read once for many questions: the nearest with a role, up the organisation tree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import cached_property

from huiyin.complaints.models import Complaint
from huiyin.duty import queries as duty
from huiyin.org.models import Member, Unit


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

    def anywhere(self, *roles: str) -> list[Member]:
        return [member for member in self.everybody.values() if member.has_role(*roles)]

    def present(self, members: Iterable[Member]) -> list[Member]:
        """In the place of who is absent, whoever stands in for them; without a deputy, they themselves."""
        wanted = {member.pk: member for member in members}
        instead = duty.deputies(list(wanted), self.at)
        return list({member.pk: member for pk in wanted for member in [instead.get(pk, wanted[pk])]}.values())


def who_may_see(complaints: Collection[Complaint], members: Iterable[Member]) -> set[tuple[int, int]]:
    """(member, complaint) for those who see it; one statement a member."""
    keys = [complaint.pk for complaint in complaints]
    rows = Complaint.objects.filter(pk__in=keys)
    return {(member.pk, pk) for member in members for pk in rows.visible_to(member).values_list("pk", flat=True)}
