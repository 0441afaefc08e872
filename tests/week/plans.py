"""What the customers complain of in the week, and what those who should act will do about it: drawn by chance."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tests.week.company import END, MINUTE, START

TEXTS = (
    "空调漏电，家里老人被电到，要求处理。",  # level 1
    "燃气热水器冒烟，有异味，不敢再用。",
    "宽带断网三天，报修没人来。",  # level 3, of a VIP level 2
    "上周六在旗舰店买的星桥电饭煲，用了三次就不通电，指示灯不亮。打了两次电话都说会回电，到现在没有人联系我。",
    "客服态度恶劣，说话很难听，要求道歉。",
    "充电宝用了两周就鼓包发烫，要求检测并退款。",  # level 3, complex
    "合同纠纷，涉及赔偿，需要检测鉴定。",  # and the law
    "发票开错了抬头，希望重开。",
    "建议你们在门店增加一个休息区。",  # level 4
)
OFTEN = (2, 2, 14, 16, 14, 12, 6, 14, 12)
ROUTES = ((None, "QM"), ("BR-EAST", "BR-EAST"), ("CTY-E01", "CTY-E01"))
NAMED = {"QM": "handler", "BR-EAST": "east_song", "CTY-E01": "county_he"}


@dataclass(frozen=True)
class Plan:
    """Minutes from one step to the next; None: it never comes."""

    number: int
    received_at: datetime
    text: str
    tier: str
    received: str | None
    unit: str
    looked_after: bool
    named: bool
    severity_by: int  # what the reviewer adds to the level proposed; less is more severe
    respond: int | None
    review: int | None
    dispatch: int
    sign: int | None
    sign_when_offered: int | None
    work: int | None
    audit: int | None
    reply: int | None
    pause: tuple[str, int, int | None] | None  # reason, minutes after signing, length
    extend: int | None  # minutes after signing

    @property
    def taken_in_at(self) -> datetime:
        """Every five minutes what has come in is taken in, all at once."""
        past = (self.received_at - START) % timedelta(minutes=5)
        return self.received_at + (timedelta(minutes=5) - past if past else timedelta(0))


def drawn(count: int, seed: int) -> list[Plan]:
    chance = Random(seed)  # nothing is kept secret with it
    return [_plan(number, chance) for number in range(count)]


def _plan(number: int, chance: Random) -> Plan:
    kind = chance.choices(["prompt", "slow", "unsigned", "left", "half"], [50, 22, 14, 8, 6])[0]
    received, unit = chance.choice(ROUTES)
    minutes = chance.randint

    def within(prompt: tuple[int, int], slow: tuple[int, int]) -> int:
        return minutes(*(slow if kind == "slow" and chance.random() < 0.6 else prompt))

    goes_on = kind != "left"
    pause = None
    if chance.random() < 0.18:
        reason = chance.choice(["WAIT_CUST", "WAIT_CUST", "WAIT_LAB"])
        pause = (reason, minutes(5, 120), None if chance.random() < 0.3 else minutes(60, 2400))
    return Plan(
        number=number,
        received_at=START + minutes(0, int((END - START - timedelta(hours=3)) / MINUTE)) * MINUTE,
        text=chance.choices(TEXTS, OFTEN)[0],
        tier="VIP" if chance.random() < 0.15 else "STD",
        received=received,
        unit=unit,
        looked_after=chance.random() < 0.4,
        named=chance.random() < 0.5,
        severity_by=-1 if chance.random() < 0.08 else 1 if chance.random() < 0.05 else 0,
        respond=within((4, 28), (40, 500)) if goes_on or chance.random() < 0.5 else None,
        review=within((2, 9), (20, 200)) if goes_on else None,
        dispatch=minutes(1, 15),
        sign=None if kind == "unsigned" else within((2, 9), (15, 600)),
        sign_when_offered=minutes(3, 25) if chance.random() < 0.4 else None,
        work=None if kind == "half" else within((60, 900), (900, 6000)),
        audit=within((10, 50), (70, 1500)),
        reply=None if chance.random() < 0.1 else within((10, 90), (300, 4000)),
        pause=pause,
        extend=minutes(10, 300) if chance.random() < 0.12 else None,
    )
