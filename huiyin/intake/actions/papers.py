"""纸质来件: registered when it lies on the desk, confirmed with the complaint that was typed from it (CK-OCR, C065)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Complaint
from huiyin.intake.models import Paper
from huiyin.lib.clean import TooLong, clean_line
from huiyin.org.actors import Actor
from huiyin.org.rules import Right
from huiyin.sla import promises
from huiyin.sla.queries import current

TYPING = "CK-OCR"


@transaction.atomic
def register(*, label: str, actor: Actor, at: datetime) -> Paper:
    if actor.member is None or not actor.may(Right.FILE_COMPLAINT):
        raise MayNot()
    try:
        label = clean_line(label, limit=120).strip()
    except TooLong as too_long:
        raise GuardFailed("label", _("最多 %d 个字。") % 120) from too_long
    if not label:
        raise GuardFailed("label", _("请写明是哪一份来件，例如来信日期或编号。"))
    due = promises.deadline(current(), TYPING, start=at, inputs=promises.Inputs(level="L3", cx="S"))
    return Paper.objects.create(
        unit=actor.member.unit, label=label, registered_at=at, registered_by=actor.member,
        due_at=due.due_at if due else at,
    )  # fmt: skip


@transaction.atomic
def confirm(paper: Paper, complaint: Complaint | None, *, actor: Actor, at: datetime) -> None:
    """What it says is typed, as this complaint; as none, where it was no complaint. The first confirmation counts."""
    if actor.member is None or not actor.may(Right.FILE_COMPLAINT):
        raise MayNot()
    Paper.objects.filter(pk=paper.pk, confirmed_at=None).update(
        confirmed_at=at, confirmed_by=actor.member, complaint=complaint
    )
    paper.refresh_from_db()
