"""What the product did in the week against what it should have done; each difference is one sentence."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from huiyin.complaints.models import Clock, Event
from huiyin.dispatch.models import WorkOrder
from huiyin.notices.models import Notice
from tests.week import sending, words
from tests.week.climbing import Climb
from tests.week.company import END, SHANGHAI
from tests.week.driving import Story, Week, first_minute_after
from tests.week.people import AUDITS, DESK, REVIEWS, SIGNS, People, Person
from tests.week.promises import SHARES, Case, Promise

IN_HAND = frozenset({"dispatched", "signed"})


class News(NamedTuple):
    """A share of a promise that is on record."""

    number: str
    code: str
    subject: str
    share: int
    at: datetime


@dataclass
class Found:
    """What was looked at, and what was wrong."""

    warned: int = 0
    broken: int = 0
    escalated: int = 0
    told: int = 0
    taken_back: int = 0
    unsigned: int = 0
    reminded: int = 0
    sent: int = 0
    sent_at_rest: int = 0
    wrong: list[str] = None  # type: ignore[assignment]  # made below

    def __post_init__(self) -> None:
        self.wrong = []


def shown(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%m-%d %H:%M}"


class Check:
    def __init__(self, week: Week) -> None:
        self.week = week
        self.people = People()
        self.found = Found()
        self.events: Mapping[int, list[Event]] = defaultdict(list)
        for event in Event.objects.order_by("pk"):
            self.events[event.complaint_id].append(event)
        self.notices: Mapping[str, dict[int, datetime]] = defaultdict(dict)
        for notice in Notice.objects.all():
            self.notices[notice.key][notice.member_id] = notice.at
        self.expected_keys: set[str] = set()

    def run(self) -> Found:
        for story in self.week.stories.values():
            self._promises(story, Case(story).follow())
            self._reminders(story)
        self._taking_back()
        self._nothing_else()
        self.sent()
        return self.found

    def sent(self) -> None:
        sending.check({each.complaint.number: each for each in self.week.stories.values()}, self.found)

    def _is_wrong(self, story: Story, words: str) -> None:
        self.found.wrong.append(f"#{story.plan.number} {story.complaint.number}: {words}")

    # warnings, breaches, escalations

    def _promises(self, story: Story, promises: list[Promise]) -> None:
        number = story.complaint.number
        wanted: dict[News, Promise] = {}
        self.since: dict[News, int] = {}
        for each in promises:
            for at, share, before in each.news():
                news = News(number, each.code, each.subject, share, at)
                wanted[news], self.since[news] = each, before
        mine = self.events[story.complaint.pk]
        real = Counter(
            News(number, e.particulars["clock"], e.particulars["subject"], e.particulars["share"], e.at)
            for e in mine
            if e.kind in {"warned", "breached"}
        )
        for news, times in sorted(real.items(), key=lambda each: each[0].at):
            if times != 1 or news not in wanted:
                self._is_wrong(story, f"{news.code} {news.share}% on {shown(news.at)}, {times} times, was not due")
        for news in sorted(wanted.keys() - real.keys(), key=lambda each: each.at):
            self._is_wrong(story, f"{news.code} {news.share}% was due on {shown(news.at)} and is not there")
        self._once_broken(story, mine, wanted)
        self._ladders(story, mine, wanted)
        self._tellings(story, wanted)

    def _once_broken(self, story: Story, mine: list[Event], wanted: Mapping[News, Promise]) -> None:
        real = sorted((e.particulars["clock"], e.at) for e in mine if e.kind == "breached")
        first: dict[int, News] = {}
        for news, promise in sorted(wanted.items(), key=lambda each: each[0].at):
            if news.share >= 100:
                first.setdefault(id(promise), news)
        self.found.broken += len(first)
        self.found.warned += len(wanted) - len(first)
        if real != sorted((news.code, news.at) for news in first.values()):
            self._is_wrong(story, f"the breaches on record are {real}")

    def _ladders(self, story: Story, mine: list[Event], wanted: Mapping[News, Promise]) -> None:
        broken: dict[int, News] = {}
        for news, promise in sorted(wanted.items(), key=lambda each: each[0].at):
            if news.share >= 100:
                broken.setdefault(id(promise), news)
        clocks = self._clocks(story)
        climbs = {id(each): each for each in wanted.values()}
        due: Counter[Any] = Counter()
        for key, news in broken.items():
            climb = Climb(self, story, climbs[key], news)
            for step in climb.steps():
                due[news.code, news.subject, step.number, step.at] += 1
                what = f"{news.code} rung"
                self._told(story, f"rung:{clocks.get(climb.key)}:{step.number}", step.people, step.at, what)
        said = [(e.particulars, e.at) for e in mine if e.kind == "escalated" and "clock" in e.particulars]
        real = Counter((given["clock"], given["subject"], given["rung"], at) for given, at in said)
        self.found.escalated += sum(due.values())
        if real != due:
            self._is_wrong(story, f"escalated {real - due} too often, {due - real} too rarely")

    def _clocks(self, story: Story) -> dict[tuple[str, str, datetime], int]:
        return {(c.code, c.subject, c.started_at): c.pk for c in Clock.objects.filter(complaint=story.complaint)}

    def _tellings(self, story: Story, wanted: Mapping[News, Promise]) -> None:
        clocks = self._clocks(story)
        for news, promise in wanted.items():
            pk = clocks.get((promise.code, promise.subject, promise.start))
            if pk is None:
                self._is_wrong(story, f"has no clock {promise.code} since {shown(promise.start)}")
                continue
            if self._named(news):
                self._told(story, f"clock:{pk}:{news.share}", self._concerned(story, news), news.at, news.code)

    def _told(self, story: Story, key: str, people: set[Person], at: datetime, what: str) -> None:
        self.expected_keys.add(key)
        self.found.told += len(people)
        real = self.notices.get(key, {})
        if real != {each.pk: at for each in people}:
            got = sorted(f"{self.people.by_pk[pk].username} {shown(when)}" for pk, when in real.items())
            due = sorted(each.username for each in people)
            self._is_wrong(story, f"{what} {key}: told {got}, should be {due} on {shown(at)}")

    def _concerned(self, story: Story, news: News) -> set[Person]:
        """By the words `notify` of sla.yaml, and those who stand in for them; only who may see the complaint."""
        owner = "BR-EAST-CC" if story.plan.received else "CC"
        at, people = news.at, self.people
        found: list[Person] = []
        for word in self._named(news):
            if word == "assignee":
                found += self._whose_turn(story, news, owner)
            elif word == "dept_lead" and news.subject:
                found += people.nearest(story.plan.unit, word)
            else:
                found += people.nearest(owner, word)
        return {each for each in people.present(found, at) if people.sees(each, self._units(story, owner, at))}

    def _named(self, news: News) -> list[str]:
        """Whom the shares name that are new; those at which it is escalated are the ladder's."""
        new = [SHARES[share] for share in SHARES if self.since[news] < share <= news.share]
        told = [each["notify"] for each in new if each.get("action") != "escalate_one_level"]
        return list(dict.fromkeys(each for notified in told for each in notified))

    def _whose_turn(self, story: Story, news: News, owner: str) -> list[Person]:
        turn = {"CK-REVIEW": REVIEWS, "CK-AUDIT": AUDITS, "CK-LEGAL": ("legal",)}.get(news.code)
        if turn:
            return self.people.nearest(owner, *turn)
        if news.subject:
            named = self._assignee(story, news.at)
            return [named] if named else self.people.nearest(story.plan.unit, *SIGNS)
        if story.plan.looked_after:
            return [self.people.named["east_agent" if story.plan.received else "agent"]]
        return self.people.nearest(owner, *DESK)

    def _assignee(self, story: Story, at: datetime) -> Person | None:
        """Whose the order is when the news comes: what people did that minute counts, an offer of that minute not."""
        named: Person | None = None
        for event in self.events[story.complaint.pk]:
            said = event.particulars
            if event.kind == "dispatched" and event.at <= at and said["assignee"]:
                named = self.people.by_pk[said["assignee"]]
            if event.kind == "signed" and event.at <= at and event.actor_id:
                named = named or self.people.by_pk[event.actor_id]
            if event.kind == "offered_on" and event.at < at:
                named = self.people.by_pk[said["member"]]
        return named

    def _level(self, story: Story, at: datetime) -> int:
        return sending.level(story, at)

    def _units(self, story: Story, owner: str, at: datetime) -> set[str]:
        sent = any(fact.what == "dispatched" and fact.at <= at for fact in story.facts)
        return {owner, story.plan.received or owner} | ({story.plan.unit} if sent else set())

    # pauses

    def _reminders(self, story: Story) -> None:
        paused = next((f for f in story.facts if f.what == "paused"), None)
        real = [e.at for e in self.events[story.complaint.pk] if e.kind == "pause_reminded"]
        due: list[datetime] = []
        if paused:
            until = next((f.at for f in story.facts if f.what == "resumed"), END)
            hours = words.PAUSES[paused.given].get("remind_nh", ())
            due = [first_minute_after(paused.at + timedelta(hours=each)) for each in hours]
            due = [each for each in due if each < until]
        self.found.reminded += len(due)
        if real != due:
            self._is_wrong(story, f"pause reminders {[*map(shown, real)]}, should be {[*map(shown, due)]}")

    # orders that nobody signs for

    def _taking_back(self) -> None:
        hands: dict[str, tuple[int, str]] = {}  # order: whose it is, and whether it is dispatched or signed for
        open_offers: dict[int, _Offer] = {}
        everything = sorted((e for each in self.events.values() for e in each), key=lambda e: e.pk)
        for event in everything:
            story = self.week.stories[event.complaint_id]
            self._missed(open_offers, event.at, event.pk)
            match event.kind:
                case "dispatched":
                    offer = _Offer(story, event.at, event.particulars, self._window(story, event.at))
                    open_offers[event.complaint_id] = offer
                    hands[offer.number] = (offer.assignee or 0, "dispatched")
                case "signed":
                    signed = open_offers.pop(event.complaint_id)
                    hands[signed.number] = (signed.assignee or event.actor_id or 0, "signed")
                case "handled":
                    hands.pop(event.particulars["order"], None)
                case "offered_on":
                    self._offered(open_offers[event.complaint_id], event, hands)
                case "escalated" if "order" in event.particulars:
                    self._nobody_left(open_offers[event.complaint_id], event, hands)
        self._missed(open_offers, END, None)

    def _window(self, story: Story, at: datetime) -> datetime:
        graded = [f.given for f in story.facts if f.what in {"filed", "reviewed"} and f.at <= at][-1]
        return words.due(words.amounts("CK-ACK", graded), at).at

    def _missed(self, offers: Mapping[int, "_Offer"], now: datetime, pk: int | None) -> None:
        """Before `now`, whatever had come to its end was taken on."""
        for offer in offers.values():
            while (due := self._due(offer)) and due < now:
                self._is_wrong(offer.story, f"unsigned for on {shown(due)}, and nothing was done")
                offer.next_at = None

    def _due(self, offer: "_Offer") -> datetime | None:
        """The minute at which the order is taken on; an ordinary one not before somebody is at work."""
        if offer.next_at is None:
            return None
        due = first_minute_after(offer.next_at)
        if self._level(offer.story, due) > 1 and not words.is_open(due):
            if not any(not self.people.is_away(each, due) for each in self._able(offer, due, {})):
                return due  # nobody is left at any hour
            opens, _closes = next(words.opening(due))
            due = first_minute_after(opens.astimezone(due.tzinfo) + timedelta(minutes=1))
        return due

    def _offered(self, offer: "_Offer", event: Event, hands: Mapping[str, tuple[int, str]]) -> None:
        self.found.taken_back += 1
        at, chosen = event.at, self.people.by_pk[event.particulars["member"]]
        able = [each for each in self._able(offer, at, hands) if not self.people.is_away(each, at)]
        if self._due(offer) != at:
            self._is_wrong(offer.story, f"offered on at {shown(at)}, was due {self._due(offer)}")
        if not able or chosen != able[0]:
            self._is_wrong(offer.story, f"offered to {chosen.username}, was {[each.username for each in able]}' turn")
        if self._level(offer.story, at) > 1 and not words.is_open(at):
            self._is_wrong(offer.story, f"an ordinary order was offered at {shown(at)}")
        if offer.assignee:
            offer.tried.add(offer.assignee)
        offer.count += 1 + (offer.assignee is not None and offer.count == 0)
        key = f"{self._order_pk(offer.number)}:1:{offer.count}"
        self._told(offer.story, f"offered:{key}", {chosen}, at, "offer")
        if offer.assignee:
            self._told(offer.story, f"taken:{key}", {self.people.by_pk[offer.assignee]}, at, "taking back")
        offer.assignee = chosen.pk
        offer.tried.add(chosen.pk)
        offer.next_at = self._window(offer.story, at)
        if self._level(offer.story, at) > 1:  # while whoever is asked is at work
            offer.next_at = words.after_open_time(at, offer.next_at - at)
        if isinstance(hands, dict):
            hands[offer.number] = (chosen.pk, "dispatched")

    def _nobody_left(self, offer: "_Offer", event: Event, hands: Mapping[str, tuple[int, str]]) -> None:
        self.found.unsigned += 1
        at = event.at
        able = [each for each in self._able(offer, at, hands) if not self.people.is_away(each, at)]
        if able or self._due(offer) != at:
            self._is_wrong(offer.story, f"given up at {shown(at)}, though {able}, due {self._due(offer)}")
        offer.next_at = None
        owner = "BR-EAST-CC" if offer.story.plan.received else "CC"
        above = self.people.present(self.people.nearest(owner, "supervisor"), at)
        seen = {each for each in above if self.people.sees(each, self._units(offer.story, owner, at))}
        self._told(offer.story, f"unsigned:{self._order_pk(offer.number)}:1", seen, at, "nobody left")

    def _able(self, offer: "_Offer", at: datetime, hands: Mapping[str, tuple[int, str]]) -> list[Person]:
        """Who stands in for the one named; the unit, whoever has least in hand first; its lead; the leads above."""
        people, unit = self.people, offer.story.plan.unit
        load = Counter(pk for pk, _state in hands.values())
        staff = [each for each in people.all if each.unit == unit and not each.is_one_of("dept_lead")]
        staff.sort(key=lambda each: (load[each.pk], each.pk))
        leads = [
            p for place in people.upwards(unit) for p in people.all if p.unit == place and p.is_one_of("dept_lead")
        ]
        named = [people.by_pk[offer.assignee]] if offer.assignee else []
        instead = sorted(people.present(named, at))
        owner = "BR-EAST-CC" if offer.story.plan.received else "CC"
        units = self._units(offer.story, owner, at)
        asked = dict.fromkeys([*instead, *staff, *leads])
        return [
            each
            for each in asked
            if each.is_one_of(*SIGNS) and people.sees(each, units) and each.pk not in {*offer.tried, offer.assignee}
        ]

    def _order_pk(self, number: str) -> int:
        if not hasattr(self, "_pks"):
            self._pks = dict(WorkOrder.objects.values_list("number", "pk"))
        return self._pks[number]

    # and no more than that

    def _nothing_else(self) -> None:
        for key, members in self.notices.items():
            if key.partition(":")[0] in {"clock", "offered", "taken", "unsigned"} and key not in self.expected_keys:
                self.found.wrong.append(f"{key} told {members} of what did not happen")


class _Offer:
    """An order that waits to be signed for."""

    def __init__(self, story: Story, at: datetime, said: Mapping[str, Any], until: datetime) -> None:
        self.story, self.number = story, str(said["order"])
        self.assignee: int | None = said["assignee"]
        self.next_at: datetime | None = until
        self.tried: set[int] = set()
        self.count = 0
