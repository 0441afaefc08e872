"""The escalation ladder of the policy in words, for the settings page of promises."""

from typing import Any

from django.utils.translation import gettext as _

from huiyin.lib.phrasing import listed
from huiyin.org.roles import LABELS
from huiyin.sla.ladder import LEVELS, PARENT_LEAD, Rung, rungs
from huiyin.sla.policy import Policy


def ladders(policy: Policy) -> list[dict[str, Any]]:
    """By level: each rung with when it is reached and who is told."""
    return [
        {"level": place, "rungs": [(_when(each), listed(_who(role) for role in each.tell)) for each in found]}
        for place in range(1, len(LEVELS) + 1)
        if (found := rungs(policy, place))
    ]


def _when(rung: Rung) -> str:
    if rung.after is None:
        return _("用去 %d%%") % round((rung.at or 1) * 100)
    units = {
        "nm": _("再过 %s 分钟"), "nh": _("再过 %s 小时"), "bm": _("再过 %s 工作分钟"), "bh": _("再过 %s 工作小时"),
        "wd": _("再过 %s 个工作日"), "ld": _("再过 %s 天"),
    }  # fmt: skip
    return units[rung.after.unit] % rung.after.amount


def _who(role: str) -> str:
    return _("上级部门负责人") if role == PARENT_LEAD else str(LABELS[role])
