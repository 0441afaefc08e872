"""每日报送: at 18:00 management has the list of what is still open at level 2 (C045); the hour is the policy's."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db import transaction

from huiyin.complaints import events
from huiyin.complaints.models import Complaint, Event
from huiyin.notices.actions.telling import Telling, tell_many
from huiyin.org.actors import SYSTEM
from huiyin.org.models import Member
from huiyin.redchannel.models import DailyReport
from huiyin.redchannel.queries import arrangements
from huiyin.sla.queries import NoPolicy, current
from huiyin.supervision.directory import Directory

DAILY = "CK-DAILY"
NAMED = 12  # numbers in the letter; the page has them all


@transaction.atomic
def report(*, at: datetime) -> DailyReport | None:
    """The report of the last time that the hour struck, if nobody has made it: each manager has one letter with those
    that they may see, and each complaint says that it was reported. Of days that went by while nothing ran one report
    is made, the latest, which says how many are missing. None where there is nothing to make."""
    due_at = last_due(at)
    if due_at is None:
        return None
    day = due_at.date()
    if DailyReport.objects.filter(day=day).exists():
        return None
    before = DailyReport.objects.filter(day__lt=day).first()
    skipped = (day - before.day).days - 1 if before else 0
    made, is_new = DailyReport.objects.get_or_create(
        day=day, defaults={"due_at": due_at.astimezone(UTC), "made_at": at, "skipped": min(skipped, 32767)}
    )
    if not is_new:
        return None
    policy = arrangements()
    rows = _open(policy.daily_level, due_at)
    made.complaints = [row.pk for row in rows]
    made.told = _tell(made, rows, policy.daily_roles, at)
    made.save(update_fields=["complaints", "told"])
    said = {"report": DAILY, "day": day.isoformat()}
    if rows:
        events.record_many([(row, Event.Kind.REPORTED, said) for row in rows], actor=SYSTEM, at=at)
    return made


def last_due(at: datetime) -> datetime | None:
    """On the wall of the policy's time zone. None where the policy has no such clock."""
    try:
        policy = current()
    except NoPolicy:
        return None
    clock = policy.clocks.get(DAILY)
    if clock is None or clock.repeat_at is None:
        return None
    local = policy.calendar.local(at)
    struck = local.replace(hour=clock.repeat_at.hour, minute=clock.repeat_at.minute, second=0, microsecond=0)
    return struck if struck <= local else struck - timedelta(days=1)


def _open(level: int, due_at: datetime) -> list[Complaint]:
    """The most urgent first; held, in the order of their keys."""
    rows = Complaint.objects.open().filter(severity=level, put_away_at=None, filed_at__lte=due_at)
    held = rows.select_for_update(no_key=True, of=("self",)).order_by("pk")
    return sorted(held, key=lambda row: (row.due_at, row.pk))


def _tell(made: DailyReport, rows: Sequence[Complaint], roles: Sequence[str], at: datetime) -> list[int]:
    directory = Directory(at=at)
    managers = directory.present(directory.anywhere(*roles))
    letters = [(manager, _seen(rows, manager)) for manager in managers]
    tell_many([_letter(made, manager, seen) for manager, seen in letters if seen], at=at)
    return [manager.pk for manager, seen in letters if seen]


def _seen(rows: Sequence[Complaint], manager: Member) -> list[str]:
    mine = Complaint.objects.filter(pk__in=[row.pk for row in rows]).visible_to(manager)
    keys = set(mine.values_list("pk", flat=True))
    return [row.number for row in rows if row.pk in keys]


def _letter(made: DailyReport, manager: Member, numbers: Sequence[str]) -> Telling:
    named, more = " ".join(numbers[:NAMED]), len(numbers) - NAMED
    words = {"zh": named, "en": named}
    if more > 0:
        words = {"zh": f"{named} 等 {len(numbers)} 件", "en": f"{named} and {more} more"}
    return Telling(
        members=(manager,),
        kind="daily_report",
        values={"count": len(numbers), "worst": numbers[0], "list": words},
        number="",
        link=f"/desk/red/daily/{made.day.isoformat()}",
        key=f"daily:{made.day.isoformat()}",
    )
