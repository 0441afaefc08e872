"""签收超时: an order that nobody signs for is taken back and offered on, until somebody does.

To the next in the unit, then to its lead, then up the tree; never to somebody absent, off duty, without the right, or
who may not see the complaint. Each step is an event. When nobody is left the supervisor must act, and is told so.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Complaint, Event
from huiyin.dispatch.actions.moving import hold
from huiyin.dispatch.models import WorkOrder
from huiyin.dispatch.states import IN_HAND, OrderState
from huiyin.duty import queries as duty
from huiyin.duty.spans import Span, used_up
from huiyin.lib.sweeping import PUT_OFF, one_by_one
from huiyin.notices.actions.telling import Telling, tell_many
from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.models import Member
from huiyin.org.rules import RIGHTS, Right, Role, may
from huiyin.sla import promises
from huiyin.sla.engine import NATURAL, Target, Unit
from huiyin.sla.queries import current
from huiyin.supervision import recipients
from huiyin.supervision.directory import Directory, Sight
from huiyin.supervision.models import SignWatch
from huiyin.supervision.naming import link_to

SIGN = "CK-ACK"
ASKED = RIGHTS[Right.SIGN] | {Role.DEPT_LEAD, Role.SUPERVISOR}
A_MOMENT = Target.of("bm", 1)  # the first working minute from now
ROSTERED = timedelta(days=14)  # how far ahead shifts are looked at


@transaction.atomic
def watch(complaint: Complaint, *, at: datetime) -> int:
    """Every order of the complaint that waits to be signed for is watched from now on, by its newest window. May run
    twice without harm."""
    waiting = WorkOrder.objects.filter(complaint=complaint, state=OrderState.DISPATCHED, sign_due_at__isnull=False)
    known = {each.order_id: each for each in SignWatch.objects.select_for_update().filter(order__in=waiting)}
    return sum(_begin(order, known.get(order.pk), at) for order in waiting)


@transaction.atomic
def shorten_windows(complaint: Complaint) -> int:
    """A graver level leaves those an order was handed on to less time too, counted from when they got it. Returns how
    many are to be signed for sooner."""
    held = Complaint.objects.select_for_update(no_key=True).get(pk=complaint.pk)
    given = Event.objects.filter(complaint=held, kind=Event.Kind.OFFERED_ON).order_by("seq")
    since = {str(each.particulars.get("order")): each.at for each in given}
    waiting = WorkOrder.objects.filter(complaint=held, state=OrderState.DISPATCHED, number__in=since)
    shortened = 0
    for order in waiting.select_related("unit", "assignee"):
        if order.assignee is not None:
            until = _window(order, held, order.assignee, since[order.number])
            later = WorkOrder.objects.filter(pk=order.pk, sign_due_at__gt=until)
            shortened += later.update(sign_due_at=until)
    return shortened


def _begin(order: WorkOrder, watched: SignWatch | None, at: datetime) -> bool:
    if watched is None or _is_again(order, watched.began_at):
        values: dict[str, Any] = {"next_at": order.sign_due_at, "offered": [], "began_at": at}
        SignWatch.objects.update_or_create(order=order, defaults=values)
        return True
    if not _went_by_hand(watched, order, at):
        return _hurry(watched, order)
    _follow(watched, order)
    watched.save(update_fields=["next_at", "offered"])
    return True


def _hurry(watched: SignWatch, order: WorkOrder) -> bool:
    """A graver level left them less time than they had."""
    if order.sign_due_at is None or watched.next_at is None or watched.next_at <= order.sign_due_at:
        return False
    watched.next_at = order.sign_due_at
    watched.save(update_fields=["next_at"])
    return True


def _is_again(order: WorkOrder, began_at: datetime) -> bool:
    """Sent back by the audit and to be signed for once more."""
    return order.audited_at is not None and order.audited_at >= began_at


def _went_by_hand(watched: SignWatch, order: WorkOrder, at: datetime) -> bool:
    """Somebody gave it to another, who has a window of their own: offered here it would be the last one offered to."""
    if order.sign_due_at is None or order.sign_due_at < at or order.sign_due_at == watched.next_at:
        return False
    return order.assignee_id is not None and order.assignee_id not in watched.offered[-1:]


def _follow(watched: SignWatch, order: WorkOrder) -> None:
    """Whoever had it before and whoever has it now have been asked."""
    given = Event.objects.filter(complaint=order.complaint_id, kind=Event.Kind.OFFERED_ON).order_by("seq")
    former = [said.get("from") for each in given if (said := each.particulars).get("order") == order.number]
    now = order.assignee_id or 0
    asked = dict.fromkeys([*watched.offered, *former])
    watched.offered = [*(pk for pk in asked if pk and pk != now), now]
    watched.next_at = order.sign_due_at


def sweep(*, at: datetime, limit: int = 100) -> int:
    """Take back what was not signed for in time: each once, however many sweeps run, one transaction each."""
    ripe = SignWatch.objects.ripe(at).select_related("order__complaint", "order__unit").order_by("next_at")[:limit]
    directory = _directory(at)
    return one_by_one(ripe, lambda each: _look(each, at, directory), put_off=lambda each: _put_off(each, at))


def _put_off(watched: SignWatch, at: datetime) -> None:
    SignWatch.objects.filter(pk=watched.pk, next_at__lt=at).update(next_at=at + PUT_OFF)


def _directory(at: datetime) -> Directory:
    """Whoever may be offered an order, or told that nobody is left."""
    return Directory(at=at, roles=ASKED)


@transaction.atomic
def _look(watched: SignWatch, at: datetime, directory: Directory | None = None) -> bool:
    order = watched.order
    complaint = hold(order)
    mine = SignWatch.objects.select_for_update().filter(pk=watched.pk, next_at__lt=at).first()
    if mine is None:
        return False
    if order.state != OrderState.DISPATCHED or complaint.is_ended:
        mine.next_at = None
    elif _went_by_hand(mine, order, at):
        _follow(mine, order)
    else:
        _offer_on(mine, order, complaint, at, directory or _directory(at))
    mine.save(update_fields=["next_at", "offered"])
    return True


@transaction.atomic
def take_back(order: WorkOrder, *, actor: Actor, at: datetime) -> Member | None:
    """Not waiting for the sweep: it goes to the next at once. Returns who has it now; None where nobody can take it
    at this hour, or at all. Raises MayNot, and GuardFailed where it has been signed for."""
    complaint = hold(order)
    if actor.member is None or not actor.may(Right.DISPATCH):
        raise MayNot()
    if order.state != OrderState.DISPATCHED or complaint.is_ended:
        raise GuardFailed("order", _("工单 %s 已经签收或结束，不能收回。") % order.number)
    SignWatch.objects.get_or_create(order=order, defaults={"began_at": at})
    watched = SignWatch.objects.select_for_update().get(order=order)
    before = order.assignee_id
    _offer_on(watched, order, complaint, at, _directory(at), actor)
    watched.save(update_fields=["next_at", "offered"])
    order.refresh_from_db()
    return order.assignee if order.assignee_id != before else None


def _offer_on(
    watched: SignWatch,
    order: WorkOrder,
    complaint: Complaint,
    at: datetime,
    directory: Directory,
    actor: Actor = SYSTEM,
) -> None:
    before = directory.everybody.get(order.assignee_id or 0)
    tried = {*watched.offered, order.assignee_id}
    able = [member for member in _able(order, complaint, directory) if member.pk not in tried]
    calendar = current().in_zone(order.unit.time_zone).calendar
    awake = duty.reachable(able, at, is_open=None if complaint.is_pressing else calendar.is_open)
    chosen = next((member for member in able if member.pk in awake), None)
    if chosen is None and not complaint.is_pressing and duty.reachable(able, at):
        watched.next_at = promises.earliest(calendar, at, A_MOMENT)  # somebody could, but not at this hour
        return
    if chosen is None:
        watched.next_at = None
        _nobody_left(order, complaint, directory, at)
        return
    until = _window(order, complaint, chosen, at)
    former = [before.pk] if before is not None and before.pk not in watched.offered else []
    watched.offered, watched.next_at = [*watched.offered, *former, chosen.pk], until
    WorkOrder.objects.filter(pk=order.pk).update(assignee=chosen, sign_due_at=until)
    said = {"order": order.number, "unit": order.unit.code}
    taken = {"member": before.pk} if before else {}
    events.record(complaint, Event.Kind.TAKEN_BACK, actor=actor, at=at, **said, **taken)
    events.record(
        complaint, Event.Kind.OFFERED_ON, actor=actor, at=at, member=chosen.pk, due=events.timestamp(until), **said
    )
    _tell(order, complaint, before, chosen, until, len(watched.offered), at)


def _able(order: WorkOrder, complaint: Complaint, directory: Directory) -> list[Member]:
    """In the order they are asked: who stands in for the one named, the unit by how little they have in hand, its
    leads, then the leads above. Only who may sign there, as `handling.sign` asks it, and may see the complaint."""
    unit = directory.of_unit(order.unit_id)
    named = directory.everybody.get(order.assignee_id or 0)
    deputies = directory.present([named]) if named else []
    hands = _in_hand([member.pk for member in unit])
    staff = sorted((m for m in unit if not m.has_role(Role.DEPT_LEAD)), key=lambda m: (hands.get(m.pk, 0), m.pk))
    leads = [member for member in unit if member.has_role(Role.DEPT_LEAD)]
    higher = (member for place in directory.upwards(order.unit_id) for member in directory.of_unit(place))
    above = [member for member in higher if member.has_role(Role.DEPT_LEAD)]
    named_ones = {member.pk: member for member in [*deputies, *staff, *leads, *above] if may(member, Right.SIGN)}
    asked = {pk: member for pk, member in named_ones.items() if order.unit_id in member.reach.unit_ids}
    sees, before = Sight([complaint]), _handled_before(order, complaint)
    return [member for member in asked.values() if member.pk not in before and sees(member, complaint.pk)]


def _handled_before(order: WorkOrder, complaint: Complaint) -> set[int | None]:
    """Of a reopened complaint, who may not sign for it again."""
    reopened_at = complaint.reopened_at
    if reopened_at is None or order.dispatched_at is None or order.dispatched_at < reopened_at:
        return set()
    earlier = WorkOrder.objects.filter(complaint=complaint, dispatched_at__lt=reopened_at)
    return set(earlier.values_list("handler", flat=True))


def _in_hand(members: list[int]) -> dict[int, int]:
    rows = WorkOrder.objects.filter(assignee__in=members, state__in=sorted(IN_HAND))
    return dict(rows.order_by().values_list("assignee").annotate(count=Count("pk")))


def _window(order: WorkOrder, complaint: Complaint, chosen: Member, at: datetime) -> datetime:
    """As long again as the policy gives for signing, while whoever is asked is at work: on shift where a roster is
    kept for them, else in their unit's opening hours. What presses goes by the clock on the wall."""
    policy = current().in_zone(order.unit.time_zone)
    level = promises.Inputs(level=f"L{complaint.severity}", cx=complaint.complexity)
    given = promises.deadline(policy, SIGN, start=at, inputs=level)
    if given is None:
        return promises.earliest(policy.calendar, at, Target.of("bh", 1))
    if complaint.is_pressing or given.why.get("unit") not in NATURAL:
        return given.due_at
    length = given.due_at - at
    on_shift = used_up(duty.shifts_of(chosen, Span(at, at + ROSTERED)), length)
    return on_shift or promises.earliest(policy.calendar, at, Target(Unit.BUSINESS_MINUTES, length))


