"""What may be refused here, each by its name, with a sentence for the reader."""

from __future__ import annotations

from django.utils.translation import gettext as _


class Refused(Exception):
    """Something was asked for that may not be; the sentence says what."""


class MayNotRoster(Refused):
    def __init__(self) -> None:
        super().__init__(_("只有主管、部门负责人可以为本单位的成员排班和登记不在岗。"))


class BadZone(Refused):
    def __init__(self, zone: str) -> None:
        super().__init__(_("没有这个时区：%s") % zone)


class CodeTaken(Refused):
    def __init__(self, code: str) -> None:
        super().__init__(_("编码“%s”已被使用。") % code)


class ShiftNameTaken(Refused):
    def __init__(self, name: str) -> None:
        super().__init__(_("这个值班台已有班次“%s”。") % name)


class NoWeekday(Refused):
    def __init__(self) -> None:
        super().__init__(_("请至少选一个星期几；班次在这一天须有。"))


class DaysInWrongOrder(Refused):
    def __init__(self) -> None:
        super().__init__(_("最后一天不能早于第一天。"))


class AlreadyAssigned(Refused):
    def __init__(self, name: str) -> None:
        super().__init__(_("%s 在这些日子已排这个班次。") % name)


class NotAssigned(Refused):
    def __init__(self, name: str) -> None:
        super().__init__(_("%s 这一天没有排这个班次。") % name)


class TimesInWrongOrder(Refused):
    def __init__(self) -> None:
        super().__init__(_("结束时间须晚于开始时间。"))


class AlreadyOver(Refused):
    def __init__(self) -> None:
        super().__init__(_("这段时间已经过去。"))


class AbsencesOverlap(Refused):
    def __init__(self, since: str, until: str) -> None:
        super().__init__(_("与已登记的不在岗时间重叠：%(since)s 至 %(until)s。") % {"since": since, "until": until})


class NoSuchDeputy(Refused):
    def __init__(self, name: str) -> None:
        super().__init__(_("%s 不能作代理人：须是另一位在岗的成员。") % name)


class DeputyIsAway(Refused):
    def __init__(self, name: str) -> None:
        super().__init__(_("%s 这段时间也不在岗，且没有代理人；请另选一位。") % name)


class DeputiesInARing(Refused):
    def __init__(self, name: str) -> None:
        super().__init__(_("代理绕成了一圈：%s 这段时间由您或您的代理人代理。请另选一位。") % name)
