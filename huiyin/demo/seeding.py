"""The demo company's sixty days, lived in order of time through the product's own actions, up to this moment."""

import heapq
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from huiyin.complaints.actions import closing, sweeping, waiting
from huiyin.complaints.errors import Refused
from huiyin.complaints.models import Complaint
from huiyin.demo import (
    contacts,
    desk_steps,
    fates,
    figures,
    marks,
    offers,
    quality,
    red,
    regulatory,
    rosters,
    staff,
    supervision,
    timing,
    unit_steps,
    worth,
)
from huiyin.demo.lives import Company, Life
from huiyin.demo.scripts import phrases
from huiyin.demo.variation import DAYS, SEED, ZONE, Story, stories
from huiyin.dispatch.actions import nudging
from huiyin.loading import documents
from huiyin.triage.models import Category

Progress = Callable[[int, int], None]
DUPLICATES, REPEATS, RETURNS = 4, 4, (9, 2)
REPORTS, PICTURES = 4, 10
SWEEP_EVERY = timedelta(hours=3)

log = logging.getLogger(__name__)


@transaction.atomic
def seed(*, at: datetime, progress: Progress | None = None, kept: Callable[[Story], bool] = lambda story: True) -> int:
    """Some three hundred complaints in all states are there; returns how many were made, none the second time.

    Needs the default configuration, the demo units and the cast. `progress` is told lives begun and lives in all;
    `kept` says which stories are told.
    """
    if Complaint.objects.filter(external_id__startswith="demo-").exists():
        return 0
    staff.hire(at=at - timedelta(days=DAYS + 30))
    lives = _lives(at, kept)
    whole = len(lives) + red.MADE
    begun = 0
    tidy = _Housekeeping(at - timedelta(days=DAYS + 1))
    refused: set[int] = set()
    for moment, life, step in _in_order_of_time(lives, at):
        tidy.until(moment)
        if id(life) in refused:
            continue
        try:
            STEPS[step](life, moment)
        except Refused as refusal:
            refused.add(id(life))
            log.warning("demo story %s stops before %s: %s", life.story.number, step, refusal)
        if step == "file":
            begun += 1
            if progress is not None:
                progress(begun, whole)
    tidy.until(at)
    offers.make(staff.Staff(), at=at)
    quality.make(staff.Staff(), at=at)
    begun += red.make(staff.Staff(), at=at)
    if progress is not None:
        progress(begun, whole)
    regulatory.make(staff.Staff(), at=at)
    figures.make(staff.Staff(), at=at)
    marks.make(at=at)
    rosters.make(documents()["org"], at=at)
    supervision.make(staff.Staff(), at=at)
    contacts.make(staff.Staff(), at=at)
    worth.make(staff.Staff(), at=at)
    Complaint.objects.filter(external_id__startswith="demo-").update(is_demo=True)  # none was there before: see above
    return begun


def _lives(at: datetime, kept: Callable[[Story], bool]) -> list[Life]:
    leaves = Category.objects.exclude(parent=None).select_related("owner", "element_set")
    categories = {leaf.code: leaf for leaf in leaves}
    grave = frozenset(code for code, leaf in categories.items() if (leaf.severity or 3) <= 2)
    complex_ones = frozenset(code for code, leaf in categories.items() if leaf.complexity == "C")
    kinds = fates.Kinds({code: leaf.owner_code for code, leaf in categories.items()}, grave, complex_ones)
    company = Company(staff=staff.Staff(), categories=categories, kinds=kinds, today=at)
    rng = Random(SEED)
    told = [story for story in stories(at) if kept(story)]
    dealt = fates.deal(told, at=at, kinds=kinds, rng=rng)
    with_files = _with_files(told, rng)
    returned = _returned(told, dealt)
    lives = []
    for story in told:
        fate = dealt[story.number]
        fate = fates.with_file(fate) if story.number in with_files else fate
        fate = fates.with_return(fate) if story.number in returned else fate
        lives.append(Life(story, fate, company, Random(story.number)))
    return lives + _duplicates(lives, at) + _repeats(lives, at)


