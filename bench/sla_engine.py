"""How fast deadlines are reckoned, on one core: `python -m bench.sla_engine`.

Each line but the first is to be above 50,000 due times a second (issue 4). Import aims at 2,000 complaints a second,
each with four of them.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from time import process_time
from zoneinfo import ZoneInfo

import yaml

import huiyin
from huiyin.sla.engine import Target
from huiyin.sla.policy import Policy
from huiyin.sla.promises import Inputs, at_filing, deadline, share_used_at

COMPLAINTS = 20_000
FIRST = datetime(2026, 1, 5, 8, tzinfo=ZoneInfo("Asia/Shanghai"))


def measured(what: str, act: Callable[[], int]) -> tuple[str, float]:
    """Microseconds of one core for each time that the act says it did something."""
    begun = process_time()
    count = act()
    return what, (process_time() - begun) / count * 1e6


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
        return sum(len(at_filing(policy, received=at, submitted=at, inputs=inputs)) for at, inputs in taken)

    def handling() -> int:
        for received, inputs in taken:
            deadline(policy, "CK-HANDLE", start=received, inputs=inputs, dispatched=received + timedelta(minutes=30))
        return len(taken)

    def adding(unit: str, amount: float) -> Callable[[], int]:
        target = Target.of(unit, amount)

        def act() -> int:
            for received, _inputs in taken:
                policy.calendar.add(received, target)
            return len(taken)

        return act

    def stored() -> int:
        """A first response, as it is kept on a clock: when it is due, why, and when half of it is used up."""
        for received, inputs in taken:
            found = deadline(policy, "CK-SR", start=received, inputs=inputs)
            assert found is not None
            share_used_at(policy, found.why, start=received, due=found.due_at, share=0.5)
        return len(taken)

    def resolution() -> int:
        for received, inputs in taken:
            deadline(policy, "CK-RESOLVE", start=received, inputs=inputs)
        return len(taken)

    return [
        measured("reading the policy and a year of the calendar", reading),
        measured("a filing's four clocks, first time", filing),
        measured("a filing's four clocks, again", filing),
        measured("a resolution with its reasons", resolution),
        measured("the handling of one work order with its reasons", handling),
        measured("a substantive response as its clock keeps it", stored),
        measured("two working days of opening hours", adding("bh", 16)),
        measured("eight opening hours", adding("bh", 8)),
        measured("five working days", adding("wd", 5)),
    ]


if __name__ == "__main__":
    for what, microseconds in figures():
        print(f"{what:50} {microseconds:10.2f} µs {1e6 / microseconds:12,.0f} a second")
