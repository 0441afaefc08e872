"""What counts towards somebody's 1+1+1 is entered by those who lead or train them, with a date and evidence."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.coaching.errors import GuardFailed, MayNot, OwnLedger
from huiyin.coaching.models import Entry, YearlyTarget
from huiyin.coaching.queries import learners, today
from huiyin.lib.defaults import bring
from huiyin.org.models import Member
from huiyin.org.rules import Right

TARGET = "1+1+1"
MOST_HOURS = 200  # of one entry


@transaction.atomic
def enter(
    member: Member,
    *,
    kind: Entry.Kind,
    on: date,
    title: str,
    evidence: str,
    actor: Member,
    at: datetime,
    hours: Decimal | None = None,
    newcomer: Member | None = None,
) -> Entry:
    """Training takes hours, a newcomer their name; the year is the date's."""
    must_keep(member, actor)
    if not title.strip():
        raise GuardFailed("title", _("请写明内容。"))
    if not evidence.strip():
        raise GuardFailed("evidence", _("请写明凭据：证书号、签到表、项目报告或认证结果。"))
    if on > today(at):
        raise GuardFailed("on", _("日期不能在将来。"))
    if kind == Entry.Kind.HOURS and (hours is None or not 0 < hours <= MOST_HOURS):
        raise GuardFailed("hours", _("请填写学时，大于 0，一次不超过 %d。") % MOST_HOURS)
    if kind == Entry.Kind.NEWCOMER and (newcomer is None or newcomer.pk == member.pk):
        raise GuardFailed("newcomer", _("请选择通过岗位认证的新人。"))
    return Entry.objects.create(
        member=member,
        kind=kind,
        on=on,
        year=on.year,
        hours=hours if kind == Entry.Kind.HOURS else None,
        title=title.strip(),
        newcomer=newcomer if kind == Entry.Kind.NEWCOMER else None,
        evidence=evidence.strip(),
        added_by=actor,
        added_at=at,
    )


@transaction.atomic
def strike(entry: Entry, *, because: str, actor: Member, at: datetime) -> None:
    """It no longer counts, and stays to be read. Striking twice changes nothing."""
    must_keep(entry.member, actor)
    if not because.strip():
        raise GuardFailed("because", _("请写明为什么作废。"))
    Entry.objects.standing().filter(pk=entry.pk).update(
        struck_at=at, struck_by=actor, struck_because=because.strip()[:500]
    )


def may_keep(member: Member, actor: Member) -> bool:
    return _refusal(member, actor) is None


def must_keep(member: Member, actor: Member) -> None:
    if refusal := _refusal(member, actor):
        raise refusal


def _refusal(member: Member, actor: Member) -> Exception | None:
    if not actor.may(Right.KEEP_LEDGER):
        return MayNot()
    if member.pk == actor.pk:
        return OwnLedger()
    return None if learners(actor).filter(pk=member.pk).exists() else MayNot()


def load(training: Mapping[str, Any]) -> int:
    """`one_plus_one_plus_one: [100小时专业培训, 主导1个流程优化项目, 培养1名新人通过岗位认证]`."""
    figures = [int(found[0]) for line in training["one_plus_one_plus_one"] if (found := re.search(r"\d+", line))]
    _hours, projects, newcomers = figures
    wanted = {"hours": training["annual_hours_per_person"], "projects": projects, "newcomers": newcomers}
    return bring(YearlyTarget, "code", {TARGET: wanted})
