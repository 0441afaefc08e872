"""能力重塑计划: opened for whoever fell short of a year, set by those who lead them, and finished with a result."""

from datetime import date, datetime
from urllib.parse import quote

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.coaching.actions.entering import must_keep
from huiyin.coaching.errors import GuardFailed
from huiyin.coaching.ledger import Counters
from huiyin.coaching.models import Plan
from huiyin.coaching.queries import begins, counters, target, today
from huiyin.notices.actions.telling import Telling, tell_many
from huiyin.org.models import Member, MemberQuerySet
from huiyin.org.rules import Role

JANUARY = 1
# of whom the year asks it: those who take in, handle, review and answer complaints
ASKED = (
    Role.FRONTLINE, Role.STORE_AGENT, Role.SENIOR_AGENT, Role.SUPERVISOR, Role.REVIEWER, Role.AUDITOR_CC, Role.HANDLER,
)  # fmt: skip


def asked_in(year: int) -> MemberQuerySet:
    """Active members of those roles who were here before the year ended."""
    return Member.objects.active().with_role(*ASKED).filter(date_joined__lt=begins(year + 1))


@transaction.atomic
def open_plans(*, at: datetime) -> int:
    """In January, plans for those who fell short in the year that ended; returns how many are new.

    Any number of times, also by two at once, each has one plan for the year. The person and who leads them are told.
    """
    now = today(at)
    if now.month != JANUARY:
        return 0
    year, wanted = now.year - 1, target()
    people = list(asked_in(year).exclude(plans__year=year).select_related("line_manager").order_by("pk"))
    known = counters([member.pk for member in people], year)
    short = {member.pk: known.get(member.pk, Counters()).lacking(wanted) for member in people}
    fresh = [Plan(member=each, year=year, lacking=short[each.pk], opened_at=at) for each in people if short[each.pk]]
    Plan.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    tell_many([_told(plan) for plan in fresh], at=at)
    return len(fresh)


def _told(plan: Plan) -> Telling:
    member = plan.member
    told = [each for each in (member, member.line_manager) if each is not None]
    return Telling(
        told,
        "plan_opened",
        {"year": plan.year, "who": member.name},
        number="",
        link=f"/desk/courses/people/{quote(member.username)}?year={plan.year}",
        key=f"plan:{member.pk}:{plan.year}",
    )


@transaction.atomic
def set_plan(plan: Plan, *, steps: str, due_on: date, actor: Member, at: datetime) -> None:
    """What is to be learnt until when; may be said anew while it runs."""
    held = _held(plan, actor)
    if not steps.strip():
        raise GuardFailed("steps", _("请写明计划内容。"))
    held.steps, held.due_on, held.set_by, held.set_at = steps.strip(), due_on, actor, at
    held.save(update_fields=["steps", "due_on", "set_by", "set_at"])


@transaction.atomic
def finish(plan: Plan, *, result: str, actor: Member, at: datetime) -> None:
    held = _held(plan, actor)
    if not result.strip():
        raise GuardFailed("result", _("请写明完成情况；不需要继续的，写明原因。"))
    held.result, held.finished_at, held.finished_by = result.strip(), at, actor
    held.save(update_fields=["result", "finished_at", "finished_by"])


def _held(plan: Plan, actor: Member) -> Plan:
    must_keep(plan.member, actor)
    held = Plan.objects.select_for_update().get(pk=plan.pk)
    if held.finished_at is not None:
        raise GuardFailed("plan", _("这个计划已经结束。"))
    return held
