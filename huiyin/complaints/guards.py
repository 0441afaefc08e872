"""The conditions named in the state table. Each returns the sentence that says what is missing, or None.

`given` is what the caller brings with the move (a reason, a date, a second person ...). Guards about work orders are
answered by dispatch, which counts them and brings the numbers along.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from huiyin.complaints.models import Clock, Complaint, Letter, Note, Validity

Given = Mapping[str, Any]
Guard = Callable[[Complaint, Given, datetime], str | None]

EXPIRES_AFTER = timedelta(days=7)


def _text(key: str, sentence: str) -> Guard:
    def guard(complaint: Complaint, given: Given, at: datetime) -> str | None:
        return None if str(given.get(key) or "").strip() else _(sentence)

    return guard


def _true(key: str, sentence: str) -> Guard:
    def guard(complaint: Complaint, given: Given, at: datetime) -> str | None:
        return None if given.get(key) else _(sentence)

    return guard


def _second_person(complaint: Complaint, given: Given, at: datetime) -> str | None:
    judged: Validity | None = given.get("validity")
    if judged is None or judged.confirmed_by_id is None or judged.confirmed_by_id == judged.proposed_by_id:
        return _("成立判断须由另一人确认。")
    return None


def _follow_up_date(complaint: Complaint, given: Given, at: datetime) -> str | None:
    day: date | None = given.get("follow_up_on")
    if day is None or day <= at.date():
        return _("请填写今天之后的后续跟踪日期。")
    return None


def _every_issue_answered(complaint: Complaint, given: Given, at: datetime) -> str | None:
    unanswered = complaint.issues.filter(answer="", is_dropped=False).first()
    return _("问题点“%s”还没有答复。") % unanswered.text if unanswered else None


def _contacted(complaint: Complaint, given: Given, at: datetime) -> str | None:
    letters = complaint.letters.filter(created_at__gte=complaint.state_since)
    if letters.filter(status=Letter.Status.SENT, purpose=Letter.Purpose.FINAL).exists():
        return None
    failed = letters.filter(status=Letter.Status.NOT_REACHED).order_by("created_at")
    times = list(failed.values_list("created_at", flat=True))
    if len(times) >= 3 and times[-1] - times[0] >= timedelta(hours=24):
        return None
    return _("须已联系上客户，或两天内至少三次联系未果。")


def _confirmed_or_expired(complaint: Complaint, given: Given, at: datetime) -> str | None:
    if given.get("customer_confirmed"):
        return None
    if complaint.replied_at is not None and at - complaint.replied_at >= EXPIRES_AFTER:
        return None
    return _("客户尚未确认，且答复未满 7 天。")


def _disagrees(complaint: Complaint, given: Given, at: datetime) -> str | None:
    stars = given.get("stars")
    if given.get("customer_disagrees") or (stars is not None and stars < 3):
        return None
    return _("须有客户不认可的表示，或低于 3 星的评价。")


def _within_30d(complaint: Complaint, given: Given, at: datetime) -> str | None:
    return None if complaint.may_still_be_reopened(at) else _("结案已超过 30 天，请重新登记一件投诉并注明原编号。")


def _nothing_open(complaint: Complaint, given: Given, at: datetime) -> str | None:
    """Promises, tasks and compensation come with later apps, which bring what is still open along."""
    return None if not given.get("still_open") else _("还有未了结的承诺、任务或补偿。")


PAYMENT = "CK-COMPPAY"  # runs while what the customer chose is still to be given


def _compensation_settled(complaint: Complaint, given: Given, at: datetime) -> str | None:
    unpaid = complaint.clocks.running().filter(code=PAYMENT).exists()
    return _("还有待审批或待兑现的补偿方案。") if unpaid else None


def unpaid() -> Q:
    """Which complaints `comp_settled` keeps open, as a condition on their rows."""
    return Q(Exists(Clock.objects.running().filter(complaint=OuterRef("pk"), code=PAYMENT)))


FOR_AUTHORITY = "CK-REG"  # runs until the authority has our answer, or what it asks for is done


def awaiting_authority() -> Q:
    """Which complaints `_no_open_task` keeps open for an authority that waits, as a condition on their rows."""
    return Q(Exists(Clock.objects.running().filter(complaint=OuterRef("pk"), code=FOR_AUTHORITY)))


Needs = Callable[[], Mapping[str, str]]
_needs: list[Needs] = []


def ask(needs: Needs) -> None:
    """From now on, the categories that `needs` names (with the rule that says so) do not close without a legal opinion:
    the routing table is known to apps above this one. Only flow.py calls it."""
    if needs not in _needs:
        _needs.append(needs)


def opinions_needed() -> Mapping[str, str]:
    """By category, the rule that blocks closing without a legal opinion."""
    return {code: rule for needs in _needs for code, rule in needs().items()}


def awaiting_opinion() -> Q:
    """Which complaints `_no_open_task` keeps open for want of a legal opinion, as a condition on their rows."""
    codes = sorted(opinions_needed())
    confirmed, proposed = Q(confirmed_category__code__in=codes), Q(category__code__in=codes)
    opinions = Note.objects.filter(complaint=OuterRef("pk"), kind=Note.Kind.OPINION)
    return (confirmed | Q(confirmed_category=None) & proposed) & Q(~Exists(opinions))


def _no_open_task(complaint: Complaint, given: Given, at: datetime) -> str | None:
    code = (complaint.confirmed_category or complaint.category).code
    rule = opinions_needed().get(code)
    if rule and not complaint.notes.filter(kind=Note.Kind.OPINION).exists():
        return _("%(code)s 须有法务意见才能结案（规则 %(rule)s）。") % {"code": code, "rule": rule}
    waiting = complaint.clocks.running().filter(code=FOR_AUTHORITY).first()
    if waiting is not None:
        return _("还有在走的监管时限（%s）：答复受理机构之后才能结案。") % str(waiting.why.get("name", ""))
    return _nothing_open(complaint, given, at)


GUARDS: dict[str, Guard] = {
    "required_elements_complete": _true("elements_complete", noted("受理要素不齐全。")),
    "resolvable_on_spot": _text("explanation", noted("请写明当场如何解释或解决。")),
    "customer_agreed": _true("customer_agreed", noted("当场解决须客户同意。")),
    "historic": _true("historic", noted("只有历史数据导入可以直接结案。")),
    "reason": _text("reason", noted("请填写理由。")),
    "level_confirmed": _true("level_confirmed", noted("请确认投诉等级；一级须由投诉主管确认。")),
    "category_confirmed": _true("category_confirmed", noted("请确认受理类型。")),
    "duplicate_of": _true("duplicate_of", noted("请指明与哪一件投诉重复。")),
    "at_least_one_work_order_dispatched": _true("work_orders", noted("请至少派出一张工单。")),
    "validity_decision": _true("validity", noted("请先作出成立判断。")),
    "evidence": _text("evidence", noted("请写明证据。")),
    "second_person": _second_person,
    "pause_reason": _text("reason", noted("请填写等待客户的原因。")),
    "interim_plan": _text("plan", noted("请填写阶段性处理方案。")),
    "follow_up_date": _follow_up_date,
    "all_work_orders_completed_or_partial_flag": _true("work_orders_completed", noted("还有工单没有处理完成。")),
    "reject_reason": _text("reason", noted("请填写审核不合格的原因。")),
    "every_issue_answered": _every_issue_answered,
    "reply_recorded": _true("letter", noted("请先写好答复。")),
    "customer_contacted_or_3_attempts": _contacted,
    "customer_confirmed_or_survey_expired_7d": _confirmed_or_expired,
    "no_open_promise": _nothing_open,
    "no_open_task": _no_open_task,
    "comp_settled": _compensation_settled,
    "csat_lt_3_or_customer_disagrees": _disagrees,
    "within_30d": _within_30d,
    "new_handler": _true("new_handler", noted("重开的投诉须交给另一位处理人。")),
    "withdrawal_record": _text("reason", noted("请记录客户撤回的表示。")),
}
