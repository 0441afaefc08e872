"""归档为典型案例, 转为知识: what was learnt of a complaint is kept in the library, without whose complaint it was."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.errors import GuardFailed, MayNot, MoveRefused
from huiyin.complaints.masking import mask_of
from huiyin.complaints.models import Complaint, Event
from huiyin.complaints.models.complaint import Severity
from huiyin.complaints.states import State
from huiyin.knowledge.actions import cases
from huiyin.knowledge.models import LibraryCase
from huiyin.lib.phrasing import clauses
from huiyin.org.actors import Actor
from huiyin.org.rules import Right

TEXTS = ("name_zh", "situation", "cause", "handling", "result", "lesson")
DRAFTED_OF = frozenset({State.RESOLVED, State.CLOSED})


@transaction.atomic
def archive(complaint: Complaint, *, values: Mapping[str, Any], actor: Actor, at: datetime) -> LibraryCase:
    """A case of the library out of these texts; once only. Words that still tell whose they are, are refused: the face
    shows them masked first, and somebody confirms what they read."""
    _must_be(complaint, frozenset({State.CLOSED}), actor)
    return _keep(complaint, values, actor, at)


@transaction.atomic
def draft(complaint: Complaint, *, values: Mapping[str, Any], actor: Actor, at: datetime) -> LibraryCase:
    """转为知识: out of an answered suggestion or enquiry (C047) a draft, which nobody finds until an editor has read
    and published it."""
    _must_be(complaint, DRAFTED_OF, actor)
    if complaint.severity != Severity.L4:
        raise MoveRefused(complaint)
    own = {"is_draft": True, "is_active": False, "source": complaint.number}
    return _keep(complaint, {**values, **own}, actor, at)


def _must_be(complaint: Complaint, states: Collection[str], actor: Actor) -> None:
    """Held, in one of these states, nobody's secret and not in the library yet."""
    if not actor.may(Right.ARCHIVE_CASE):
        raise MayNot()
    hold(complaint)
    if complaint.state not in states:
        raise MoveRefused(complaint)
    if complaint.is_confidential:
        raise GuardFailed("confidential", _("保密的投诉不归档为案例。"))
    if is_archived(complaint):
        raise GuardFailed("archived", _("这件投诉已经归档为案例。"))


def _keep(complaint: Complaint, values: Mapping[str, Any], actor: Actor, at: datetime) -> LibraryCase:
    mask = mask_of(complaint)
    for name in TEXTS:
        if mask(values.get(name, "")) != values.get(name, ""):
            raise GuardFailed(name, _("文字里还有客户或员工的个人信息，请先隐去再归档。"))
    try:
        case = cases.archive(values=values, actor=actor, at=at)
    except ValidationError as wrong:
        raise GuardFailed("case", clauses(wrong.messages)) from wrong
    events.record(complaint, Event.Kind.ARCHIVED, actor=actor, at=at, case=case.code)
    return case


def is_archived(complaint: Complaint) -> bool:
    return complaint.events.filter(kind=Event.Kind.ARCHIVED).exists()
