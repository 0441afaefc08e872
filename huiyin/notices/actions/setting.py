"""Group robots and webhooks are set up, tried, and put out of use. What changed goes on record, addresses do not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.lib import limits
from huiyin.notices import queries
from huiyin.notices.actions import delivering
from huiyin.notices.carriers import longtail, wire
from huiyin.notices.carriers.carrying import carry
from huiyin.notices.carriers.errors import NotTaken as CarrierRefused
from huiyin.notices.errors import BadAddress, NoSecret, NotTaken, TooManyTrials
from huiyin.notices.kinds import Words
from huiyin.notices.models import Delivery, Lane, Target
from huiyin.notices.models.settings import Way
from huiyin.notices.outgoing import compose
from huiyin.org.actions.permitting import must_configure
from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change, Unit

SHOWN = ("way", "name", "keyword", "takes_below", "kinds", "is_urgent_only", "is_quiet_at_night", "is_active")
TRIALS_A_MINUTE = 5


@transaction.atomic
def set_up(
    *, way: str, name: str, unit: Unit | None, address: str, secret: str, keyword: str = "", takes_below: bool = False,
    kinds: Sequence[str] = (), is_urgent_only: bool = False, is_quiet_at_night: bool = True, actor: Actor, at: datetime,
) -> Target:  # fmt: skip
    """A new place that notices go to. Raises MayNotConfigure, BadAddress, NoSecret."""
    must_configure(actor)
    target = Target(
        way=way, name=name, unit=unit, address=address.strip(), secret=secret.strip(), keyword=keyword,
        takes_below=takes_below, kinds=list(kinds), is_urgent_only=is_urgent_only, is_quiet_at_night=is_quiet_at_night,
    )  # fmt: skip
    _must_be_sound(target)
    target.save()
    _record(target, Change.Verb.ADDED, actor, at, after=_shown(target))
    return target


@transaction.atomic
def amend(target: Target, *, address: str, secret: str, actor: Actor, at: datetime, **given: Any) -> None:
    """Changed as given; an empty address or secret leaves the one there is. Raises as set_up does."""
    must_configure(actor)
    before = _shown(target)
    for name, value in given.items():
        setattr(target, name, value)
    changed = {"address": bool(address.strip()), "secret": bool(secret.strip())}
    target.address = address.strip() or target.address
    target.secret = secret.strip() or target.secret
    _must_be_sound(target)
    target.save()
    after = _shown(target) | {name: _("已更换") for name, is_new in changed.items() if is_new}
    _record(target, Change.Verb.AMENDED, actor, at, before=before, after=after)
    Lane.objects.filter(pk=target.lane).update(failures=0, paused_until=None)  # perhaps it is mended now


@transaction.atomic
def put_out_of_use(target: Target, *, actor: Actor, at: datetime) -> None:
    _switch(target, is_active=False, verb=Change.Verb.RETIRED, actor=actor, at=at)


@transaction.atomic
def take_into_use(target: Target, *, actor: Actor, at: datetime) -> None:
    _switch(target, is_active=True, verb=Change.Verb.RESTORED, actor=actor, at=at)


def _switch(target: Target, *, is_active: bool, verb: Change.Verb, actor: Actor, at: datetime) -> None:
    must_configure(actor)
    target.is_active = is_active
    target.save(update_fields=["is_active"])
    _record(target, verb, actor, at)


def send_trial(target: Target, *, actor: Actor, at: datetime) -> None:
    """The other side has taken a message that says it is a trial. Raises MayNotConfigure, TooManyTrials, NotTaken.

    Not in a transaction: nothing is locked while the other side thinks.
    """
    must_configure(actor)
    if not limits.hit(f"notices trial {target.pk}", limit=TRIALS_A_MINUTE, per_seconds=60, at=at):
        raise TooManyTrials
    words = Words(_("回音：测试消息"), _("看到这条消息，说明“%s”可以收到通知。") % target.name)
    given = {"values": {}, "url": settings.HUIYIN_PUBLIC_URL, "kind": "trial", "number": "", "at": at}
    message = compose(
        str(uuid4()), [(words, given)], language="zh", zone=queries.zone_of(target.unit),
        inbox_url=settings.HUIYIN_PUBLIC_URL,
    )  # fmt: skip
    try:
        carry(target, message, at=at)
    except CarrierRefused as refusal:
        Lane.objects.update_or_create(name=target.lane, defaults={"error": str(refusal), "failed_at": at})
        raise NotTaken(str(refusal)) from None
    Target.objects.filter(pk=target.pk).update(tried_at=at)
    _record(target, Change.Verb.TRIED, actor, at)
    Lane.objects.update_or_create(
        name=target.lane, defaults={"error": "", "failures": 0, "paused_until": None, "sent_at": at}
    )


@transaction.atomic
def send_failed_again(lane: str, *, actor: Actor, at: datetime) -> int:
    """What failed on this lane waits once more; returns how many. Raises MayNotConfigure."""
    must_configure(actor)
    Lane.objects.filter(pk=lane).update(failures=0, paused_until=None)
    return delivering.try_again(Delivery.objects.filter(lane=lane), at=at)


def _must_be_sound(target: Target) -> None:
    """Nothing is looked up here: a name that leads to our own network is refused when something is sent."""
    try:
        if target.way == Way.APPRISE:
            longtail.parsed(target.address)
        else:
            wire.check(target.address)
    except (wire.NotAllowed, CarrierRefused) as refusal:
        raise BadAddress(str(refusal)) from None
    if target.way == Way.WEBHOOK and len(target.secret) < 16:
        raise NoSecret


def _shown(target: Target) -> dict[str, Any]:
    shown = {name: getattr(target, name) for name in SHOWN}
    return shown | {"unit": target.unit.code if target.unit else ""}


def _record(
    target: Target, verb: Change.Verb, actor: Actor, at: datetime, *,
    before: dict[str, Any] | None = None, after: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    record(
        Change.Area.MAIL, f"notice-target-{target.pk}", label=target.name, verb=verb, actor=actor, at=at,
        before=before, after=after,
    )  # fmt: skip
