"""What becomes of each story: the steps of its life, in order, and for some where it stands still today."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from huiyin.demo.variation import Story

OPENING = ("file", "contact", "review", "dispatch")
WORK = ("sign", "complete")
SIMPLE_AT_ONCE = frozenset({"SG-03", "SG-04", "SP-06", "SP-08", "SP-17", "TN-13", "TD-07", "TD-11", "TN-01", "SP-01"})
SMALL = frozenset({"LG-01", "LG-02", "TD-01", "TD-02", "SP-03", "SP-11", "PQ-05", "PQ-13", "PQ-15", "TD-06", "TN-08"})
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
    of: Callable[[Story], bool] = lambda story: True
    two_units: bool = False
    name: str = ""


def department_of(story: Story, owners: dict[str, str]) -> str:
    """Who works on it: the county office for its own customers' visits, else the leaf's owner."""
    if story.person.branch == "CTY-E01" and story.script.code in COUNTY_WORK:
        return "CTY-E01"
    return owners[story.script.code]


def _in(owners: dict[str, str], *departments: str) -> Callable[[Story], bool]:
    return lambda story: department_of(story, owners) in departments and story.script.group != "SG"


def _wanted(owners: dict[str, str]) -> tuple[Wanted, ...]:
    qm, log, county = _in(owners, "QM"), _in(owners, "LOG"), _in(owners, "CTY-E01")
    other = lambda story: not (qm(story) or log(story) or county(story)) and story.script.group != "SG"  # noqa: E731  a name for a test of one line
    critical = lambda story: story.script.level == 1  # noqa: E731  the same
    ours = lambda story: story.channel not in {"outlet", "counter"} and story.person.branch != "BR-SOUTH"  # noqa: E731
    opened, worked = OPENING, (*OPENING, *WORK)
    audited = (*worked, "pass")
    return (
        Wanted(1, (0, 4), ("file", "contact", "take_up", "note"), critical, name="critical"),
        Wanted(3, (0, 1.2), ("file",)),
        Wanted(3, (0, 1.5), ("file", "contact")),
        Wanted(2, (0, 1.5), ("file", "contact", "take_up")),
        Wanted(2, (0.1, 2.5), ("file", "contact", "return_intake"), ours),
        Wanted(3, (0.1, 1.5), ("file", "contact", "review")),
        Wanted(3, (0.1, 1.6), opened, qm), Wanted(3, (0.1, 1.6), opened, log), Wanted(2, (0.1, 4), opened, county),
        Wanted(4, (0.1, 1.8), opened, other), Wanted(1, (1, 2.5), (*opened, "sign", "begin", "mention_handler"), qm),
        Wanted(2, (0.2, 3), (*opened, "decline")),
        Wanted(3, (0.4, 2.9), (*opened, "sign"), qm), Wanted(3, (0.4, 2.9), (*opened, "sign", "begin"), log),
        Wanted(2, (0.4, 9), (*opened, "sign", "begin"), county), Wanted(4, (0.4, 2.9), (*opened, "sign", "begin"), other),
        Wanted(2, (7, 13), (*opened, "sign", "begin", "progress", "mention_supervisor"), qm, name="late"),
        Wanted(2, (4, 9), (*opened, "sign", "begin", "mention_agent"), log, name="late"),
        Wanted(4, (4, 12), (*opened, "sign", "begin", "note"), other, name="late"),
        Wanted(1, (5, 12), opened, other, name="late"),
        Wanted(2, (1, 4), (*worked, "send_back"), qm), Wanted(1, (1, 4), (*worked, "send_back"), log),
        Wanted(6, (0.8, 3.5), worked), Wanted(1, (6, 10), worked, name="late"),
        Wanted(2, (0.8, 3), (*worked, "pass"), two_units=True),
        Wanted(5, (0.8, 3.5), audited, ours), Wanted(1, (5, 9), audited, ours, name="late"),
        Wanted(1, (1, 4), (*audited, "not_reached"), ours),
        Wanted(9, (1.2, 6), (*audited, "reply")),
        Wanted(3, (2, 9), (*audited, "reply", "reject"), ours),
        Wanted(2, (3, 12), (*audited, "reply", "reject", "dispatch_again"), lambda story: qm(story) or log(story)),
        Wanted(3, (1, 4), (*opened, "sign", "pause"), ours), Wanted(2, (1, 5), (*opened, "sign", "begin", "interim")),
        Wanted(2, (1, 5), (*opened, "sign", "begin", "judge"), lambda story: qm(story) or log(story)),
        Wanted(1, (2, 6), (*opened, "sign", "judge", "confirm_not_valid"), other),
        Wanted(2, (8, 40), (*worked, "external"), lambda story: story.script.group in {"RL", "TD"}),
    )  # fmt: skip


def deal(stories: Sequence[Story], *, at: datetime, owners: dict[str, str], rng: Random) -> dict[int, Fate]:
    """A fate for each story by its number: first those that must stand somewhere today, then the rest in full."""
    fates: dict[int, Fate] = {}
    for wanted in _wanted(owners):
        low, high = (timedelta(days=age) for age in wanted.ages)
        free = [story for story in stories if story.number not in fates and wanted.of(story)]
        aged = [story for story in free if low <= at - story.received_at <= high]
        # a demo begun at night or on a holiday has none of the right age: then the youngest will do
        chosen = rng.sample(aged, min(wanted.count, len(aged))) or free[-wanted.count :]
        for story in chosen:
            fates[story.number] = Fate(wanted.name or wanted.steps[-1], wanted.steps, True, wanted.two_units)
    return fates | {story.number: _in_full(story, rng) for story in stories if story.number not in fates}


def _in_full(story: Story, rng: Random) -> Fate:
    """A whole life, with the turns that lives take."""
    if story.script.group == "SG" or (rng.random() < _at_once(story)):
        return Fate("on the spot", ("file", "on_the_spot", *_some(rng, 0.7, "close")))
    if rng.random() < 0.025:
        return Fate("withdrawn", (*OPENING, "sign", "withdraw"))
    if rng.random() < 0.03 and story.script.group in {"PQ", "SP", "LG"}:
        return Fate("not valid", (*OPENING, "sign", "judge", "confirm_not_valid", "answer_not_valid", "reply", "accept"))
    steps = ["file", "contact", *_some(rng, 0.05, "return_intake", "resubmit"), "review", "dispatch"]
    steps += _some(rng, 0.5 if story.script.decline else 0.05, "decline", "redispatch")
    steps += ["sign", *_some(rng, 0.3, "begin"), *_some(rng, 0.2, "note"), *_some(rng, 0.06, "pause", "resume")]
    steps += [*_some(rng, 0.03, "interim"), *_some(rng, 0.15, "progress"), "complete"]
    steps += _some(rng, 0.5 if story.script.send_back else 0.07, "send_back", "sign", "complete")
    steps += ["pass", *_some(rng, 0.06, "not_reached"), "reply"]
    if rng.random() < (0.5 if story.script.reject else 0.04):
        again = ("dispatch_again", "sign_again", "complete_again", "pass", "reply", "accept")
        return Fate("reopened", (*steps, "reject", *again))
    ending = rng.choices((("accept",), ("close",), ()), (60, 25, 15))[0]  # the last lets seven days pass
    return Fate("whole", (*steps, *ending), two_units=len(story.script.issues) > 1 and rng.random() < 0.15)


def _at_once(story: Story) -> float:
    """How likely the front desk settles it on the phone: small matters often, disputes and damage never."""
    script = story.script
    if script.code in SIMPLE_AT_ONCE:
        return 0.6
    return 0.4 if script.code in SMALL and script.emotion <= 3 and not script.level else 0.0


def _some(rng: Random, chance: float, *steps: str) -> tuple[str, ...]:
    return steps if rng.random() < chance else ()


def of_duplicate() -> Fate:
    return Fate("merged", ("file", "merge"))


def with_file(fate: Fate) -> Fate:
    """The same life, with a file that the customer sent along."""
    return replace(fate, steps=(fate.steps[0], "attach", *fate.steps[1:]))
