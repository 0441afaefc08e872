"""When the demo company's lives happen."""

from datetime import datetime, timedelta
from random import Random

import pytest

from huiyin.demo import timing
from huiyin.demo.variation import ZONE

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=ZONE)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("days", [0.6, 2.7, 5.4])
def test_who_waits_for_the_customer_today_still_waits_when_it_is_looked_at(days: float, seed: int) -> None:
    start = MONDAY - timedelta(days=days)

    moments = timing.schedule(
        ("file", "review", "dispatch", "sign", "pause"), start=start, at=MONDAY, level=3, stands=True, rng=Random(seed)
    )

    assert moments == sorted(moments)
    assert MONDAY - timedelta(hours=48) <= moments[-1] <= MONDAY
