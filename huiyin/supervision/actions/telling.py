"""Those concerned are told what time has done to a promise: each share once, whoever runs and however often."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import translation

from huiyin.complaints import events
from huiyin.complaints.actions.clocks import DIRECT, REGULATORY
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.complaints.models.clocks import BREACH
from huiyin.dispatch.models import WorkOrder
from huiyin.lib import spans
from huiyin.notices.actions.telling import Telling, tell_many
from huiyin.org.actors import SYSTEM
from huiyin.org.models import Member
from huiyin.sla.explaining import clock_name
from huiyin.sla.queries import numbered
from huiyin.supervision import recipients
from huiyin.supervision.actions import prompting
from huiyin.supervision.directory import Directory, Sight

ESCALATES = "escalate_one_level"
OF_AUTHORITIES = frozenset({REGULATORY, DIRECT})

log = structlog.get_logger(__name__)


@transaction.atomic
def tell_of_time(complaint_ids: Collection[int], *, at: datetime) -> int:
    """Of every share of these complaints' clocks that nobody was told of yet, its people are told, absent ones through
    who stands in for them, and nobody who may not see the complaint. Where the policy escalates, that is on record.

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
    wanted = [
        (clock, directory.reached(_concerned(clock, orders, directory), clock.complaint, sees)) for clock in clocks
    ]
    news = [_telling(clock, members, at) for clock, members in wanted]
    tell_many([*news, *prompting.prompts(clocks, directory, sees)], at=at)
    _escalate(clocks, at)
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


def _concerned(clock: Clock, orders: dict[str, WorkOrder], directory: Directory) -> list[Member]:
    # of a clock that slept through several shares, those of each are told, once: of a breach not the last ones alone
    words = list(dict.fromkeys(word for threshold in _reached(clock) for word in threshold.notify))
    return recipients.of_clock(clock, orders.get(clock.subject), words, directory)


def _telling(clock: Clock, members: list[Member], at: datetime) -> Telling:
    number = clock.complaint.number
    is_broken = clock.reached >= BREACH
    values: dict[str, Any] = {"clock": names_of(clock), "due_at": clock.due_at}
    if is_broken:
        values["late"] = in_both(lambda: spans.took(at - clock.due_at))
    else:
        values |= {"share": clock.reached, "left": in_both(lambda: spans.took(clock.due_at - at))}
    kind = "clock_breached" if is_broken else "clock_warned"
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


def _escalate(clocks: list[Clock], at: datetime) -> None:
    climbed = [(clock, threshold) for clock in clocks for threshold in _reached(clock) if threshold.action == ESCALATES]
    facts = [
        (
            clock.complaint,
            Event.Kind.ESCALATED,
            {"clock": clock.code, "subject": clock.subject, "rung": list(threshold.notify), "share": clock.reached},
        )
        for clock, threshold in climbed
    ]
    if facts:
        events.record_many(facts, actor=SYSTEM, at=at)


def _reached(clock: Clock) -> Iterable[Any]:
    """The thresholds that are new since it was last told of."""
    for threshold in numbered(clock.policy_version).warnings:
        if clock.told < round(threshold.at * 100) <= clock.reached:
            yield threshold


def names_of(clock: Clock) -> dict[str, str]:
    zh = str(clock.why.get("name", clock.code)).partition("（")[0]
    if clock.code in OF_AUTHORITIES:
        why = clock.why
        return {
            lang: f"{why.get('profile', '')} {why.get(name, '')}" for lang, name in (("zh", "name"), ("en", "name_en"))
        }
    return {"zh": zh, "en": clock_name(clock.code, zh, "en")}


def in_both(words: Any) -> dict[str, str]:
    """The same words in both languages, for a notice that each reads in their own."""
    found = {}
    for code, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            found[code] = str(words())
    return found


def link_to(number: str) -> str:
    return f"/desk/complaints/{number}"  # where the desk shows it; a test compares
