"""The policy's versions: the shipped one first, then what administrators make of it; never a change to an old one."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal, DecimalException
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from huiyin.compensation.errors import PolicyMoved, PolicyUnsound
from huiyin.compensation.models import Instrument, PolicyVersion
from huiyin.compensation.policy import Policy
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.lib import documents
from huiyin.org.actors import Actor
from huiyin.org.roles import LABELS
from huiyin.org.rules import Right


@transaction.atomic
def load(documents: Mapping[str, Any], at: datetime) -> int:
    """Make `compensation` version 1 and return 1; where any version exists nothing changes and 0 is returned."""
    _lock_versions()
    if PolicyVersion.objects.exists():
        return 0
    body = check(documents["compensation"])
    PolicyVersion.objects.create(number=1, body=body, created_at=at, note=_("随产品提供的默认政策"))
    return 1


@transaction.atomic
def amend(
    *, body: Mapping[str, Any], note: str, actor: Actor, at: datetime, expected: int | None = None
) -> PolicyVersion:
    """The document holds from now on; offers keep the number of the version that they were made under.

    `expected` is the version that was edited. Raises MayNot, GuardFailed, PolicyUnsound, PolicyMoved.
    """
    if not actor.may(Right.SET_POLICY):
        raise MayNot()
    if not note.strip():
        raise GuardFailed("note", _("请写明为什么修改。"))
    _lock_versions()
    newest = PolicyVersion.objects.first()
    number = newest.number if newest else 0
    if expected is not None and expected != number:
        raise PolicyMoved(number)
    return PolicyVersion.objects.create(
        number=number + 1, body=check(body), created_at=at, created_by=actor.member, note=note.strip()
    )


def check(body: Mapping[str, Any]) -> dict[str, Any]:
    """The document, if every part of it can be read and names only what there is. Raises PolicyUnsound."""
    policy = Policy(body)
    try:
        documents.must_be_plain(dict(body))
        policy.limits, policy.floors, policy.tariff, policy.tier_factors  # noqa: B018  # each is read here
        unknown = (set(policy.kind_of) - set(Instrument)) | (set(policy.order) ^ set(body["kinds"]))
        unknown |= {role for grade in policy.grades for role in {grade.role, *grade.co_sign}} - set(LABELS)
    except (KeyError, TypeError, ValueError, AttributeError, DecimalException) as wrong:
        raise PolicyUnsound(str(wrong)) from wrong
    if unknown:
        raise PolicyUnsound("、".join(sorted(unknown)))
    if unnamed := [kind for kind, row in body["kinds"].items() if not _is_said(row.get("zh"))]:
        raise PolicyUnsound(_("kinds 缺少名称 zh：%s") % "、".join(unnamed))
    if not all(_is_said(line.get("zh")) for line in body["tariff"]):
        raise PolicyUnsound(_("tariff 缺少名称 zh"))
    if not all(each.is_finite() and each >= 0 for each in _sums(policy)):
        raise PolicyUnsound(_("金额和比例须是不小于 0 的数"))
    counts = [value for value in vars(policy.limits).values() if not isinstance(value, Decimal | tuple)]
    if not all(type(value) is int and value > 0 for value in counts):
        raise PolicyUnsound("limits")
    deciding = [grade for grade in policy.grades if not grade.is_pre_authorised]
    if not any(grade.ceiling is None and grade.kinds is None for grade in deciding):
        raise PolicyUnsound("authority")
    return dict(body)


def _is_said(words: object) -> bool:
    return isinstance(words, str) and bool(words.strip())


def _sums(policy: Policy) -> Iterator[Decimal]:
    """Every amount and share that a decision may compare with."""
    yield from (grade.ceiling for grade in policy.grades if grade.ceiling is not None)
    for floor in policy.floors.values():
        yield from (floor.multiple, floor.least)
    for line in policy.tariff.values():
        yield from (each for each in (line.amount, line.share, line.cap) if each is not None)
    yield from policy.tier_factors.values()
    yield from (policy.limits.daily_amount, *policy.limits.band)


def _lock_versions() -> None:
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE compensation_policyversion IN SHARE ROW EXCLUSIVE MODE")
