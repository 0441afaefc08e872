"""The default rules of tiers; what an administrator changed stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.customers.models import TierRule
from huiyin.lib.defaults import bring


@transaction.atomic
def load(documents: Mapping[str, Mapping[str, Any]], at: datetime) -> int:
    """How many rules are new or renewed."""
    rules = {
        each["id"]: {
            "name_zh": each["zh"],
            "name_en": each["en"],
            "tier": each["tier"],
            "basis": each["basis"],
            "threshold": each["threshold"],
            "position": position,
        }
        for position, each in enumerate(documents["tiers"]["rules"], start=1)
    }
    return bring(TierRule, "code", rules)
