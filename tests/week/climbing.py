"""How a broken promise goes up the ladder of sla.yaml `escalation`, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.week import words
from tests.week.company import END, MINUTE
from tests.week.driving import Story, first_minute_after
from tests.week.people import Person
from tests.week.promises import Promise

if TYPE_CHECKING:
    from tests.week.checking import Check, News

LADDERS: Mapping[int, list[Mapping[str, Any]]] = {
    int(level[1:]): each["rungs"] for each in words.BOOK["escalation"] for level in each["level"]
}
HELD_UP = 2 * MINUTE


class Step(NamedTuple):
    number: int
    at: datetime
    people: set[Person]


class Climb:
    """One promise from its breach on."""

    def __init__(self, check: Check, story: Story, promise: Promise, broken: News) -> None:
        self.check = check
        self.story = story
        self.promise = promise
        self.broken = broken
        self.key = (promise.code, promise.subject, promise.start)
        self.owner = "BR-EAST-CC" if story.plan.received else "CC"

    def steps(self) -> Iterator[Step]:
        """The rungs that are reached before the promise is kept, or the week over."""
        if self.promise.stopped_at == self.broken.at:
            return
        behind, put_off = 0, False
        since, heard_at = self._from(self._due(self.broken.at).at, self.broken.at), self.broken.at
        told: set[Person] = set()
        wake: datetime | None = self._moment(self.broken.at, 0, since)
        while wake and (at := self._looked_at(max(wake, self.broken.at - MINUTE))):
            ladder = LADDERS[self.check._level(self.story, at)]
            if behind >= len(ladder):
                return
            moment = self._moment(at, behind, since)
            deed = None if put_off or not told else self._last_deed(told, heard_at, at)
            if moment < at and deed and self._moment(at, behind, deed) >= at:
                since, put_off, moment = deed, True, self._moment(at, behind, deed)
            if moment >= at:
                wake = moment
                continue
            people = self._standing(ladder[behind]["tell"], at)
            behind, since = behind + 1, self._from(moment, at)
            if people:
                told, heard_at, put_off = people, at, False
                yield Step(behind, at, people)
            wake = self._moment(at, behind, since) if behind < len(ladder) else None

    def _due(self, at: datetime) -> words.Due:
        """As it was due then; while it stands still, as before."""
        return next(due for since, due in reversed(self.promise.spans) if due and since <= at)

    def _from(self, moment: datetime, at: datetime) -> datetime:
        return moment if at - moment <= HELD_UP else at

    def _moment(self, at: datetime, place: int, since: datetime) -> datetime:
        ladder = LADDERS[self.check._level(self.story, at)]
        due, rung = self._due(at), ladder[place]
        stood = self._stood_still(at)
        if "after" in rung:
            return self._closing(since, rung["after"]["wd"], stood)
        share = words.used(self.promise.start, due, rung["at"])
        before = words.used(self.promise.start, due, ladder[place - 1]["at"]) if place else due.at
        return max(self._run(due.at, share, stood), self._run(since, since + (share - before), stood))

    def _stood_still(self, at: datetime) -> list[words.Stretch]:
        """From when until when it did, as far as that is over."""
        ends = [since for since, _due in self.promise.spans[1:]]
        return [
            (since, end)
            for (since, due), end in zip(self.promise.spans, ends, strict=False)
            if due is None and end <= at
        ]

    def _run(self, start: datetime, until: datetime, stood: list[words.Stretch]) -> datetime:
        """As much later as it stood still on the way."""
        for begun, ended in stood:
            if begun < until and ended > start:
                until += ended - max(begun, start)
        return until

    def _closing(self, since: datetime, days: int, stood: list[words.Stretch]) -> datetime:
        found = words.close_of_working_day(since, days)
        for begun, ended in stood:
            if begun < found and ended > since:
                days += words.closes_within(since, (max(begun, since), ended))
                found = words.close_of_working_day(since, days)
        return found

    def _looked_at(self, moment: datetime) -> datetime | None:
        """The first whole minute after it in which the promise runs."""
        ends = [*(since for since, _due in self.promise.spans[1:]), END]
        for (since, due), end in zip(self.promise.spans, ends, strict=True):
            at = max(first_minute_after(moment), since)
            if due and at < min(end, self.promise.stopped_at or END):
                return at
        return None

    def _last_deed(self, told: set[Person], after: datetime, until: datetime) -> datetime | None:
        keys = {each.pk for each in told}
        mine = self.check.events[self.story.complaint.pk]
        deeds = (e for e in mine if e.kind not in ("nudged", "revealed", "exported"))  # reading is none
        return max((e.at for e in deeds if e.actor_id in keys and after < e.at <= until), default=None)

    def _standing(self, roles: list[str], at: datetime) -> set[Person]:
        people, below = self.check.people, self.story.plan.unit if self.broken.subject else self.owner
        found: list[Person] = []
        for role in roles:
            if role == "parent_lead":
                found += people.second_above(below, "dept_lead")
            else:
                found += people.nearest(below if role == "dept_lead" else self.owner, role)
        units = self.check._units(self.story, self.owner, at)
        return {each for each in people.present(found, at) if people.sees(each, units)}
