"""The only door through which a complaint changes its state."""

from datetime import datetime
from typing import Any

from huiyin.complaints.errors import Changed, GuardFailed, MayNot, MoveRefused
from huiyin.complaints.guards import GUARDS, Given
from huiyin.complaints.models import Complaint
from huiyin.complaints.states import MAY_BECOME, OPEN, State
from huiyin.org.actors import Actor

FOLLOWED_IN = frozenset({State.INTERIM, State.IN_PROGRESS})  # elsewhere nothing is left to be followed up


def move(
    complaint: Complaint, target: State, *, actor: Actor, at: datetime, given: Given | None = None, **changes: Any
) -> dict[str, str]:
    """Bring the complaint into `target`, if the state table, the actor's role and the guards allow it.

    Of two callers moving the same complaint at once, one wins; the other gets Changed and nothing is altered.
    Returns {"from", "to"} for the event's particulars. `changes` are further columns set in the same statement.
    """
    source = complaint.state
    step = MAY_BECOME.get(source, {}).get(target)
    if step is None:
        raise MoveRefused(complaint, target)
    if not step.by & actor.roles:
        raise MayNot()
    for guard in step.guards:
        if sentence := GUARDS[guard](complaint, given or {}, at):
            raise GuardFailed(guard, sentence)
    if complaint.follow_up_on is not None and target not in FOLLOWED_IN:
        changes = {"follow_up_on": None, **changes}
    _switch(complaint, target, at=at, changes=changes)
    return {"from": str(source), "to": str(target)}


def _switch(complaint: Complaint, target: State, *, at: datetime, changes: dict[str, Any]) -> None:
    values = {"state": target, "state_since": at, "version": complaint.version + 1, **changes}
    won = Complaint.objects.filter(pk=complaint.pk, state=complaint.state, version=complaint.version).update(**values)
    if not won:
        complaint.refresh_from_db()
        raise Changed(complaint, target)
    for name, value in values.items():
        setattr(complaint, name, value)
    complaint.is_open = target in OPEN


def hold(complaint: Complaint) -> None:
    """Lock the complaint's row and read it afresh: whoever acts next waits, then sees what was done.

    Every action begins with it, so that locks are always taken in the same order (complaint, work order, chain). Not
    the whole row's lock: rows that only point to the complaint do not wait for it.
    """
    held = Complaint.objects.select_for_update(no_key=True).get(pk=complaint.pk)
    for field in Complaint._meta.concrete_fields:
        setattr(complaint, field.attname, getattr(held, field.attname))


def expect(complaint: Complaint, version: int | None) -> None:
    """Refuse with Changed if the caller looked at an older version than the one there is."""
    if version is not None and version != complaint.version:
        raise Changed(complaint)


def change(complaint: Complaint, **changes: Any) -> None:
    """Set columns that are not the state, refusing if somebody changed the complaint meanwhile."""
    won = Complaint.objects.filter(pk=complaint.pk, version=complaint.version).update(
        version=complaint.version + 1, **changes
    )
    if not won:
        complaint.refresh_from_db()
        raise Changed(complaint)
    complaint.version += 1
    for name, value in changes.items():
        setattr(complaint, name, value)


def followed_up(complaint: Complaint) -> None:
    """Its day had come (阶段性处理), and somebody has looked after it: it waits to be followed up no more. The caller
    holds the complaint and records what was done."""
    if complaint.follow_up_on is not None and complaint.state == State.IN_PROGRESS:
        Complaint.objects.filter(pk=complaint.pk).update(follow_up_on=None)
        complaint.follow_up_on = None
