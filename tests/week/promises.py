"""Which promises a complaint of the week has, when each is due, and at which minute each of its shares is news."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.week import words
from tests.week.company import END, MINUTE
from tests.week.driving import Fact, Grading, Story, first_minute_after
from tests.week.words import Due, Stretch

SHARES = {round(each["at"] * 100): each for each in words.BOOK["warnings"]}
ANSWERED = ("CK-FR", "CK-INITFB", "CK-SR", "CK-PROGRESS", "CK-FRONT", "CK-PLAN", "CK-RESOLVE", "CK-RESOLVE.final")
GRADED_ANEW = ("CK-FR", "CK-INITFB", "CK-RESOLVE", "CK-RESOLVE.final")
LIMIT = timedelta(hours=words.PAUSES["WAIT_CUST"]["max_nh"])


@dataclass
class Promise:
    code: str
    subject: str
    start: datetime
    choices: list[words.Amount]
    spans: list[tuple[datetime, Due | None]]  # from when on it is due so; None while it stands still
    first: Due
    kept: timedelta | None = None  # of the order's time, where it hangs on that
    extended: int = 0
    stopped_at: datetime | None = None

    def due_from(self, at: datetime, due: Due | None) -> None:
        self.spans.append((at, due))

    @property
    def due(self) -> Due:
        return next(due for _at, due in reversed(self.spans) if due)

    def news(self) -> Iterator[tuple[datetime, int, int]]:
        """When which share is on record, and the one before: the first whole minute after it is used up, while the
        promise runs. Of several in one minute the last is on record."""
        reached = 0
        ends = [*(since for since, _due in self.spans[1:]), END]
        for (since, due), end in zip(self.spans, ends, strict=True):
            until = min(end, self.stopped_at or END)
            while due:
                ahead = [
                    (max(since, first_minute_after(words.used(self.start, due, share / 100))), share)
                    for share in SHARES
                    if share > reached
                ]
                ahead = [each for each in ahead if each[0] < until]
                if not ahead:
                    break
                at, before = min(ahead)[0], reached
                reached = max(share for moment, share in ahead if moment == at)
                yield at, reached, before
        if self.stopped_at and reached < 100 and self.due.at < self.stopped_at:
            yield self.stopped_at, 100, reached  # met, and too late


@dataclass
class Case:
    """One complaint's promises, followed through what people did."""

    story: Story
    all: list[Promise] = field(default_factory=list)
    order: str = ""
    pause: tuple[datetime, str] | None = None
    grading: Grading | None = None

    @property
    def received(self) -> datetime:
        return self.story.plan.received_at

    def running(self, *codes: str) -> list[Promise]:
        return [each for each in self.all if each.stopped_at is None and (not codes or each.code in codes)]

    def follow(self) -> list[Promise]:
        for fact in self.story.facts:
            self._end_pause_at_its_limit(fact.at)
            getattr(self, f"_{fact.what}")(fact)
        self._end_pause_at_its_limit(END)
        return self.all

    def _begin(self, code: str, at: datetime, *, start: datetime | None = None, subject: str = "") -> None:
        assert self.grading
        start = start or self.received
        choices = words.amounts(code.removesuffix(".final"), self.grading, final=code.endswith(".final"))
        if choices:
            due = words.due(choices, start)
            self.all.append(Promise(code, subject, start, choices, [(at, due)], due))

    def _stop(self, at: datetime, *codes: str) -> None:
        for each in self.running(*codes):
            each.stopped_at = at

    def _filed(self, fact: Fact) -> None:
        self.grading = fact.given
        for code in ("CK-FR", "CK-REVIEW", "CK-INITFB", "CK-RESOLVE", "CK-RESOLVE.final"):
            self._begin(code, fact.at)

    def _informed(self, fact: Fact) -> None:
        self._stop(fact.at, "CK-FR", "CK-INITFB", "CK-SR")
        if self.running("CK-PROGRESS"):
            self._stop(fact.at, "CK-PROGRESS")
            self._begin("CK-PROGRESS", fact.at, start=fact.at)

    def _reviewed(self, fact: Fact) -> None:
        self._stop(fact.at, "CK-REVIEW")
        self.grading = case = fact.given
        for each in self.running(*GRADED_ANEW):
            anew = words.amounts(each.code.removesuffix(".final"), case, final=each.code.endswith(".final"))
            if anew and (due := words.due(anew, each.start)).at < each.due.at:
                each.choices, each.first = anew, due
                each.due_from(fact.at, due)
        if not self.running("CK-RESOLVE.final"):
            self._begin("CK-RESOLVE.final", fact.at)
        for code in ("CK-SR", "CK-PROGRESS", "CK-FRONT"):
            self._begin(code, fact.at)
        self._begin("CK-LEGAL", fact.at, start=fact.at)

    def _dispatched(self, fact: Fact) -> None:
        self.order = fact.given[0]
        order = self._whole().due
        due = words.handling(self.received, fact.at, order)
        is_kept = due.at != words.shared_days(self.received, order)
        kept = timedelta(minutes=(order.at - due.at) // MINUTE) if is_kept else None
        self.all.append(Promise("CK-HANDLE", self.order, fact.at, [], [(fact.at, due)], due, kept))
        self._begin("CK-ACK", fact.at, start=fact.at, subject=self.order)
        self._begin("CK-PLAN", fact.at)

    def _whole(self) -> Promise:
        return (self.running("CK-RESOLVE.final") or self.running("CK-RESOLVE"))[0]

    def _signed(self, fact: Fact) -> None:
        self._stop(fact.at, "CK-ACK")

    def _completed(self, fact: Fact) -> None:
        self._stop(fact.at, "CK-HANDLE", "CK-PLAN")
        self._begin("CK-AUDIT", fact.at, start=fact.at, subject=self.order)

    def _passed(self, fact: Fact) -> None:
        self._stop(fact.at, "CK-AUDIT")

    def _replied(self, fact: Fact) -> None:
        self._stop(fact.at, *ANSWERED)

    def _paused(self, fact: Fact) -> None:
        self.pause = (fact.at, fact.given)
        held = words.PAUSES[fact.given]["allowed_for"]
        for each in self.running():
            if each.code.removesuffix(".final") in held:
                each.due_from(fact.at, None)

    def _resumed(self, fact: Fact) -> None:
        assert self.pause
        stretch, self.pause = (self.pause[0], fact.at), None
        held = [each for each in self.running() if each.spans[-1][1] is None]
        for each in sorted(held, key=lambda each: not each.code.startswith("CK-RESOLVE")):
            each.due_from(fact.at, self._moved(each, stretch))

    def _moved(self, promise: Promise, stretch: Stretch) -> Due:
        """Later by what it stood still; but a pause that began when it was due already changes nothing."""
        first = promise.first
        if stretch[0] >= first.at:
            moved = first.at
        elif promise.kept is not None:
            moved = self._whole().due.at - promise.kept
        elif promise.choices:
            moved = words.due(promise.choices, promise.start, stretch).at
        else:
            moved = words.shared_days(self.received, self._whole().first, stretch) or first.at
        moved = max(moved, first.at)
        if promise.extended:
            moved = words.close_of_working_day(moved, promise.extended)
        return Due(moved, first.in_days, (*promise.due.stood, stretch))

    def _extended(self, fact: Fact) -> None:
        [promise] = self.running("CK-RESOLVE")
        promise.extended = fact.given
        later = words.close_of_working_day(promise.due.at, fact.given)
        promise.due_from(fact.at, promise.due._replace(at=later))

    def _end_pause_at_its_limit(self, now: datetime) -> None:
        if self.pause and self.pause[1] == "WAIT_CUST":
            over = first_minute_after(self.pause[0] + LIMIT)
            if over < now:
                self._resumed(Fact(over, "resumed"))
