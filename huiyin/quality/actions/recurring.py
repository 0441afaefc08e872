"""高频同类: the fifth complaint of one category in a calendar month asks for the root cause, once (C055, AL-03)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Complaint
from huiyin.complaints.models.complaint import Kind
from huiyin.lib.seen import UNSEEN
from huiyin.org.actors import Actor
from huiyin.org.models import Unit
from huiyin.org.rules import Right
from huiyin.quality.actions import reminding
from huiyin.quality.errors import ChangedMeanwhile
from huiyin.quality.models import RecurrenceRule, RootCauseDuty, Sighting
from huiyin.sla import promises
from huiyin.sla.queries import current
from huiyin.triage.models import Category


@transaction.atomic
def count(complaint: Complaint, *, at: datetime) -> RootCauseDuty | None:
    """The complaint counts in its month, once; with the last one of the threshold the duty stands.

    Returns the duty that this complaint opened. Counters of one category wait for each other, so that of two fourth
    complaints one is the fifth.
    """
    category, rule = complaint.confirmed_category, RecurrenceRule.objects.first()
    if category is None or rule is None or complaint.kind != Kind.COMPLAINT:
        return None
    Category.objects.select_for_update(no_key=True).get(pk=category.pk)
    month = current().calendar.local(complaint.received_at).date().replace(day=1)
    Sighting.objects.update_or_create(complaint=complaint, defaults={"category": category, "month": month})
    if Sighting.objects.filter(category=category, month=month).count() < rule.threshold:
        return None
    return _open(category, month, rule, at)


def _open(category: Category, month: date, rule: RecurrenceRule, at: datetime) -> RootCauseDuty | None:
    unit = Unit.objects.filter(code=rule.unit_code).first() or category.owner
    start, inputs = at, promises.Inputs(level="L3", cx="S")  # the clock asks for neither
    deadline = promises.deadline(current(), rule.clock, start=start, inputs=inputs)
    if deadline is None or unit is None:
        return None
    duty, is_new = RootCauseDuty.objects.get_or_create(
        category=category,
        month=month,
        defaults={
            "unit": unit,
            "opened_at": at,
            "due_at": deadline.due_at,
            "why": deadline.why,
            "quarter": quarter_of(month),
        },
    )
    if is_new:
        reminding.tell_of_cause(duty, 0, at)
    return duty if is_new else None


def quarter_of(day: date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"


@transaction.atomic
def plan(duty: RootCauseDuty, *, quarter: str, project: str, objective: str, actor: Actor, at: datetime) -> None:
    """The improvement is a project, and counts towards the objectives of a quarter (纳入季度OKR考核)."""
    _must(actor)
    _hold(duty)
    duty.quarter, duty.project, duty.objective = quarter, project.strip(), objective.strip()
    duty.save(update_fields=["quarter", "project", "objective"])


@transaction.atomic
def submit(
    duty: RootCauseDuty, *, cause: str, redesign: str, actor: Actor, at: datetime, seen: datetime | None = UNSEEN
) -> None:
    """Both are written: what causes it, and how the process will be. They wait for approval.

    `seen`: when the report had been submitted last, as its editor knew it. Raises ChangedMeanwhile.
    """
    _must(actor)
    _hold(duty)
    _must_be_as_seen(duty, seen)
    if not cause.strip():
        raise GuardFailed("cause", _("请填写根因分析报告。"))
    if not redesign.strip():
        raise GuardFailed("redesign", _("请填写流程再造方案。"))
    duty.cause, duty.redesign = cause.strip(), redesign.strip()
    duty.submitted_at, duty.submitted_by = at, actor.member
    duty.save(update_fields=["cause", "redesign", "submitted_at", "submitted_by"])


@transaction.atomic
def approve(duty: RootCauseDuty, *, actor: Actor, at: datetime, seen: datetime | None = UNSEEN) -> None:
    """Another person finds it good: the clock CK-RCA stops (rca_report_approved). What they read is approved, and
    nothing that was submitted since: raises ChangedMeanwhile."""
    _must(actor)
    _hold(duty)
    _must_be_as_seen(duty, seen)
    if duty.submitted_at is None:
        raise GuardFailed("cause", _("根因分析报告和流程再造方案尚未提交。"))
    if actor.member is None or duty.submitted_by_id == actor.member.pk:
        raise GuardFailed("approved_by", _("须由另一人批准。"))
    duty.approved_at, duty.approved_by = at, actor.member
    duty.save(update_fields=["approved_at", "approved_by"])


def _must(actor: Actor) -> None:
    if not actor.may(Right.INVESTIGATE):
        raise MayNot()


def _must_be_as_seen(duty: RootCauseDuty, seen: datetime | None) -> None:
    if seen is not UNSEEN and seen != duty.submitted_at:
        raise ChangedMeanwhile(_("根因分析报告"), duty.submitted_by)


def _hold(duty: RootCauseDuty) -> None:
    held = RootCauseDuty.objects.select_for_update().get(pk=duty.pk)
    for field in RootCauseDuty._meta.concrete_fields:
        setattr(duty, field.attname, getattr(held, field.attname))
    if duty.approved_at is not None:
        raise GuardFailed("approved_at", _("这项根因任务已经批准。"))
