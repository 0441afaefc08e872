"""The week is lived through: people act, the worker does its rounds, at every minute at which anything can happen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import Any, NamedTuple

from django.db.models import Min
from django.test import override_settings

from huiyin.complaints import proof
from huiyin.complaints.actions import extending, replying, reviewing, sweeping, waiting
from huiyin.complaints.errors import Refused
from huiyin.complaints.models import Clock, Complaint, Event, Extension, Letter, Pause
from huiyin.complaints.states import State
from huiyin.dispatch.actions import auditing, dispatching, following, handling
from huiyin.dispatch.actions.dispatching import Order
from huiyin.dispatch.models import WorkOrder
from huiyin.intake.actions.taking_in import take_in_many
from huiyin.intake.arrival import Arrival
from huiyin.notices.actions import delivering
from huiyin.notices.models import Delivery
from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.models import Member, Unit
from huiyin.org.rules import Role
from huiyin.supervision.actions import climbing, taking_back, telling
from huiyin.supervision.models import Climb, SignWatch
from tests.week.company import END, MINUTE, START, is_away
from tests.week.plans import NAMED, Plan

Kind = Event.Kind
FOLLOWED = (Kind.WARNED, Kind.BREACHED, Kind.DISPATCHED, Kind.RESUMED, Kind.EXTENDED, Kind.OFFERED_ON)


class Grading(NamedTuple):
    level: int
    cx: str
    tier: str
    urgent: bool
    issue: str
    acts: tuple[str, ...]


class Fact(NamedTuple):
    """What people did, as the oracle is told of it."""

    at: datetime
    what: str
    given: Any = None


@dataclass
class Story:
    plan: Plan
    complaint: Complaint
    facts: list[Fact] = field(default_factory=list)

    @property
    def now(self) -> Complaint:
        return Complaint.objects.get(pk=self.complaint.pk)

    @property
    def order(self) -> WorkOrder:
        return WorkOrder.objects.get(complaint=self.complaint)


def first_minute_after(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0) + MINUTE


class Week:
    """`stories` by complaint; `refused` counts what people tried and the product did not let them."""

    def __init__(self, plans: list[Plan]) -> None:
        self.stories: dict[int, Story] = {}
        self.refused: dict[str, int] = defaultdict(int)
        self.moments = 0
        self._agenda: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._turn = count()
        self._seen = 0
        self._people = {member.username: member for member in Member.objects.select_related("unit")}
        self._names = {member.pk: member.username for member in self._people.values()}
        self._units = {unit.code: unit for unit in Unit.objects.all()}
        batches: dict[datetime, list[Plan]] = defaultdict(list)
        for plan in plans:
            batches[plan.taken_in_at].append(plan)
        for at, batch in batches.items():
            self._later(at, partial(self._take_in, batch))

    def live(self) -> None:
        with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
            self._live()

    def _live(self) -> None:
        at = START
        while at < END:
            self.moments += 1
            while self._agenda and self._agenda[0][0] <= at:
                heappop(self._agenda)[2](at)
            self._rounds(at)
            at = max(at + MINUTE, self._next())

    # what the worker does

    def _rounds(self, at: datetime) -> None:
        while waiting.sweep_pauses(at=at):
            pass
        self._follow(at)
        while sweeping.sweep(at=at):
            pass
        self._follow(at)
        while taking_back.sweep(at=at):
            pass
        self._follow(at)
        while climbing.sweep(at=at):
            pass
        for lane in delivering.lanes_due(at=at):
            delivering.deliver_lane(lane, at=at)

    def _follow(self, at: datetime) -> None:
        """As flow.py has it, which queues by complaint; told twice, as a job may run twice."""
        found = list(
            Event.objects.filter(pk__gt=self._seen)
            .order_by("pk")
            .values_list("pk", "kind", "complaint_id", "particulars")
        )
        if not found:
            return
        self._seen = found[-1][0]
        of_time = [pk for _id, kind, pk, _given in found if kind in {Kind.WARNED, Kind.BREACHED}]
        if of_time:
            telling.tell_of_time(of_time, at=at)
            assert telling.tell_of_time(of_time, at=at) == 0
        for _pk, kind, complaint, _given in found:
            story = self.stories[complaint]
            if kind == Kind.DISPATCHED:
                taking_back.watch(story.complaint, at=at)
            elif kind in {Kind.RESUMED, Kind.EXTENDED}:
                following.follow_clocks(story.complaint)
            elif kind == Kind.OFFERED_ON and story.plan.sign_when_offered:
                self._in(story.plan.sign_when_offered, at, story, self._sign)

    def _next(self) -> datetime:
        wanted = [
            Clock.objects.filter(stopped_at=None).aggregate(at=Min("attention_at"))["at"],
            SignWatch.objects.aggregate(at=Min("next_at"))["at"],
            Climb.objects.filter(clock__stopped_at=None, clock__paused_at=None).aggregate(at=Min("next_at"))["at"],
            Pause.objects.running().aggregate(at=Min("attention_at"))["at"],
            Delivery.objects.open().aggregate(at=Min("next_try_at"))["at"],
        ]
        moments = [first_minute_after(moment) for moment in wanted if moment]
        return min([*moments, *(self._agenda[0][:1] if self._agenda else ())], default=END)

    # what people do

    def _later(self, at: datetime, act: Callable[[datetime], None]) -> None:
        heappush(self._agenda, (at, next(self._turn), act))

    def _in(self, minutes: int | None, at: datetime, story: Story, act: Callable[[Story, datetime], None]) -> None:
        if minutes is not None:
            self._later(at + minutes * MINUTE, lambda moment: act(story, moment))

    def _take_in(self, plans: list[Plan], at: datetime) -> None:
        taken = take_in_many([self._arrival(plan) for plan in plans], actor=SYSTEM, at=at)
        for plan, each in zip(plans, taken, strict=True):
            story = self.stories[each.complaint.pk] = Story(plan, each.complaint)
            story.facts.append(Fact(at, "filed", _grading(story.now)))
            self._in(plan.respond, at, story, self._respond)
            self._in(plan.review, at, story, self._review)

    def _arrival(self, plan: Plan) -> Arrival:
        cared_for = self._people["east_agent" if plan.received else "agent"] if plan.looked_after else None
        return Arrival(
            text=plan.text,
            channel="phone",
            name=f"客户{plan.number:04}",
            phone=f"139{plan.number:08}",
            tier=plan.tier,
            received_at=plan.received_at,
            received_unit=self._units[plan.received] if plan.received else None,
            assignee=cared_for,
        )

    def _actor(self, story: Story, headquarters: str, east: str) -> Actor:
        return Actor.of(self._people[east if story.plan.received else headquarters])

    def _say(self, story: Story, at: datetime, words: str, *, is_final: bool = False) -> None:
        replying.send(
            story.now,
            channel=Letter.Channel.PHONE,
            body=words,
            is_final=is_final,
            breach_reason="人手不足，已增派。" if is_final else "",
            actor=self._actor(story, "agent2", "east_agent"),
            at=at,
        )

    def _respond(self, story: Story, at: datetime) -> None:
        if story.now.state not in {State.RESOLVED, State.CLOSED}:
            self._say(story, at, "您好，我们已在核查，有进展会尽快告诉您。")
            story.facts.append(Fact(at, "informed"))

    def _review(self, story: Story, at: datetime) -> None:
        complaint = story.now
        level = min(4, max(1, complaint.severity + story.plan.severity_by))
        who = Actor.of(self._people["supervisor2"])
        if level > 1 and level <= complaint.severity:
            who = self._actor(story, "reviewer", "east_rev")
        reviewing.review(
            complaint, category=complaint.category, severity=level, issues=["客户所述"], note="按规则核定",
            actor=who, at=at,
        )  # fmt: skip
        story.facts.append(Fact(at, "reviewed", _grading(story.now)))
        self._in(story.plan.dispatch, at, story, self._dispatch)

    def _dispatch(self, story: Story, at: datetime) -> None:
        named = self._people[NAMED[story.plan.unit]] if story.plan.named else None
        [order] = dispatching.dispatch(
            story.now,
            orders=[Order(unit=self._units[story.plan.unit], assignee=named)],
            actor=self._actor(story, "reviewer", "east_rev"),
            at=at,
        )
        told = (order.number, story.plan.unit, named.username if named else None)
        story.facts.append(Fact(at, "dispatched", told))
        self._in(story.plan.sign, at, story, self._sign)

    def _sign(self, story: Story, at: datetime) -> None:
        order = story.order
        if order.state != "dispatched":
            return
        who = self._names[order.assignee_id] if order.assignee_id else self._free(order, at)
        if who is None or is_away(who, at):
            self._in(150, at, story, self._sign)
            return
        handling.sign(order, actor=Actor.of(self._people[who]), at=at)
        story.facts.append(Fact(at, "signed", who))
        if not self._people[who].has_role(Role.HANDLER):
            return  # a lead may sign for it but not handle it
        pause = story.plan.pause
        if pause:
            self._in(pause[1], at, story, self._pause)
        if story.plan.extend:
            self._in(story.plan.extend, at, story, self._extend)
        if not (pause and pause[2] is None):
            after = max(story.plan.work or 0, pause[1] + (pause[2] or 0) + 10 if pause else 0)
            self._in(after if story.plan.work else None, at, story, self._complete)

    def _free(self, order: WorkOrder, at: datetime) -> str | None:
        unit = self._units_code(order)
        there = [m.username for m in self._people.values() if m.unit.code == unit and m.has_role(Role.HANDLER)]
        return next((name for name in sorted(there) if not is_away(name, at)), None)

    def _units_code(self, order: WorkOrder) -> str:
        return next(code for code, unit in self._units.items() if unit.pk == order.unit_id)

    def _pause(self, story: Story, at: datetime) -> None:
        assert story.plan.pause
        reason, _after, length = story.plan.pause
        words = "等客户补发照片" if reason == "WAIT_CUST" else "已送检，已告知客户"
        actor = self._actor(story, "agent2", "east_agent")
        evidence = ""
        if reason == "WAIT_LAB":  # the customer is told before it stands still
            if not proof.found(story.now, proof.INFORMED):
                self._respond(story, at)
            evidence = proof.found(story.now, proof.INFORMED)[0].code
        waiting.pause(story.now, reason=words, code=reason, evidence=evidence, actor=actor, at=at)
        story.facts.append(Fact(at, "paused", reason))
        self._in(length, at, story, self._resume)

    def _resume(self, story: Story, at: datetime) -> None:
        if story.complaint.pauses.running().exists():
            waiting.resume(story.now, actor=self._actor(story, "agent2", "east_agent"), at=at)
            story.facts.append(Fact(at, "resumed"))

    def _extend(self, story: Story, at: datetime) -> None:
        clock = Clock.objects.running().filter(complaint=story.complaint, code="CK-RESOLVE", paused_at=None).first()
        if clock is None or clock.is_late(at + 20 * MINUTE) or story.now.state != State.IN_PROGRESS:
            return
        if clock.extensions.filter(verdict=Extension.Verdict.ASKED).exists():
            return  # another grading asked for more already, and who decides has not
        agent = self._actor(story, "agent2", "east_agent")
        extension = extending.ask(clock, days=2, reason="需要送检", actor=agent, at=at)
        self._in(1, at, story, self._respond)
        self._in(2, at, story, lambda story, at: self._grant(story, extension, at))

    def _grant(self, story: Story, extension: Extension, at: datetime) -> None:
        extending.grant(extension, actor=Actor.of(self._people["supervisor2"]), at=at)
        story.facts.append(Fact(at, "extended", extension.days))

    def _complete(self, story: Story, at: datetime) -> None:
        order = story.order
        who = self._names[order.assignee_id or 0]
        answers = {issue.pk: "已核查，主板虚焊，已换新。" for issue in order.issues.all()}
        handling.complete(
            order, findings="已核查。", answers=answers, actor=Actor.of(self._people[who]), at=at,
            breach_reason="检测排队，已加派。",
        )  # fmt: skip
        story.facts.append(Fact(at, "completed", who))
        self._in(story.plan.audit, at, story, self._pass)

    def _pass(self, story: Story, at: datetime) -> None:
        auditing.pass_(story.order, actor=self._actor(story, "auditor", "east_aud"), at=at)
        story.facts.append(Fact(at, "passed"))
        self._in(story.plan.reply, at, story, self._reply)

    def _reply(self, story: Story, at: datetime) -> None:
        try:
            self._say(story, at, "您好，经核查是主板故障，已为您安排换新，三天内送到。", is_final=True)
        except Refused as refused:  # the law's opinion is not there yet, for instance
            self.refused[str(refused)] += 1
            return
        story.facts.append(Fact(at, "replied"))


def _grading(complaint: Complaint) -> Grading:
    category = complaint.confirmed_category or complaint.category
    return Grading(
        complaint.severity,
        complaint.complexity,
        complaint.tier,
        complaint.is_urgent,
        category.issue_class,
        tuple(category.acts),
    )
