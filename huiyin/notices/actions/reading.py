"""A member reads what they were told, and says how they want to be told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time

from django.db import transaction

from huiyin.lib import phones
from huiyin.notices.errors import BadPhone
from huiyin.notices.inbox import Bunch, of_bunch
from huiyin.notices.kinds import kinds
from huiyin.notices.models import Notice, Preference
from huiyin.notices.models.settings import PERSONAL
from huiyin.org.models import Member


@transaction.atomic
def see(*, member: Member, notices: Collection[int], at: datetime) -> int:
    """These of the member's own are read; returns how many were not."""
    return Notice.objects.visible_to(member).unseen().filter(pk__in=notices).update(seen_at=at)


@transaction.atomic
def see_bunch(*, member: Member, bunch: Bunch, until: datetime, at: datetime) -> int:
    """Those of one kind in one hour are read, as far as the page showed them: what came after is not."""
    own = of_bunch(Notice.objects.visible_to(member), bunch)
    return own.filter(seen_at=None, at__lte=min(until, at)).update(seen_at=at)


@transaction.atomic
def see_all(*, member: Member, at: datetime) -> int:
    """What was told until now is read; what comes while the button is pressed is not."""
    return Notice.objects.visible_to(member).unseen().filter(at__lte=at).update(seen_at=at)


@transaction.atomic
def prefer(
    *, member: Member, ways: Mapping[str, Collection[str]], phone: str, quiet_from: time, quiet_until: time,
    rests_on_days_off: bool, digest_at: Sequence[time], hourly_limit: int | None, at: datetime,
) -> None:  # fmt: skip
    """So the member is told from now on; kinds and ways that there are not are left out. Raises BadPhone."""
    number = phones.normalise(phone) if phone.strip() else ""
    if number and not phones.looks_right(number):
        raise BadPhone
    known = {
        kind: sorted(str(way) for way in PERSONAL if way in chosen) for kind, chosen in ways.items() if kind in kinds()
    }
    Preference.objects.update_or_create(
        member=member,
        defaults={
            "ways": known, "phone": number, "quiet_from": quiet_from, "quiet_until": quiet_until,
            "rests_on_days_off": rests_on_days_off, "digest_at": sorted(set(digest_at)), "hourly_limit": hourly_limit,
        },
    )  # fmt: skip
