"""监管时限临近 (AL-24): two working days before an authority's deadline those concerned are told, once for each
deadline, besides what the policy's shares warn of: of a long one four fifths may be weeks too early.
"""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from huiyin.complaints.models import Clock
from huiyin.lib import spans
from huiyin.notices.actions.telling import Telling, tell_many
from huiyin.org.rules import Role
from huiyin.sla.days import BeyondCalendar
from huiyin.sla.queries import current
from huiyin.supervision import recipients
from huiyin.supervision.directory import Directory, Sight
from huiyin.supervision.naming import OF_AUTHORITIES, in_both, link_to, names_of

WORKING_DAYS = 2
UNKNOWN = timedelta(days=4)
TOLD = (recipients.ASSIGNEE, Role.DEPT_LEAD, Role.SUPERVISOR)


def warn(*, at: datetime) -> int:
    """Returns how many deadlines are near; running it again tells nobody anew."""
    calendar = current().calendar
    today = calendar.local(at).date()
    try:
        last = calendar.nth_working_day(today, WORKING_DAYS)
    except BeyondCalendar:  # next year's days are not announced: rather too early than not at all
        last = today + UNKNOWN
    until = timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min), calendar.local(at).tzinfo)
    running = Clock.objects.running().filter(code__in=OF_AUTHORITIES, breached_at=None, due_at__gt=at, due_at__lt=until)
    clocks = list(running.select_related("complaint").order_by("due_at", "id"))
    if not clocks:
        return 0
    directory, sight = Directory(at=at), Sight([clock.complaint for clock in clocks])
    tell_many((_telling(clock, directory, sight, at) for clock in clocks), at=at)
    return len(clocks)


def _telling(clock: Clock, directory: Directory, sight: Sight, at: datetime) -> Telling:
    concerned = recipients.of_clock(clock, None, TOLD, directory)
    values: dict[str, Any] = {
        "agency": names_of(clock),
        "due_at": clock.due_at,
        "left": in_both(lambda: spans.took(clock.due_at - at)),
    }
    return Telling(
        members=directory.reached(concerned, clock.complaint, sight),
        kind="regulator_due",
        values=values,
        number=clock.complaint.number,
        link=link_to(clock.complaint.number),
        key=f"clock:{clock.pk}:near:{clock.due_at:%Y%m%d%H%M}",
        urgent=clock.complaint.is_pressing,
    )
