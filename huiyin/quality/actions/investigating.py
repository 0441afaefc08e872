"""8D: opening an investigation, its team, what each discipline found, and its sign-off in order (B30)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Complaint, Event
from huiyin.lib.seen import UNSEEN
from huiyin.org.actors import Actor
from huiyin.org.rules import Right
from huiyin.quality import gates
from huiyin.quality.errors import AlreadyEnded, ChangedMeanwhile, OutOfOrder
from huiyin.quality.gates import Seat
from huiyin.quality.models import Discipline, Investigation, Step, TeamMember
from huiyin.quality.numbering import draw_number
from huiyin.sla import promises
from huiyin.sla.engine import Target
from huiyin.sla.queries import current

TEAM = "D1"


@transaction.atomic
def open_investigation(complaint: Complaint, *, title: str, actor: Actor, at: datetime) -> Investigation:
    """An 8D report with all its steps and their deadlines stands beside the complaint; one complaint has one."""
    if actor.kind != "system":
        _must(actor)
    if not title.strip():
        raise GuardFailed("title", _("请写明调查的标题。"))
    if known := Investigation.objects.filter(complaint=complaint).first():
        raise GuardFailed("title", _("这件投诉已有调查 %s。") % known.number)
    pk, number = draw_number(Investigation, "DC", at)
    investigation = Investigation.objects.create(
        pk=pk, number=number, complaint=complaint, title=title.strip(), opened_at=at, opened_by=actor.member
    )
    policy = current()
    steps = [
        Step(
            investigation=investigation,
            code=each.code,
            due_at=min(
                promises.earliest(policy.calendar, at, Target.of(unit, amount)) for unit, amount in each.due.items()
            ),
        )
        for each in Discipline.objects.all()
    ]
    Step.objects.bulk_create(steps)
    events.record(complaint, Event.Kind.INVESTIGATED, actor=actor, at=at, investigation=number, step="opened")
    return investigation


@transaction.atomic
def form_team(
    investigation: Investigation,
    *,
    seats: Sequence[Seat],
    actor: Actor,
    at: datetime,
    scope: str = "",
    kickoff_at: datetime | None = None,
    kickoff_minutes: str = "",
    seen: datetime | None = UNSEEN,
) -> None:
    """This is the team, and this was its first meeting. Whether that is enough, the sign-off of D1 asks."""
    step = _hold(investigation, TEAM, actor)
    _must_be_as_seen(step, seen)
    investigation.team.all().delete()
    TeamMember.objects.bulk_create(
        [
            TeamMember(
                investigation=investigation,
                position=position,
                name=seat.name.strip(),
                department=seat.department.strip(),
                role=seat.role,
                authority=seat.authority.strip(),
            )
            for position, seat in enumerate(seats, start=1)
        ]
    )
    investigation.scope, investigation.kickoff_at = scope.strip(), kickoff_at
    investigation.kickoff_minutes = kickoff_minutes.strip()
    investigation.save(update_fields=["scope", "kickoff_at", "kickoff_minutes"])
    _saved(step, {}, actor, at)


@transaction.atomic
def save(
    investigation: Investigation,
    *,
    code: str,
    values: Mapping[str, str],
    actor: Actor,
    at: datetime,
    seen: datetime | None = UNSEEN,
) -> Step:
    """What this discipline found so far. What the discipline does not ask is left out.

    `seen`: when the step had been saved last, as the editor knew it. Raises ChangedMeanwhile.
    """
    step = _hold(investigation, code, actor)
    _must_be_as_seen(step, seen)
    asked = {field["name"] for field in Discipline.objects.get(code=code).fields}
    _saved(step, {name: value.strip() for name, value in values.items() if name in asked}, actor, at)
    return step


def _must_be_as_seen(step: Step, seen: datetime | None) -> None:
    if seen is not UNSEEN and seen != step.saved_at:
        raise ChangedMeanwhile(step.code, step.saved_by)


def _saved(step: Step, values: Mapping[str, str], actor: Actor, at: datetime) -> None:
    step.values, step.saved_at, step.saved_by = dict(values), at, actor.member
    step.save(update_fields=["values", "saved_at", "saved_by"])


@transaction.atomic
def sign_off(investigation: Investigation, *, code: str, actor: Actor, at: datetime) -> Step:
    """The discipline's gate is passed; the next may be. With the last one the investigation is closed.

    Raises OutOfOrder before the one before it, GuardFailed with what the gate misses.
    """
    step = _hold(investigation, code, actor)
    if before := investigation.steps.filter(code__lt=code, signed_at=None).first():
        raise OutOfOrder(code, before.code)
    if missing := _missing(investigation, step):
        raise GuardFailed("gate", missing)
    step.signed_at, step.signed_by = at, actor.member
    step.save(update_fields=["signed_at", "signed_by"])
    if not investigation.steps.filter(signed_at=None).exists():
        investigation.closed_at = at
        investigation.save(update_fields=["closed_at"])
    events.record(
        investigation.complaint,
        Event.Kind.INVESTIGATED,
        actor=actor,
        at=at,
        investigation=investigation.number,
        step=code,
    )
    return step


def _missing(investigation: Investigation, step: Step) -> str | None:
    if step.code != TEAM:
        return gates.words(step.values, Discipline.objects.get(code=step.code).gate)
    seats = [
        Seat(name=each.name, department=each.department, role=each.role, authority=each.authority)
        for each in investigation.team.all()
    ]
    return gates.team(seats, kickoff_at=investigation.kickoff_at, minutes=investigation.kickoff_minutes)


def _must(actor: Actor) -> None:
    if actor.member is None or not actor.may(Right.INVESTIGATE):
        raise MayNot()


def _hold(investigation: Investigation, code: str, actor: Actor) -> Step:
    """The step to be written, with the investigation locked. Raises MayNot, AlreadyEnded, GuardFailed."""
    _must(actor)
    held = Investigation.objects.select_for_update().get(pk=investigation.pk)
    if held.closed_at is not None:
        raise AlreadyEnded(investigation.number)
    step = investigation.steps.select_related("saved_by").get(code=code)
    if step.signed_at is not None:
        raise GuardFailed("step", _("%s 已放行，不能再改。") % code)
    return step
