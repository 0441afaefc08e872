"""接收-复述-确认: whether somebody listened (C069), told from a transcript or from the record of a call. Pure.

Received: the customer had told it before we spoke of it. Restated: its content was said back. Confirmed (RP-03 is both,
in that order): the customer was then asked whether that is right. Chinese and English; what the customer says back to
us restates nothing, and what was not done ("没有复述") was not done.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

RULE: Final = "RP-03"
RECEIVED, RESTATED, CONFIRMED = "received", "restated", "confirmed"
STEPS: Final = (RECEIVED, RESTATED, CONFIRMED)

Span = tuple[int, int]
AGENT, CUSTOMER = "agent", "customer"
TURNS_TO_ASK = 3  # of ours, the restating one included: a question far behind is about something else

_SPEAKERS: Final = {
    AGENT: ("客服", "坐席", "话务员", "专员", "经办", "我方", "agent", "operator", "rep", "representative", "advisor"),
    CUSTOMER: ("客户", "用户", "顾客", "来电人", "投诉人", "customer", "caller", "client"),
}
# "客户张三：" speaks; "客户反映：" and "the agent asked:" tell of it
_TELLS: Final = "反映|说|称|表示|确认|认可|来电|要求|希望|投诉|核对|同意|答复|回复|意见|诉|said|ask|told|confirm|report"
_SPEAKER: Final = re.compile(
    r"^[ \t]*[\[(]?(?:"
    + "|".join(f"(?P<{who}>{'|'.join(names)})" for who, names in _SPEAKERS.items())
    + rf")[ \t]?(?:(?!{_TELLS})[\w·]){{0,12}}[\])]?[ \t]*:[ \t]*",
    re.MULTILINE,
)

# Said to the customer, or written down of what was said.
_RESTATES: Final = (
    "我复述一下", "我再复述", "复述一下", "复述一遍", "我重复一下", "我重复一遍", "跟您核对一下", "和您核对一下",
    "我跟您确认一下", "我和您确认一下", "您说的是", "您的意思是", "您刚才说", "您刚才讲", "您刚才反映", "您反映的是",
    "您反映的问题是", "您遇到的是", "我理解您", "我的理解是", "听下来", "总结一下", "复述", "重述", "let me repeat",
    "let me restate", "let me read that back", "let me read it back", "let me summarise", "let me summarize",
    "let me make sure i understand", "let me check i understood", "let me see if i understand",
    "let me see if i have this right", "if i understand you correctly", "if i understood you correctly",
    "if i understand correctly", "just to confirm", "to make sure i have this right", "what i hear is",
    "what i'm hearing is", "what you are saying is", "what you're saying is", "so you are saying", "so you're saying",
    "you said that", "you mentioned that", "repeated back", "read back", "restated",
)  # fmt: skip
_CONFIRMS: Final = (
    "对吗", "对不对", "对么", "对吧", "是吗", "是吧", "是不是这样", "是这样吗", "是这样的吗", "没错吧", "有没有错",
    "准确吗", "有遗漏吗", "有没有遗漏", "有没有漏", "还有补充吗", "有没有补充", "有要补充的吗", "请您确认",
    "您确认一下", "您看对", "您听听", "is that right", "is that correct", "is this right", "is this correct",
    "am i right", "did i get that right", "did i get it right", "have i got that right", "have i got it right",
    "have i understood you correctly", "did i understand correctly", "have i missed anything", "did i miss anything",
    "correct?", "right?", "anything to add", "please confirm",
)  # fmt: skip
# In a record somebody else's consent is told, not asked for.
_AGREED: Final = (
    "客户确认", "客户认可", "客户表示对", "客户表示没错", "客户表示无误", "客户表示准确", "客户核对", "客户无异议",
    "经客户确认", "得到确认", "征得确认", "征询意见", "征询客户意见", "征求客户意见", "请客户确认", "与客户确认",
    "向客户确认", "确认无误", "核对无误", "customer confirmed", "caller confirmed", "client confirmed",
    "customer agreed", "he confirmed", "she confirmed", "they confirmed", "asked to confirm",
    "asked if that was right", "asked whether that was right", "asked if that was correct",
    "asked whether that was correct",
)  # fmt: skip
_TOLD: Final = (
    "客户反映", "客户说", "客户称", "客户表示", "客户来电", "客户讲", "客户诉", "听客户", "倾听", "听取", "听完",
    "您反映", "您说", "您刚才", "您的意思", "您遇到", "customer said", "customer says", "customer told",
    "customer reported", "customer explained", "caller said", "caller explained", "listened", "heard the customer",
    "you said", "you mentioned", "you told", "you're saying", "you are saying",
)  # fmt: skip
_NOT: Final = re.compile(
    r"(?:没有|没能|没来得及|没|未能|未|不用|不必|无需|别|忘了|忘记|拒绝)(?:[向给跟和与为对]?(?:客户|用户|您|他|她|对方))?(?:进行|再|做)?\s*$"
    r"|\b(?:not|didn't|never|without|forgot to|failed to)(?:\s+\w+){0,2}\s*$"
)


@dataclass(frozen=True)
class Heard:
    """Where in the text each step was found; None where it was not."""

    received: Span | None = None
    restated: Span | None = None
    confirmed: Span | None = None

    @property
    def steps(self) -> list[str]:
        return [step for step in STEPS if getattr(self, step)]

    @property
    def missing(self) -> list[str]:
        return [step for step in STEPS if not getattr(self, step)]

    @property
    def keeps_rule(self) -> bool:
        """RP-03: restated, and then asked whether that is right."""
        return self.restated is not None and self.confirmed is not None


@dataclass(frozen=True)
class Cues:
    """What restates and what asks, beside the shipped words: an administrator may add to RP-03's."""

    restating: tuple[str, ...] = _RESTATES
    asking: tuple[str, ...] = _CONFIRMS
    forms: dict[str, re.Pattern[str]] = field(default_factory=dict, compare=False, repr=False)

    def form(self, name: str) -> re.Pattern[str]:
        if name not in self.forms:
            words = {"restating": self.restating, "asking": self.asking, "agreed": _AGREED, "told": _TOLD}[name]
            ordered = sorted(set(words), key=lambda each: (-len(each), each))
            self.forms[name] = re.compile("|".join(_form(each) for each in ordered))
        return self.forms[name]


