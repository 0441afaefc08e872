"""What apps above this one know of a unit's work: they say so here, because this one must not know them.

Only flow.py calls `ask`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from huiyin.org.models import Unit

Asked = Callable[[Unit], Sequence[str]]
_asked: list[Asked] = []


def ask(known: Asked) -> None:
    """From now on a unit is taken out of use only if `known` names no open work of it."""
    if known not in _asked:
        _asked.append(known)


def open_work(unit: Unit) -> list[str]:
    """The numbers of the complaints and work orders that the unit still has to do with."""
    return [number for known in _asked for number in known(unit)]
