"""How many people a queue needs: Erlang's C formula, from values only.

With offered load A = calls an hour x mean handling time and m people, the share of customers who wait is

    C = [A^m/m! * m/(m-A)] / [sum_{i<m} A^i/i! + A^m/m! * m/(m-A)]

those who wait, wait on average AHT/(m-A), and longer than t with probability C * exp(-(m-A) t / AHT).
Source: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic telephone
exchanges" (1917); as written out at https://www.liquisearch.com/erlang_unit/erlang_c_formula. It supposes that nobody
gives up and that calls come at random, and so asks for rather too many people than too few.
"""

from math import ceil, exp
from typing import NamedTuple

MOST_AGENTS = 5000


class Staffing(NamedTuple):
    """`is_stable`: fewer people than the load and the queue grows without end."""

    erlangs: float
    agents: int
    p_wait: float
    asa_s: float

    @property
    def is_stable(self) -> bool:
        return self.agents > self.erlangs


def staffing(*, calls_per_hour: float, aht_s: float, agents: int) -> Staffing:
    """Raises ValueError for what is no queue."""
    load = _load(calls_per_hour, aht_s)
    if agents < 1:
        raise ValueError("a queue has at least one who answers")
    if agents <= load:
        return Staffing(load, agents, 1.0, float("inf"))
    waits = _waits(load, agents)
    return Staffing(load, agents, waits, waits * aht_s / (agents - load))


def p_wait_over(*, calls_per_hour: float, aht_s: float, agents: int, seconds: float) -> float:
    """The share of customers who wait longer than so many seconds."""
    found = staffing(calls_per_hour=calls_per_hour, aht_s=aht_s, agents=agents)
    return found.p_wait * exp(-(agents - found.erlangs) * seconds / aht_s) if found.is_stable else 1.0


def service_level(*, calls_per_hour: float, aht_s: float, agents: int, seconds: float) -> float:
    """The share of customers who are answered within so many seconds."""
    return 1 - p_wait_over(calls_per_hour=calls_per_hour, aht_s=aht_s, agents=agents, seconds=seconds)


def agents_needed(*, calls_per_hour: float, aht_s: float, seconds: float, at_most: float) -> int:
    """The fewest with whom no more than `at_most` of the customers wait longer than so many seconds."""
    load = _load(calls_per_hour, aht_s)
    if not 0 < at_most < 1:
        raise ValueError("a share lies between 0 and 1")
    agents = max(1, ceil(load + 1e-9))
    while agents < MOST_AGENTS and (
        p_wait_over(calls_per_hour=calls_per_hour, aht_s=aht_s, agents=agents, seconds=seconds) > at_most
    ):
        agents += 1
    return agents


def _load(calls_per_hour: float, aht_s: float) -> float:
    if calls_per_hour < 0 or aht_s <= 0:
        raise ValueError("calls come no less than never, and take some time")
    return calls_per_hour * aht_s / 3600


def _waits(load: float, agents: int) -> float:
    """By the recursion of Erlang's B formula, B(0) = 1, B(i) = A B(i-1) / (i + A B(i-1)): no factorial to overflow."""
    blocked = 1.0
    for place in range(1, agents + 1):
        blocked = load * blocked / (place + load * blocked)
    return blocked / (1 - (load / agents) * (1 - blocked))