def cues(words: Iterable[str] = ()) -> Cues:
    """With the phrase book's words for RP-03: those that ask are questions, the others restate."""
    own = [_plain(each)[0].strip() for each in words if each.strip()]
    asking = tuple(each for each in own if each.endswith(("?", "吗", "么", "吧", "right", "correct", "confirm")))
    return Cues((*_RESTATES, *(each for each in own if each not in asking)), (*_CONFIRMS, *asking))


SHIPPED: Final = cues()


@dataclass(frozen=True)
class _Turn:
    who: str
    start: int
    end: int


def hear(text: str, known: Cues = SHIPPED) -> Heard:
    """What of the three steps the text shows. With names of speakers before the lines it is a transcript; without, our
    own record of the call, or what we wrote to the customer."""
    plain, places = _plain(text)
    turns = list(_turns(plain))
    is_transcript = any(turn.who == AGENT for turn in turns)
    found = _in_transcript(plain, turns, known) if is_transcript else _in_record(plain, known)
    spans = {step: (places[start], places[end - 1] + 1) for step, (start, end) in found.items()}
    return Heard(**spans)


def _in_transcript(plain: str, turns: list[_Turn], known: Cues) -> dict[str, Span]:
    """The first restatement after the customer spoke that is followed by a question; else the first one at all."""
    ours = [turn for turn in turns if turn.who == AGENT]
    spoke = next((turn for turn in turns if turn.who == CUSTOMER and plain[turn.start : turn.end].strip()), None)
    best: dict[str, Span] = {}
    for place, turn in enumerate(ours):
        for restated in _said(known.form("restating"), plain, turn.start, turn.end):
            found = {RESTATED: restated}
            if spoke is not None and spoke.start < restated[0]:
                found[RECEIVED] = _stripped(plain, spoke.start, spoke.end)
            for asked in ours[place : place + TURNS_TO_ASK]:
                start = max(asked.start, restated[0])
                if question := next(_said(known.form("asking"), plain, start, asked.end), None):
                    found[CONFIRMED] = question
                    break
            best = max(best, found, key=len)
    if not best and spoke is not None:
        return {RECEIVED: _stripped(plain, spoke.start, spoke.end)}
    return best


def _in_record(plain: str, known: Cues) -> dict[str, Span]:
    found: dict[str, Span] = {}
    for restated in _said(known.form("restating"), plain, 0, len(plain)):
        asked = [next(_said(known.form(name), plain, restated[0], len(plain)), None) for name in ("asking", "agreed")]
        confirmed = min((each for each in asked if each is not None), default=None)
        found = {RESTATED: restated} | ({CONFIRMED: confirmed} if confirmed else {})
        break
    told = next(_said(known.form("told"), plain, 0, len(plain)), None)
    return found | ({RECEIVED: told} if told else {})


def _said(form: re.Pattern[str], plain: str, start: int, end: int) -> Iterator[Span]:
    for match in form.finditer(plain, start, end):
        if not _NOT.search(plain, max(start, match.start() - 24), match.start()):
            yield match.span()


def _turns(plain: str) -> Iterator[_Turn]:
    marks = list(_SPEAKER.finditer(plain))
    ends = [*(mark.start() for mark in marks[1:]), len(plain)]
    for mark, end in zip(marks, ends, strict=False):
        yield _Turn(str(mark.lastgroup), mark.end(), end)


def _stripped(plain: str, start: int, end: int) -> Span:
    words = plain[start:end]
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())


def _form(words: str) -> str:
    """Latin words whole, with any blanks between them; Chinese with blanks anywhere."""
    if words.isascii():
        ends = r"\b" if words[-1].isalnum() else ""
        return r"\b" + r"\s+".join(re.escape(each) for each in words.split()) + ends
    return r"\s*".join(re.escape(each) for each in words if not each.isspace())


def _plain(text: str) -> tuple[str, list[int]]:
    """Half width and lower case, straight apostrophes; for each letter, where it stood."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for plain in unicodedata.normalize("NFKC", letter).lower():
            letters.append("'" if plain == "\u2019" else plain)
            places.append(place)
    return "".join(letters), places
