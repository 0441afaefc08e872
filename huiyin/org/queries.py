"""Reading across members, tokens and units."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple

from huiyin.org import rules
from huiyin.org.models import Change, Company, Member, SetupStep, Token, Unit

PREFIX = "hy_"
STEPS: Final = ("company", "units", "members", "categories", "demo", "mail", "backup")  # of the first-run guide


def token_digest(raw: str) -> str:
    """SHA-256: the key is 256 random bits, so that nothing slower is needed."""
    return hashlib.sha256(raw.encode("utf-8", "replace")).hexdigest()


def member_for_token(raw: str, at: datetime) -> Token | None:
    """The live token with its member and unit, in one query; None where it is unknown, revoked or expired,
    or its member has left. Looked up by digest, so that the time taken tells nothing of the key."""
    if not raw.startswith(PREFIX) or len(raw) > 200:
        return None
    digest = token_digest(raw)
    token = Token.objects.live(at).select_related("member__unit").filter(digest=digest, member__is_active=True).first()
    return token if token is not None and hmac.compare_digest(token.digest, digest) else None


def company() -> Company | None:
    return Company.objects.first()


class MoveEffects(NamedTuple):
    """What moving a unit would change: who comes along, and whose sight it leaves or enters."""

    units: int
    members: int
    losing: list[Member]
    gaining: list[Member]


def effects_of_move(unit: Unit, under: Unit | None) -> MoveEffects:
    """Rights flow down the tree: whoever sees from a place above the unit sees it, wherever that place is."""
    new_path = f"{under.path if under else '/'}{unit.code}/"
    inside = Unit.objects.within(unit)
    losing, gaining = [], []
    for member in Member.objects.active().select_related("unit__parent").exclude(unit__in=inside):
        wanted = rules.scopes(member.roles)
        if not wanted or rules.Scope.ALL in wanted:
            continue
        root = _root(member, leads_level=rules.Scope.CENTRE in wanted)
        sees, will_see = unit.path.startswith(root), new_path.startswith(root)
        if sees and not will_see:
            losing.append(member)
        elif will_see and not sees:
            gaining.append(member)
    return MoveEffects(inside.count(), Member.objects.active().filter(unit__in=inside).count(), losing, gaining)


def _root(member: Member, *, leads_level: bool) -> str:
    unit = member.unit
    if leads_level and unit.kind == Unit.Kind.SERVICE_CENTRE and unit.parent is not None:
        return unit.parent.path
    return unit.path


def setup_left() -> int:
    """How many steps of the first-run guide are still open."""
    return len(STEPS) - SetupStep.objects.filter(code__in=STEPS, done_at__isnull=False).count()


def reasons_of(change_ids: Collection[int | None]) -> dict[int, str]:
    """What was given as the reason of changes that a record refers to: for whoever may read that record."""
    wanted = {pk for pk in change_ids if pk is not None}
    return dict(Change.objects.filter(pk__in=wanted).values_list("pk", "label")) if wanted else {}
