"""What becomes of each story: the steps of its life, in order, and for some where it stands still today."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from huiyin.demo.variation import Story

OPENING = ("file", "contact", "review", "respond", "dispatch")
WORK = ("sign", "complete")
SIMPLE_AT_ONCE = frozenset({"SG-03", "SG-04", "SP-06", "SP-08", "SP-17", "TN-13", "TD-07", "TD-11", "TN-01", "SP-01"})
OFTEN_UNFOUNDED = frozenset({"PQ-01", "PQ-04", "PQ-07", "LG-03", "TD-01", "TD-02", "TD-04", "TN-01", "TN-02", "SP-15"})
SMALL = frozenset({
    "LG-01", "LG-02", "LG-03", "TD-01", "TD-02", "TD-03", "TD-06", "TD-09", "TD-10", "TD-13", "SP-02", "SP-03", "SP-07",
    "SP-10", "SP-11", "SP-19", "PQ-05", "PQ-07", "PQ-08", "PQ-13", "PQ-15", "TN-02", "TN-08", "TN-12",
})  # fmt: skip
COUNTY_WORK = frozenset({"SP-11", "SP-16", "TN-07", "TN-08", "TN-05", "LG-01", "LG-02", "SP-17"})


@dataclass(frozen=True)
class Fate:
    """The steps to be lived. `stands`: all of them have happened by today, and none after."""

    name: str
    steps: tuple[str, ...]
    stands: bool = False
    two_units: bool = False


@dataclass(frozen=True)
class Wanted:
    """So many stories of this age (in days) and of this kind shall stand at the end of these steps today."""

    count: int
    ages: tuple[float, float]
    steps: tuple[str, ...]
    of: Callable[[Story], bool]
    two_units: bool = False
    is_late: bool = False


@dataclass(frozen=True)
class Kinds:
    """Tests that pick stories; the values tell of each leaf its department, and which are level 1 or 2 or complex."""

    owners: Mapping[str, str]
    grave: frozenset[str]
    complex_ones: frozenset[str]

    def department(self, story: Story) -> str:
        """Who works on it: the county office for its own customers' visits, else the leaf's owner."""
        if story.person.branch == "CTY-E01" and story.script.code in COUNTY_WORK:
            return "CTY-E01"
        return self.owners[story.script.code]

    def is_critical(self, story: Story) -> bool:
        return story.script.level == 1

    def is_mild(self, story: Story) -> bool:
        return story.script.code not in self.grave and not story.script.level and story.script.group != "SG"

    def is_for(self, *departments: str) -> Callable[[Story], bool]:
        return lambda story: self.is_mild(story) and self.department(story) in departments

    def is_for_others(self, story: Story) -> bool:
        return self.is_mild(story) and self.department(story) not in {"QM", "LOG", "CTY-E01"}

    def is_ours(self, story: Story) -> bool:
        """The head office's own desk answers it, not a branch."""
        return (
            self.is_mild(story)
            and story.channel not in {"outlet", "counter"}
            and not (story.channel == "phone" and story.person.branch == "BR-SOUTH")
        )

    def is_souths(self, story: Story) -> bool:
        return self.is_mild(story) and story.channel == "phone" and story.person.branch == "BR-SOUTH"

    def is_doubtful(self, story: Story) -> bool:
        return story.script.code in OFTEN_UNFOUNDED and story.script.lang == "zh" and self.is_mild(story)

    def is_dispute(self, story: Story) -> bool:
        return story.script.group in {"RL", "TD"}


def _wanted(kinds: Kinds) -> tuple[Wanted, ...]:
    qm, log, county = kinds.is_for("QM"), kinds.is_for("LOG"), kinds.is_for("CTY-E01")
    qm_or_log, other, ours, mild = kinds.is_for("QM", "LOG"), kinds.is_for_others, kinds.is_ours, kinds.is_mild
    opened, worked = OPENING, (*OPENING, *WORK)
    begun, audited = (*OPENING, "sign", "begin"), (*OPENING, *WORK, "pass")
    return (
        Wanted(1, (0, 4), ("file", "contact", "take_up", "note"), kinds.is_critical),
        Wanted(1, (0.5, 9), audited, kinds.is_souths),
        Wanted(2, (0, 1.2), ("file",), mild),
        Wanted(2, (0, 1.5), ("file", "contact"), mild),
        Wanted(2, (0, 1.5), ("file", "contact", "take_up"), mild),
        Wanted(2, (0.1, 1.8), ("file", "contact", "return_intake"), ours),
        Wanted(2, (0.1, 1.5), ("file", "contact", "review"), mild),
        Wanted(3, (0.1, 1.6), opened, qm),
        Wanted(3, (0.1, 1.6), opened, log),
        Wanted(2, (0.1, 4), opened, county),
        Wanted(2, (0.1, 1.8), opened, other),
        Wanted(2, (0.2, 2), (*opened, "decline"), mild),
        Wanted(2, (0.4, 2.5), (*opened, "sign"), qm),
        Wanted(1, (0.5, 2.5), (*begun, "mention_handler"), qm),
        Wanted(2, (0.4, 2.4), begun, log),
        Wanted(2, (0.4, 9), begun, county),
        Wanted(2, (0.4, 2.6), begun, other),
        Wanted(2, (8, 13), (*begun, "progress", "mention_supervisor"), qm, is_late=True),
        Wanted(2, (4, 9), (*begun, "mention_agent"), log, is_late=True),
        Wanted(2, (5, 12), (*begun, "note"), other, is_late=True),
        Wanted(1, (5, 12), opened, other, is_late=True),
        Wanted(1, (0.8, 2.6), (*worked, "send_back"), qm),
        Wanted(1, (0.8, 2.6), (*worked, "send_back"), log),
        Wanted(4, (0.6, 2.6), worked, mild),
        Wanted(1, (6, 10), worked, mild, is_late=True),
        Wanted(1, (0.7, 2.6), audited, mild, two_units=True),
        Wanted(4, (0.6, 2.6), audited, ours),
        Wanted(1, (5, 9), (*audited, "mention_agent"), ours, is_late=True),
        Wanted(1, (0.8, 2.6), (*audited, "not_reached"), ours),
        Wanted(9, (1, 6), (*audited, "reply"), mild),
        Wanted(3, (2, 9), (*audited, "reply", "reject"), ours),
        Wanted(2, (3, 12), (*audited, "reply", "reject", "dispatch_again"), qm_or_log),
        Wanted(2, (0.6, 2.7), (*opened, "sign", "pause"), ours),
        Wanted(2, (0.8, 2.7), (*begun, "interim"), mild),
        Wanted(2, (0.8, 2.7), (*begun, "judge"), kinds.is_doubtful),
        Wanted(1, (1, 3), (*opened, "sign", "judge", "confirm_not_valid"), kinds.is_doubtful),
        Wanted(2, (8, 40), (*worked, "external"), kinds.is_dispute),
        Wanted(2, (4, 50), (*opened, "sign", "withdraw"), mild),
    )


