"""Who it is that an address, or a pass, belongs to."""

from __future__ import annotations

import time
from datetime import date, datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from huiyin.customers import tiers
from huiyin.customers.actions.proving import PASS_LASTS
from huiyin.customers.models import Code, Customer, TierRule
from huiyin.lib import phones
from huiyin.lib.sealed import digest


def by_email(email_digest: str) -> Customer | None:
    return Customer.objects.filter(email_digest=email_digest).first() if email_digest else None


def by_phone(phone_digest: str) -> Customer | None:
    return Customer.objects.filter(phone_digest=phone_digest).first() if phone_digest else None


def let_in_by(pass_: str, *, at: datetime) -> Customer | None:
    """Who came in with this pass, for as long as it lasts. Looked up by keyed digest: the time taken tells nothing."""
    if not pass_ or len(pass_) > 64:
        return None
    live = Code.objects.filter(pass_digest=digest(pass_), used_at__gt=at - PASS_LASTS)
    found = live.select_related("customer").first()
    return found.customer if found else None


def by_contact(written: str) -> Customer | None:
    """Whose telephone number or e-mail address it is, however it is written."""
    if "@" in written:
        return by_email(digest(written.strip()))
    number = phones.normalise(written)
    return by_phone(digest(number)) if number else None


KEPT_SECONDS = 60.0
_kept: tuple[float, list[TierRule]] = (-KEPT_SECONDS, [])


def rule_names() -> dict[str, str]:
    """What the rules of tiers are called, by code; at most KEPT_SECONDS old."""
    global _kept
    if time.monotonic() - _kept[0] >= KEPT_SECONDS:
        _kept = (time.monotonic(), list(TierRule.objects.all()))
    return {rule.code: rule.name for rule in _kept[1]}


def tier_reason(customer: Customer, *, in_full: bool) -> str:
    """Which rule gave the tier, or who, until when and why; a query where somebody did. `in_full`: with the money."""
    why = customer.tier_why
    if why.get("rule") != tiers.BY_HAND:
        return tiers.reason(why if in_full else tiers.without_money(why), rule_names())
    said = customer.overrides.select_related("made_by").filter(pk=why.get("override", 0)).first()
    if said is None:
        return _("人工指定")
    given = {"who": said.made_by.name, "until": date_format(said.until, "Y-m-d"), "reason": said.reason}
    return _("%(who)s 人工指定，到 %(until)s：%(reason)s") % given


def how_many_fit(rule: TierRule, line: Decimal | None, today: date) -> int:
    """Of how many customers the rule's condition is true today; `line` is the contribution at its percentile."""
    known = Customer.objects.filter(erased_at=None)
    if rule.basis == TierRule.Basis.CONTRACT:
        return known.filter(is_by_contract=True).count()
    if rule.basis == TierRule.Basis.YEARS:
        return known.filter(since__lte=_years_back(today, rule.threshold)).count()
    return 0 if line is None else known.filter(contribution__gte=line, contribution__gt=0).count()


def _years_back(today: date, years: int) -> date:
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return date(max(today.year - years, 1), today.month, day)
