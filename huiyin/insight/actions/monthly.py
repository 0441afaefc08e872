"""四级建议月报, told of by itself (C047): when a month is over, whoever looks after level 4 or makes knowledge of
answers hears how many came, how many still wait, and of how many knowledge could be made; each of what they may see."""

from datetime import datetime, timedelta

from django.utils import timezone

from huiyin.insight import monthly
from huiyin.notices.actions.telling import Telling, tell_many
from huiyin.org.models import Member
from huiyin.org.rules import Right, Role, may
from huiyin.supervision.directory import Directory

READERS = (Role.SUPERVISOR, Role.CC_MANAGER, Role.KB_EDITOR)  # severity.yaml: the supervisor answers for level 4


def tell(*, at: datetime) -> int:
    """Of the month before this one, once; returns how many hear it. Who sees none of its items hears nothing."""
    over = timezone.localtime(at).date().replace(day=1) - timedelta(days=1)
    month = monthly.the_month(over, at=at)
    directory = Directory(at=at)
    readers = (each for each in directory.present(directory.anywhere(*READERS)) if may_read(each))
    return tell_many([letter for each in readers if (letter := _letter(month, each))], at=at)


def may_read(member: Member) -> bool:
    """Who sees figures, and who makes knowledge of answers."""
    return may(member, Right.SEE_FIGURES) or may(member, Right.ARCHIVE_CASE)


def _letter(month: monthly.Month, member: Member) -> Telling | None:
    tally = monthly.report(member, month).whole.tally
    if not tally.n:
        return None
    to_keep = monthly.items_of(member, month, monthly.Chosen(fate=monthly.TO_KEEP)).count()
    return Telling(
        members=(member,),
        kind="monthly_l4",
        values={"month": month.name, "count": tally.n, "open": tally.waiting, "to_keep": to_keep},
        number="",
        link=f"/desk/reports/monthly?month={month.name}",
        key=f"monthly-l4:{month.name}",
    )
