"""Who may do what with one complaint. The faces show exactly the verbs listed by `verbs`, and no others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from huiyin.complaints import openings
from huiyin.complaints.actions import regulating, urging
from huiyin.complaints.models import Complaint
from huiyin.complaints.states import ENDED, MAY_BECOME, OPEN, State
from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.org.rules import Right, may

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Verb:
    """A move or an act: `target` is the state it leads to, or None where one of the `rights` decides; `needs` asks
    what no state tells, last of all."""

    name: str
    label: StrPromise
    target: State | None = None
    rights: tuple[Right, ...] = ()
    sources: frozenset[str] = frozenset(State) - ENDED
    needs: Callable[[Complaint, Member], bool] | None = None


_RUNNING = frozenset(OPEN) - {State.RESOLVED}
_ANYBODY = tuple(Right)  # the policy names the roles
_ANY = frozenset(State) - {State.MERGED}
_GRADED = frozenset(OPEN) - {State.RECEIVED, State.IN_REVIEW}  # there the review sets the level
_RETURNS = (Right.HANDLE, Right.REPLY)

VERBS: tuple[Verb, ...] = (
    Verb("resolve_on_spot", _("当场解决"), State.RESOLVED, sources=frozenset({State.RECEIVED})),
    Verb("take_up", _("开始复核"), None, (Right.REVIEW,), frozenset({State.RECEIVED})),
    Verb("review", _("复核通过"), None, (Right.REVIEW,), frozenset({State.RECEIVED, State.IN_REVIEW})),
    Verb("return_intake", _("退回补充"), None, (Right.REVIEW,), frozenset({State.RECEIVED, State.IN_REVIEW})),
    Verb("resubmit", _("补充后重新提交"), State.IN_REVIEW, sources=frozenset({State.RETURNED_INTAKE})),
    Verb("merge", _("合并"), None, (Right.MERGE,), frozenset({State.RECEIVED, State.IN_REVIEW})),
    Verb("unmerge", _("撤销合并"), State.IN_REVIEW, sources=frozenset({State.MERGED})),
    Verb("dispatch", _("派单"), None, (Right.DISPATCH,), frozenset({State.ACCEPTED, State.IN_PROGRESS})),
    Verb("redispatch_reopened", _("重新派单"), State.IN_PROGRESS, sources=frozenset({State.REOPENED})),
    Verb(
        "judge",
        _("成立判断"),
        None,
        (Right.HANDLE, Right.JUDGE_VALIDITY),
        frozenset({State.IN_PROGRESS, State.IN_AUDIT}),
    ),
    Verb("pause", _("暂停计时"), None, (Right.PAUSE,), _RUNNING),
    Verb("resume", _("恢复计时"), None, (Right.PAUSE,), _RUNNING, openings.may_go_on),
    Verb("ask_extension", _("申请延期"), None, (Right.ASK_EXTENSION,), _RUNNING, openings.has_extendable),
    Verb("decide_extension", _("审批延期"), None, _ANYBODY, _RUNNING, openings.has_request),
    Verb("explain_breach", _("超时说明"), None, (Right.EXPLAIN_BREACH,), frozenset(OPEN), openings.is_unexplained),
    Verb("promise", _("承诺时间"), None, (Right.REPLY,), _RUNNING),
    Verb("supervise", _("督办"), None, (Right.SUPERVISE,), frozenset(OPEN)),
    Verb("urge", _("催办"), None, _ANYBODY, urging.OURS, urging.may_urge),
    Verb("interim", _("阶段性处理"), State.INTERIM),
    Verb("answer_not_valid", _("转答复客户"), State.REPLYING, sources=frozenset({State.NOT_VALID})),
    Verb("reply", _("反馈客户"), State.RESOLVED, sources=frozenset({State.REPLYING})),
    Verb("close", _("结案"), None, (Right.REPLY,), frozenset({State.RESOLVED})),
    Verb("reopen", _("重开"), State.REOPENED, sources=frozenset({State.RESOLVED, State.CLOSED})),
    Verb("withdraw", _("客户撤回"), None, (Right.WITHDRAW_FOR_CUSTOMER,)),
    Verb("external", _("转外部争议处理"), State.EXTERNAL),
    Verb("return_from_external", _("外部处理有结果"), State.REPLYING, sources=frozenset({State.EXTERNAL})),
    Verb("opine", _("法务意见"), None, (Right.OPINE,)),
    Verb("assign", _("指定负责人"), None, (Right.DISPATCH,)),
    Verb("inform", _("告知客户"), None, (Right.REPLY,)),
    Verb("offer", _("提出补偿方案"), None, (Right.OFFER,), frozenset(OPEN)),
    Verb("guide", _("处理方法"), None, (Right.GUIDE,)),
    Verb("join_incident", _("列入事件"), None, (Right.OPEN_INCIDENT,), frozenset(State) - {State.MERGED}),
    Verb("investigate", _("开展 8D 调查"), None, (Right.INVESTIGATE,), frozenset(State) - {State.MERGED}),
    Verb("refer", _("登记监管案件"), None, regulating.MAY_REGISTER, frozenset(State) - {State.MERGED, State.WITHDRAWN}),
    Verb("amend_referral", _("更正监管案件"), None, regulating.MAY_REGISTER, _ANY, openings.has_referral),
    Verb("answer_authority", _("答复受理机构"), None, (Right.REPLY,), _ANY, openings.has_referral),
    Verb("ask_regulatory", _("申请延长监管时限"), None, (Right.ASK_EXTENSION,), _ANY, openings.has_referral),
    Verb("decide_regulatory", _("审批监管时限延长"), None, (Right.SUPERVISE,), _ANY, openings.has_time_asked),
    Verb(
        "survey",
        _("电话回访"),
        None,
        (Right.REPLY,),
        frozenset({State.RESOLVED, State.CLOSED}),
        openings.is_to_be_called,
    ),
    Verb("care", _("关怀回访"), None, (Right.REPLY,), frozenset({State.CLOSED}), openings.is_owed_a_call),
    Verb("process_return", _("退换货处理完"), None, _RETURNS, _ANY, openings.has_return),
    Verb("regrade", _("重新定级"), None, (Right.REVIEW,), _GRADED),
    Verb("set_tier", _("客户级别"), None, (Right.OVERRIDE_TIER,), frozenset(OPEN)),
    Verb("keep_worth", _("客户贡献与合作年限"), None, (Right.KEEP_WORTH,), _ANY),
    Verb(
        "archive",
        _("归档为典型案例"),
        None,
        (Right.ARCHIVE_CASE,),
        frozenset({State.CLOSED}),
        openings.may_be_archived,
    ),
    Verb("note", _("备注"), None, (Right.NOTE,), frozenset(State)),
    Verb("attach", _("上传附件"), None, (Right.ATTACH,), frozenset(State)),
    Verb("set_brand", _("更正品牌"), None, (Right.FILE_COMPLAINT, Right.REVIEW), frozenset(State) - {State.MERGED}),
    Verb("recuse", _("回避"), None, (Right.JUDGE_VALIDITY,), frozenset(State)),
    Verb("set_confidential", _("保密"), None, (Right.SET_CONFIDENTIAL,), frozenset(State)),
    Verb("reveal", _("查看联系方式"), None, (Right.REVEAL_CONTACT,), frozenset(State)),
    Verb("receive_return", _("收到退货"), None, _RETURNS, _ANY, openings.has_no_return),  # goods may come after the end
)


def verbs(complaint: Complaint, member: Member) -> list[Verb]:
    """What this member may do with it now, in the order of the trade. The complaint must be visible to them."""
    return [verb for verb in VERBS if _open_to(verb, complaint, member)]


def may_do(name: str, complaint: Complaint, member: Member) -> bool:
    return any(verb.name == name for verb in verbs(complaint, member))


def _open_to(verb: Verb, complaint: Complaint, member: Member) -> bool:
    if complaint.state not in verb.sources:
        return False
    if verb.target is None:
        is_allowed = any(may(member, right) for right in verb.rights)
        return is_allowed and (verb.needs is None or verb.needs(complaint, member))
    step = MAY_BECOME.get(complaint.state, {}).get(verb.target)
    return step is not None and bool(step.by & Actor.of(member).roles)
