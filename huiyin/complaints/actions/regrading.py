"""重新定级: level and complexity of an open complaint change after its review, by a person or by what the customer says
later; promises are reckoned anew from their own start (sla.yaml `reassessment`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import clocks, extending, noting, remeasuring
from huiyin.complaints.actions.moving import change, expect, hold
from huiyin.complaints.actions.reviewing import must_review, refuse_level
from huiyin.complaints.errors import GuardFailed, MoveRefused
from huiyin.complaints.models import Clock, Complaint, Event, Letter, Note
from huiyin.complaints.states import OPEN
from huiyin.org.actors import SYSTEM, Actor
from huiyin.triage.grading import Reason, grade
from huiyin.triage.models import Category
from huiyin.triage.queries import book

GRADED = (Event.Kind.REVIEWED, Event.Kind.REGRADED)
UNHEARD = frozenset({"reopened", "routing", "departments"})  # graded anew without reading what the customer added
ACROSS_DEPARTMENTS = "CK-DIAG"  # runs where two departments or more have a part


@transaction.atomic
def regrade(
    complaint: Complaint,
    *,
    severity: int,
    reason: str,
    actor: Actor,
    at: datetime,
    complexity: str = "",
    version: int | None = None,
) -> None:
    """It is of this level and complexity from now on. The guards are the review's: level 1, and anything less severe,
    takes a supervisor; the reason is always required."""
    must_review(actor)
    hold(complaint)
    expect(complaint, version)
    if complaint.state not in OPEN:
        raise MoveRefused(complaint)
    complexity = complexity or complaint.complexity
    if not 1 <= severity <= 4:
        raise GuardFailed("level_confirmed", _("投诉等级为 1 到 4。"), "severity")
    if complexity not in Category.Complexity:
        raise GuardFailed("complexity", _("复杂度只能是 S 或 C。"))
    if (severity, complexity) == (complaint.severity, complaint.complexity):
        raise GuardFailed("severity", _("等级和复杂度都没有变。"))
    if not reason.strip():
        raise GuardFailed("reason", _("请写明为什么重新定级。"))
    refuse_level(complaint, severity, actor, reason, field="reason")
    remark = noting.reason(complaint, reason, actor=actor, at=at)
    _set(complaint, severity, complexity, actor=actor, at=at, said=remark, words=reason)


@transaction.atomic
def hear(complaint: Complaint, *, at: datetime) -> bool:
    """What the customer added since somebody last graded it is read by the severity rules; they only ever raise. What
    a person decided about earlier words stands. May run twice without harm. Returns whether it was raised."""
    hold(complaint)
    known = complaint.events.filter(kind__in=GRADED).values_list("seq", "particulars")
    graded = max((seq for seq, said in known if said.get("because") not in UNHEARD), default=0)
    later = complaint.events.filter(kind=Event.Kind.SUPPLEMENTED, seq__gt=graded).values_list("particulars", flat=True)
    told = Note.objects.filter(complaint=complaint, pk__in=[each["note"] for each in later]).order_by("pk")
    words = "\n".join(note.text for note in told)
    return bool(words) and raise_level(complaint, words, at=at, because="supplement")


def raise_level(complaint: Complaint, words: str, *, at: datetime, because: str, is_whole: bool = True) -> bool:
    """By the severity rules over these words and how often it came back. The complaint is held. `is_whole`: its clocks
    are reckoned anew, too; a reopened one starts its own."""
    if complaint.state not in OPEN:
        return False
    severity, reasons = _raised(complaint, words, because)
    if severity >= complaint.severity:
        return False
    why = [{"rule": reason.rule, "text": reason.text} for reason in reasons]
    said = {"because": because, "rules": why}
    _set(complaint, severity, complaint.complexity, actor=SYSTEM, at=at, said=said, is_whole=is_whole)
    return True


@transaction.atomic
def raise_to(complaint: Complaint, severity: int, *, rules: Sequence[str], at: datetime) -> bool:
    """The routing table's rules give it that level at least; False where it is as severe already."""
    hold(complaint)
    if complaint.state not in OPEN or complaint.severity <= severity:
        return False
    said = {"because": "routing", "rules": [{"rule": rule, "text": rule} for rule in rules]}
    _set(complaint, severity, complaint.complexity, actor=SYSTEM, at=at, said=said)
    return True


@transaction.atomic
def make_complex(complaint: Complaint, *, units: Sequence[str], at: datetime) -> bool:
    """Two departments or more have a part in it, those of `units`: it is complex from now on (severity.yaml
    `complexity`, C099), and nothing makes it simple again but a person. False where it was."""
    hold(complaint)
    if complaint.state not in OPEN or complaint.complexity == Category.Complexity.COMPLEX:
        return False
    said = {"because": "departments", "units": sorted(units)}
    _set(complaint, complaint.severity, Category.Complexity.COMPLEX, actor=SYSTEM, at=at, said=said)
    return True


