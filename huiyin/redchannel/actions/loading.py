"""The red channel's arrangements, out of the default files."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.lib.defaults import bring
from huiyin.redchannel.models import RedPolicy
from huiyin.redchannel.queries import CODE


@transaction.atomic
def load(documents: Mapping[str, Any], at: datetime) -> int:
    """One row, save what an administrator changed. Returns whether it is new or renewed."""
    ours, paging = documents["redchannel"], documents["redchannel"]["paging"]
    wanted = {
        "levels": list(ours["triggers"]["levels"]),
        "channels": list(ours["triggers"]["channels"]),
        "rules": list(documents["severity"]["red_channel"]["triggers"]),
        "group_code": paging["group"],
        "group_else": list(paging["group_else"]),
        "every_minutes": paging["every"]["nm"],
        "widen_after": paging["widen_after"],
        "rungs": [list(roles) for roles in paging["rungs"]],
        "plan_by_rule": dict(ours["plans"]["by_rule"]),
        "plan_otherwise": ours["plans"]["otherwise"],
        "quorum": [dict(side) for side in ours["quorum"]],
        "mentions": dict(ours["mentions"]),
        "daily_level": ours["daily"]["level"],
        "daily_roles": list(ours["daily"]["roles"]),
    }
    return bring(RedPolicy, "code", {CODE: wanted})
