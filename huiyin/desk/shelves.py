"""The views of the queue as data: what each is called, whom it is for, and which rows lie there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiyin.compensation import queries as compensation
from huiyin.complaints.models import Complaint, RegulatoryCase, Validity
from huiyin.complaints.models.complaint import as_one
from huiyin.complaints.states import State
from huiyin.dispatch import queries as dispatch
from huiyin.org.models import Member, Unit
from huiyin.org.rules import Right, may

Rows = Callable[[Member, datetime], QuerySet[Any]]
DUE = ("due_at", "id")
NEWEST = ("-received_at", "-id")


@dataclass(frozen=True)
class Shelf:
    """`of_orders`: its rows are work orders, else complaints. `waits`: somebody is waited for; it is a task."""

    name: str
    label: Any
    rows: Rows
    right: Right | None = None
    of_orders: bool = False
    waits: bool = False
    waits_for: Right | None = None  # a task for those with this right only
    order: tuple[str, ...] = DUE
    empty: Any = ""

    def is_task_of(self, member: Member) -> bool:
        return self.waits or (self.waits_for is not None and may(member, self.waits_for))

    def is_for(self, member: Member) -> bool:
        return member.reach.content != "none" and (self.right is None or may(member, self.right))


def _seen(member: Member) -> QuerySet[Complaint]:
    return Complaint.objects.visible_to(member)


def _in_state(*states: State) -> Rows:
    return lambda member, at: _seen(member).filter(is_open=True, state__in=states)


def _to_review(member: Member, at: datetime) -> QuerySet[Complaint]:
    """What nobody has taken up, and what this member has."""
    mine = Q(state=State.RECEIVED) | Q(reviewer=member) | Q(reviewer=None)
    return _seen(member).filter(mine, is_open=True, state__in=[State.RECEIVED, State.IN_REVIEW])


def _to_confirm(member: Member, at: datetime) -> QuerySet[Complaint]:
    """A judgement of validity waits for its second person."""
    open_ones = Validity.objects.filter(confirmed_by=None).exclude(proposed_by=member).values("complaint")
    return _seen(member).filter(state__in=[State.IN_PROGRESS, State.IN_AUDIT], is_open=True, pk__in=open_ones)


def _to_approve(member: Member, at: datetime) -> QuerySet[Complaint]:
    """An offer waits for a signature of one of the member's roles."""
    return _seen(member).filter(is_open=True, pk__in=compensation.to_decide(member).values("complaint"))


def _of_unit(member: Member, at: datetime) -> QuerySet[Complaint]:
    """A service centre's own; elsewhere the unit's and those of the teams below it."""
    is_own_only = member.reach.everything or member.unit.kind == Unit.Kind.SERVICE_CENTRE
    units = [member.unit_id] if is_own_only else sorted(member.reach.unit_ids)
    theirs = _seen(member).filter(is_open=True)
    if frozenset(units) == member.reach.unit_ids:
        return theirs  # said twice, the planner would expect a tenth of a tenth
    return theirs.filter(units__overlap=as_one(units))


def _follow_up(member: Member, at: datetime) -> QuerySet[Complaint]:
    """Handled in part, and its day has come, until somebody has written of it to the customer or in a note."""
    return _seen(member).filter(is_open=True, follow_up_on__lte=timezone.localdate(at))


def _regulatory(member: Member, at: datetime) -> QuerySet[Complaint]:
    """An authority waits for our answer, whatever the complaint's own state."""
    return _seen(member).filter(
        pk__in=RegulatoryCase.objects.visible_to(member).open().filter(is_direct=False).values("complaint")
    )


SHELVES: tuple[Shelf, ...] = (
    Shelf("sign", _("待签收"), lambda member, at: dispatch.to_sign(member), Right.SIGN, of_orders=True, waits=True,
          empty=_("没有派给您或本单位而还没有签收的工单。")),
    Shelf("handle", _("待处理"), lambda member, at: dispatch.to_handle(member), Right.SIGN, of_orders=True,
          waits=True, empty=_("您签收的工单都处理完了。")),
    Shelf("review", _("待复核"), _to_review, Right.REVIEW, waits=True, empty=_("新受理的投诉都已复核。")),
    Shelf("dispatch", _("待派单"), _in_state(State.ACCEPTED), Right.DISPATCH, waits=True,
          empty=_("复核通过的投诉都已派出。")),
    Shelf("redispatch", _("待重派"), lambda member, at: dispatch.to_redispatch(member), Right.DISPATCH,
          of_orders=True, waits=True, empty=_("没有被退回的工单。")),
    Shelf("audit", _("待审核"), lambda member, at: dispatch.to_audit(member), Right.AUDIT, of_orders=True, waits=True,
          empty=_("处理完成的工单都已审核。")),
    Shelf("confirm", _("待确认成立"), _to_confirm, Right.JUDGE_VALIDITY, waits=True,
          empty=_("没有等待第二人确认的成立判断。")),
    Shelf("offers", _("待审批补偿"), _to_approve, Right.DECIDE_OFFER, waits=True,
          empty=_("没有等您审批的补偿方案。")),
    Shelf("reply", _("待反馈"), _in_state(State.REPLYING), Right.REPLY, waits=True,
          empty=_("审核通过的处理结果都已反馈给客户。")),
    Shelf("returned", _("待补充"), _in_state(State.RETURNED_INTAKE), Right.SUPPLEMENT, waits=True,
          empty=_("没有被复核退回补充的受理单。")),
    Shelf("follow", _("待跟踪"), _follow_up, Right.PAUSE, waits=True, empty=_("今天没有到期要跟踪的投诉。")),
    Shelf("mine", _("我负责的"), lambda member, at: _seen(member).filter(is_open=True, assignee=member),
          empty=_("没有指定由您负责的未结投诉。")),
    Shelf("unit", _("本单位"), _of_unit,
          empty=_("本单位没有未结的投诉。")),
    # what comes back goes out through a supervisor, who also judges (workflow.yaml reopened -> in_progress)
    Shelf("reopened", _("重开的"), _in_state(State.REOPENED), waits_for=Right.JUDGE_VALIDITY,
          empty=_("没有重开而待重新派单的投诉。")),
    Shelf("overdue", _("超时的"), lambda member, at: Complaint.objects.visible_to(member).overdue(at),
          empty=_("没有超时的投诉，做得好。")),
    Shelf("regulatory", _("监管案件"), _regulatory, empty=_("没有等待答复的监管案件。")),
    Shelf("all", _("全部"), lambda member, at: _seen(member), order=NEWEST, empty=_("还没有您能看到的投诉。")),
)  # fmt: skip
BY_NAME: dict[str, Shelf] = {shelf.name: shelf for shelf in SHELVES}


def shelves_for(member: Member) -> list[Shelf]:
    return [shelf for shelf in SHELVES if shelf.is_for(member)]
