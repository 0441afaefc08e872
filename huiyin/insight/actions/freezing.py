"""Freezing a baseline: once for a period, by whoever may, over what they see (C058)."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.complaints.errors import GuardFailed, MayNot, Refused
from huiyin.complaints.models import Complaint
from huiyin.insight.figures import figures
from huiyin.insight.models import Baseline
from huiyin.org.models import Member
from huiyin.org.rules import Right, may


class AlreadyFrozen(Refused):
    """A baseline is not made twice: 409."""

    code = "already_frozen"


@transaction.atomic
def freeze(*, first: date, last: date, by: Member, at: datetime, note: str = "") -> Baseline:
    """Keep the figures of the days first to last, both included and over. Nobody can change or freeze them again.

    Raises MayNot, GuardFailed and AlreadyFrozen.
    """
    if not may(by, Right.FREEZE_BASELINE) or by.reach.content == "none":
        raise MayNot()
    if last < first:
        raise GuardFailed("period", _("结束日期不能早于开始日期。"), "last")
    if last >= timezone.localtime(at).date():
        raise GuardFailed("period", _("基线期须已结束，请选择今天以前的日期。"), "last")
    found = figures(Complaint.objects.visible_to(by), first=first, last=last)
    if not found.answered and not found.closure.n:
        raise GuardFailed("period", _("这段时间没有已答复或已结案的投诉，不能作为基线。"), "first")
    try:
        with transaction.atomic():
            return Baseline.objects.create(
                unit=by.unit,
                is_whole=by.reach.everything,
                units=sorted(by.reach.unit_ids),
                period_from=first,
                period_to=last,
                figures=found.as_json(),
                note=note.strip()[:200],
                frozen_by=by,
                frozen_at=at,
            )
    except IntegrityError as twice:
        raise AlreadyFrozen(_("这段时间的基线已经冻结，不能重做。")) from twice
