"""时间承诺: what was told the customer, "by then you hear from us", runs as a clock until they do (B44, B45)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import clocks
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.errors import GuardFailed, MayNot, MoveRefused
from huiyin.complaints.models import Clock, Complaint, Event, Letter
from huiyin.complaints.states import State
from huiyin.org.actors import Actor
from huiyin.org.rules import Right
from huiyin.sla import promises
from huiyin.sla.queries import current

PROMISE = "CK-PROMISE"
LONGEST = timedelta(days=90)


@transaction.atomic
def promise(complaint: Complaint, *, until: datetime, actor: Actor, at: datetime, is_told: bool = False) -> Clock:
    """The customer hears from us by `until`. A new promise takes the place of the one that runs, which was then moved:
    neither kept nor, if its time was not up, broken (K42). To a later time only where the customer knows: `is_told` by
    the contact that this comes with, or by one since the old promise was made.
    """
    if not actor.may(Right.REPLY):
        raise MayNot()
    hold(complaint)
    if complaint.is_ended:
        raise MoveRefused(complaint, State.RESOLVED)
    _must_be_ahead(until, at)
    category = complaint.confirmed_category or complaint.category
    inputs = clocks.inputs_of(complaint, issue_class=category.issue_class, acts=category.acts)
    agreed = promises.deadline(current(), PROMISE, start=at, inputs=inputs, agreed=until)
    if agreed is None:
        raise GuardFailed("until", _("现行时限政策没有“时间承诺”。"))
    moved = _move(complaint, until, at, is_told=is_told)
    clock = clocks.start(complaint, PROMISE, agreed, at=at)
    events.record(complaint, Event.Kind.PROMISED, actor=actor, at=at, due=events.timestamp(until), **moved)
    return clock


def _move(complaint: Complaint, until: datetime, at: datetime, *, is_told: bool) -> dict[str, str]:
    """The one that runs ends; when it was due, for the record."""
    old = Clock.objects.running().filter(complaint=complaint, code=PROMISE).first()
    if old is None:
        return {}
    if until > old.due_at and not is_told and not old.is_late(at):
        told = complaint.letters.filter(status=Letter.Status.SENT, sent_at__gte=old.started_at)
        if not told.exists():
            by = timezone.localtime(old.due_at).strftime("%Y-%m-%d %H:%M")
            raise GuardFailed(
                "until", _("已承诺 %s 前答复。改到更晚，须先“联系客户”告知；那里可以同时约定新的时间。") % by
            )
    clocks.drop(complaint, old, at=at, why={clocks.MOVED_TO: events.timestamp(until)})
    return {"before": events.timestamp(old.due_at)}


def _must_be_ahead(until: datetime, at: datetime, field: str = "until") -> None:
    if until <= at:
        raise GuardFailed(field, _("承诺的时间须在现在之后。"))
    if until > at + LONGEST:
        raise GuardFailed(field, _("承诺的时间最长为 90 天之内。"))


def keep(complaint: Complaint, *, at: datetime) -> None:
    """The customer has heard from us."""
    clocks.stop(complaint, PROMISE, at=at)


def must_be_said(until: datetime | None, at: datetime, *, reached: bool = True) -> None:
    """A time given with a contact was told to somebody, and is still to come."""
    if until is None:
        return
    if not reached:
        raise GuardFailed("promise_until", _("没有联系上客户，就没有作出承诺；请去掉承诺的时间。"))
    _must_be_ahead(until, at, "promise_until")


def goes_on(complaint: Complaint, letter: Letter, *, until: datetime | None) -> dict[str, str]:
    """What the event of a contact says where nobody told the customer when they hear next (B45: until it is solved)."""
    if until is not None or letter.status == Letter.Status.NOT_REACHED or PROMISE not in current().clocks:
        return {}
    if complaint.state == State.RESOLVED or Clock.objects.running().filter(complaint=complaint, code=PROMISE).exists():
        return {}
    return {"next": "none"}
