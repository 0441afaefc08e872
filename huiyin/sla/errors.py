"""What may be refused here, each by its name, with a sentence for the reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _


class Refused(Exception):
    """Something was asked for that may not be; the sentence says what."""


class MayNotSetPolicy(Refused):
    def __init__(self) -> None:
        super().__init__(_("没有修改时限政策的权限。"))


class PolicyUnsound(Refused):
    """The document has these faults, each naming its place."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(_("时限政策有 %d 处错误：") % len(faults) + "；".join(faults))


class PolicyUnchanged(Refused):
    def __init__(self, number: int) -> None:
        super().__init__(_("内容与第 %d 版相同，没有可保存的修改。") % number)


class PolicyMoved(Refused):
    """Somebody saved a version in between."""

    def __init__(self, number: int) -> None:
        super().__init__(_("其他人刚保存了第 %d 版，请在新版基础上重新修改。") % number)


class NoteMissing(Refused):
    def __init__(self) -> None:
        super().__init__(_("请写明修改说明。"))


class DayNotSet(Refused):
    def __init__(self, day: date) -> None:
        super().__init__(_("%s 没有设定过特殊安排。") % day.isoformat())


class NameMissing(Refused):
    def __init__(self) -> None:
        super().__init__(_("请写明这一天的名称。"))
