"""About three hundred complaints out of the scripts: the same seed gives the same ones, no two alike."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import cycle
from math import exp
from random import Random
from zoneinfo import ZoneInfo

from huiyin.demo.people import Person, invent
from huiyin.demo.scripts import Script, catalogue, phrases, scripts

SEED = 20261122
DAYS = 60
ZONE = ZoneInfo("Asia/Shanghai")

# How many of a leaf where it is not one of each script: the shares of C007-C013 (42/28/18/12 among the four kinds).
TIMES: Mapping[str, int] = {
    "PQ-01": 13, "PQ-02": 6, "PQ-03": 9, "PQ-04": 6, "PQ-05": 9, "PQ-06": 4, "PQ-07": 6, "PQ-08": 2, "PQ-09": 3,
    "PQ-10": 2, "PQ-11": 3, "PQ-12": 6, "PQ-13": 6, "PQ-14": 3, "PQ-15": 4, "PQ-16": 2, "PQ-17": 1, "PQ-18": 5,
    "LG-01": 37, "LG-02": 13, "LG-03": 7,
    "SP-11": 14, "SP-12": 8, "SP-03": 13, "SP-14": 4,
    "TD-01": 18, "TD-02": 7, "TD-03": 1, "TD-06": 3,
    "TN-01": 3, "SG-04": 2,
}  # fmt: skip
LATE: Mapping[str, float] = {"PQ-11": 0.995}  # the last of these has only just come in
HOURS = (1, 1, 1, 1, 1, 1, 2, 4, 11, 24, 28, 24, 12, 16, 25, 26, 24, 20, 12, 9, 9, 8, 5, 3)
LATELY = tuple(1 + 4 * exp(-back / 3) for back in range(DAYS))  # each day back; the season has begun
SELF_SERVICE = ("portal", "app", "email")

CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
BY_GOODS = re.compile(r"<([^<>]*\|[^<>]*)>")
SLOT = re.compile(r"\{([A-Za-z][A-Za-z0-9_-]*)\}")
DAY = re.compile(r"([drp])(-?\d+)([nie]?)$")
SPAN = re.compile(r"(\d+)-(\d+)(?:/(\d+))?$")
SUM = re.compile(r"(\w+)([+-])(\w+)$")


class UnknownSlot(KeyError):
    """A template asks for a value that no story has."""


@dataclass(frozen=True)
class Story:
    """One complaint of the demo company, with everything that will be said about it."""

    number: int
    script: Script
    received_at: datetime
    person: Person
    channel: str
    values: Mapping[str, str]
    title: str
    text: str

    @property
    def points(self) -> list[str]:
        return [self.say(point, self.received_at) for point, _ in self.script.issues]

    def answers(self, at: datetime) -> list[str]:
        return [self.say(answer, at) for _, answer in self.script.issues]

    def finding(self, at: datetime) -> str:
        return self.say(self.script.finding, at)

    @property
    def elements(self) -> dict[str, str]:
        return {name: self.say(value, self.received_at) for name, value in self.script.elements.items()}

    def say(self, template: str, at: datetime) -> str:
        """The template with its values; days count from receipt (d), or forth (r) and back (p) from `at`."""
        return SLOT.sub(lambda slot: self._value(slot[1], at), template)

    def letter(self, at: datetime, *, agent: str, body: str = "") -> str:
        """What the customer gets: greeting, the script's words (or `body`), signature and day."""
        said = self.say(body or self.script.letter, at)
        day = at.astimezone(ZONE)
        if self.script.lang == "en":
            return f"Dear {self.person.name},\n\n{said}\n\nXingqiao Customer Service\n{day.day} {day:%B %Y}"
        service = "星橋客戶服務" if self.script.lang == "zht" else "星桥客户服务"
        greeting = self.person.company or self.person.address_as
        return f"尊敬的{greeting}：\n您好！{said}\n{service} {agent}\n{day.year}年{day.month}月{day.day}日"

    def phrase(self, kind: str) -> str:
        """The script's own words for a turn such as `decline`, else one of the common ones."""
        own = str(getattr(self.script, kind, ""))
        common = phrases()[kind]
        if isinstance(common, dict):
            common = common.get(self.script.group, common["any"])
        return own or str(common[self.number % len(common)])

    def _value(self, name: str, at: datetime) -> str:
        if name in self.values:
            return self.values[name]
        if day := DAY.fullmatch(name):
            kind, count, form = day[1], int(day[2]), day[3]
            start, sign = (self.received_at, -1) if kind == "d" else (at, 1 if kind == "r" else -1)
            return _day(start + timedelta(days=sign * count), form)
        raise UnknownSlot(f"{self.script.code} {self.script.title}: {name}")


def _day(moment: datetime, form: str) -> str:
    local = moment.astimezone(ZONE)
    if form == "e":
        return f"{local.day} {local:%B}"
    return {"": f"{local.month}月{local.day}日", "n": f"{local.day}号", "i": f"{local:%Y-%m-%d}"}[form]


def stories(at: datetime, *, seed: int = SEED) -> list[Story]:
    """The demo company's complaints of the sixty days before `at`, oldest first."""
    rng = Random(seed)
    plan = _plan(rng)
    moments = sorted(_moment(at, rng) for _ in plan)
    made = [_story(number, script, use, moments[number - 1], at, rng) for number, (script, use) in enumerate(plan, 1)]
    return sorted(made, key=lambda story: story.received_at)


