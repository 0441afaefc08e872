"""What others did is passed on to those it is for: the unit that has an order now, who decides, who asked."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from huiyin.complaints.models import Complaint, Event, Extension
from huiyin.complaints.states import State
from huiyin.dispatch.models import WorkOrder
from huiyin.dispatch.states import IN_HAND
from huiyin.notices.actions.telling import Telling, tell_many
from huiyin.notices.models import Notice
from huiyin.org.actors import CUSTOMER, SYSTEM
from huiyin.org.models import Member
from huiyin.org.rules import RIGHTS, Right, Role
from huiyin.sla.engine import Target
from huiyin.sla.explaining import clock_name
from huiyin.sla.promises import earliest
from huiyin.sla.queries import current
from huiyin.supervision import recipients
from huiyin.supervision.directory import Directory, Sight
from huiyin.supervision.naming import link_to
from huiyin.triage.levels import LEVELS

LATELY = timedelta(days=1)  # what is older was passed on, or is no news any more
Kind = Event.Kind


class News(NamedTuple):
    kind: str
    members: list[Member]
    values: Mapping[str, Any]


class Facts(NamedTuple):
    complaint: Complaint
    orders: Mapping[str, WorkOrder]
    directory: Directory


def pass_on(complaint: Complaint, *, at: datetime) -> int:
    """What happened to the complaint in the last day is in the inboxes of those it is for; whoever did it is not told.

    Returns how many notices are new. Running it again changes nothing.
    """
    lately = complaint.events.filter(kind__in=list(NEWS), at__gte=at - LATELY).select_related("actor").order_by("seq")
    passed = Notice.objects.filter(number=complaint.number, key__in=[_key(each) for each in lately])
    known = {each.key for each in passed}
    found = [each for each in lately if _key(each) not in known]  # what was passed on is no news to whoever came later
    if not found:
        return 0
    orders = {order.number: order for order in WorkOrder.objects.filter(complaint=complaint).select_related("unit")}
    facts = Facts(complaint, orders, Directory(at=at))
    news = [(event, told) for event in found if (told := NEWS[Kind(event.kind)](event, facts))]
    sees = Sight([complaint])
    return tell_many((_telling(event, told, facts, sees) for event, told in news), at=at)


def _key(event: Event) -> str:
    return f"event:{event.pk}"


def _telling(event: Event, told: News, facts: Facts, sees: Sight) -> Telling:
    complaint = facts.complaint
    return Telling(
        members=[m for m in facts.directory.reached(told.members, complaint, sees) if m.pk != event.actor_id],
        kind=told.kind,
        values=told.values,
        number=complaint.number,
        link=link_to(complaint.number),
        key=_key(event),
        urgent=complaint.is_pressing,
    )


def _dispatched(event: Event, facts: Facts) -> News | None:
    order = facts.orders.get(event.particulars.get("order", ""))
    if order is None:
        return None
    unit = {"zh": order.unit.name_zh, "en": order.unit.name_en or order.unit.name_zh}
    values = {"order": order.number, "unit": unit, "due_at": order.sign_due_at or order.due_at}
    return News("order_dispatched", _of_order(order, facts), values)


def _offered(event: Event, facts: Facts) -> News | None:
    """By hand, to another of the unit; what was taken back says so itself."""
    order = facts.orders.get(event.particulars.get("order", ""))
    to = facts.directory.everybody.get(event.particulars.get("member", 0))
    if order is None or to is None or "due" in event.particulars:
        return None
    return News("order_offered", [to], {"order": order.number, "due_at": order.sign_due_at or order.due_at})


def _nudged(event: Event, facts: Facts) -> News | None:
    if "order" not in event.particulars:
        values = {"who": _who(event), "count": event.particulars.get("count", 1)}
        owner = _in_charge(facts) if event.actor_kind == CUSTOMER.kind else []
        return News("urged", [*_waited_for(facts), *owner], values)
    order = facts.orders.get(event.particulars.get("order", ""))
    if order is None:
        return None
    leads = facts.directory.nearest(order.unit_id, Role.DEPT_LEAD)
    values = {"order": order.number, "who": _who(event), "count": event.particulars.get("count", 1)}
    return News("order_nudged", [*_of_order(order, facts), *leads], values)


def _asked(event: Event, facts: Facts) -> News:
    approvers = facts.directory.nearest(facts.complaint.owner_unit_id, *current().extension.approvers)
    values = {"clock": _clock(event), "who": _who(event), "until_at": _until(event)}
    return News("extension_asked", approvers, values)


def _decided(event: Event, facts: Facts) -> News | None:
    asked = facts.complaint.events.filter(kind=Kind.EXTENSION_ASKED, seq__lt=event.seq).order_by("-seq").first()
    asker = facts.directory.everybody.get(asked.actor_id or 0) if asked else None
    if asker is None:
        return None
    granted = event.kind == Kind.EXTENDED
    decision = {"zh": "同意", "en": "granted"} if granted else {"zh": "不同意", "en": "refused"}
    due = event.particulars.get("due")
    due_at = datetime.fromisoformat(due) if due else facts.complaint.due_at
    return News("extension_decided", [asker], {"clock": _clock(event), "decision": decision, "due_at": due_at})


def _lapsed(event: Event, facts: Facts) -> News | None:
    asked = Extension.objects.filter(pk=event.particulars.get("extension", 0)).first()
    asker = facts.directory.everybody.get(asked.asked_by_id) if asked else None
    if asker is None:
        return None
    decision = {"zh": "到期没有审批，已失效", "en": "nobody decided in time, lapsed"}
    if event.particulars.get("because") == "regraded":
        decision = {"zh": "已重新定级，原申请失效", "en": "graded anew since, lapsed"}
    due_at = datetime.fromisoformat(event.particulars["due"])
    return News("extension_decided", [asker], {"clock": _clock(event), "decision": decision, "due_at": due_at})


def _resumed(event: Event, facts: Facts) -> News | None:
    if event.actor_kind == "member" or not event.particulars.get("pauses"):
        return None
    by_customer = event.actor_kind == CUSTOMER.kind
    reason = {"zh": "客户已回复", "en": "The customer answered"}
    if not by_customer:
        reason = {"zh": "暂停已结束", "en": "The pause is over"}
    values = {"clock": _named("CK-RESOLVE"), "reason": reason, "due_at": facts.complaint.due_at}
    return News("pause_ended", _in_charge(facts), values)


def _reminded(event: Event, facts: Facts) -> News | None:
    pause = facts.complaint.pauses.running().filter(reason=event.particulars.get("pause", "")).first()
    if pause is None:
        return None
    if pause.until_at is None:
        since = {"since_at": pause.started_at, "next_at": pause.review_at or pause.started_at}
        return News("pause_review", _in_charge(facts), {"clock": _named("CK-RESOLVE"), **since})
    return News("pause_ending", _in_charge(facts), {"clock": _named("CK-RESOLVE"), "until_at": pause.until_at})


def _to_follow_up(event: Event, facts: Facts) -> News:
    return News("follow_up_due", _in_charge(facts), {"due_at": facts.complaint.due_at})


def _supplemented(event: Event, facts: Facts) -> News | None:
    return News("customer_answered", _in_charge(facts), {}) if event.actor_kind == CUSTOMER.kind else None


def _declined(event: Event, facts: Facts) -> News | None:
    order = facts.orders.get(event.particulars.get("order", ""))
    dispatcher = facts.directory.everybody.get((order.dispatched_by_id if order else None) or 0)
    if order is None or dispatcher is None:
        return None
    title = {"zh": f"工单 {order.number} 被退回", "en": f"Work order {order.number} was given back"}
    text = {"zh": f"{order.unit.name_zh}退单，请改派。", "en": f"{order.unit.name_en or order.unit.name_zh} declined."}
    return News("announcement", [dispatcher], {"title": title, "text": text})


def _rejected(event: Event, facts: Facts) -> News:
    number = facts.complaint.number
    title = {"zh": f"{number} 客户不认可，已重开", "en": f"{number}: not accepted, open again"}
    text = {"zh": "请安排另一位处理人重新处理。", "en": "Please have somebody else handle it."}
    supervisors = recipients.of_complaint(facts.complaint, facts.directory, Role.SUPERVISOR)
    return News("announcement", supervisors, {"title": title, "text": text})


def _regraded(event: Event, facts: Facts) -> News | None:
    """To whoever works on it, and to whom the level concerns from now on."""
    before, after = (event.particulars.get(key, {}).get("severity") for key in ("before", "after"))
    if after not in LEVELS or before not in LEVELS:
        return None
    number = facts.complaint.number
    old, new = LEVELS[before], LEVELS[after]
    title = {"zh": f"{number} 重新定级：{old.zh} → {new.zh}", "en": f"{number} graded anew: {old.en} → {new.en}"}
    if before == after:
        title = _complexity(number, *(event.particulars[key].get("complexity", "") for key in ("before", "after")))
    text = {"zh": "时限已按新的等级重算，请查看。", "en": "Its promises were reckoned anew; please look."}
    units = {order.unit_id: order for order in facts.orders.values() if order.is_active}
    leads = [lead for unit in units for lead in facts.directory.nearest(unit, Role.DEPT_LEAD)]
    hands = [member for order in units.values() for member in _of_order(order, facts)]
    above = recipients.of_complaint(facts.complaint, facts.directory, Role.SUPERVISOR)
    top = facts.directory.anywhere(new.accountable) if after < before else []
    return News("announcement", [*_in_charge(facts), *hands, *leads, *above, *top], {"title": title, "text": text})


def _complexity(number: str, before: str, after: str) -> dict[str, str]:
    zh, en = {"S": "简单", "C": "复杂"}, {"S": "simple", "C": "complex"}
    return {
        "zh": f"{number} 复杂度：{zh.get(before, before)} → {zh.get(after, after)}",
        "en": f"{number} complexity: {en.get(before, before)} → {en.get(after, after)}",
    }


NEWS: dict[Kind, Callable[[Event, Facts], News | None]] = {
    Kind.DISPATCHED: _dispatched,
    Kind.OFFERED_ON: _offered,
    Kind.NUDGED: _nudged,
    Kind.DECLINED: _declined,
    Kind.EXTENSION_ASKED: _asked,
    Kind.EXTENDED: _decided,
    Kind.EXTENSION_REFUSED: _decided,
    Kind.EXTENSION_LAPSED: _lapsed,
    Kind.RESUMED: _resumed,
    Kind.PAUSE_REMINDED: _reminded,
    Kind.SUPPLEMENTED: _supplemented,
    Kind.FOLLOW_UP_DUE: _to_follow_up,
    Kind.REOPENED: _rejected,
    Kind.REGRADED: _regraded,
}


def _of_order(order: WorkOrder, facts: Facts) -> list[Member]:
    named = facts.directory.everybody.get(order.assignee_id or 0)
    return recipients.named_or_there(named, order.unit_id, Right.SIGN, facts.directory)


# whose turn it is, by state; elsewhere whoever looks after it
TURNS = {
    State.RECEIVED: Right.REVIEW,
    State.IN_REVIEW: Right.REVIEW,
    State.ACCEPTED: Right.DISPATCH,
    State.REOPENED: Right.DISPATCH,
    State.IN_AUDIT: Right.AUDIT,
}


def _waited_for(facts: Facts) -> list[Member]:
    """Those who have its orders in hand, with their leads; else whoever took it up, or whose turn it is."""
    complaint, directory = facts.complaint, facts.directory
    if in_hand := [order for order in facts.orders.values() if order.state in IN_HAND]:
        leads = [each for order in in_hand for each in directory.nearest(order.unit_id, Role.DEPT_LEAD)]
        return [*(each for order in in_hand for each in _of_order(order, facts)), *leads]
    reviewer = directory.everybody.get(complaint.reviewer_id or 0)
    if complaint.state == State.IN_REVIEW and reviewer is not None:
        return [reviewer]
    if right := TURNS.get(State(complaint.state)):
        return directory.nearest(complaint.owner_unit_id, *RIGHTS[right])
    return _in_charge(facts)


def _in_charge(facts: Facts) -> list[Member]:
    """Who looks after the complaint, and who has its orders in hand."""
    hands = [order.assignee_id or order.handler_id for order in facts.orders.values() if order.is_active]
    found = [facts.directory.everybody.get(pk or 0) for pk in (facts.complaint.assignee_id, *hands)]
    named = [member for member in found if member is not None]
    return named or list(_desk(facts))


def _desk(facts: Facts) -> Iterable[Member]:
    return facts.directory.nearest(facts.complaint.owner_unit_id, *RIGHTS[Right.REPLY])


def _who(event: Event) -> str | dict[str, str]:
    if event.actor is not None:
        return event.actor.name
    return (
        {"zh": "系统", "en": "The system"} if event.actor_kind == SYSTEM.kind else {"zh": "客户", "en": "The customer"}
    )


def _clock(event: Event) -> dict[str, str]:
    return _named(str(event.particulars.get("clock", "")))


def _named(code: str) -> dict[str, str]:
    clock = current().clocks.get(code.removesuffix(".final"))
    zh = (clock.zh if clock else code).partition("（")[0]
    return {"zh": zh, "en": clock_name(code, zh, "en")}


def _until(event: Event) -> datetime | None:
    """When it would be due, if it were granted."""
    asked = Extension.objects.filter(pk=event.particulars.get("extension", 0)).first()
    if asked is None:
        return None
    if asked.target_at is not None:
        return asked.target_at
    return earliest(current().calendar, asked.due_before, Target.of("wd", asked.days))
