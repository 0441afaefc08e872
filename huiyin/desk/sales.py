"""业务篇: the five stages of sales over the same complaints: 受理 → 记录 → 事件处理 → 跟踪 → 回复客户 (B20)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from huiyin.channels.models import Channel
from huiyin.complaints.models import Complaint
from huiyin.complaints.models.complaint import ComplaintQuerySet
from huiyin.complaints.states import State
from huiyin.org.models import Member

KEPT = timedelta(days=30)  # a closed one stays on the board so long
SHOPS = (Channel.COUNTER, Channel.OUTLET, Channel.FRANCHISE)


@dataclass(frozen=True)
class Stage:
    name: str
    label: Any
    hint: Any
    states: frozenset[State]
    shows_closed: bool = False


STAGES: tuple[Stage, ...] = (
    Stage("taken", _("受理"), _("已接下，还没有复核"), frozenset({State.RECEIVED, State.RETURNED_INTAKE})),
    Stage("recorded", _("记录"), _("复核、定级、待派单"), frozenset({State.IN_REVIEW, State.ACCEPTED})),
    Stage("handled", _("事件处理"), _("部门在处理、审核"),
          frozenset({State.IN_PROGRESS, State.IN_AUDIT, State.REOPENED})),
    Stage("followed", _("跟踪"), _("等客户、阶段性处理、外部争议"),
          frozenset({State.INTERIM, State.AWAITING_CUSTOMER, State.EXTERNAL})),
    Stage("answered", _("回复客户"), _("待答复、已答复；结案的保留 30 天"),
          frozenset({State.NOT_VALID, State.REPLYING, State.RESOLVED}), shows_closed=True),
)  # fmt: skip
BY_NAME = {stage.name: stage for stage in STAGES}


def own_customers(member: Member) -> ComplaintQuerySet:
    """Of what the member sees: what they filed or look after, what their shop took in, and the key accounts'."""
    reach = member.reach
    taken_in = Q() if reach.everything else Q(received_unit__in=reach.unit_ids)
    theirs = Q(filed_by=member) | Q(assignee=member) | (Q(channel__in=SHOPS) & taken_in)
    return Complaint.objects.visible_to(member).filter(theirs | Q(channel=Channel.KEY_ACCOUNT))


def on_stage(rows: ComplaintQuerySet, stage: Stage, *, at: datetime) -> QuerySet[Complaint]:
    stands = Q(is_open=True, state__in=sorted(stage.states))
    if stage.shows_closed:
        stands |= Q(state=State.CLOSED, closed_at__gt=at - KEPT)
    return rows.filter(stands)