def _raised(complaint: Complaint, words: str, because: str) -> tuple[int, list[Reason]]:
    """Only the rules count that these words, or this coming back, fulfil: the category's own level, and what holds of
    every complaint, were weighed when it was graded."""
    known = book()
    category = (complaint.confirmed_category or complaint.category).code
    signals = {"reopened_count": complaint.reopened_count} if because == "reopened" else {}
    verdict = grade(words, tier=complaint.tier, signals=signals, category=category, book=known)
    levels = {rule.code: rule.level for rule in known.rules if not rule.condition.is_always}
    hits = [reason for reason in verdict.reasons if levels.get(reason.rule, 4) < complaint.severity]
    return min((levels[reason.rule] for reason in hits), default=complaint.severity), hits


def _set(
    complaint: Complaint,
    severity: int,
    complexity: str,
    *,
    actor: Actor,
    at: datetime,
    said: dict[str, Any],
    is_whole: bool = True,
    words: str = "",
) -> None:
    before = {"severity": complaint.severity, "complexity": complaint.complexity}
    change(complaint, severity=severity, complexity=complexity)
    moved, anew = _reckon(complaint, at) if is_whole else ([], remeasuring.Anew([], []))
    after = {"severity": severity, "complexity": complexity}
    events.record(
        complaint, Event.Kind.REGRADED, actor=actor, at=at, before=before, after=after, moved=moved,
        dropped=[{"clock": each.code, "due": events.timestamp(each.due_at)} for each in anew.dropped], **said,
    )  # fmt: skip
    extending.ask_for_longer(complaint, anew.longer, words=words, actor=actor, at=at)


def _reckon(complaint: Complaint, at: datetime) -> tuple[list[dict[str, str]], remeasuring.Anew]:
    """Every running clock from its own start, those of work orders too, and what newly applies. What moved, and what
    would be later or is promised no more."""
    since = complaint.reopened_at or complaint.received_at
    due = {each.pk: each.due_at for each in Clock.objects.running().filter(complaint=complaint)}
    departments = departments_of(complaint)
    category = complaint.confirmed_category or complaint.category
    anew = remeasuring.regrade(
        complaint, issue_class=category.issue_class, acts=category.acts, departments=departments, at=at
    )
    change(complaint, due_at=complaint.due_at)
    clocks.follow_due(complaint)
    remeasuring.regrade_orders(complaint)
    if complaint.effective_at is not None and clocks.order_clock(complaint) is not None:
        done = done_since(complaint, since)
        clocks.begin(complaint, clocks.ONCE_GRADED, at=at, done=done)
        if complaint.events.filter(kind=Event.Kind.DISPATCHED, at__gte=since).exists():
            clocks.begin(complaint, clocks.ONCE_DISPATCHED, at=at, departments=departments, done=done)
    return _moved(complaint, due), anew


def done_since(complaint: Complaint, since: datetime) -> dict[str, datetime]:
    """By clock, when that was done last which it asks for: a promise that begins now is not broken by its having been
    done before."""
    told = complaint.letters.filter(status=Letter.Status.SENT, sent_at__gte=since)
    answer = told.exclude(purpose=Letter.Purpose.QUESTION).aggregate(last=Max("sent_at"))["last"]
    kinds = (Event.Kind.HANDLED, Event.Kind.OPINED)
    facts = dict(complaint.events.filter(kind__in=kinds, at__gte=since).values_list("kind").annotate(Max("at")))
    handled, opined = (facts.get(kind) for kind in kinds)
    last = {"CK-SR": answer, "CK-PROGRESS": answer, "CK-PLAN": handled, "CK-DIAG": handled, "CK-LEGAL": opined}
    return {code: at for code, at in last.items() if at is not None}


def departments_of(complaint: Complaint) -> int:
    since = complaint.reopened_at or complaint.received_at
    across = Clock.objects.filter(complaint=complaint, code=ACROSS_DEPARTMENTS, started_at__gte=since)
    return 2 if across.exists() else 1


def _moved(complaint: Complaint, before: dict[int, datetime]) -> list[dict[str, str]]:
    running = Clock.objects.running().filter(complaint=complaint).order_by("pk")
    found = []
    for each in running:
        if before.get(each.pk) != each.due_at:
            said = {"clock": each.code, "subject": each.subject, "due": events.timestamp(each.due_at)}
            if each.pk in before:
                said["before"] = events.timestamp(before[each.pk])
            found.append(said)
    return found
