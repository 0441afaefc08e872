"""Who answers for a complaint, and who must keep away from it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions.moving import change, hold
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Complaint, Event
from huiyin.complaints.models.complaint import BrandSource
from huiyin.customers.models import Customer
from huiyin.lib.canonical import sha256_hex
from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.org.rules import Right, may
from huiyin.triage.models import Brand


@transaction.atomic
def assign(complaint: Complaint, *, to: Member, actor: Actor, at: datetime) -> Event:
    """`to` looks after it from now on and speaks with the customer. They must be able to see it.

    The event keeps who did before, so that the assignment can be taken back.
    """
    if actor.member is None or not (may(actor.member, Right.DISPATCH) or actor.member == to):
        raise MayNot()
    hold(complaint)
    if not Complaint.objects.filter(pk=complaint.pk).visible_to(to).exists():
        raise GuardFailed("assignee", _("%s 无权查看这件投诉，不能作为负责人。") % to.name)
    before = complaint.assignee_id
    change(complaint, assignee=to)
    return events.record(complaint, Event.Kind.ASSIGNED, actor=actor, at=at, to=to.pk, before=before)


@transaction.atomic
def take_back(complaint: Complaint, *, seq: int, actor: Actor, at: datetime) -> Member | None:
    """Who looked after it before the actor's own assignment number `seq` does so again, or nobody: returned.

    Refused once somebody else was named, or the person left or may no longer see it.
    """
    hold(complaint)
    named = complaint.events.filter(kind=Event.Kind.ASSIGNED).order_by("-seq").first()
    if named is None or named.seq != seq or named.particulars.get("to") != complaint.assignee_id:
        raise GuardFailed("assignee", _("之后负责人又有变动，没有撤销。"))
    if actor.member is None or named.actor_id != actor.member.pk or "before" not in named.particulars:
        raise MayNot(_("只能撤销自己刚做的指定。"))
    before = Member.objects.filter(pk=named.particulars["before"] or 0).first()
    if before is not None and not (
        before.is_active and Complaint.objects.filter(pk=complaint.pk).visible_to(before).exists()
    ):
        raise GuardFailed("assignee", _("%s 已离岗或无权查看这件投诉，没有撤销。") % before.name)
    change(complaint, assignee=before)
    to = before.pk if before else None
    events.record(complaint, Event.Kind.ASSIGNED, actor=actor, at=at, to=to, before=named.particulars["to"], undoes=seq)
    return before


@transaction.atomic
def recuse(complaint: Complaint, *, employee: Member, actor: Actor, at: datetime) -> None:
    """The complaint names this employee: they and their line manager no longer see it (回避)."""
    if actor.member is None or not may(actor.member, Right.JUDGE_VALIDITY):
        raise MayNot()
    hold(complaint)
    away = sorted({*complaint.recused, *(pk for pk in (employee.pk, employee.line_manager_id) if pk)})
    assignee = None if complaint.assignee_id in away else complaint.assignee
    change(complaint, recused=away, named_employee=employee, assignee=assignee)
    events.record(complaint, Event.Kind.RECUSED, actor=actor, at=at, members=away)


@transaction.atomic
def set_confidential(complaint: Complaint, *, confidential: bool, actor: Actor, at: datetime) -> None:
    """Only its assignee and those with the right to confidential complaints see it, or everyone again."""
    if actor.member is None or not may(actor.member, Right.SET_CONFIDENTIAL):
        raise MayNot()
    hold(complaint)
    change(complaint, is_confidential=confidential)
    events.record(complaint, Event.Kind.CONFIDENTIALITY, actor=actor, at=at, confidential=confidential)


@transaction.atomic
def set_brand(complaint: Complaint, *, brand: str, actor: Actor, at: datetime) -> None:
    """The brand (A38) as it was found after intake, by hand; "" takes it away. What it was stays on the record."""
    if not (actor.may(Right.FILE_COMPLAINT) or actor.may(Right.REVIEW)):
        raise MayNot()
    hold(complaint)
    if brand and not Brand.objects.filter(code=brand, is_active=True).exists():
        raise GuardFailed("brand", _("没有这个品牌：%s。") % brand[:32])
    if brand == complaint.brand:
        return
    before = complaint.brand
    change(complaint, brand=brand, brand_source=BrandSource.MANUAL if brand else "")
    events.record(complaint, Event.Kind.BRAND_SET, actor=actor, at=at, brand=brand, was=before)


@transaction.atomic
def reveal(complaint: Complaint, *, reason: str, actor: Actor, at: datetime) -> Customer:
    """Show the customer's contacts in full, once, with the reason on the record (D25)."""
    if actor.member is None or not may(actor.member, Right.REVEAL_CONTACT):
        raise MayNot()
    if not reason.strip():
        raise GuardFailed("reason", _("请写明查看联系方式的原因。"))
    hold(complaint)
    events.record(complaint, Event.Kind.REVEALED, actor=actor, at=at, digest=sha256_hex(reason.encode()))
    return complaint.customer


def mark_red(complaint: Complaint, *, is_red: bool) -> None:
    """The red channel has opened or ended its case. The caller holds the complaint and records what happened; whoever
    has its page open need not look again."""
    Complaint.objects.filter(pk=complaint.pk).update(is_red=is_red)
    complaint.is_red = is_red
