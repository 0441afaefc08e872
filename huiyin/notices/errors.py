"""What may be refused here, each by its name, with a sentence for the reader."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _


class Refused(Exception):
    """Something was asked for that may not be; the sentence says what."""


class BadAddress(Refused):
    def __init__(self, reason: str) -> None:
        super().__init__(_("地址不能用：%s") % reason)


class NoSecret(Refused):
    def __init__(self) -> None:
        super().__init__(_("Webhook 要有签名密钥，至少 16 个字符，接收方凭它确认是我们发的。"))


class UnknownWords(Refused):
    """`faults` names each thing in the template that cannot be filled."""

    def __init__(self, faults: Sequence[str], allowed: Sequence[str]) -> None:
        self.faults = [
            _("不能用：%(found)s。可以用：%(allowed)s。")
            % {"found": "、".join(faults), "allowed": "、".join(f"{{{each}}}" for each in allowed)}
        ]
        super().__init__(self.faults[0])


class NotTaken(Refused):
    def __init__(self, reason: str) -> None:
        super().__init__(_("对方没有接受：%s") % reason)


class BadPhone(Refused):
    def __init__(self) -> None:
        super().__init__(_("手机号不对，请检查。"))


class TooManyTrials(Refused):
    def __init__(self) -> None:
        super().__init__(_("测试太频繁，请一分钟后再试。"))
