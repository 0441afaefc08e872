"""What is looked for in a text beside its category, out of cues.yaml: each cue has words that call it up, and patterns
for what must or must not stand around them. No pattern runs unless one of its words is there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from huiyin.triage.amounts import COUNT, largest_cny, numeral

LEFT, RIGHT = 18, 22  # characters looked at before and after the word

_FILLERS = (
    r"(?:\s|人员|人|任何|什么|出现|发生|发现|造成|导致|引起|引发|产生|再|有|让|被|受到?|明显|严重|到|"
    r"been|any|get|got|cause|an?\b)*(?:(?<=发生|发现|出现|造成|导致|引起|引发)[^，。！？；\n]{0,3})?"
)
# 没有受伤, 未造成人员伤亡, 不漏电, 没发现异物: said not to be so, as far as the first group reaches.
NEGATED: Final = re.compile(
    r"(?:有没有|有无|是否|是不是|会不会|并未|并无|从未|从没|毫无|幸未|幸好没|没有?|未|无|不是|不存在|不会|不|"
    rf"避免|防止|以免|免得|预防|杜绝|谨防)(?=({_FILLERS}))"
)
NEGATED_LATIN: Final = re.compile(rf"(?:\bno\b|\bnot\b|\bnever\b|\bwithout\b|n't\b)(?=({_FILLERS}))")
# 不要泄露: asked not to do it.
FORBIDDEN: Final = re.compile(r"(?:不要|请勿|切勿|严禁|千万别|别把|请别)(?=([^，。！？；：\n]{0,10}))")
# 担心起火, 万一漏电, 容易烫伤: not so yet.
_CLAUSE = r"(?=([^，。！？；：\n]{0,12}))"
SUPPOSED: Final = re.compile(
    r"(?:如果|要是|万一|一旦|假如|假设|若|倘若|恐怕|唯恐|生怕|怕|担心|害怕|担忧|以为|容易|极易|易|可能|也许|难免|差点|差一点|险些|"
    r"会不会|随时|迟早|非得等|一定要|难道|要等|等到出|别让|不要等|假如|若是|将带来|将有|殃及|甚至可能|早晚|将会|会(?=引|导致|造成|发生|产生)|以防|小心|谨防|隐患|风险|预防|防止|避免)"
    + _CLAUSE
)
# 起火隐患, 触电的危险, 伤亡怎么办: what follows takes it back.
ONLY_A_RISK: Final = re.compile(
    r"[^，。！？；：\n]{0,16}?(?:隐患|将会是|风险|危险|可能|怎么办|怎么负责|才会?(?:重视|有人|来管|管)|才来|是迟早|时间问题|该怎么)"
)
SUPPOSED_LATIN: Final = re.compile(r"\b(?:if|may|might|could|afraid|worried)\b(?=([^，。！？；：.\n]{0,32}))")


_SENTENCE_END: Final = re.compile(r"[。！？；\n]|注册资本|总投资|投资额|贷款|房价|总价")


@dataclass(frozen=True)
class Cue:
    signal: str
    words: tuple[str, ...]
    before: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None
    not_before: re.Pattern[str] | None = None
    not_after: re.Pattern[str] | None = None
    may_be_supposed: bool = False  # counts even when only feared or announced
    may_be_denied: bool = False  # 不赔10万 claims 10万 all the same
    count: tuple[re.Pattern[str], ...] = ()
    whether: re.Pattern[str] | None = None
    is_money: bool = False

    def stands_between(self, before: str, after: str) -> bool:
        return (
            (self.before is None or self.before.search(before) is not None)
            and (self.after is None or self.after.search(after) is not None)
            and (self.not_before is None or self.not_before.search(before) is None)
            and (self.not_after is None or self.not_after.search(after) is None)
        )

    def value(self, before: str, word: str, after: str) -> float:
        """1 for what is or is not, the number where there is one, 0 for no find."""
        if self.is_money:
            return max(largest_cny(_SENTENCE_END.split(before)[-1]), largest_cny(_SENTENCE_END.split(after)[0]))
        window = f"{before}{word}{after}"
        if self.count:
            match = next((match for pattern in self.count if (match := pattern.search(window))), None)
            return numeral(match["n"]) if match else 0.0
        return 1.0 if self.whether is None or self.whether.search(window) else 0.0


_FILE: Final[Mapping[str, Any]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
_FRAGMENTS: Final = {
    "<MANY>": rf"(?P<n>{COUNT})\s?[多余几来]?\s?",
    "<PEOPLE>": f"(?:{_FILE['people']})",
}


def _pattern(text: str | None) -> re.Pattern[str] | None:
    if text is None:
        return None
    for name, fragment in _FRAGMENTS.items():
        text = text.replace(name, fragment)
    return re.compile(text)


def _cue(entry: Mapping[str, Any]) -> Cue:
    return Cue(
        signal=entry["signal"],
        words=tuple(str(word) for word in entry["words"]),
        before=_pattern(entry.get("before")),
        after=_pattern(entry.get("after")),
        not_before=_pattern(entry.get("not_before")),
        not_after=_pattern(entry.get("not_after")),
        may_be_supposed=entry.get("may_be_supposed", False),
        may_be_denied=entry.get("may_be_denied", False),
        count=tuple(found for text in entry.get("count", ()) if (found := _pattern(text))),
        whether=_pattern(entry.get("whether")),
        is_money=entry.get("money", False),
    )


SIGNALS: Final = tuple(_cue(entry) for entry in _FILE["signals"])
# Emotion 1-5 (severity.yaml): the strongest cue counts. 5 is abuse or a threat, and asks for a supervisor.
EMOTIONS: Final[Mapping[int, tuple[str, ...]]] = {
    int(level): tuple(words) for level, words in _FILE["emotions"].items()
}
DESPERATE: Final = frozenset(_FILE["desperate"])
URGENT: Final = tuple(_FILE["urgent"])
ANGRY_FACES: Final = ("😡", "🤬", "😠", "💢", "👿", "🖕")
