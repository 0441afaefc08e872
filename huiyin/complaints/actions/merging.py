"""合并: two complaints are one matter. Reversible; never into one that is merged itself; nothing of either is lost."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import clocks, noting, pausing
from huiyin.complaints.actions.moving import hold, move
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Clock, Complaint, Event, Merger
from huiyin.complaints.states import ENDED, State
from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.rules import Right, may


@transaction.atomic
def merge(complaint: Complaint, *, into: Complaint, actor: Actor, at: datetime) -> Merger:
    """`complaint` ends as merged, `into` goes on; both records say so. Of two opposite mergers at once one wins."""
    if actor.member is None or not may(actor.member, Right.MERGE):
        raise MayNot()
    if complaint.pk == into.pk:
        raise GuardFailed("duplicate_of", _("不能与自身合并。"), "into")
    for either in sorted((complaint, into), key=lambda row: row.pk):
        hold(either)
    if into.state in ENDED:
        sentence = _("投诉 %(number)s 已是“%(state)s”，不能并入。") % {
            "number": into.number,
            "state": State(into.state).label,
        }
        raise GuardFailed("duplicate_of", sentence, "into")
    if Clock.objects.running().filter(complaint=complaint, code=clocks.RETURN).exists():
        sentence = _("这件投诉有退回的商品还没有处理完，不能并入别的投诉；请先处理完，或把另一件并入这一件。")
        raise GuardFailed("duplicate_of", sentence, "into")
    if Clock.objects.running().filter(complaint=complaint, code=clocks.REGULATORY).exists():
        sentence = _("这件投诉有在走的监管时限，不能并入别的投诉；请把另一件并入这一件。")
        raise GuardFailed("duplicate_of", sentence, "into")
    if complaint.state == State.RECEIVED:
        step = move(complaint, State.IN_REVIEW, actor=SYSTEM, at=at, reviewer=actor.member)
        events.record(complaint, Event.Kind.TAKEN_UP, actor=actor, at=at, **step)
    step = move(complaint, State.MERGED, actor=actor, at=at, given={"duplicate_of": into}, merged_into=into)
    clocks.stop_all(complaint, at=at)
    events.record(complaint, Event.Kind.MERGED, actor=actor, at=at, into=into.number, **step)
    events.record(into, Event.Kind.ABSORBED, actor=actor, at=at, other=complaint.number)
    return Merger.objects.create(complaint=complaint, into=into, merged_at=at)


@transaction.atomic
def unmerge(complaint: Complaint, *, reason: str, actor: Actor, at: datetime) -> None:
    """They were two matters after all: it goes back to review, and its clocks run on from where they began."""
    into = complaint.merged_into
    hold(complaint)
    step = move(complaint, State.IN_REVIEW, actor=actor, at=at, given={"reason": reason}, merged_into=None)
    merger = complaint.mergers.filter(undone_at=None).latest("merged_at")
    merger.undone_at = at
    merger.save(update_fields=["undone_at"])
    Clock.objects.filter(complaint=complaint, stopped_at=merger.merged_at).update(stopped_at=None)
    pausing.run_on(complaint, at)
    remark = noting.reason(complaint, reason, actor=actor, at=at)
    events.record(complaint, Event.Kind.UNMERGED, actor=actor, at=at, **step, **remark)
    if into is not None:
        events.record(into, Event.Kind.RELEASED, actor=actor, at=at, other=complaint.number)