def _nobody_left(order: WorkOrder, complaint: Complaint, directory: Directory, at: datetime) -> None:
    events.record(
        complaint, Event.Kind.ESCALATED, actor=SYSTEM, at=at, order=order.number, rung=[str(Role.SUPERVISOR)], share=100
    )
    above = recipients.of_complaint(complaint, directory, Role.SUPERVISOR)
    told = Telling(
        members=directory.reached(above, complaint, Sight([complaint])),
        kind="order_nobody_left",
        values={"order": order.number, "unit": _name(order), "due_at": order.sign_due_at or at},
        number=complaint.number,
        link=link_to(complaint.number),
        key=f"unsigned:{order.pk}:{order.round}",
        urgent=complaint.is_pressing,
    )
    tell_many([told], at=at)


def _tell(
    order: WorkOrder,
    complaint: Complaint,
    before: Member | None,
    chosen: Member,
    until: datetime,
    count: int,
    at: datetime,
) -> None:
    key = f"{order.pk}:{order.round}:{count}"
    offered = {"order": order.number, "due_at": until}
    told = [_telling(complaint, chosen, "order_offered", offered, f"offered:{key}")]
    if before is not None:
        taken = {"order": order.number, "unit": _name(order)}
        told.append(_telling(complaint, before, "order_taken_back", taken, f"taken:{key}"))
    tell_many(told, at=at)


def _name(order: WorkOrder) -> dict[str, str]:
    return {"zh": order.unit.name_zh, "en": order.unit.name_en or order.unit.name_zh}


def _telling(complaint: Complaint, member: Member, kind: str, values: Mapping[str, Any], key: str) -> Telling:
    return Telling(
        members=(member,),
        kind=kind,
        values=values,
        number=complaint.number,
        link=link_to(complaint.number),
        key=key,
        urgent=complaint.is_pressing,
    )
