"""Those concerned are told what time has done to a promise: each share once, whoever runs and however often."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F

from huiyin.complaints.models import Clock, Complaint
from huiyin.complaints.models.clocks import BREACH
from huiyin.dispatch.models import WorkOrder
from huiyin.lib import spans
from huiyin.notices.actions.telling import Telling, tell_many
from huiyin.org.models import Member
from huiyin.sla.policy import Policy, Threshold
from huiyin.sla.queries import Versions
from huiyin.sla.thresholds import thresholds
from huiyin.supervision import recipients
from huiyin.supervision.actions import climbing, prompting
from huiyin.supervision.directory import Directory, Sight
from huiyin.supervision.naming import OF_AUTHORITIES, in_both, link_to, names_of

ESCALATES = "escalate_one_level"

log = structlog.get_logger(__name__)


@transaction.atomic
def tell_of_time(complaint_ids: Collection[int], *, at: datetime) -> int:
    """Of every share of these complaints' clocks that nobody was told of yet, its people are told, absent ones through
    who stands in for them, and nobody who may not see the complaint. What is broken begins to climb the ladder.

    Returns how many clocks there were news of. Running it again changes nothing.
    """
    complaints = {each.pk: each for each in _held(complaint_ids)}
    clocks = list(Clock.objects.untold().filter(complaint__in=complaints).order_by("due_at", "id"))
    if not clocks:
        return 0
    for clock in clocks:
        clock.complaint = complaints[clock.complaint_id]
    directory = Directory(at=at)
    orders = {order.number: order for order in WorkOrder.objects.filter(number__in={c.subject for c in clocks} - {""})}
    sees = Sight(complaints.values())
    versions = Versions()
    new = ((clock, _reached(clock, versions.of(clock.policy_version))) for clock in clocks)
    wanted = [(clock, reached, words) for clock, reached in new if (words := _words(reached))]
    news = [
        _telling(
            clock, reached, directory.reached(_concerned(clock, words, orders, directory), clock.complaint, sees), at
        )
        for clock, reached, words in wanted
    ]
    tell_many([*news, *prompting.prompts(clocks, directory, sees)], at=at)
    climbing.begin(clocks, at=at)
    Clock.objects.filter(pk__in=[clock.pk for clock in clocks]).update(told=F("reached"))
    return len(clocks)


def catch_up(*, at: datetime, limit: int = 500) -> int:
    """Whatever nobody was told of, because its job was lost, is told now; complaint by complaint, so that one that can
    not be told of holds up no other. Returns how many clocks there were news of."""
    waiting = Clock.objects.untold().order_by("complaint").values_list("complaint", flat=True).distinct()[:limit]
    found = 0
    for complaint_id in list(waiting):
        try:
            found += tell_of_time([complaint_id], at=at)
        except Exception:
            log.exception("nobody could be told of a promise", complaint=complaint_id)
    return found


def _held(complaint_ids: Collection[int]) -> Iterable[Complaint]:
    # as every action does: the complaint first, so that two who tell at once do so one after the other
    return Complaint.objects.select_for_update(no_key=True).filter(pk__in=sorted(set(complaint_ids))).order_by("pk")


def _concerned(clock: Clock, words: Sequence[str], orders: dict[str, WorkOrder], directory: Directory) -> list[Member]:
    # of a clock that slept through several shares, those of each are told, once: of a breach not the last ones alone
    return recipients.of_clock(clock, orders.get(clock.subject), words, directory)


def _words(reached: Iterable[Threshold]) -> list[str]:
    """Whom the shares name; those of a share that escalates are on the ladder, and told by it."""
    told = (threshold.notify for threshold in reached if threshold.action != ESCALATES)
    return list(dict.fromkeys(word for notified in told for word in notified))


def _telling(clock: Clock, reached: Iterable[Threshold], members: list[Member], at: datetime) -> Telling:
    number = clock.complaint.number
    is_broken = clock.reached >= BREACH
    values: dict[str, Any] = {"clock": names_of(clock), "due_at": clock.due_at}
    if is_broken:
        values["late"] = in_both(lambda: spans.took(at - clock.due_at))
    else:
        values |= {"share": clock.reached, "left": in_both(lambda: spans.took(clock.due_at - at))}
    kind = "clock_breached" if is_broken else "clock_warned"
    if not is_broken and any(threshold.before for threshold in reached):
        kind = "promise_due"
    if clock.code in OF_AUTHORITIES and not is_broken:
        kind, values = "regulator_due", {**values, "agency": values["clock"]}
    return Telling(
        members=members,
        kind=kind,
        values=values,
        number=number,
        link=link_to(number),
        key=f"clock:{clock.pk}:{clock.reached}",
        urgent=clock.complaint.is_pressing,
    )


def _reached(clock: Clock, policy: Policy) -> list[Threshold]:
    """The thresholds that are new since it was last told of."""
    every = thresholds(policy, clock.code, clock.why, start=clock.started_at, due=clock.due_at)
    return [threshold for threshold in every if clock.told < round(threshold.at * 100) <= clock.reached]
