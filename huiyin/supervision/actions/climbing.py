"""逐级上报: a broken promise goes up the ladder of its policy, rung by rung, until it is kept or somebody acts.

Each rung is one event with whom it reached. After a downtime it climbs one rung at a time, each with its time to act.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import prefetch_related_objects

from huiyin.complaints import events
from huiyin.complaints.actions.clocks import stood_still
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.complaints.models.clocks import BREACH
from huiyin.dispatch.models import WorkOrder
from huiyin.lib import spans
from huiyin.lib.sweeping import PUT_OFF, one_by_one
from huiyin.notices.actions.telling import tell
from huiyin.org.actors import SYSTEM
from huiyin.org.models import Member
from huiyin.sla.engine import Target, Unit
from huiyin.sla.ladder import Rung, rungs
from huiyin.sla.policy import Policy
from huiyin.sla.promises import earliest, share_used_at
from huiyin.sla.queries import Versions
from huiyin.supervision import recipients
from huiyin.supervision.directory import Directory, Sight
from huiyin.supervision.models import Climb
from huiyin.supervision.naming import in_both, link_to, names_of

IDLE = (Event.Kind.NUDGED, Event.Kind.REVEALED, Event.Kind.EXPORTED)  # asking others, or reading, is no deed
ON_TIME = timedelta(minutes=2)  # a sweep that comes later was held up, and the next rung is counted from then


def begin(clocks: Sequence[Clock], *, at: datetime) -> None:
    """Those that are broken and run on have a foot on the ladder; twice changes nothing."""
    broken, versions = [each for each in clocks if each.reached >= BREACH and each.stopped_at is None], Versions()
    prefetch_related_objects(broken, "complaint__pauses")
    rows = [
        Climb(clock=clock, since=since, reached_at=at, next_at=_moment(clock, ladder, 0, since, versions))
        for clock in broken
        if (ladder := _ladder(clock, versions))
        for since in [_counted_from(clock.due_at, at)]
    ]
    if rows:
        Climb.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def change_ladders(complaint: Complaint, *, at: datetime) -> int:
    """After its level has changed, every broken promise goes on at the first rung of its new ladder whose people have
    not heard of it, with the time that this one gives them. May run twice. Returns how many go on elsewhere or at
    another moment."""
    held = Complaint.objects.select_for_update(no_key=True).get(pk=complaint.pk)
    running = list(Clock.objects.running().filter(complaint=held))
    begin(running, at=at)
    known = Climb.objects.select_for_update(of=("self",)).filter(clock__in=running).select_related("clock")
    steps, versions = list(Event.objects.filter(complaint=held, kind=Event.Kind.ESCALATED)), Versions()
    return sum(_change_ladder(climb, held, steps, versions) for climb in known.order_by("pk"))


def _change_ladder(climb: Climb, complaint: Complaint, steps: Sequence[Event], versions: Versions) -> bool:
    climb.clock.complaint = complaint
    ladder, heard, before = _ladder(climb.clock, versions), _heard(climb.clock, steps), (climb.rung, climb.next_at)
    climb.rung = next((place for place, rung in enumerate(ladder) if not heard.issuperset(rung.tell)), len(ladder))
    is_on = climb.rung < len(ladder)
    climb.next_at = _moment(climb.clock, ladder, climb.rung, climb.since, versions) if is_on else None
    if (climb.rung, climb.next_at) == before:
        return False
    climb.save(update_fields=["rung", "next_at"])
    return True


def _heard(clock: Clock, steps: Sequence[Event]) -> set[str]:
    """The roles that were told of this promise on any ladder."""
    said = [each.particulars for each in steps if each.at >= clock.started_at]
    mine = [each for each in said if (each.get("clock"), each.get("subject")) == (clock.code, clock.subject)]
    return {role for each in mine for role in each["roles"]}


def sweep(*, at: datetime, limit: int = 100) -> int:
    """Every promise whose next rung's moment has come is on that rung, once, however many sweeps run."""
    Climb.objects.filter(next_at__lt=at, clock__stopped_at__isnull=False).update(next_at=None)
    ripe = Climb.objects.ripe(at).select_related("clock").order_by("next_at", "pk")[:limit]
    directory, versions = Directory(at=at), Versions()
    return one_by_one(ripe, lambda each: _look(each, at, directory, versions), put_off=lambda each: _put_off(each, at))


def _put_off(climb: Climb, at: datetime) -> None:
    Climb.objects.filter(pk=climb.pk, next_at__lt=at).update(next_at=at + PUT_OFF)


@transaction.atomic
def _look(climb: Climb, at: datetime, directory: Directory, versions: Versions) -> bool:
    complaint = Complaint.objects.select_for_update(no_key=True).get(pk=climb.clock.complaint_id)
    mine = Climb.objects.ripe(at).select_for_update(of=("self",)).select_related("clock").filter(pk=climb.pk).first()
    if mine is None:
        return False
    mine.clock.complaint = complaint
    ladder = _ladder(mine.clock, versions)
    if mine.rung >= len(ladder):
        mine.next_at = None
    elif later := _not_yet(mine, ladder, at, versions):
        mine.next_at = later
    else:
        _climb(mine, ladder, at, directory, versions)
    mine.save()
    return True


