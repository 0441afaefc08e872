"""A word model of complaints: sentences of a trade's words, some of them common and most of them rare.

The words of each list are drawn by rank (the n-th as often as 1/n), as words in real texts are, so that a search
meets both the word in every tenth text and the word in one of ten thousand.
"""

import random
from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path

import yaml

_LISTS: Mapping[str, str] = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text("utf-8"))
WORDS: Mapping[str, Sequence[str]] = {name: words.split() for name, words in _LISTS.items()}
FORMS = (
    "{time}我在{place}买的{thing}{fault}，联系{person}，{behaviour}。",
    "我家的{thing}用了不到{count}天就{fault}，找{person}要求{deed}，对方{behaviour}。",
    "{person}{behaviour}，{feeling}。",
    "订单显示已签收，可是{thing}{fault}，申请{deed}已经{count}天了还没有结果。",
    "{time}到{street}路的{place}办理{deed}，排队{count}分钟，{person}{behaviour}。",
    "之前打过{count}次电话，{person}说会安排{deed}，到现在没有人联系我。",
    "要求{deed}，并由{person}当面说明{thing}为什么{fault}。",
    "接待我的是{name}，工号{code}，{behaviour}，{feeling}。",
    "型号是{model}，{time}收到货就{fault}，包装也有问题，要求{deed}。",
    "{feeling}，{feeling}。",
    "住在{street}路{count}号的邻居也遇到同样的问题，他家的{thing}也{fault}。",
    "合同里写明可以{deed}，{person}却{behaviour}，我保留了录音和截图。",
)
SHORTEST, LONGEST = 80, 400


class Words:
    """Draws texts, names and numbers; the same seed draws the same."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # nothing is kept secret with it
        self._weights: dict[int, list[float]] = {}

    def one(self, words: Sequence[str]) -> str:
        """By rank: the first word of a list is the commonest."""
        if len(words) not in self._weights:
            self._weights[len(words)] = list(accumulate(1 / (rank + 2) for rank in range(len(words))))
        return self.chance.choices(words, cum_weights=self._weights[len(words)])[0]

    def _word(self, name: str) -> str:
        return self.one(WORDS[name])

    def text(self) -> str:
        """80 to 400 characters, about 200 in the mean."""
        wanted = min(LONGEST - 40, max(SHORTEST, int(self.chance.lognormvariate(5.2, 0.4))))
        said = self._sentence()
        while len(said) < wanted:
            said += self._sentence()
        return said[:LONGEST]

    def _sentence(self) -> str:
        digits, letter = self.chance.randrange, self.chance.choice
        return self.one(FORMS).format(
            time=self._word("times"),
            place=self._word("places"),
            thing=self._word("things"),
            fault=self._word("faults"),
            person=self._word("people"),
            behaviour=self._word("behaviours"),
            deed=self._word("deeds"),
            feeling=self._word("feelings"),
            street=self._word("streets"),
            name=self.name(),
            count=digits(2, 60),
            code=digits(1000, 9999),
            model=f"{letter('ABCDEHKMQSTXZ')}{digits(10, 99)}{letter('ABCPLS')}-{digits(100, 999)}",
        )

    def name(self) -> str:
        given = "".join(self.chance.choices(WORDS["given"], k=self.chance.choice((1, 2, 2, 2))))
        return self._word("surnames") + given

    def phone(self) -> str:
        return f"1{self.chance.choice('3578')}{self.chance.randrange(10**9):09d}"

    def order_no(self) -> str:
        return f"E{self.chance.randrange(10**11):011d}"
