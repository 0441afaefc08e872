"""What may be refused here, each with one sentence for the reader."""

from datetime import date

from django.utils.translation import gettext as _

from huiyin.complaints.errors import GuardFailed, MayNot, Refused

__all__ = [
    "AlreadyAppealed",
    "AlreadyDecided",
    "AlreadyReviewed",
    "AppealTooLate",
    "ChangedMeanwhile",
    "GuardFailed",
    "MayNot",
    "MonthNotOver",
    "NotThird",
    "NothingScored",
    "OutOfLimits",
    "OwnCard",
    "OwnCase",
    "OwnLedger",
    "Refused",
    "WasReviewer",
    "WeightsOff",
]


class MonthNotOver(Refused):
    code = "month_not_over"

    def __init__(self, month: date) -> None:
        super().__init__(_("%s 还没有结束，月末之后才能抽样。") % f"{month:%Y-%m}")


class AlreadyReviewed(Refused):
    """409: what was typed is kept on the page, and is not saved."""

    code = "already_reviewed"

    def __init__(self) -> None:
        super().__init__(_("另一位评审员已经保存了这件的评审，评审只保存一次。您填写的没有保存。"))


class OwnCase(Refused):
    code = "own_case"

    def __init__(self) -> None:
        super().__init__(_("这件是您自己处理的，请由另一位评审员评审。"))


class OwnLedger(Refused):
    code = "own_ledger"

    def __init__(self) -> None:
        super().__init__(_("自己的学时和成果由主管或培训导师登记。"))


class OwnCard(Refused):
    code = "own_card"

    def __init__(self) -> None:
        super().__init__(_("这件您已经评过，等另一位评审员评分。"))


class NotThird(Refused):
    """Meanwhile a second has scored, and not like the first: who settles it is to have seen both."""

    code = "not_third"

    def __init__(self) -> None:
        super().__init__(_("您填写时另一位已交评分，两份相差较大。请看过下面两份，再保存您的评分定分。"))


class AppealTooLate(Refused):
    code = "appeal_too_late"

    def __init__(self, last: date) -> None:
        super().__init__(_("申诉期到 %s 为止，已经过了。") % f"{last:%Y-%m-%d}")


class AlreadyAppealed(Refused):
    code = "already_appealed"

    def __init__(self) -> None:
        super().__init__(_("这件已经提出过申诉，每件只能申诉一次。"))


class AlreadyDecided(Refused):
    code = "already_decided"

    def __init__(self) -> None:
        super().__init__(_("另一位已经对这件申诉作出决定。您填写的没有保存。"))


class WasReviewer(Refused):
    code = "was_reviewer"

    def __init__(self) -> None:
        super().__init__(_("您评过这件，申诉由没有评过的人决定。"))


class ChangedMeanwhile(Refused):
    """Of two who change the card or the rule, the later one."""

    code = "changed_meanwhile"

    def __init__(self) -> None:
        super().__init__(_("您填写时另一位管理员改了这一页，您填写的没有保存。请另开一页看现在的内容，再改。"))


class TooManyItems(Refused):
    code = "too_many_items"

    def __init__(self, count: int, most: int) -> None:
        super().__init__(_("评分表最多 %(most)d 项，现在是 %(count)d 项。") % {"count": count, "most": most})


class NothingScored(Refused):
    code = "nothing_scored"

    def __init__(self) -> None:
        super().__init__(_("至少要有一个计分项。"))


class WeightsOff(Refused):
    code = "weights_off"

    def __init__(self, total: int, whole: int) -> None:
        said = {"total": total, "whole": whole, "off": abs(total - whole)}
        more = _("计分项的权重合计须为 %(whole)d，现在是 %(total)d，还差 %(off)d。")
        less = _("计分项的权重合计须为 %(whole)d，现在是 %(total)d，多了 %(off)d。")
        super().__init__((more if total < whole else less) % said)


class OutOfLimits(Refused):
    code = "out_of_limits"

    def __init__(self, name: str, least: int, most: int) -> None:
        said = {"name": name, "least": least, "most": most}
        super().__init__(_("“%(name)s”须在 %(least)d 到 %(most)d 之间。") % said)
