"""What may be refused here, each with one sentence for the reader."""

from datetime import date

from django.utils.translation import gettext as _

from huiyin.complaints.errors import GuardFailed, MayNot, Refused

__all__ = ["AlreadyReviewed", "GuardFailed", "MayNot", "MonthNotOver", "OwnCase", "OwnLedger", "Refused"]


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
