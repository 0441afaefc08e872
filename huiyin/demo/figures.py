"""What the night job has reckoned, and the first weeks frozen to be compared with."""

from datetime import datetime, timedelta

from huiyin.demo.staff import Staff
from huiyin.demo.variation import DAYS, ZONE
from huiyin.insight.actions import fitting, freezing


def make(staff: Staff, *, at: datetime) -> None:
    """A forecast of durations, and a baseline of the first half."""
    fitting.fit(at=at)
    first = (at - timedelta(days=DAYS)).astimezone(ZONE).date()
    last = first + timedelta(days=DAYS // 2 - 1)
    freezing.freeze(first=first, last=last, by=staff.members["manager"], at=at, note="上线前一个月")
