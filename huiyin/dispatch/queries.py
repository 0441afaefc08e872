"""Reading across tables for dispatch: who is proposed, and what waits for a member."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple

from django.db.models import Q, QuerySet

from huiyin.complaints.models import Complaint
from huiyin.dispatch.languages import is_chinese
from huiyin.dispatch.models import RoutingRule, WorkOrder
from huiyin.dispatch.routing import Facts, Proposal, Table, propose
from huiyin.dispatch.states import OrderState
from huiyin.org.models import Member, Unit
from huiyin.org.rules import Right, may
from huiyin.triage.grading import Verdict, grade
from huiyin.triage.models import Category
from huiyin.triage.queries import book
from huiyin.triage.signals import LABELS

IN_MEDIA: Final = ("media_or_viral", "media_threat_credible")


def proposal(complaint: Complaint) -> Proposal:
    """The units that the routing table names for this complaint, with the rules that named them."""
    return propose(facts_of(complaint, complainants=complaint.merged.count() + 1), table())


def facts_of(complaint: Complaint, *, complainants: int) -> Facts:
    """What the rules look at, as the complaint stands."""
    category = complaint.confirmed_category or complaint.category
    return Facts(
        code=category.code,
        level=complaint.severity,
        complexity=complaint.complexity,
        emotion=complaint.emotion,
        tier=complaint.tier,
        source=complaint.channel,
        acts=frozenset(category.acts),
        owner=category.owner_code,
        support=tuple(category.support_codes),
        reopened_count=complaint.reopened_count,
        has_named_employee=complaint.named_employee_id is not None,
        complainants=complainants,
        is_in_media=_is_in_media([each["text"] for each in complaint.grading.get("reasons", ())]),
        is_chinese=is_chinese(complaint.text),
    )


def _is_in_media(reasons: Iterable[str]) -> bool:
    """What was read out of the text says so, or that it is about to be."""
    return any(LABELS[signal] in text for signal in IN_MEDIA for text in reasons)


def kept_away(complaint: Complaint, exclude: Collection[str]) -> set[int]:
    """The members whom the table keeps from handling it, by their part in it."""
    found: set[int | None] = set()
    if "named_employee" in exclude:
        found.add(complaint.named_employee_id)
    if "line_manager_of_named" in exclude and complaint.named_employee is not None:
        found.add(complaint.named_employee.line_manager_id)
    if "previous_handler" in exclude:
        found |= set(WorkOrder.objects.filter(complaint=complaint).values_list("handler_id", flat=True))
    return {pk for pk in found if pk is not None}


def closing_needs() -> Mapping[str, str]:
    """By category, the rule that lets nothing of it close without a legal opinion."""
    blocking = RoutingRule.objects.filter(is_active=True, effect__block_close_without="legal_opinion")
    return {rule.condition["code"]: rule.code for rule in blocking if "code" in rule.condition}


def table() -> Table:
    """The active rules in order. A department's own team is its first active one, by code; without one, itself."""
    rules = RoutingRule.objects.filter(is_active=True).values_list("code", "condition", "effect")
    teams = Unit.objects.active().filter(kind=Unit.Kind.TEAM).select_related("parent").order_by("-code")
    own = {department.code: department.code for department in Unit.objects.active().exclude(kind=Unit.Kind.TEAM)}
    own |= {team.parent.code: team.code for team in teams if team.parent is not None}
    return Table(tuple(rules), own)


class Trial(NamedTuple):
    """What would happen to a text: how it is graded, and what the table proposes for that."""

    verdict: Verdict
    category: Category
    proposal: Proposal


def trial(text: str, *, channel: str = "", tier: str = "STD") -> Trial:
    """As if it came in now; nothing is kept."""
    verdict = grade(text, channel=channel, tier=tier, book=book())
    category = Category.objects.select_related("owner").get(code=verdict.category)
    facts = Facts(
        code=category.code,
        level=verdict.severity,
        complexity=verdict.complexity,
        emotion=verdict.emotion,
        tier=tier,
        source=channel,
        acts=frozenset(category.acts),
        owner=category.owner_code,
        support=tuple(category.support_codes),
        is_in_media=_is_in_media([reason.text for reason in verdict.reasons]),
        is_chinese=is_chinese(text),
    )
    return Trial(verdict, category, propose(facts, table()))


def to_sign(member: Member) -> QuerySet[WorkOrder]:
    """Orders dispatched to the member's units, for anybody there or for them by name."""
    waiting = _theirs(member).filter(state=OrderState.DISPATCHED)
    return waiting if may(member, Right.SIGN) else waiting.none()


def to_handle(member: Member) -> QuerySet[WorkOrder]:
    """Signed by this member, or named for them, and not completed."""
    return _theirs(member).filter(state__in=[OrderState.ACKNOWLEDGED, OrderState.HANDLING], assignee=member)


def to_audit(member: Member) -> QuerySet[WorkOrder]:
    """Completed orders of complaints that an auditor sees, but for those they handled themselves."""
    if not may(member, Right.AUDIT):
        return WorkOrder.objects.none()
    return WorkOrder.objects.visible_to(member).filter(state=OrderState.COMPLETED).exclude(handler=member)


def to_redispatch(member: Member) -> QuerySet[WorkOrder]:
    """Given back by a unit, and nobody has it now."""
    if not may(member, Right.DISPATCH):
        return WorkOrder.objects.none()
    return WorkOrder.objects.visible_to(member).given_back()


def _theirs(member: Member) -> QuerySet[WorkOrder]:
    mine = Q(assignee=None) | Q(assignee=member)
    return WorkOrder.objects.visible_to(member).of_units(member.reach.unit_ids).filter(mine)
