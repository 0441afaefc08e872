"""What the product itself sends to customers: the shipped texts, their slots, and filling them. Pure: no tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_SLOT: Final = re.compile(r"\{([^{}\s]{0,40})\}")
CHINESE, ENGLISH = "zh-hans", "en"
NUMBER, LINK, CODE = "number", "link", "code"
SLOTS: Final = {NUMBER: _("投诉编号"), LINK: _("查询进度的链接"), CODE: _("验证码")}
SAMPLE: Final = {NUMBER: "TS20261122-00042", LINK: "https://tousu.example.com/portal/t/7KQ2-M8XW", CODE: "482913"}


@dataclass(frozen=True)
class Shipped:
    """`slots` may stand in it, `needed` must: without them the message would be of no use."""

    name: StrOrPromise
    when: StrOrPromise
    subject: StrOrPromise = ""
    body: StrOrPromise = ""
    slots: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    longest: int = 4000

    def has(self, part: str) -> bool:
        return bool(getattr(self, part))

    def said(self, part: str, language: str) -> str:
        with override(language):
            return str(getattr(self, part))


class Said(NamedTuple):
    subject: str
    body: str


SHIPPED: Final[Mapping[str, Shipped]] = {
    "receipt": Shipped(
        _("受理通知（邮件）"),
        _("登记后自动发到客户的邮箱"),
        _("投诉已受理：{number}"),
        _("您好：\n\n您的投诉已受理，编号 {number}。\n您可以随时查看进度：{link}\n\n我们会尽快由专人与您联系。"),
        (NUMBER, LINK),
        (LINK,),
    ),
    "answer": Shipped(
        _("答复的主题"), _("写给客户的邮件没有填主题时用"), _("关于您的投诉 {number} 的答复"), "", (NUMBER,)
    ),
    "survey": Shipped(
        _("满意度回访（邮件）"),
        _("答复客户两小时之后、48 小时之内自动发出"),
        _("投诉 {number}：您对处理结果满意吗"),
        _(
            "您好：\n\n您的投诉 {number} 已答复。请用一分钟告诉我们处理得怎么样：{link}\n\n"
            "不满意也请直说，我们会请另一位同事重新处理。"
        ),
        (NUMBER, LINK),
        (LINK,),
    ),
    "survey_again": Shipped(
        _("满意度回访提醒（邮件）"),
        _("发出回访三天后还没有评价时发一次，以后不再打扰"),
        _("投诉 {number}：还想听听您的意见"),
        _(
            "您好：\n\n几天前我们请您评价投诉 {number} 的处理结果。如果方便，请用一分钟告诉我们：{link}\n\n"
            "不方便的话不用理会，我们不会再为这件事打扰您。"
        ),
        (NUMBER, LINK),
        (LINK,),
    ),
    "code_mail": Shipped(
        _("查询验证码（邮件）"),
        _("客户在门户用邮箱查询进度时发出"),
        _("查询投诉进度的验证码"),
        _(
            "您好：\n\n您的验证码是 {code}，10 分钟内有效，用于查看您的投诉进度。请不要告诉任何人，我们也不会向您要。"
            "\n\n如果不是您本人在查询，请不用理会。"
        ),
        (CODE,),
        (CODE,),
    ),
    "code_sms": Shipped(
        _("查询验证码（短信）"),
        _("客户在门户用手机号查询进度时发出"),
        "",
        _("验证码 {code}，10 分钟内有效，用于查看您的投诉进度。请不要告诉任何人。"),
        (CODE,),
        (CODE,),
        longest=300,
    ),
}


def slots_of(text: str) -> list[str]:
    return list(dict.fromkeys(_SLOT.findall(text)))


def fill(text: str, given: Mapping[str, str]) -> str:
    """What has no value stays as it is written: a customer is told everything else."""
    return _SLOT.sub(lambda match: given.get(match[1], match[0]), text)
