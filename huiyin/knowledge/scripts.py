"""Scripts as values: choosing those that fit, filling their slots, and saying one in each channel. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext_noop as _

PHONE, CHAT, MAIL, SMS = "phone", "chat", "mail", "sms"
CHANNELS: Final = (PHONE, CHAT, MAIL, SMS)

# Judgements by which the complaint is not justified, or nobody of ours is to blame (D29).
NOT_AT_FAULT: Final = frozenset({"misunderstood", "customers_own", "not_verifiable", "third_party"})
# And those by which it is, in whole or in part: an apology comes before any option (B47).
AT_FAULT: Final = frozenset({"ours", "shared", "partly"})
APOLOGY: Final = "RS-61"
_REPAIRS: Final = "repair"
EXCITED: Final = 4

# How a slot is called where a person must fill it in. In a script it is Chinese as the script is, in the settings not.
SLOTS: Final = {
    "customer": _("客户称呼"), "agent": _("经办人"), "case_no": _("投诉编号"), "product": _("产品"),
    "order_no": _("订单号"), "deadline": _("答复时限"), "stage": _("目前环节"), "option_a": _("方案一"),
    "option_b": _("方案二"), "option_c": _("方案三"), "amount": _("金额"), "voucher": _("凭证"),
    "evidence": _("核查情况"), "dept": _("负责部门"), "reason": _("原因或经过"), "next_time": _("下次联系时间"),
    "carrier": _("承运方"), "address_last": _("地址"), "policy": _("依据的规定"), "link": _("查询链接"),
}  # fmt: skip

_SLOT: Final = re.compile(r"\{([a-z_]+)\}")
_GREETS: Final = re.compile(r"^(\{customer\})?(您好|尊敬的)")
_ENDS_BY_ITSELF: Final = re.compile(r"(？|(谢谢|感谢)[^。！？]*[。！？]?)$")


class Unfilled(Exception):
    """Slots for which nothing was given; `slots` in the order of the text."""

    def __init__(self, slots: Iterable[str]) -> None:
        self.slots = tuple(dict.fromkeys(slots))
        super().__init__("、".join(SLOTS.get(slot, slot) for slot in self.slots))


@dataclass(frozen=True)
class Framing:
    opening: str = ""
    closing: str = ""


@dataclass(frozen=True)
class Wording:
    """A script. `codes` are the categories it is for, none meaning all; `variants` are an administrator's own."""

    code: str
    name: str
    stage: str
    text: str
    codes: frozenset[str] = frozenset()
    variants: Mapping[str, str] = field(default_factory=dict)
    is_regret: bool = False
    is_confessing: bool = False

    def is_for(self, codes: Collection[str]) -> bool:
        return not self.codes or not self.codes.isdisjoint(codes)


def say(wording: Wording, channel: str, frames: Mapping[str, Framing]) -> str:
    """The script as it is said in that channel, slots still open: an administrator's variant, or the core between the
    channel's opening and closing, each left out where the core greets, asks or thanks by itself. A mail is always
    signed."""
    if own := wording.variants.get(channel, "").strip():
        return own
    frame = frames.get(channel, Framing())
    opening = "" if _GREETS.search(wording.text) else frame.opening
    closing = "" if channel != MAIL and _ENDS_BY_ITSELF.search(wording.text) else frame.closing
    return f"{opening}{wording.text}{closing}"


def slots_of(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_SLOT.findall(text)))


def fill(script: Wording | str, slots: Mapping[str, str]) -> str:
    """The text with every slot filled. Raises Unfilled, naming those for which nothing was given."""
    text = script if isinstance(script, str) else script.text
    if missing := [slot for slot in slots_of(text) if not slots.get(slot, "").strip()]:
        raise Unfilled(missing)
    return _SLOT.sub(lambda match: slots[match[1]], text)


def fill_in(text: str, slots: Mapping[str, str]) -> str:
    """The text with what is known; each other slot is marked 【待填：…】: a letter that still has one is refused."""
    return _SLOT.sub(lambda match: slots.get(match[1], "").strip() or hole(match[1]), text)


def named(text: str) -> str:
    """To be read in the library: each slot by its name, 〔客户称呼〕."""
    return _SLOT.sub(lambda match: f"〔{SLOTS.get(match[1], match[1])}〕", text)


def hole(slot: str) -> str:
    return f"【待填：{SLOTS.get(slot, slot)}】"


def for_complaint(
    scripts: Iterable[Wording],
    *,
    codes: Collection[str],
    stage: str | Collection[str],
    emotion: int,
    channel: str,
    validity: str = "",
) -> list[Wording]:
    """Those that fit, the fittest first: where nobody of ours is to blame, regret and understanding (D29), where we
    are, an apology (B47); for an excited customer, what calms; then what was written for this category, then the
    general ones, by stage.

    `channel` drops what is said only elsewhere: a conversation's pause is of no use in a letter.
    """
    stages = [stage] if isinstance(stage, str) else list(stage)
    is_blameless, is_at_fault = validity in NOT_AT_FAULT, validity in AT_FAULT
    fitting = [
        each
        for each in scripts
        if each.is_for(codes)
        and not (is_blameless and each.is_confessing)
        and not (channel == MAIL and each.stage in {"calm", "listen"})
        and (
            each.stage in stages
            or (is_blameless and each.is_regret)
            or (is_at_fault and _apologises(each))
            or (emotion >= EXCITED and each.stage == "calm" and channel != MAIL)
        )
    ]

    def fitness(each: Wording) -> tuple[bool, bool, bool, int]:
        place = stages.index(each.stage) if each.stage in stages else len(stages)
        return (
            not ((is_blameless and each.is_regret) or (is_at_fault and _apologises(each))),
            not (emotion >= EXCITED and each.stage == "calm"),
            not each.codes,
            place,
        )

    return sorted(fitting, key=fitness)


def _apologises(wording: Wording) -> bool:
    return wording.is_confessing and wording.stage == _REPAIRS
