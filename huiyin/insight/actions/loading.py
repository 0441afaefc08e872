"""The default emergency plans into rows; what an administrator changed stays."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huiyin.insight.models import Plan
from huiyin.lib.defaults import bring


def load(documents: Mapping[str, Any], at: datetime) -> int:
    """Every plan of plans.yaml is a row afterwards. Returns how many are new or renewed."""
    wanted = {
        row["group"]: {"name_zh": row["zh"], "name_en": row.get("en", ""), "steps": list(row["steps"])}
        for row in documents.get("plans", {}).get("plans", [])
    }
    return bring(Plan, "group", wanted)
