"""督办: somebody above asks what is being done; an answer is owed, and whoever asked is told if none comes."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import noting
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.errors import GuardFailed, MayNot, MoveRefused
from huiyin.complaints.models import Complaint, Event
from huiyin.dispatch.models import WorkOrder
from huiyin.lib.sweeping import one_by_one
from huiyin.notices.actions.telling import Telling, tell_many
from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.models import Member
from huiyin.org.rules import Right, Role
from huiyin.supervision import recipients
from huiyin.supervision.directory import Directory, Sight
from huiyin.supervision.models import Supervision
from huiyin.supervision.naming import link_to


@transaction.atomic
def supervise(
    complaint: Complaint, *, words: str, answer_by: datetime, actor: Actor, at: datetime, order: WorkOrder | None = None
) -> Supervision:
    """A letter goes to whoever has it in hand (or to the order's unit) and their lead; the counter goes up."""
    if actor.member is None or not actor.may(Right.SUPERVISE):
        raise MayNot()
    hold(complaint)
    if complaint.is_ended:
        raise MoveRefused(complaint)
    if not words.strip():
        raise GuardFailed("words", _("请写明督办的要求。"))
    if answer_by <= at:
        raise GuardFailed("answer_by", _("答复期限须在现在之后。"))
    remark = noting.reason(complaint, words, actor=actor, at=at)
    count = Supervision.objects.filter(complaint=complaint).count() + 1
    letter = Supervision.objects.create(
        number=f"DB{complaint.number[2:]}-{count}",
        complaint=complaint,
        order=order,
        issued_by=actor.member,
        issued_at=at,
        words_id=remark["reason"],
        answer_by_at=answer_by,
    )
    said = {"letter": letter.number, "count": count, "due": events.timestamp(answer_by)}
    aimed = {"order": order.number} if order else {}
    events.record(complaint, Event.Kind.SUPERVISED, actor=actor, at=at, **said, **aimed, **remark)
    values = {"who": actor.member.name, "letter": letter.number, "answer_by_at": answer_by}
    _tell(letter, _owing(letter, Directory(at=at)), "supervised", values, f"supervised:{letter.pk}", at)
    return letter


@transaction.atomic
def answer(letter: Supervision, *, words: str, actor: Actor, at: datetime) -> None:
    """Those who may see the complaint and have a part in it answer, but not whoever asked, who is told. When the
    complaint has ended nothing is owed."""
    complaint = letter.complaint
    if actor.member is None or not actor.may(Right.ANSWER_SUPERVISION):
        raise MayNot()
    if actor.member.pk == letter.issued_by_id:
        raise MayNot(_("督办须由别人答复，不能由发出的人自己答复。"))
    hold(complaint)
    letter.refresh_from_db()
    if letter.answered_at is not None:
        raise GuardFailed("letter", _("督办 %s 已有答复。") % letter.number)
    if complaint.is_ended:
        raise GuardFailed("letter", _("投诉已经结束，督办 %s 不用再答复。") % letter.number)
    if not words.strip():
        raise GuardFailed("words", _("请写明目前的进展、原因和下一步。"))
    remark = noting.reason(complaint, words, actor=actor, at=at)
    letter.answered_by, letter.answered_at, letter.answer_id = actor.member, at, remark["reason"]
    letter.save(update_fields=["answered_by", "answered_at", "answer"])
    said = {"letter": letter.number}
    events.record(complaint, Event.Kind.SUPERVISION_ANSWERED, actor=actor, at=at, **said, **remark)
    values = {"who": actor.member.name, "letter": letter.number}
    _tell(letter, [letter.issued_by], "supervision_answered", values, f"answered:{letter.pk}", at)


def sweep(*, at: datetime, limit: int = 100) -> int:
    """Whoever asked is told once that no answer came in time, and so is the manager above."""
    late = Supervision.objects.late(at).select_related("complaint", "issued_by").order_by("answer_by_at")[:limit]
    return one_by_one(late, lambda letter: _report(letter, at))


@transaction.atomic
def _report(letter: Supervision, at: datetime) -> bool:
    complaint = letter.complaint
    hold(complaint)
    if not Supervision.objects.late(at).filter(pk=letter.pk).update(reported_at=at):
        return False
    events.record(
        complaint,
        Event.Kind.ESCALATED,
        actor=SYSTEM,
        at=at,
        letter=letter.number,
        rung=[str(Role.CC_MANAGER)],
        share=100,
    )
    directory = Directory(at=at)
    above = [letter.issued_by, *recipients.of_complaint(complaint, directory, Role.CC_MANAGER)]
    values = {"letter": letter.number, "answer_by_at": letter.answer_by_at}
    _tell(letter, above, "supervision_unanswered", values, f"unanswered:{letter.pk}", at)
    return True


def _owing(letter: Supervision, directory: Directory) -> list[Member]:
    complaint, order = letter.complaint, letter.order
    orders = [order] if order else list(WorkOrder.objects.active().filter(complaint=complaint))
    named = [directory.everybody.get(each.assignee_id or each.handler_id or 0) for each in orders]
    leads = [lead for each in orders for lead in directory.nearest(each.unit_id, Role.DEPT_LEAD)]
    owner = [] if orders else [directory.everybody.get(complaint.assignee_id or 0)]
    found = [member for member in [*named, *owner] if member is not None] + leads
    return found or recipients.of_complaint(complaint, directory, Role.SUPERVISOR)


def _tell(
    letter: Supervision, members: Iterable[Member], kind: str, values: Mapping[str, object], key: str, at: datetime
) -> None:
    complaint = letter.complaint
    told = Telling(
        members=Directory(at=at).reached(members, complaint, Sight([complaint])),
        kind=kind,
        values=values,
        number=complaint.number,
        link=link_to(complaint.number),
        key=key,
        urgent=complaint.is_pressing,
    )
    tell_many([told], at=at)
