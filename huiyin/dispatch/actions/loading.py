"""The default routing table into rows; what an administrator changed stays."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.dispatch.models import RoutingRule
from huiyin.lib.canonical import canonical, sha256_hex


@transaction.atomic
def load(documents: Mapping[str, Any], at: datetime) -> int:
    """Every rule of routing.yaml is a row afterwards. Returns how many are new or renewed."""
    known = {rule.code: rule for rule in RoutingRule.objects.select_for_update()}
    changed = 0
    for position, row in enumerate(documents["routing"]["rules"], start=1):
        wanted = {"position": position, "condition": row["when"], "effect": row["then"]}
        digest = sha256_hex(canonical(wanted))
        rule = known.get(row["id"])
        if rule is None:
            RoutingRule.objects.create(code=row["id"], loaded_digest=digest, **wanted)
        elif rule.loaded_digest == _digest(rule) != digest:
            RoutingRule.objects.filter(pk=rule.pk).update(loaded_digest=digest, **wanted)
        else:
            continue
        changed += 1
    return changed


def _digest(rule: RoutingRule) -> str:
    return sha256_hex(canonical({"position": rule.position, "condition": rule.condition, "effect": rule.effect}))