def deal(stories: Sequence[Story], *, at: datetime, kinds: Kinds, rng: Random) -> dict[int, Fate]:
    """A fate for each story by its number: first those that must stand somewhere today, then the rest in full."""
    fates: dict[int, Fate] = {}
    for wanted in _wanted(kinds):
        free = [story for story in stories if story.number not in fates and wanted.of(story)]
        near = sorted((_distance(story, wanted, at, kinds), rng.random(), story.number) for story in free)
        for _far, _lot, number in near[: wanted.count]:
            fates[number] = Fate(wanted.steps[-1], wanted.steps, stands=True, two_units=wanted.two_units)
    return fates | {story.number: _in_full(story, rng) for story in stories if story.number not in fates}


def _distance(story: Story, wanted: Wanted, at: datetime, kinds: Kinds) -> float:
    """How far the story's age is from the ages wanted, in days; complex ones have twice the time until late."""
    low, high = wanted.ages
    if not wanted.is_late and high < 3 and story.script.code in kinds.complex_ones:
        high *= 2
    age = (at - story.received_at) / timedelta(days=1)
    return max(low - age, age - high, 0.0)


def _in_full(story: Story, rng: Random) -> Fate:
    """A whole life, with the turns that lives take."""
    if story.script.group == "SG" or (rng.random() < _at_once(story)):
        return Fate("on the spot", ("file", "on_the_spot", *_some(rng, 0.7, "close")))
    if rng.random() < 0.025:
        return Fate("withdrawn", (*OPENING, "sign", "withdraw"))
    if rng.random() < 0.12 and story.script.code in OFTEN_UNFOUNDED:
        return Fate(
            "not valid", (*OPENING, "sign", "judge", "confirm_not_valid", "answer_not_valid", "reply", "accept")
        )
    steps = ["file", "contact", *_some(rng, 0.05, "return_intake", "resubmit"), "review", "respond", "dispatch"]
    steps += _some(rng, 0.5 if story.script.decline else 0.05, "decline", "redispatch")
    steps += ["sign", *_some(rng, 0.3, "begin"), *_some(rng, 0.2, "note"), *_some(rng, 0.06, "pause", "resume")]
    steps += [*_some(rng, 0.03, "interim"), *_some(rng, 0.15, "progress"), "complete"]
    steps += _some(rng, 0.5 if story.script.send_back else 0.07, "send_back", "sign", "complete")
    steps += ["pass", *_some(rng, 0.06, "not_reached"), "reply"]
    if rng.random() < (0.25 if story.script.reject else 0.03):
        again = ("dispatch_again", "sign_again", "complete_again", "pass", "reply", "accept")
        return Fate("reopened", (*steps, "reject", *again))
    ending = rng.choices((("accept",), ("close",), ()), (60, 25, 15))[0]  # the last lets seven days pass
    return Fate("whole", (*steps, *ending), two_units=len(story.script.issues) > 1 and rng.random() < 0.15)


def _at_once(story: Story) -> float:
    """How likely the front desk settles it on the phone: small matters often, disputes and damage never."""
    script = story.script
    if script.code in SIMPLE_AT_ONCE:
        return 0.7
    return 0.5 if script.code in SMALL and script.emotion <= 3 and not script.level else 0.0


def _some(rng: Random, chance: float, *steps: str) -> tuple[str, ...]:
    return steps if rng.random() < chance else ()


def of_duplicate() -> Fate:
    return Fate("merged", ("file", "merge"))


def of_repeat() -> Fate:
    return Fate("repeat", (*OPENING, *WORK, "pass", "reply", "accept"))


def with_return(fate: Fate) -> Fate:
    """The same life, in which the goods come back while it is worked on, and are dealt with where the work is done."""
    at = fate.steps.index("sign") + 1
    done = ("process_return",) if "complete" in fate.steps else ()
    end = fate.steps.index("complete") + 1 if done else len(fate.steps)
    return replace(fate, steps=(*fate.steps[:at], "receive_return", *fate.steps[at:end], *done, *fate.steps[end:]))


def with_file(fate: Fate) -> Fate:
    """The same life, with a file that the customer sent along."""
    return replace(fate, steps=(fate.steps[0], "attach", *fate.steps[1:]))
