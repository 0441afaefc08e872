"""What has happened so far in the customer's words, newest first, as a courier's page tells it: no names of people."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from huiyin.complaints.models import Event
from huiyin.org.models import Unit

Kind = Event.Kind
Particulars = Mapping[str, Any]


@dataclass(frozen=True)
class Milestone:
    at: datetime
    words: str
    is_yours: bool = False
    is_bad: bool = False


# A kind that is not here is ours alone: notes, gradings, declined and re-sent orders, who looked at what.
_SAID: dict[str, Callable[[], str]] = {
    Kind.FILED: lambda: _("已收到您反映的情况"),
    Kind.JOINED: lambda: _("您再次反映，已合在一起处理"),
    Kind.TAKEN_UP: lambda: _("客服人员开始核对情况"),
    Kind.REVIEWED: lambda: _("情况核对完毕，正在安排负责的部门"),
    Kind.AUDIT_BEGUN: lambda: _("核查已有结果，正在确认每个问题都有答复"),
    Kind.AUDITED: lambda: _("处理方案已确定，正在准备答复您"),
    Kind.RESUMED: lambda: _("继续处理"),
    Kind.INTERIM: lambda: _("第一步已经做了，其余的正在进行"),
    Kind.FOLLOW_UP_DUE: lambda: _("继续跟进其余的事"),
    Kind.INFORMED: lambda: _("客服人员向您告知了进展"),
    Kind.NOT_REACHED: lambda: _("我们联系您，没有联系上，会再试"),
    Kind.REPLIED: lambda: _("已答复您，请您确认是否认可"),
    Kind.RESOLVED_ON_SPOT: lambda: _("当场解决"),
    Kind.REOPENED: lambda: _("重新处理，由另一位同事负责"),
    Kind.CLOSED: lambda: _("办结"),
    Kind.MERGED: lambda: _("与另一件相同的事情合在一起处理"),
    Kind.UNMERGED: lambda: _("重新单独处理"),
    Kind.WENT_EXTERNAL: lambda: _("由外部机构（调解、仲裁或法院）处理"),
    Kind.RETURNED_FROM_EXTERNAL: lambda: _("外部机构的处理已有结果，正在准备答复您"),
    Kind.OFFER_FULFILLED: lambda: _("补偿已兑现"),
}
# What we wait for, by the reason of the pause; most of these ask nothing of the customer.
_WAITED_FOR: dict[str, Callable[[], str]] = {
    "WAIT_CUST": lambda: _("需要您补充情况，等待您的回复"),
    "CUST_DEFER": lambda: _("按您的要求延后处理"),
    "WAIT_LAB": lambda: _("送第三方检测鉴定，等待结果，暂时不需要您做什么"),
    "FORCE_MAJ": lambda: _("遇到不可抗力，暂停处理，一恢复就继续，暂时不需要您做什么"),
}
_YOURS: dict[str, Callable[[], str]] = {
    Kind.SUPPLEMENTED: lambda: _("您补充了情况"),
    Kind.ATTACHED: lambda: _("您上传了文件"),
    Kind.ACCEPTED: lambda: _("您认可了处理结果"),
    Kind.REJECTED: lambda: _("您不认可处理结果"),
    Kind.WITHDRAWN: lambda: _("您撤回了"),
    Kind.OFFER_CHOSEN: lambda: _("您选定了补偿方案"),
    Kind.OFFER_DECLINED: lambda: _("您没有接受补偿方案"),
}
_OF_UNITS: dict[str, Callable[[], str]] = {
    Kind.DISPATCHED: lambda: _("已交给%s核查"),
    Kind.SIGNED: lambda: _("%s已接收"),
    Kind.HANDLED: lambda: _("%s已完成核查"),
}


def milestones(events: Iterable[Event]) -> list[Milestone]:
    """Newest first; one query for the names of units."""
    told = [event for event in events if event.kind in _SAID or event.kind in _OF_UNITS or _is_yours(event)]
    told += [event for event in events if event.kind in (Kind.RATED, Kind.BREACHED, Kind.PAUSED)]
    told.sort(key=lambda event: event.seq)
    codes = {str(event.particulars.get("unit", "")) for event in told if event.kind in _OF_UNITS}
    units = {unit.code: unit.name for unit in Unit.objects.filter(code__in=codes)} if codes else {}
    return list(_once(_milestone(event, units) for event in reversed(told) if _concerns_them(event)))


def _is_yours(event: Event) -> bool:
    """A member may have recorded their words, as on the telephone; files count only where they sent them themselves."""
    return event.kind in _YOURS and (event.kind != Kind.ATTACHED or event.actor_kind == "customer")


def _concerns_them(event: Event) -> bool:
    """Of the many clocks only the one for the answer was promised to the customer."""
    return event.kind != Kind.BREACHED or event.particulars.get("clock") == "CK-RESOLVE"


def _milestone(event: Event, units: Mapping[str, str]) -> Milestone:
    if event.kind == Kind.BREACHED:
        return Milestone(event.at, _("超过了承诺的时间，很抱歉"), is_bad=True)
    if event.kind == Kind.RATED:
        return Milestone(event.at, _("您评价了 %s 星") % event.particulars.get("stars", ""), is_yours=True)
    if event.kind == Kind.PAUSED:
        return Milestone(event.at, waited_for(str(event.particulars.get("pause", "WAIT_CUST"))))
    if event.kind in _YOURS:
        return Milestone(event.at, _YOURS[event.kind](), is_yours=True)
    if event.kind in _OF_UNITS:
        code = str(event.particulars.get("unit", ""))
        return Milestone(event.at, _OF_UNITS[event.kind]() % units.get(code, _("负责的部门")))
    return Milestone(event.at, _SAID[event.kind]())


def waited_for(reason: str) -> str:
    """Why it stands still, in the customer's words; of a reason that the policy has beside ours, no more than that."""
    return _WAITED_FOR.get(reason, lambda: _("暂停处理，之后继续，暂时不需要您做什么"))()


def _once(found: Iterable[Milestone]) -> Iterator[Milestone]:
    """Several files at once, or an order sent twice, are one line."""
    last: Milestone | None = None
    for each in found:
        if last is None or (each.words, each.at.replace(second=0, microsecond=0)) != (
            last.words,
            last.at.replace(second=0, microsecond=0),
        ):
            yield each
        last = each
