"""How fast deadlines are reckoned: `python -m bench.sla_engine`.

Import aims at 2,000 complaints a second, each with four of them.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import yaml

import huiyin
from huiyin.sla.engine import Target
from huiyin.sla.policy import Policy
from huiyin.sla.promises import Inputs, at_filing, deadline

COMPLAINTS = 20_000
FIRST = datetime(2026, 1, 5, 8, tzinfo=ZoneInfo("Asia/Shanghai"))


def measured(what: str, act: Callable[[], int]) -> tuple[str, float]:
    """Microseconds for each time that the act says it did something."""
    begun = perf_counter()
    count = act()
    return what, (perf_counter() - begun) / count * 1e6


def arrivals() -> Iterator[tuple[datetime, Inputs]]:
    """Complaints of all sorts, one each 23 minutes: most of a year."""
    sorts = [
        Inputs(level, cx, issue, tier, urgent, departments)
        for level, cx, issue, tier, urgent, departments in product(
            ("L1", "L2", "L3", "L4"), "SC", ("tech", "attitude", "contract"), ("STD", "VIP"), (False, True), (1, 2)
        )
    ]
    for count in range(COMPLAINTS):
        yield FIRST + count * timedelta(minutes=23), sorts[count * 7 % len(sorts)]


def figures() -> list[tuple[str, float]]:
    shipped = Path(huiyin.__file__).parent / "defaults" / "sla.yaml"
    body = yaml.safe_load(shipped.read_text(encoding="utf-8"))
    policy = Policy(body, number=1)
    taken = list(arrivals())

    def reading() -> int:
        Policy(body, number=1).calendar.is_working(FIRST.date())
        return 1

    def filing() -> int:
        for received, inputs in taken:
            at_filing(policy, received=received, submitted=received, inputs=inputs)
        return len(taken)

    def handling() -> int:
        for received, inputs in taken:
            deadline(policy, "CK-HANDLE", start=received, inputs=inputs, dispatched=received + timedelta(minutes=30))
        return len(taken)

    def opening_time() -> int:
        target = Target.of("bh", 16)
        for received, _inputs in taken:
            policy.calendar.add(received, target)
        return len(taken)

    return [
        measured("reading the policy and a year of the calendar", reading),
        measured("the clocks of one filing, first time", filing),
        measured("the clocks of one filing, again", filing),
        measured("the handling clock of one work order", handling),
        measured("two working days of opening hours", opening_time),
    ]


if __name__ == "__main__":
    for what, microseconds in figures():
        print(f"{what:50} {microseconds:10.1f} µs")
