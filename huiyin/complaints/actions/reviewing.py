"""复核: the gate before dispatch. A person confirms or corrects what the machine proposed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import clocks, extending, noting, remeasuring
from huiyin.complaints.actions.moving import change, expect, hold, move
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Complaint, Event, Issue
from huiyin.complaints.states import State
from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.rules import Right, Role, may
from huiyin.triage.models import Category


@transaction.atomic
def take_up(complaint: Complaint, *, actor: Actor, at: datetime) -> None:
    """Claim it from the common queue for review; of two claiming at once exactly one gets it (A28)."""
    must_review(actor)
    hold(complaint)
    _begin(complaint, actor, at)


@transaction.atomic
def review(
    complaint: Complaint,
    *,
    category: Category,
    severity: int,
    actor: Actor,
    at: datetime,
    complexity: str = "",
    issues: Sequence[str] = (),
    note: str = "",
    version: int | None = None,
) -> None:
    """Pass it: category, severity and issues stand as given, the complaint is effective from now (A43).

    Level 1 takes a supervisor; making it less severe than the machine or the front desk had it takes a supervisor and
    a reason (severity.yaml raise_only). Corrections are in the event, old and new.
    """
    must_review(actor)
    hold(complaint)
    expect(complaint, version)
    if complaint.state == State.RECEIVED:
        _begin(complaint, actor, at)
    refuse_level(complaint, severity, actor, note)
    was = complaint.severity
    before = {"category": complaint.category.code, "severity": was, "complexity": complaint.complexity}
    _replace_issues(complaint, issues)
    step = move(
        complaint,
        State.ACCEPTED,
        actor=actor,
        at=at,
        given={"level_confirmed": 1 <= severity <= 4, "category_confirmed": category is not None},
        confirmed_category=category,
        severity=severity,
        complexity=complexity or _complexity(complaint, category),
        reviewer=actor.member,
        effective_at=complaint.effective_at or at,
    )
    clocks.stop(complaint, "CK-REVIEW", at=at)
    anew = remeasuring.regrade(complaint, issue_class=category.issue_class, acts=category.acts, at=at, is_first=True)
    clocks.begin(complaint, clocks.ONCE_GRADED, at=at)
    change(complaint, due_at=complaint.due_at, paused_at=complaint.paused_at)
    after = {"category": category.code, "severity": severity, "complexity": complaint.complexity}
    remark = noting.reason(complaint, note, actor=actor, at=at)
    events.record(complaint, Event.Kind.REVIEWED, actor=actor, at=at, before=before, after=after, **step, **remark)
    if severity > was:
        extending.ask_for_longer(complaint, anew.longer, words=note, actor=actor, at=at)


def _complexity(complaint: Complaint, category: Category) -> str:
    """Another category brings its own complexity, where the reviewer does not say."""
    return complaint.complexity if category == complaint.category else category.complexity or complaint.complexity


@transaction.atomic
def return_intake(complaint: Complaint, *, reason: str, actor: Actor, at: datetime) -> None:
    """Send it back to the front desk, saying what is missing."""
    must_review(actor)
    hold(complaint)
    if complaint.state == State.RECEIVED:
        _begin(complaint, actor, at)
    step = move(complaint, State.RETURNED_INTAKE, actor=actor, at=at, given={"reason": reason})
    remark = noting.reason(complaint, reason, actor=actor, at=at)
    events.record(complaint, Event.Kind.RETURNED, actor=actor, at=at, **step, **remark)


@transaction.atomic
def resubmit(
    complaint: Complaint, *, actor: Actor, at: datetime, elements: dict[str, str] | None = None, supplement: str = ""
) -> None:
    """The front desk has added what was missing; it is reviewed again."""
    hold(complaint)
    step = move(
        complaint,
        State.IN_REVIEW,
        actor=actor,
        at=at,
        elements={**complaint.elements, **(elements or {})},
    )
    if supplement.strip():
        noting.supplement(complaint, text=supplement, actor=actor, at=at)
    events.record(complaint, Event.Kind.RESUBMITTED, actor=actor, at=at, elements=sorted(elements or {}), **step)


def must_review(actor: Actor) -> None:
    if actor.member is None or not may(actor.member, Right.REVIEW):
        raise MayNot()


def _begin(complaint: Complaint, actor: Actor, at: datetime) -> None:
    step = move(complaint, State.IN_REVIEW, actor=SYSTEM, at=at, reviewer=actor.member)
    events.record(complaint, Event.Kind.TAKEN_UP, actor=actor, at=at, **step)


def refuse_level(complaint: Complaint, severity: int, actor: Actor, note: str, *, field: str = "note") -> None:
    """Raise GuardFailed where the actor may not set this level, or must say why."""
    is_supervisor = Role.SUPERVISOR in actor.roles
    if severity == 1 and not is_supervisor:
        raise GuardFailed("level_confirmed", _("一级投诉须由投诉主管确认。"), "severity")
    if severity > complaint.severity and not is_supervisor:
        raise GuardFailed("level_confirmed", _("调低投诉等级须由投诉主管进行，并写明理由。"), "severity")
    if severity > complaint.severity and not note.strip():
        raise GuardFailed("reason", _("调低投诉等级须写明理由。"), field)


def _replace_issues(complaint: Complaint, issues: Sequence[str]) -> None:
    """The reviewer's list of issues stands; without one the list kept so far, or the complaint as a single issue."""
    texts = [text.strip()[:1000] for text in issues if text.strip()]
    if not texts and complaint.issues.exists():
        return
    texts = texts or [complaint.title or complaint.text[:200]]
    complaint.issues.all().delete()
    Issue.objects.bulk_create(
        [Issue(complaint=complaint, position=position, text=text) for position, text in enumerate(texts, start=1)]
    )