def _with_files(told: Sequence[Story], rng: Random) -> set[int]:
    """The numbers of those whose customers send a report (businesses) or a picture along."""
    late = [story for story in told[len(told) // 3 :] if story.script.group in {"PQ", "LG"}]
    businesses = [story.number for story in late if story.script.voice == "business"]
    others = [story.number for story in late if story.script.voice not in {"business", "agent"}]
    return {*rng.sample(businesses, min(REPORTS, len(businesses))), *rng.sample(others, PICTURES)}


def _returned(told: Sequence[Story], dealt: Mapping[int, fates.Fate]) -> set[int]:
    """The numbers of those whose goods are sent back: the latest whose life goes on to its end, and some at work."""
    goods = [story for story in told if story.script.group == "PQ" and story.script.goods != ("none",)]
    whole = [story.number for story in goods if dealt[story.number].name == "whole"]
    at_work = [story.number for story in goods if dealt[story.number].steps[-1] == "sign"]
    done, left = RETURNS
    return {*whole[-done:], *at_work[-left:]}


def _repeats(lives: list[Life], at: datetime) -> list[Life]:
    """A few customers whom the answer did not help: the same again within thirty days, the last of them just now."""
    ages = [timedelta(days=days) for days in (55, 48, 42, 16)][:REPEATS]
    whole = [
        life
        for life in lives
        if life.fate.name == "whole" and life.fate.steps[-1] == "accept" and life.story.script.lang == "zh"
    ]
    again = []
    for n, age in enumerate(ages[: len(whole)]):
        first = min(whole, key=lambda life: abs(at - age - life.story.received_at))
        whole.remove(first)
        moment = first.story.received_at + timedelta(days=13 + n % 3)
        said = str(phrases()["once_more"][n % len(phrases()["once_more"])]).replace("{start}", first.story.text[:110])
        text = first.story.say(said, moment)
        story = replace(first.story, number=9100 + n, received_at=moment, channel="phone", text=text)
        again.append(Life(story, fates.of_repeat(), first.company, Random(story.number)))
    return again


def _duplicates(lives: list[Life], at: datetime) -> list[Life]:
    """A few customers who asked again, and whose second complaint is merged into the first, which is still open."""
    age = timedelta(days=1.5)
    open_still = [
        life
        for life in lives
        if life.fate.stands
        and at - life.story.received_at > age
        and life.fate.name != "withdraw"
        and life.story.script.group in {"PQ", "LG", "TD"}
        and life.story.script.lang == "zh"
    ]
    again = []
    for n, first in enumerate(open_still[-DUPLICATES:]):
        said = str(phrases()["again"][n % len(phrases()["again"])]).replace("{start}", first.story.text[:110])
        moment = first.story.received_at + timedelta(hours=6 + n)
        text = first.story.say(said, moment)
        channel = ("portal", "phone", "app")[n % 3]
        story = replace(first.story, number=9000 + n, received_at=moment, channel=channel, text=text)
        again.append(Life(story, fates.of_duplicate(), first.company, Random(story.number), duplicate_of=first))
    return again


def _in_order_of_time(lives: list[Life], at: datetime) -> Iterator[tuple[datetime, Life, str]]:
    """Every step of every life that falls before `at`."""
    queue: list[tuple[datetime, int, int]] = []
    planned: list[list[tuple[datetime, str]]] = []
    for index, life in enumerate(lives):
        level = life.story.script.level or life.category.severity or 3
        moments = timing.schedule(
            life.fate.steps, start=life.story.received_at, at=at, level=level, stands=life.fate.stands, rng=life.rng
        )
        planned.append(list(zip(moments, life.fate.steps, strict=True)))
        heapq.heappush(queue, (moments[0], index, 0))
    while queue:
        moment, index, step = heapq.heappop(queue)
        if moment > at:
            continue
        yield moment, lives[index], planned[index][step][1]
        if step + 1 < len(planned[index]):
            heapq.heappush(queue, (planned[index][step + 1][0], index, step + 1))


class _Housekeeping:
    """What the worker does as time passes: marks what is late, closes what nobody objected to, wakes what rests."""

    def __init__(self, start: datetime) -> None:
        self._next = start

    def until(self, moment: datetime) -> None:
        while self._next <= moment:
            now, self._next = self._next, self._next + SWEEP_EVERY
            sweeping.sweep(at=now)
            nudging.sweep(at=now)
            if 7 <= now.astimezone(ZONE).hour < 10:
                closing.close_expired(at=now)
                waiting.follow_up(today=now.astimezone(ZONE).date(), at=now)


def _steps() -> dict[str, Callable[[Life, datetime], None]]:
    named = {name: vars(module) for module in (desk_steps, unit_steps) for name in vars(module)}
    made = {step: named[step][step] for step in timing.TAKES if step in named}
    return {**made, "pass": unit_steps.pass_}


STEPS = _steps()
