"""What may be refused here, each by its name, with a sentence for the reader."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _


class Refused(Exception):
    """A change of the tree that cannot be made; the sentence says why."""


class MayNotConfigure(Refused):
    def __init__(self) -> None:
        super().__init__(_("只有系统管理员可以修改投诉目录树。"))


class NotALeaf(Refused):
    def __init__(self, code: str) -> None:
        super().__init__(_("“%s”是大类，不是末级类别。") % code)


class NotAGroup(Refused):
    def __init__(self, code: str) -> None:
        super().__init__(_("“%s”是末级类别，不能再分下级。") % code)


class AlreadyClosed(Refused):
    def __init__(self, code: str) -> None:
        super().__init__(_("“%s”已经停用。") % code)


class NotClosed(Refused):
    def __init__(self, code: str) -> None:
        super().__init__(_("“%s”没有停用。") % code)


class GroupClosed(Refused):
    def __init__(self, code: str) -> None:
        super().__init__(_("大类“%s”已停用，恢复以后才能放入类别。") % code)


class AlreadyThere(Refused):
    def __init__(self, code: str, group: str) -> None:
        super().__init__(_("“%(code)s”已经在大类“%(group)s”下。") % {"code": code, "group": group})


class ChangedMeanwhile(Refused):
    def __init__(self, code: str) -> None:
        super().__init__(_("“%s”下的类别刚刚被别人改过，请重新打开再排。") % code)


class StillNeeded(Refused):
    """What cannot be classified goes there; without it a complaint could not be taken in."""

    def __init__(self, code: str) -> None:
        super().__init__(_("“%s”收纳暂时无法归类的投诉，不能停用。") % code)


class SuccessorNotCurrent(Refused):
    def __init__(self, code: str) -> None:
        super().__init__(_("“%s”不在使用中，不能接替别的类别。") % code)


class SuccessorIsItself(Refused):
    def __init__(self, code: str) -> None:
        super().__init__(_("“%s”不能接替自己。") % code)


class NotAmendable(Refused):
    """A leaf's code and validity are not changed: it is closed, and another takes its place; its group by moving it."""

    def __init__(self, fields: Iterable[str]) -> None:
        super().__init__(_("这些内容不能修改：%s。") % "、".join(sorted(fields)))


class UnknownOwner(Refused):
    """A file gives a leaf to a department that is not in the organisation."""

    def __init__(self, codes: Iterable[str]) -> None:
        super().__init__(_("组织中没有这些主管部门：%s。") % "、".join(sorted(codes)))


class AskedTwice(Refused):
    def __init__(self, words: Iterable[str]) -> None:
        super().__init__(_("同一个要素问了两次：%s。") % "、".join(words))
