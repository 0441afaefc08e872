"""A customer's tier on the complaints that are open: by hand, with a reason and a last day; or as the rules now say.

Clocks behave as sla.yaml's reassessment has it: those that depend on the tier are reckoned from their own start, a
shorter promise holds at once, a longer one would be an extension and does not.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import noting, remeasuring
from huiyin.complaints.actions.moving import change, hold
from huiyin.complaints.errors import GuardFailed, MayNot, MoveRefused
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.complaints.states import OPEN, State
from huiyin.customers import tiers
from huiyin.customers.actions import tiering
from huiyin.customers.models import Customer, TierOverride
from huiyin.customers.tiers import Facts
from huiyin.lib.sweeping import one_by_one
from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.rules import Right

LONGEST = timedelta(days=366)
MOST = 10**12  # CNY


@transaction.atomic
def override(
    complaint: Complaint, *, tier: str, reason: str, until: date, today: date, actor: Actor, at: datetime
) -> TierOverride:
    """The customer is of this tier until that day, this complaint as well; who said so and why is on its record."""
    if not actor.may(Right.OVERRIDE_TIER):
        raise MayNot()
    hold(complaint)
    if complaint.state not in OPEN:
        raise MoveRefused(complaint)
    if tier not in Customer.Tier:
        raise GuardFailed("tier", _("没有这个客户级别。"))
    if not reason.strip():
        raise GuardFailed("reason", _("请写明为什么人工指定。"))
    if not today <= until <= today + LONGEST:
        raise GuardFailed("until", _("到期日须在今天到一年之内。"))
    made = tiering.override(complaint.customer, tier=tier, reason=reason, until=until, actor=actor, at=at)
    remark = noting.reason(complaint, reason, actor=actor, at=at)
    _set(complaint, tier, actor, at, override=made.pk, until=until.isoformat(), **remark)
    return made


def know(complaint: Complaint, *, facts: Facts, reason: str, today: date, actor: Actor, at: datetime) -> None:
    """What is known of its customer's worth, and where from; the tier follows the rules at once, here as well if it is
    a better one, on other complaints in the night. The record says what was changed, and holds no figure. What is read
    of all customers for it is read before anything is held."""
    if not actor.may(Right.KEEP_WORTH):
        raise MayNot()
    if not reason.strip():
        raise GuardFailed("reason", _("请写明依据。"))
    if facts.contribution is not None and not 0 <= facts.contribution < MOST:
        raise GuardFailed("contribution", _("贡献须为零或正数，不到一万亿元。"))
    if facts.since is not None and facts.since > today:
        raise GuardFailed("since", _("合作开始的日期不能在将来。"))
    customer = complaint.customer
    found = tiering.foreseen(customer, facts=facts)
    with transaction.atomic():
        hold(complaint)
        if complaint.state == State.MERGED:
            raise MoveRefused(complaint)
        if complaint.customer_id != customer.pk:
            customer, found = complaint.customer, None
        _know(complaint, customer, facts, found, reason=reason, today=today, actor=actor, at=at)


def _know(
    complaint: Complaint,
    customer: Customer,
    facts: Facts,
    found: Sequence[tiers.Rule] | None,
    *,
    reason: str,
    today: date,
    actor: Actor,
    at: datetime,
) -> None:
    customer.refresh_from_db(fields=["erased_at"])
    if customer.erased_at is not None:
        raise GuardFailed("customer", _("这位客户的资料已经删除。"))
    changed = tiering.know(customer, facts=facts, today=today, found=found)
    if not changed:
        raise GuardFailed("contribution", _("没有变化。"))
    remark = noting.reason(complaint, reason, actor=actor, at=at)
    said = tiers.without_figures(customer.tier_why)
    events.record(
        complaint, Event.Kind.VALUED, actor=actor, at=at, changed=changed, tier=customer.tier, why=said, **remark
    )
    _rise(complaint, at)


def follow(*, at: datetime, after: int = 0, limit: int = 200) -> tuple[int, int]:
    """Open complaints whose customer is of a better tier now than when they were filed take it, one transaction each.
    How many did, and the last key looked at; 0 when there are no more."""
    rising = Q(tier=tiers.STANDARD) | Q(tier=tiers.VIP, customer__tier=tiers.VULNERABLE)
    ripe = Complaint.objects.filter(rising, is_open=True, pk__gt=after).exclude(customer__tier=F("tier"))
    ripe = ripe.exclude(customer__tier=tiers.STANDARD).select_related("customer", "category", "confirmed_category")
    found = list(ripe.order_by("pk")[:limit])
    return one_by_one(found, lambda each: _rise(each, at)), found[-1].pk if found else 0


def _rise(complaint: Complaint, at: datetime) -> bool:
    """The record says by which rule, and no figure of the customer's: it cannot be erased."""
    wanted, why = complaint.customer.tier, complaint.customer.tier_why
    hold(complaint)
    if not complaint.is_open or tiers.better(complaint.tier, wanted) == complaint.tier:
        return False
    _set(complaint, wanted, SYSTEM, at, why=tiers.without_figures(why))
    return True


def _set(complaint: Complaint, tier: str, actor: Actor, at: datetime, **said: Any) -> None:
    before = complaint.tier
    change(complaint, tier=tier)
    category = complaint.confirmed_category or complaint.category
    anew = remeasuring.regrade(complaint, issue_class=category.issue_class, acts=category.acts, minding="tier", at=at)
    _say_what_stands(complaint, anew.longer)
    change(complaint, due_at=complaint.due_at, paused_at=complaint.paused_at)
    events.record(complaint, Event.Kind.TIERED, actor=actor, at=at, was=before, tier=tier, **said)


def _say_what_stands(complaint: Complaint, longer: Sequence[remeasuring.Longer]) -> None:
    """Each of these says that it would be later by the new tier, and is not; the others no longer do."""
    later = {clock.pk: deadline.why["due"] for clock, deadline in longer}
    running = Clock.objects.running().filter(Q(pk__in=later) | Q(why__has_key="kept"), complaint=complaint)
    for clock in running:
        rest = {key: value for key, value in clock.why.items() if key != "kept"}
        clock.why = rest | ({"kept": {"due": later[clock.pk]}} if clock.pk in later else {})
        clock.save(update_fields=["why"])
