"""Tiers by the rules, reckoned anew every night in batches; and by hand, with a reason and a last day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from huiyin.customers import tiers
from huiyin.customers.models import Customer, TierOverride, TierRule
from huiyin.customers.tiers import Facts, Rule, Standing
from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.errors import MayNotConfigure
from huiyin.org.models import Change
from huiyin.org.rules import Right

BATCH = 1_000  # customers in one transaction
_LINES = """
SELECT percentile_cont(%(shares)s::float8[]) WITHIN GROUP (ORDER BY contribution) FROM (
    SELECT contribution FROM customers_customer WHERE contribution > 0 AND id <> %(but)s
    UNION ALL SELECT %(with)s::numeric WHERE %(with)s::numeric > 0
) known
"""
NAMES = ("name_zh", "name_en", "tier", "threshold", "position", "is_active")


def reckon_all(*, today: date, at: datetime, size: int = BATCH) -> int:
    """What ended is ended, and every customer of whom something is known is of the tier that the rules give; returns
    how many changed. Batch by batch, each its own transaction; run again, it changes nothing more."""
    TierOverride.objects.filter(ended_at=None, until__lt=today).update(ended_at=at)
    found, after, changed = rules(), 0, 0
    while True:
        count, after = _reckon(found, after, size, today)
        changed += count
        if not after:
            return changed


def rules(customer: Customer | None = None, facts: Facts | None = None) -> list[Rule]:
    """Those in use, each percentile with the contribution that it is today; or that it would be with what is now known
    of this customer. All customers are read for it, once."""
    rows = list(TierRule.objects.filter(is_active=True))
    wanted = sorted({row.threshold for row in rows if row.basis == TierRule.Basis.PERCENTILE})
    lines = _lines(wanted, customer.pk if customer else 0, facts.contribution if facts else None) if wanted else {}
    found = []
    for row in rows:
        line = lines.get(row.threshold) if row.basis == TierRule.Basis.PERCENTILE else None
        found.append(Rule(row.code, row.tier, row.basis, row.threshold, line))
    return found


@transaction.atomic
def _reckon(found: Sequence[Rule], after: int, size: int, today: date) -> tuple[int, int]:
    """The next ones, and the last key of them; 0 when there are none."""
    ripe = Customer.objects.filter(pk__gt=after, erased_at=None).select_for_update(no_key=True)
    rows = list(ripe.order_by("pk").only(*_READ)[:size])
    if not rows:
        return 0, 0
    standing = TierOverride.objects.filter(ended_at=None, customer__in=[row.pk for row in rows])
    by_hand = set(standing.values_list("customer", flat=True))
    changed = []
    for row in rows:
        if row.pk in by_hand:
            continue
        stands = _standing(row, found, today)
        if (row.tier, row.tier_why) != (stands.tier, stands.why):
            row.tier, row.tier_why = stands
            changed.append(row)
    Customer.objects.bulk_update(changed, ["tier", "tier_why"])
    return len(changed), rows[-1].pk


_READ = ("tier", "tier_why", "contribution", "since", "is_by_contract", "is_vulnerable")


def _standing(row: Customer, found: Sequence[Rule], today: date) -> Standing:
    facts = Facts(row.contribution, row.since, row.is_by_contract, row.is_vulnerable)
    stated = tiers.stated(row.tier, row.tier_why)
    return tiers.remembering(tiers.standing(facts, found, today=today, stated=stated), stated)


def _lines(percents: Sequence[int], but: int, instead: Decimal | None) -> dict[int, Decimal]:
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"shares": [each / 100 for each in percents], "but": but, "with": instead})
        (found,) = cursor.fetchone()
    drawn = zip(percents, found or (), strict=bool(found))
    return {each: Decimal(str(line)).quantize(Decimal("0.01")) for each, line in drawn if line is not None}


@transaction.atomic
def override(customer: Customer, *, tier: str, reason: str, until: date, actor: Actor, at: datetime) -> TierOverride:
    """By hand until that day, its end included; what was said by hand before ends. The caller has asked who may."""
    assert actor.member is not None
    held = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    customer.overrides.filter(ended_at=None).update(ended_at=at)
    made = TierOverride.objects.create(
        customer=customer, tier=tier, reason=reason.strip(), made_by=actor.member, made_at=at, until=until
    )
    by_hand = tiers.Standing(tier, {"rule": tiers.BY_HAND, "override": made.pk})
    customer.tier, customer.tier_why = tiers.remembering(by_hand, tiers.stated(held.tier, held.tier_why))
    customer.save(update_fields=["tier", "tier_why"])
    return made


def foreseen(customer: Customer, *, facts: Facts) -> list[Rule] | None:
    """The rules as they will be with these facts, for know(): asked before anything is held, as all customers are read
    for them. None where nothing is new."""
    stands = Customer.objects.get(pk=customer.pk)
    return rules(stands, facts) if _news(stands, facts) else None


@transaction.atomic
def know(customer: Customer, *, facts: Facts, today: date, found: Sequence[Rule] | None = None) -> list[str]:
    """What is known of the customer's worth from now on, and the tier that the rules (as foreseen) make of it, unless
    somebody said one by hand. Which of it is new, by name. The caller has asked who may."""
    held = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    news = _news(held, facts)
    if not news:
        return []
    for name, value in news.items():
        setattr(held, name, value)
    if not held.overrides.filter(ended_at=None, until__gte=today).exists():
        held.tier, held.tier_why = _standing(held, rules(held, facts) if found is None else found, today)
    held.save(update_fields=[*news, "tier", "tier_why"])
    for name in (*news, "tier", "tier_why"):
        setattr(customer, name, getattr(held, name))
    return list(news)


def _news(customer: Customer, facts: Facts) -> dict[str, Any]:
    given = {"contribution": facts.contribution, "since": facts.since, "is_by_contract": facts.by_contract}
    return {name: value for name, value in given.items() if getattr(customer, name) != value}


@transaction.atomic
def amend_rule(rule: TierRule, *, values: Mapping[str, Any], actor: Actor, at: datetime) -> bool:
    """The rule says so from the next night on; False where it did already. Raises MayNotConfigure, ValidationError."""
    if not actor.may(Right.SET_POLICY):
        raise MayNotConfigure
    held = TierRule.objects.select_for_update().get(pk=rule.pk)
    before = _said(held)
    for name in NAMES:
        setattr(held, name, values[name])
    held.full_clean()
    held.save()
    area, verb = Change.Area.TIERS, Change.Verb.AMENDED
    changed = record(
        area, held.code, label=held.name_zh, verb=verb, before=before, after=_said(held), actor=actor, at=at
    )  # fmt: skip
    return changed is not None


def _said(rule: TierRule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in NAMES}
