"""What waits goes out, lane by lane; a lane whose other side is out of order rests, and holds up no other.

At least once: a worker that dies between sending and saying so leaves a message that is sent again, under the same
name (Message-ID, Huiyin-Delivery, id of a short message). Group robots know no such name; there it may come twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic

import structlog
from django.db.models import F
from django.utils.translation import gettext as _

from huiyin.lib import limits
from huiyin.notices import pacing
from huiyin.notices.actions import taking, telling
from huiyin.notices.actions.taking import Parcel
from huiyin.notices.carriers import personal
from huiyin.notices.carriers.carrying import A_MINUTE, carry
from huiyin.notices.carriers.errors import Deferred, NotTaken, Refused, Throttled
from huiyin.notices.models import Delivery, Lane
from huiyin.notices.models.settings import Way
from huiyin.org.models import Member
from huiyin.org.rules import Right

BUDGET = 40.0  # seconds that one lane may keep a worker; the rest goes with the next round
State = Delivery.State
log = structlog.get_logger(__name__)


def lanes_due(*, at: datetime) -> list[str]:
    """Those where something is to go and that do not rest."""
    resting = Lane.objects.filter(paused_until__gt=at).values("name")
    ready = Delivery.objects.filter(taking.due(at)).exclude(lane__in=resting)
    return list(ready.order_by("lane").values_list("lane", flat=True).distinct())


def deliver_lane(name: str, *, at: datetime) -> int:
    """What of the lane may go now has gone, or is put back with the reason; returns how many messages went.

    Not in a transaction: no row is locked while the other side is slow.
    """
    lane, _is_new = Lane.objects.get_or_create(name=name)
    if lane.paused_until and lane.paused_until > at:
        return 0
    parcels, begun, sent = taking.take(lane, at=at), monotonic(), 0
    for place, parcel in enumerate(parcels):
        if monotonic() - begun > BUDGET:
            _put_back(parcels[place:], at)
            break
        try:
            _send(parcel, at)
        except NotTaken as failure:
            if _not_taken(parcel, failure, at):
                _rest(lane, failure, at)
                _give_up(parcels[place + 1 :], failure, at)
                _put_back(parcels[place + 1 :], _until(lane))
                break
        else:
            _sent(parcel, at)
            sent += 1
            lane.failures = 0
    if sent:
        Lane.objects.filter(pk=name).update(sent_at=at)
        Lane.objects.filter(pk=name, failed_at__isnull=False).exclude(failed_at=at).update(
            failures=0, paused_until=None, error=""
        )
    return sent


def _send(parcel: Parcel, at: datetime) -> None:
    """Raises NotTaken, and nothing else: one message that a carrier stumbles over must not stop those behind it."""
    try:
        _hand_over(parcel, at)
    except NotTaken:
        raise
    except Exception as fault:
        log.error("a notice could not be sent", way=parcel.way, fault=type(fault).__name__)  # no more: it may hold keys
        raise Refused(type(fault).__name__) from fault


def _hand_over(parcel: Parcel, at: datetime) -> None:
    if parcel.target is not None:
        limit = A_MINUTE[Way(parcel.target.way)]
        if not limits.hit(f"notices {parcel.target.lane}", limit=limit, per_seconds=60, at=at):
            raise Throttled(_("每分钟最多 %d 条") % limit, seconds=60)
        carry(parcel.target, parcel.outgoing, at=at)
    elif parcel.member is not None and parcel.way == Way.SMS:
        if not parcel.phone:
            raise Refused(_("没有手机号"))
        personal.text(parcel.phone, parcel.outgoing)
    elif parcel.member is not None:
        if not parcel.member.email:
            raise Refused(_("没有邮箱"))
        personal.mail(parcel.member.email, parcel.outgoing)


def _rows(parcels: Sequence[Parcel]) -> taking.Rows:
    """Only while the claim is still ours: a later claimant has the last word."""
    keys = [pk for parcel in parcels for pk in parcel.keys]
    return Delivery.objects.filter(pk__in=keys, claim__in={each.claim for each in parcels}, state=State.SENDING)


def _sent(parcel: Parcel, at: datetime) -> None:
    _rows([parcel]).update(state=State.SENT, sent_at=at, error="", claim=None, attempts=F("attempts") + 1)


def _put_back(parcels: Sequence[Parcel], until: datetime) -> None:
    """Not tried: next time it may go together with others."""
    if parcels:
        _rows(parcels).update(state=State.WAITING, next_try_at=until, claim=None, claimed_at=None, message=None)


def _not_taken(parcel: Parcel, failure: NotTaken, at: datetime) -> bool:
    """Waits for its next try, or has failed for good; True where the whole lane should rest."""
    gone = _rows([parcel])
    if not isinstance(failure, Refused):
        gone = gone.filter(tried_since__lte=pacing.given_up(at))
    if lost := _fail(gone, failure):
        _tell_administrators(parcel, failure, lost, at)
    back = {"state": State.WAITING, "error": str(failure), "claim": None, "claimed_at": None}
    if isinstance(failure, Throttled):
        _rows([parcel]).update(**back, next_try_at=at + timedelta(seconds=failure.seconds))
    else:
        attempts = parcel.attempts + 1
        again = pacing.next_try(attempts, message=str(parcel.message), now=at)
        _rows([parcel]).update(**back, attempts=attempts, next_try_at=again)
    return not isinstance(failure, Refused | Deferred)


def _fail(rows: taking.Rows, failure: NotTaken) -> int:
    return rows.update(state=State.FAILED, error=str(failure), claim=None, claimed_at=None, attempts=F("attempts") + 1)


def _give_up(parcels: Sequence[Parcel], failure: NotTaken, at: datetime) -> None:
    """What waits behind a message that did not go, and has waited for a day, has failed with it."""
    if parcels and (lost := _fail(_rows(parcels).filter(tried_since__lte=pacing.given_up(at)), failure)):
        _tell_administrators(parcels[0], failure, lost, at)


def _rest(lane: Lane, failure: NotTaken, at: datetime) -> None:
    lane.error, lane.failed_at = str(failure), at
    if isinstance(failure, Throttled):
        lane.paused_until = at + timedelta(seconds=failure.seconds)
    else:
        lane.failures += 1
        lane.paused_until = at + pacing.pause(lane.failures)
    lane.save(update_fields=["failures", "paused_until", "error", "failed_at"])


def _until(lane: Lane) -> datetime:
    assert lane.paused_until is not None
    return lane.paused_until


def _tell_administrators(parcel: Parcel, failure: NotTaken, count: int, at: datetime) -> None:
    """In the inbox only, once a day for each lane: what failed must not make more of itself."""
    lane = parcel.target.lane if parcel.target else parcel.way
    channel = parcel.target.name if parcel.target else str(Way(parcel.way).label)
    telling.tell(
        members=Member.objects.active().with_right(Right.CONFIGURE),
        kind="delivery_failed",
        values={"channel": channel, "count": count, "error": str(failure)},
        number="",
        link="/desk/settings/notices/",
        key=f"delivery-failed:{lane}:{at:%Y-%m-%d}",
        urgent=False,
        at=at,
    )


def try_again(deliveries: taking.Rows, *, at: datetime) -> int:
    """What has failed waits once more, to go together; returns how many. For an administrator who repaired the way."""
    return deliveries.filter(state=State.FAILED).update(
        state=State.WAITING, next_try_at=at, tried_since=None, message=None, attempts=0, error=""
    )
