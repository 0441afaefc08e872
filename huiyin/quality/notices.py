"""Who is told of an incident. Values only.

Ordinarily the line: executives, directors, the service's managers and supervisors, the heads of the units concerned.
Where share prices may move, the line is skipped (打破常规汇报层级, C054): the executives, the board secretary's office
and the head of the unit that leads hear of it, and nobody between.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from huiyin.org.rules import Role

LINE = frozenset({Role.DIRECTOR, Role.CC_MANAGER, Role.SUPERVISOR})


@dataclass(frozen=True)
class Colleague:
    """`units`: the codes of their unit and of all above it."""

    pk: int
    units: frozenset[str]
    roles: frozenset[str]

    def belongs_to(self, codes: Collection[str]) -> bool:
        return not self.units.isdisjoint(codes)


def told(
    colleagues: Iterable[Colleague],
    *,
    lead: str,
    joint: Collection[str],
    board: Collection[str],
    is_market_moving: bool,
) -> list[int]:
    """Their keys, each once, in the order given. `board` is told only where share prices may move."""
    everybody = list(colleagues)
    heads = {each.pk for each in everybody if each.belongs_to({lead}) and Role.DEPT_LEAD in each.roles}
    heads = heads or {each.pk for each in everybody if each.belongs_to({lead})}
    wanted = heads | {each.pk for each in everybody if Role.EXECUTIVE in each.roles}
    if is_market_moving:
        wanted |= {each.pk for each in everybody if each.belongs_to(board)}
    else:
        wanted |= {each.pk for each in everybody if LINE & each.roles}
        wanted |= {each.pk for each in everybody if each.belongs_to(joint) and Role.DEPT_LEAD in each.roles}
    return [each.pk for each in everybody if each.pk in wanted]
