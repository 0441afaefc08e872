"""What may be refused here, each by its name, with a sentence for the reader."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from huiyin.lib.phrasing import listed


class Refused(Exception):
    """Something was asked for that may not be; the sentence says what."""


class MayNotConfigure(Refused):
    def __init__(self) -> None:
        super().__init__(_("只有系统管理员可以修改这项设置。"))


class BadCode(Refused):
    def __init__(self, code: str) -> None:
        super().__init__(_("编码“%s”不合规则：只用大写字母、数字，中间可用连字符。") % code)


class CodeTaken(Refused):
    def __init__(self, code: str) -> None:
        super().__init__(_("编码“%s”已被使用。") % code)


class WouldLoop(Refused):
    def __init__(self, code: str) -> None:
        super().__init__(_("“%s”不能移到自己或自己的下级之下。") % code)


class StillInUse(Refused):
    def __init__(self, code: str) -> None:
        super().__init__(_("“%s”之下还有启用的单位或在岗的成员。") % code)


class UnitInactive(Refused):
    def __init__(self, code: str) -> None:
        super().__init__(_("“%s”已停用。") % code)


class UnknownRole(Refused):
    def __init__(self, role: str) -> None:
        super().__init__(_("没有“%s”这个角色。") % role)


class UsernameTaken(Refused):
    def __init__(self, username: str) -> None:
        super().__init__(_("工号“%s”已存在。") % username)


class BadUsername(Refused):
    def __init__(self, username: str) -> None:
        super().__init__(_("工号“%s”不合规则。") % username)


class AlreadyLeft(Refused):
    def __init__(self, username: str) -> None:
        super().__init__(_("“%s”已经离岗。") % username)


class LastAdministrator(Refused):
    def __init__(self) -> None:
        super().__init__(_("至少要留一名系统管理员。"))


class NoSecondFactor(Refused):
    def __init__(self, username: str) -> None:
        super().__init__(_("“%s”没有设置两步验证。") % username)


class ManagerLoop(Refused):
    def __init__(self, username: str) -> None:
        super().__init__(_("“%s”不能成为自己的上级。") % username)


class UnknownScope(Refused):
    def __init__(self, scope: str) -> None:
        super().__init__(_("没有“%s”这个权限范围。") % scope)


class SuggestionEmpty(Refused):
    def __init__(self) -> None:
        super().__init__(_("请写下您的建议。"))


class TooManySuggestions(Refused):
    def __init__(self) -> None:
        super().__init__(_("您刚刚提了很多建议，请过一会儿再提。"))


class MayNotAnswer(Refused):
    def __init__(self) -> None:
        super().__init__(_("您的角色不能答复建议。"))


class AnswerMissing(Refused):
    def __init__(self) -> None:
        super().__init__(_("不采纳的，请写明原因。"))


class NotYourView(Refused):
    def __init__(self, name: str) -> None:
        super().__init__(_("视图“%s”不归您管理：本单位的由主管维护，全员的由经理或管理员维护。") % name)


class MayNotShare(Refused):
    def __init__(self) -> None:
        super().__init__(_("您可以为自己保存视图；本单位的由主管建立，全员的由经理或管理员建立。"))


class ViewWithoutName(Refused):
    def __init__(self) -> None:
        super().__init__(_("请给视图起个名字，不超过 40 个字。"))


class TooManyViews(Refused):
    def __init__(self, most: int) -> None:
        super().__init__(_("这里最多保存 %d 个视图，请先删除不用的。") % most)


class StillHasWork(Refused):
    """Names the open complaints and work orders that it would leave without a unit."""

    def __init__(self, code: str, numbers: Sequence[str]) -> None:
        self.numbers = tuple(numbers)
        named = listed(self.numbers[:10]) + (" …" if len(self.numbers) > 10 else "")
        super().__init__(
            _("“%(code)s”还有 %(n)d 件未结的投诉或工单，请先转给别的单位：%(named)s")
            % {"code": code, "n": len(self.numbers), "named": named}
        )


class RowsUnsound(Refused):
    """A file of units with faults in these rows: none of it was taken."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(_("文件有 %d 处问题，没有导入任何一行。") % len(self.faults))


class BadRow(Refused):
    """One row of a file; the sentence says what it lacks."""


class NotAColour(Refused):
    def __init__(self, written: str) -> None:
        super().__init__(_("“%s”不是颜色，请写成 #2554b8 这样的六位数字或字母。") % written[:20])


class TooPale(Refused):
    """Words in this colour could not be read; names the nearest that can."""

    def __init__(self, colour: str, nearest: str) -> None:
        self.nearest = nearest
        super().__init__(
            _("%(colour)s 太浅，按钮上的白字看不清（WCAG AA 要求 4.5:1）。最接近的可用颜色是 %(nearest)s。")
            % {"colour": colour, "nearest": nearest}
        )


class NotALogo(Refused):
    """The sentence says why: too large, no picture, or more than one."""


class UnknownStep(Refused):
    def __init__(self, code: str) -> None:
        super().__init__(_("没有“%s”这一步。") % code)


class NotOneAccountable(Refused):
    """`names` of those who were marked A: none, or more than one."""

    def __init__(self, names: Sequence[str]) -> None:
        said = _("每一步须有且只有一个 A（负责）。")
        super().__init__(said + (_("现在有：%s") % listed(names) if names else _("现在还没有。")))
