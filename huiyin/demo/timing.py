"""When each step of a life happens: how long people take, their working hours, and the pace of urgent matters."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from huiyin.demo.variation import ZONE

# minutes after the step before, from-to, and whether it waits for working hours
TAKES: dict[str, tuple[float, float, bool]] = {
    "file": (1, 6, False), "attach": (0.3, 2, False), "on_the_spot": (4, 25, False), "contact": (3, 45, False),
    "take_up": (3, 20, False), "return_intake": (5, 20, False), "resubmit": (30, 200, True), "review": (4, 25, False),
    "respond": (5, 35, False),
    "merge": (10, 60, False), "dispatch": (2, 15, False), "sign": (8, 80, True), "decline": (15, 80, True),
    "redispatch": (5, 40, True), "begin": (5, 50, True), "note": (15, 120, True), "pause": (20, 120, True),
    "resume": (240, 1500, True), "interim": (120, 500, True), "progress": (60, 400, True),
    "judge": (180, 900, True), "confirm_not_valid": (40, 300, True), "answer_not_valid": (5, 40, True),
    "complete": (90, 500, True), "send_back": (15, 150, True), "pass": (12, 150, True),
    "not_reached": (20, 120, True), "reply": (15, 170, True), "accept": (300, 4000, False), "close": (900, 4000, True),
    "reject": (300, 3000, False), "dispatch_again": (20, 180, True), "sign_again": (8, 80, True),
    "complete_again": (240, 1000, True), "withdraw": (100, 900, False), "external": (600, 4000, True),
    "receive_return": (300, 1500, True), "process_return": (100, 900, True),
    "mention_agent": (20, 300, True), "mention_handler": (20, 300, True), "mention_supervisor": (20, 300, True),
}  # fmt: skip
STILL_STANDS = {"pause": timedelta(hours=48)}  # waiting for the customer may last 72, and ends by itself then


def schedule(
    steps: Sequence[str], *, start: datetime, at: datetime, level: int, stands: bool, rng: Random
) -> list[datetime]:
    """A moment for each step, none before the one before. What must have happened by `at` is drawn together."""
    moments, moment = [], start
    slow = 7.0 if rng.random() < 0.07 else 1.0
    pace = {1: 0.12, 2: 0.3}.get(level, 1.0)
    for step in steps:
        low, high, waits = TAKES[step]
        moment += timedelta(minutes=rng.uniform(low, high) * pace * (slow if step == "complete" else 1.0))
        if waits and level > 1 and not stands:
            moment = _opening(moment, rng)
        moments.append(moment)
    room = (at - start) * 0.93
    if stands and moments[-1] - start > room:
        squeeze = room / (moments[-1] - start)
        moments = [start + (each - start) * squeeze for each in moments]
    if stands and steps[-1] in STILL_STANDS:
        moments[-1] = max(moments[-1], at - STILL_STANDS[steps[-1]])
    return [each.replace(microsecond=0) + timedelta(microseconds=n) for n, each in enumerate(moments)]


def _opening(moment: datetime, rng: Random) -> datetime:
    """The same moment between half past eight and eight, else a little after the next opening; Sundays are free."""
    local = moment.astimezone(ZONE)
    opens = local.replace(hour=8, minute=30, second=0, microsecond=0)
    if local >= local.replace(hour=20, minute=0):
        opens += timedelta(days=1)
    elif local >= opens and local.weekday() != 6:
        return moment
    while opens.weekday() == 6:
        opens += timedelta(days=1)
    return opens + timedelta(minutes=rng.uniform(2, 75))
