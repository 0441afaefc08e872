"""The known days end soon: administrators are told, once a week at most, until there are new ones."""

from datetime import datetime

from huiyin.notices.actions.telling import tell
from huiyin.org.models import Member
from huiyin.org.rules import Role
from huiyin.sla.queries import NoPolicy, coverage, current

DAYS_LINK = "/desk/settings/days"  # where the desk keeps them; a test compares


def warn(*, at: datetime) -> int:
    """Returns how many are told anew. The policy says how early (`warn_when_data_ends_within_days`, else 60)."""
    try:
        today = current().calendar.local(at).date()
    except NoPolicy:
        return 0
    found = coverage(today)
    if not found.is_ending:
        return 0
    year, week, _day = today.isocalendar()
    last = found.until.isoformat() if found.until else {"zh": f"{today.year - 1} 年", "en": str(today.year - 1)}
    return tell(
        members=Member.objects.active().with_role(Role.ADMIN).order_by("pk"),
        kind="calendar_ending",
        values={"until": last},
        number="",
        link=DAYS_LINK,
        key=f"days-ending:{year}:{week}",
        urgent=False,
        at=at,
    )
