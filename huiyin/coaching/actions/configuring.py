"""An administrator changes the scorecard or the rule of the draw: for the next draw, never for one that is drawn."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.coaching.actions.drawing import RULE
from huiyin.coaching.asked import Asked
from huiyin.coaching.errors import ChangedMeanwhile, NothingScored, OutOfLimits, TooManyItems, WeightsOff
from huiyin.coaching.models import Draw, SamplingRule, ScoreItem
from huiyin.lib.canonical import canonical, sha256_hex
from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.errors import MayNotConfigure
from huiyin.org.models import Change
from huiyin.org.rules import Right

WHOLE: Final = 100  # what the weights add up to
MOST: Final = 60  # items on the card
CARD: Final = "card"
LIMITS: Final[Mapping[str, tuple[int, int]]] = {
    "percent": (1, 100), "least_per_agent": (0, 50), "low_stars": (0, 4), "award_above": (0, 2_000_000_000),
    "twice_percent": (0, 100), "agreement": (1, 100), "settle_over": (1, 50), "appeal_days": (1, 30),
}  # fmt: skip
NAMES: Final = (*LIMITS, "severities", "takes_reopened")
_CODE = re.compile(r"Q([SF])-(\d{1,4})")


@dataclass(frozen=True)
class Item:
    """One line of the card as it is to be; without a code it is new. A fatal one has no weight."""

    code: str
    name_zh: str
    name_en: str
    looks_at: str
    weight: int
    is_fatal: bool

    @classmethod
    def of(cls, row: ScoreItem) -> "Item":
        return cls(row.code, row.name_zh, row.name_en, row.looks_at, row.weight, row.is_fatal)

    @property
    def said(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "code"}


def card() -> list[Item]:
    return [Item.of(row) for row in ScoreItem.objects.all()]


def stamp(items: Iterable[Item]) -> str:
    """By which a page knows whether the card is still the one that it showed."""
    return sha256_hex(canonical([asdict(each) for each in items]))


def rule_stamp(rule: SamplingRule) -> str:
    return sha256_hex(canonical(_said(rule)))


def check(items: Sequence[Item]) -> None:
    """Raises TooManyItems, NothingScored, WeightsOff."""
    if len(items) > MOST:
        raise TooManyItems(len(items), MOST)
    scored = [each.weight for each in items if not each.is_fatal]
    if not scored:
        raise NothingScored
    if sum(scored) != WHOLE:
        raise WeightsOff(sum(scored), WHOLE)


@transaction.atomic
def amend_card(*, items: Sequence[Item], expected: str, actor: Actor, at: datetime) -> int:
    """The card is these items in this order, from the next draw on; returns how many changes went on record.

    `expected`: the stamp of the card that was looked at. A removed item's code is never given again. Raises
    MayNotConfigure, ChangedMeanwhile, TooManyItems, NothingScored, WeightsOff, ValidationError.
    """
    rule = _held(actor)
    before = card()
    if stamp(before) != expected:
        raise ChangedMeanwhile
    rows = {row.code: row for row in ScoreItem.objects.all()}
    if not {each.code for each in items if each.code} <= rows.keys():
        raise ChangedMeanwhile
    wanted = _named(items, rows)
    check(list(wanted.values()))
    _keep_with_draws(rule)
    changed = [_removed(rows[each.code], actor, at) for each in before if each.code not in wanted]
    for place, each in enumerate(wanted.values(), start=1):
        changed.append(_put(rows.get(each.code), each, place, actor, at))
    changed.append(_ordered(before, wanted, actor, at))
    return sum(each is not None for each in changed)


@transaction.atomic
def amend_rule(*, values: Mapping[str, Any], expected: str, actor: Actor, at: datetime) -> bool:
    """The next draw follows it; False where it said so already. `values` has all of NAMES. Raises MayNotConfigure,
    ChangedMeanwhile, OutOfLimits, ValidationError."""
    rule = _held(actor)
    if rule_stamp(rule) != expected:
        raise ChangedMeanwhile
    for name, (least, most) in LIMITS.items():
        if not least <= values[name] <= most:
            raise OutOfLimits(str(getattr(SamplingRule._meta.get_field(name), "verbose_name", name)), least, most)
    before = _said(rule)
    if before == {name: values[name] for name in NAMES}:
        return False
    _keep_with_draws(rule)
    for name in NAMES:
        setattr(rule, name, values[name])
    rule.default_digest = ""
    rule.full_clean()
    rule.save()
    record(
        Change.Area.REVIEWS, RULE, label=_("抽检规则"), verb=Change.Verb.AMENDED, before=before, after=_said(rule),
        actor=actor, at=at,
    )  # fmt: skip
    return True


def _held(actor: Actor) -> SamplingRule:
    """The row that a draw waits for, too: a month is drawn by the card before or by the one after."""
    if not actor.may(Right.CONFIGURE):
        raise MayNotConfigure
    return SamplingRule.objects.select_for_update().get(code=RULE)


def _keep_with_draws(rule: SamplingRule) -> None:
    """Draws from before the card was kept were asked what was in force: that stays with them now."""
    Draw.objects.filter(card__isnull=True).update(card=Asked.of(ScoreItem.objects.all(), rule).kept())


def _named(items: Sequence[Item], rows: Mapping[str, ScoreItem]) -> dict[str, Item]:
    """By code and in order; an item stays what it is, scored or fatal, and a new one gets a number nobody had."""
    used = {*rows, *Change.objects.filter(area=Change.Area.REVIEWS).values_list("subject", flat=True)}
    for kept in Draw.objects.values_list("card", flat=True):
        used |= {each["code"] for each in (kept or {}).get("lines", ())}
    last = {"S": 0, "F": 0}
    for found in filter(None, map(_CODE.fullmatch, used)):
        last[found[1]] = max(last[found[1]], int(found[2]))
    named: dict[str, Item] = {}
    for each in items:
        code = each.code
        if not code:
            letter = "F" if each.is_fatal else "S"
            last[letter] += 1
            code = f"Q{letter}-{last[letter]}"
        is_fatal = rows[code].is_fatal if code in rows else each.is_fatal
        weight = 0 if is_fatal else each.weight
        named[code] = Item(code, each.name_zh, each.name_en, each.looks_at, weight, is_fatal)
    return named


def _removed(row: ScoreItem, actor: Actor, at: datetime) -> Change | None:
    said = Item.of(row).said
    row.delete()
    return _recorded(row.code, row.name_zh, Change.Verb.REMOVED, actor, at, before=said)


def _put(row: ScoreItem | None, item: Item, place: int, actor: Actor, at: datetime) -> Change | None:
    is_new = row is None
    row = row or ScoreItem(code=item.code)
    before = Item.of(row).said
    if not is_new and (before, row.position) == (item.said, place):
        return None
    for name, value in {**item.said, "position": place, "default_digest": ""}.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    if is_new:
        return _recorded(item.code, item.name_zh, Change.Verb.ADDED, actor, at, after=item.said)
    return _recorded(item.code, item.name_zh, Change.Verb.AMENDED, actor, at, before=before, after=item.said)


def _ordered(before: Sequence[Item], wanted: Mapping[str, Item], actor: Actor, at: datetime) -> Change | None:
    """Where those that stay stand in another order."""
    old = [each.code for each in before if each.code in wanted]
    kept = set(old)
    new = [code for code in wanted if code in kept]
    return _recorded(CARD, _("评分表"), Change.Verb.MOVED, actor, at, before={"order": old}, after={"order": new})


def _recorded(
    subject: str, label: str, verb: Change.Verb, actor: Actor, at: datetime, **said: Mapping[str, Any]
) -> Change | None:
    return record(Change.Area.REVIEWS, subject, label=label, verb=verb, actor=actor, at=at, **said)


def _said(rule: SamplingRule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in NAMES}
