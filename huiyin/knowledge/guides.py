"""A method or a playbook as the desk follows it: its steps, each with a prompt and scripts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from huiyin.knowledge.scripts import Wording

RESTATE: Final = "RS-03"
# A playbook's six steps are always these, by place; its own scripts go where their stage is at home.
_STAGES_OF_STEPS: Final = (
    frozenset({"calm", "urgent"}),
    frozenset({"listen", "intake"}),
    frozenset({"handle", "progress"}),
    frozenset({"reply", "offer"}),
    frozenset({"repair"}),
    frozenset({"close", "survey"}),
)
_SECOND_STEP: Final = 2


@dataclass(frozen=True)
class Step:
    """`scripts` are codes; `stages`: scripts written for the complaint's category in these stages belong here too."""

    number: int
    name: str
    prompt: str
    scripts: tuple[str, ...] = ()
    stages: frozenset[str] = frozenset()

    def pick(self, fitting: Iterable[Wording]) -> list[Wording]:
        """Its own scripts in its own order, then those for the category."""
        known = {each.code: each for each in fitting}
        own = [known[code] for code in self.scripts if code in known]
        return own + [each for each in known.values() if each.codes and each.stage in self.stages and each not in own]


@dataclass(frozen=True)
class Guide:
    """`is_special`: chosen by evidence of behaviour, and for inner use only."""

    code: str
    name: str
    steps: tuple[Step, ...]
    is_special: bool = False
    signals: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    escalate_when: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()

    def has(self, number: int) -> bool:
        return 1 <= number <= len(self.steps)


def steps_of_method(steps: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    return tuple(
        Step(
            number,
            each["zh"],
            each.get("prompt", ""),
            tuple(each.get("scripts", ())),
            frozenset(each.get("stages", ())),
        )
        for number, each in enumerate(steps, start=1)
    )


def steps_of_playbook(steps: Sequence[str], scripts: Iterable[Wording]) -> tuple[Step, ...]:
    """From lines of the form 名称：做法. Step two always offers to restate; where there is no colon, the line is the
    name."""
    own = list(scripts)
    made = []
    for number, line in enumerate(steps, start=1):
        name, _colon, prompt = line.partition("：")
        stages = _STAGES_OF_STEPS[number - 1] if number <= len(_STAGES_OF_STEPS) else frozenset()
        codes = [each.code for each in own if each.stage in stages and each.code != RESTATE]
        made.append(Step(number, name, prompt, tuple([RESTATE, *codes] if number == _SECOND_STEP else codes), stages))
    return tuple(made)