def _plan(rng: Random) -> list[tuple[Script, int]]:
    """Which script when, and its how-many-eth use that is; uses of one script are spread over the time."""
    leaves: defaultdict[str, list[Script]] = defaultdict(list)
    for script in scripts():
        leaves[script.code].append(script)
    spread: list[tuple[float, Script, int]] = []
    for code, ones in leaves.items():
        times = TIMES.get(code, len(ones))
        phase = LATE.get(code, rng.random())
        for n in range(times):
            spread.append(((n + phase) / times + rng.uniform(-0.06, 0.06), ones[n % len(ones)], n // len(ones)))
    return [(script, use) for _, script, use in sorted(spread, key=lambda one: one[0])]


def _moment(at: datetime, rng: Random) -> datetime:
    """A moment of the last sixty days, likelier in working hours, on weekdays and lately."""
    today = at.astimezone(ZONE)
    while True:
        back = rng.choices(range(DAYS), LATELY)[0]
        day = today - timedelta(days=back)
        if day.weekday() >= 5 and rng.random() < (0.2 if back < 4 else 0.5):
            continue
        hour = rng.choices(range(24), HOURS)[0]
        moment = day.replace(hour=hour, minute=rng.randrange(60), second=rng.randrange(60), microsecond=0)
        if moment <= today - timedelta(minutes=20):
            return moment


def _story(number: int, script: Script, use: int, moment: datetime, at: datetime, rng: Random) -> Story:
    kind = use % len(script.goods)
    goods = catalogue()["goods"][script.goods[kind]]
    product = goods[(use // len(script.goods) + number) % len(goods)]
    if moment.hour < script.hour:
        moment = moment.replace(hour=script.hour, minute=rng.randrange(60))
        moment -= timedelta(days=1 if moment > at else 0)
    person = invent(number, script, rng)
    channel = script.channel
    if use and channel in SELF_SERVICE:
        channel = SELF_SERVICE[(SELF_SERVICE.index(channel) + use) % len(SELF_SERVICE)]
    story = Story(
        number=number, script=script, received_at=moment, person=person, channel=channel,
        values=_values(number, script, product, person, moment, rng), title="", text="",
    )  # fmt: skip
    picked = _pick(script.text, use=use, kind=kind, rng=Random(script.title))
    text = story.say(picked, moment)
    return replace(story, title=story.say(script.title, moment), text=text.replace("／", "\n"))


def _pick(template: str, *, use: int, kind: int, rng: Random) -> str:
    """Each free choice turns with the use, from a start of its own and every second one out of step with the
    rest, so that any two uses differ in half of them; choices by goods follow the kind."""
    turns = cycle((use, use ^ (use >> 1)))

    def turn(choice: re.Match[str]) -> str:
        options = choice[1].split("|")
        return options[(rng.randrange(len(options)) + next(turns)) % len(options)]

    def by_goods(choice: re.Match[str]) -> str:
        options = choice[1].split("|")
        return options[kind % len(options)]

    return CHOICE.sub(turn, BY_GOODS.sub(by_goods, template))


def _values(
    number: int, script: Script, product: Sequence[str | int], person: Person, moment: datetime, rng: Random
) -> dict[str, str]:
    carrier, prefix = rng.choice(catalogue()["carriers"])
    bought = moment - timedelta(days=rng.randrange(3, 20))
    every = [good for goods in catalogue()["goods"].values() for good in goods if int(good[3]) > 100]
    numbers = {"price": int(product[3])}
    for name, span in script.draw.items():
        numbers[name] = _draw(span, numbers, rng)
    return {
        "bought": f"{bought:%Y-%m-%d}",
        "P": str(product[0]), "F": str(product[1]), "M": str(product[2]),
        "F2": str(rng.choice(every[:40])[1]),
        "order": f"SC{bought:%y%m%d}{rng.randrange(100000, 999999)}",
        "waybill": f"{prefix}{rng.randrange(10**9, 10**10)}",
        "carrier": str(carrier), "carrier_en": "(Sucheng Express)" if prefix == "SL" else "company",
        "serial": f"SN{moment:%y}{rng.randrange(10**7, 10**8)}",
        "batch": f"B{bought:%y%m}{rng.randrange(10, 31)}-{rng.randrange(1, 9)}",
        "rep": f"WX{moment:%y%m}{rng.randrange(10000, 99999)}",
        "rev": rng.choice(["A1", "B0", "B2", "C1", "D"]),
        "store": person.region + rng.choice(["中心营业厅", "旗舰店", "万和店", "城北店", "步行街营业厅"]),
        "staff": rng.choice("陈刘周吴孟邵") + rng.choice(["志军", "明亮", "国平", "小勇", "立伟"]),
        "name": person.name, "surname": person.surname, "sn": person.address_as, "phone": person.phone,
        "place": person.region, "spot": person.spot, "company": person.company or "我司",
        "dept": "其他部门",
        **{name: str(value) for name, value in numbers.items()},
    }  # fmt: skip


def _draw(span: str, numbers: Mapping[str, int], rng: Random) -> int:
    """A number out of `lo-hi`, in steps of ten where it is large, or a sum of two already drawn."""
    if found := SPAN.fullmatch(span):
        low, high = int(found[1]), int(found[2])
        step = int(found[3]) if found[3] else 10 if high >= 200 else 1
        return rng.randrange(low, high + 1, step)
    if found := SUM.fullmatch(span):
        left, right = (int(part) if part.isdigit() else numbers[part] for part in (found[1], found[3]))
        return left + right if found[2] == "+" else left - right
    raise ValueError(span)
