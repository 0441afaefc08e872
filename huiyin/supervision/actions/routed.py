"""What the routing table asks for beside work orders, once a complaint is reviewed: its level, its clocks, a quality
trace, and who is to know. The rest the dispatcher reads on the form (dispatch.effects)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from huiyin.complaints.actions import clocks, regrading
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.models import Complaint, Event
from huiyin.complaints.states import State
from huiyin.dispatch import queries
from huiyin.dispatch.routing import Proposal
from huiyin.notices.actions.telling import Telling, tell_many
from huiyin.org.models import Member
from huiyin.org.rules import Role
from huiyin.quality.actions import tracing
from huiyin.supervision.directory import Directory, Sight
from huiyin.supervision.naming import link_to

TRACE = "quality_trace"
ON_ITS_WAY = frozenset({State.ACCEPTED, State.IN_PROGRESS})


@transaction.atomic
def follow_routing(complaint: Complaint, *, at: datetime) -> Proposal | None:
    """May run twice without harm. None where the complaint is no longer on its way."""
    hold(complaint)
    if complaint.state not in ON_ITS_WAY:
        return None
    found = queries.proposal(complaint)
    if found.floor and not _was_lowered_with_a_reason(complaint):
        regrading.raise_to(complaint, found.floor, rules=found.floored, at=at)
    clocks.begin(complaint, found.clocks, at=at)
    if TRACE in found.starts:
        tracing.trace(complaint, rule=found.starts[TRACE], at=at)
    _tell(complaint, found.notify, at)
    return found


def _was_lowered_with_a_reason(complaint: Complaint) -> bool:
    """A supervisor has decided otherwise: that stands above the table (severity.yaml raise_only)."""
    graded = complaint.events.filter(kind__in=(Event.Kind.REVIEWED, Event.Kind.REGRADED)).order_by("-seq")
    for said in graded.values_list("particulars", flat=True):
        before, after = (said.get(key, {}).get("severity") for key in ("before", "after"))
        if before != after:  # the newest that changed it
            return "reason" in said and bool(after > before)
    return False


def _tell(complaint: Complaint, notify: Mapping[str, list[str]], at: datetime) -> None:
    if not notify:
        return
    directory, sees = Directory(at=at), Sight([complaint])
    tellings = []
    for name, rules in notify.items():
        known = _of(name, complaint, directory)
        members = directory.reached(known, complaint, sees)
        tellings.append(
            Telling(
                members=members,
                kind="routing_notified",
                values={"rule": "、".join(rules)},
                number=complaint.number,
                link=link_to(complaint.number),
                key=f"routing:{complaint.number}:{name}",
                urgent=complaint.is_pressing,
            )
        )
    tell_many(tellings, at=at)


def _of(name: str, complaint: Complaint, directory: Directory) -> list[Member]:
    """The members of a unit of that code; or those of a role, the nearest up the tree."""
    if name in set(map(str, Role)):
        return directory.nearest(complaint.owner_unit_id, name)
    return [each for each in directory.everybody.values() if f"/{name}/" in each.unit.path]
