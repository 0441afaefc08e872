"""What a member does with one work order on the complaint page and the board, as data; see deeds.py."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.desk.deed import Deed, Given
from huiyin.desk.deeds import attach
from huiyin.desk.forms import orders
from huiyin.dispatch.actions import auditing, dispatching, handling, nudging, reassigning
from huiyin.dispatch.models import WorkOrder
from huiyin.org.actors import Actor
from huiyin.supervision.actions import taking_back


def _sign(order: WorkOrder, given: Given, actor: Actor, at: datetime) -> None:
    handling.sign(order, actor=actor, at=at)


def _decline(order: WorkOrder, given: Given, actor: Actor, at: datetime) -> None:
    handling.decline(order, reason=given["reason"], actor=actor, at=at)


def _begin(order: WorkOrder, given: Given, actor: Actor, at: datetime) -> None:
    handling.begin(order, actor=actor, at=at)


@transaction.atomic
def _complete(order: WorkOrder, given: Given, actor: Actor, at: datetime) -> None:
    attach(order.complaint, given, actor, at)
    handling.complete(
        order,
        findings=given["findings"],
        result_code=given["result_code"],
        answers=given["answers"],
        breach_reason=given.get("breach_reason", ""),
        actor=actor,
        at=at,
    )


def _split(order: WorkOrder, given: Given, actor: Actor, at: datetime) -> None:
    dispatching.split(order, orders=given["orders"], actor=actor, at=at)


def _nudge(order: WorkOrder, given: Given, actor: Actor, at: datetime) -> None:
    nudging.nudge(order, actor=actor, at=at)


def _pass(order: WorkOrder, given: Given, actor: Actor, at: datetime) -> None:
    auditing.pass_(order, actor=actor, at=at)


def _send_back(order: WorkOrder, given: Given, actor: Actor, at: datetime) -> None:
    auditing.send_back(order, reason=given["reason"], actor=actor, at=at)


def _redispatch(order: WorkOrder, given: Given, actor: Actor, at: datetime) -> None:
    dispatching.redispatch(
        order,
        unit=given["unit"],
        assignee=given["assignee"],
        instructions=given["instructions"],
        actor=actor,
        at=at,
    )


def _take_back(order: WorkOrder, given: Given, actor: Actor, at: datetime) -> Any:
    taken = taking_back.take_back(order, actor=actor, at=at)
    if taken is None:
        return gettext("现在没有别人能接；已请投诉主管处理，或等上班时间再派。")
    return gettext("已收回，改由 %s 签收。") % taken.name


def _reassign(order: WorkOrder, given: Given, actor: Actor, at: datetime) -> Any:
    reassigning.reassign(order, to=given["to"], actor=actor, at=at)
    return gettext("已改派给 %s。") % given["to"].name


def _settle(order: WorkOrder, given: Given, actor: Actor, at: datetime) -> None:
    dispatching.settle(order, reason=given["reason"], actor=actor, at=at)


def _cancel(order: WorkOrder, given: Given, actor: Actor, at: datetime) -> None:
    dispatching.cancel(order, reason=given["reason"], actor=actor, at=at)


ON_ORDERS: tuple[Deed, ...] = (
    Deed("signature", "sign", orders.OrderPlainForm, _sign, _("已签收。"), _("签收"),
         _("由您的单位办理，处理时限开始走。"), "user-check"),
    Deed("decline", "decline", orders.DeclineForm, _decline, _("已退单，退回派单人。"), _("退单"),
         _("不归本单位的，写明理由退回派单人。"), "arrow-back-up"),
    Deed("completion", "complete", orders.CompleteForm, _complete, _("处理完成，等待审核。"), _("处理完成"),
         _("写明处理内容，逐一答复每个问题点。"), "check"),
    Deed("start", "begin", orders.OrderPlainForm, _begin, _("已开始处理。"), _("开始处理"),
         _("让派单人知道已经动手。"), "arrow-right"),
    Deed("children", "split", orders.SplitForm, _split, _("子工单已派出。"), _("拆分子工单"),
         _("把部分问题点交给其他单位，本单位对整单负责。"), "git-merge", is_quiet=True),
    Deed("nudge", "nudge", orders.OrderPlainForm, _nudge, _("已催办，承办单位会看到。"), _("催办承办单位"), icon="bell",
         minds_changes=False),
    Deed("taking-back", "take_back", orders.OrderPlainForm, _take_back, "", _("收回改派"),
         _("还没人签收：收回来，马上交给下一位能接的人。"), "arrow-back-up", is_quiet=True),
    Deed("reassignment", "reassign", orders.ReassignForm, _reassign, "", _("改派处理人"),
         _("仍在本单位，换一个人办。"), "user", is_quiet=True),
    Deed("pass", "pass", orders.OrderPlainForm, _pass, _("审核通过。"), _("审核通过"), icon="circle-check"),
    Deed("send-back", "send_back", orders.SendBackForm, _send_back, _("审核不合格，已重派原单位。"),
         _("不合格，重派"), icon="arrow-back-up", tone="danger"),
    Deed("redispatch", "redispatch", orders.RedispatchForm, _redispatch, _("已改派。"), _("重新派单"), icon="send"),
    Deed("settlement", "settle", orders.OrderReasonForm, _settle, _("已记录，不再改派。"), _("不再改派"),
         icon="archive", is_quiet=True),
    Deed("cancellation", "cancel", orders.OrderReasonForm, _cancel, _("工单已作废。"), _("作废"), icon="x",
         tone="danger", is_quiet=True),
)  # fmt: skip