def _not_yet(climb: Climb, ladder: Sequence[Rung], at: datetime, versions: Versions) -> datetime | None:
    """When the next rung is to be reached, where that is not now: it has moved, or somebody has acted."""
    due = _moment(climb.clock, ladder, climb.rung, climb.since, versions)
    return due if due >= at else _waits_for(climb, ladder, at, versions)


def _waits_for(climb: Climb, ladder: Sequence[Rung], at: datetime, versions: Versions) -> datetime | None:
    """Somebody who was told has done something since: the next rung has its time from then on, once."""
    if climb.is_put_off or not climb.told:
        return None
    deeds = Event.objects.filter(complaint=climb.clock.complaint_id, actor__in=climb.told, at__gt=climb.reached_at)
    last = deeds.exclude(kind__in=IDLE).order_by("-seq").first()
    due = _moment(climb.clock, ladder, climb.rung, last.at, versions) if last else at
    if last is None or due < at:
        return None
    climb.is_put_off, climb.since = True, last.at
    return due


def _climb(climb: Climb, ladder: Sequence[Rung], at: datetime, directory: Directory, versions: Versions) -> None:
    clock, rung = climb.clock, ladder[climb.rung]
    order = WorkOrder.objects.filter(number=clock.subject).select_related("unit").first() if clock.subject else None
    due = _moment(clock, ladder, climb.rung, climb.since, versions)
    climb.rung, climb.since = climb.rung + 1, _counted_from(due, at)
    if above := recipients.of_rung(clock, order, rung.tell, directory):  # a rung that nobody stands on is passed by
        members = directory.reached(above, clock.complaint, Sight([clock.complaint]))
        climb.reached_at, climb.told, climb.is_put_off = at, [member.pk for member in members], False
        _tell(climb, rung, len(ladder), members, at)
        said = {"clock": clock.code, "subject": clock.subject, "rung": climb.rung, "of": len(ladder)}
        said |= {"roles": list(rung.tell), "members": climb.told}
        events.record(clock.complaint, Event.Kind.ESCALATED, actor=SYSTEM, at=at, **said)
    is_on = climb.rung < len(ladder)
    climb.next_at = _moment(clock, ladder, climb.rung, climb.since, versions) if is_on else None


def _tell(climb: Climb, rung: Rung, count: int, members: list[Member], at: datetime) -> None:
    clock = climb.clock
    complaint, name = clock.complaint, names_of(clock)
    late = in_both(lambda: spans.took(at - clock.due_at))
    tell(
        members=members,
        kind="escalated",
        values={
            "rung": {"zh": f"第 {climb.rung} 级，共 {count} 级", "en": f"rung {climb.rung} of {count}"},
            "reason": {
                "zh": f"{name['zh']}已超时 {late['zh']}",
                "en": f"“{name['en']}” is {late['en']} late",
            },
            "owner": _owner(complaint),
        },
        number=complaint.number,
        link=link_to(complaint.number),
        key=f"rung:{clock.pk}:{climb.rung}",
        urgent=complaint.is_pressing,
        at=at,
    )  # fmt: skip


def _owner(complaint: Complaint) -> dict[str, str]:
    unit, person = complaint.owner_unit, complaint.assignee
    name = f" {person.name}" if person else ""
    return {"zh": unit.name_zh + name, "en": (unit.name_en or unit.name_zh) + name}


def _ladder(clock: Clock, versions: Versions) -> tuple[Rung, ...]:
    return rungs(versions.of(clock.policy_version), clock.complaint.severity)


def _counted_from(moment: datetime, at: datetime) -> datetime:
    return moment if at - moment <= ON_TIME else at


def _moment(clock: Clock, ladder: Sequence[Rung], place: int, since: datetime, versions: Versions) -> datetime:
    """When that rung's time is up: at its share, and never sooner after the one before than the shares are apart. Time
    in which the promise stood still is none of it."""
    policy, rung = versions.of(clock.policy_version), ladder[place]
    held = stood_still(clock.complaint.pauses.all(), clock.code, versions.current)
    if rung.after is not None:
        return earliest(policy.calendar, since, rung.after, held)
    before = ladder[place - 1].at if place else None
    used = _used_up(clock, rung.at or 1.0, policy)
    earlier = _used_up(clock, before, policy) if before else clock.due_at
    running = ((clock.due_at, used - clock.due_at), (since, used - earlier))
    return max(policy.calendar.add(start, Target(Unit.NATURAL_MINUTES, span), held) for start, span in running)


def _used_up(clock: Clock, share: float, policy: Policy) -> datetime:
    return share_used_at(policy, clock.why, start=clock.started_at, due=clock.due_at, share=share)
