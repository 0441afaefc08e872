"""等待: who waits to be answered, from when until when; the alert itself is supervision's (C091)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.intake.models import Waiting
from huiyin.lib.clean import TooLong, clean_line
from huiyin.org.actors import Actor
from huiyin.org.models import Unit
from huiyin.org.rules import Right

LONGEST = timedelta(hours=12)


@transaction.atomic
def enter(
    *, reference: str, unit: Unit, way: str, actor: Actor, at: datetime, entered_at: datetime | None = None
) -> Waiting:
    """Somebody waits since `entered_at`. The same reference again, while it waits, is the same one."""
    _must(actor)
    try:
        reference = clean_line(reference, limit=64).strip()
    except TooLong as too_long:
        raise GuardFailed("reference", _("最多 %d 个字。") % 64) from too_long
    if not reference:
        raise GuardFailed("reference", _("请填写排队号或来电编号，不要填姓名。"))
    if way not in Waiting.Way.values:
        raise GuardFailed("way", _("请选择电话、柜台或在线。"))
    since = entered_at or at
    if not at - LONGEST <= since <= at + timedelta(minutes=5):
        raise GuardFailed("entered_at", _("开始等待的时间须在最近 12 小时之内。"))
    waiting, _made = Waiting.objects.get_or_create(
        unit=unit, way=way, reference=reference, ended_at=None, defaults={"entered_at": min(since, at)}
    )
    return waiting


@transaction.atomic
def answer(waiting: Waiting, *, actor: Actor, at: datetime, is_lost: bool = False) -> None:
    """Answered now, or gone; a second time changes nothing."""
    _must(actor)
    held = Waiting.objects.select_for_update().get(pk=waiting.pk)
    if held.ended_at is None:
        held.ended_at, held.is_lost = max(at, held.entered_at), is_lost
        held.answered_by = None if is_lost else actor.member
        held.save(update_fields=["ended_at", "is_lost", "answered_by"])
    waiting.ended_at, waiting.is_lost = held.ended_at, held.is_lost


def _must(actor: Actor) -> None:
    if actor.member is None or not actor.may(Right.FILE_COMPLAINT):
        raise MayNot()
