"""The conditions of the work order's state table; same shape as the complaint's, each says what is missing."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from huiyin.complaints.guards import Given
from huiyin.dispatch.models import WorkOrder
from huiyin.org.models import Member, Unit
from huiyin.org.rules import Role

Guard = Callable[[WorkOrder, Given, datetime], str | None]

WORKING_KINDS = frozenset({"service_centre", "branch", "county", "outlet", "franchise", "department", "team"})


def _department_allowed(order: WorkOrder, given: Given, at: datetime) -> str | None:
    unit: Unit = order.unit
    if not unit.is_active:
        return _("单位“%s”已停用。") % unit.name
    if unit.kind not in WORKING_KINDS:
        return _("单位“%s”不承办工单，请选择部门、班组、分公司、县市营业部或营业厅。") % unit.name
    return None


def _assignee_or_queue(order: WorkOrder, given: Given, at: datetime) -> str | None:
    person: Member | None = order.assignee
    if person is None:
        return None
    if not person.is_active or not person.has_role(Role.HANDLER, Role.DEPT_LEAD):
        return _("%s 不是在岗的处理人。") % person.name
    if order.unit_id not in person.reach.unit_ids:
        return _("%(name)s 不属于“%(unit)s”，不能指定派单。") % {"name": person.name, "unit": order.unit.name}
    if person.pk in order.complaint.recused:
        return _("%s 须回避这件投诉。") % person.name
    return None


def _every_assigned_issue_answered(order: WorkOrder, given: Given, at: datetime) -> str | None:
    answers: dict[int, str] = given.get("answers", {})
    for issue in order.issues.all():
        if not answers.get(issue.pk, "").strip():
            return _("问题点“%s”还没有答复。") % issue.text
    return None


def _content_nonempty(order: WorkOrder, given: Given, at: datetime) -> str | None:
    return None if str(given.get("findings", "")).strip() else _("请填写处理内容。")


def _reason(order: WorkOrder, given: Given, at: datetime) -> str | None:
    return None if str(given.get("reason", "")).strip() else _("请填写理由。")


GUARDS: dict[str, Guard] = {
    "department_allowed": _department_allowed,
    "assignee_or_queue": _assignee_or_queue,
    "reason_not_ours": _reason,
    "every_assigned_issue_answered": _every_assigned_issue_answered,
    "content_nonempty": _content_nonempty,
    "reject_reason": _reason,
    "reason": _reason,
}
