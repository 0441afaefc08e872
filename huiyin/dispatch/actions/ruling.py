"""The routing table is changed by an administrator: a rule added, amended, or switched off. None is deleted, since what
was dispatched by it still names it."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.dispatch.errors import RuleUnsound
from huiyin.dispatch.models import RoutingRule
from huiyin.dispatch.values import CONDITION_KINDS, EFFECT_KINDS, Kind
from huiyin.dispatch.wording import CONDITIONS, EFFECTS, Words
from huiyin.org.actions.permitting import must_configure
from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change, Unit

CODE = re.compile(r"[A-Z]{2}-[0-9]{3,6}")
OWNERS_OWN = "owner_default_team"


@transaction.atomic
def add_rule(
    *, code: str, position: int, condition: Mapping[str, Any], effect: Mapping[str, Any], actor: Actor, at: datetime
) -> RoutingRule:
    """A new rule at that place of the table. Raises MayNotConfigure, RuleUnsound."""
    must_configure(actor)
    check_new(code, condition, effect)
    rule = RoutingRule.objects.create(code=code, position=position, condition=dict(condition), effect=dict(effect))
    record(Change.Area.ROUTING, code, label=code, verb=Change.Verb.ADDED, after=_said(rule), actor=actor, at=at)
    return rule


@transaction.atomic
def amend_rule(
    rule: RoutingRule,
    *,
    position: int,
    condition: Mapping[str, Any],
    effect: Mapping[str, Any],
    is_active: bool,
    actor: Actor,
    at: datetime,
) -> None:
    """From now on proposals follow it so. Raises MayNotConfigure, RuleUnsound."""
    must_configure(actor)
    rule = RoutingRule.objects.select_for_update().get(pk=rule.pk)
    before = _said(rule)
    check_amended(rule, condition, effect)
    rule.position, rule.condition, rule.effect, rule.is_active = position, dict(condition), dict(effect), is_active
    rule.save(update_fields=["position", "condition", "effect", "is_active"])
    verb = Change.Verb.AMENDED
    if before["is_active"] != is_active:
        verb = Change.Verb.RESTORED if is_active else Change.Verb.RETIRED
    after = _said(rule)
    record(Change.Area.ROUTING, rule.code, label=rule.code, verb=verb, before=before, after=after, actor=actor, at=at)


def check_new(code: str, condition: Mapping[str, Any], effect: Mapping[str, Any]) -> None:
    """Raises RuleUnsound where no rule of that code could be added."""
    faults = [] if CODE.fullmatch(code) else [_("编码形如 RT-101。")]
    if RoutingRule.objects.filter(code=code).exists():
        faults.append(_("编码“%s”已被使用。") % code)
    _check(condition, effect, faults)


def check_amended(rule: RoutingRule, condition: Mapping[str, Any], effect: Mapping[str, Any]) -> None:
    """What stands is not judged anew. Raises RuleUnsound where the rule could not say so."""
    if (condition, effect) != (rule.condition, rule.effect):
        _check(condition, effect, [])


def _said(rule: RoutingRule) -> dict[str, Any]:
    return {
        "position": rule.position,
        "condition": rule.condition,
        "effect": rule.effect,
        "is_active": rule.is_active,
    }


def _unsound(parts: Mapping[str, Any], kinds: Mapping[str, Kind], labels: Words) -> list[str]:
    """A sentence for each part whose value no proposal could be made with."""
    return [
        _("“%(label)s”（%(key)s）%(wanted)s") % {"label": labels[key], "key": key, "wanted": kinds[key].words}
        for key, value in parts.items()
        if key in kinds and not kinds[key].takes(value)
    ]


def _check(condition: Mapping[str, Any], effect: Mapping[str, Any], faults: list[str]) -> None:
    if not condition:
        faults.append(_("请写明条件；对所有投诉都适用请写 always: true。"))
    if not effect:
        faults.append(_("请写明动作。"))
    faults += [_("不认识的条件：%s。") % key for key in sorted(condition.keys() - CONDITIONS.keys())]
    faults += [_("不认识的动作：%s。") % key for key in sorted(effect.keys() - EFFECTS.keys())]
    faults += [*_unsound(condition, CONDITION_KINDS, CONDITIONS), *_unsound(effect, EFFECT_KINDS, EFFECTS)]
    if "block_close_without" in effect and set(condition) != {"code"}:
        faults.append(_("“结案前须有”只能按类别（code）设。"))
    if faults:
        raise RuleUnsound(faults)
    named = {effect["team"]} if "team" in effect else set()
    co_teams = effect.get("co_teams", [])
    named |= set(co_teams) if isinstance(co_teams, list) else set()
    known = set(Unit.objects.active().filter(code__in=named).values_list("code", flat=True))
    faults += [_("没有启用的单位“%s”。") % code for code in sorted(named - known - {OWNERS_OWN})]
    if faults:
        raise RuleUnsound(faults)
