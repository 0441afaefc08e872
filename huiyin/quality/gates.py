"""What a discipline must have before it is signed off. Values only; each returns the sentence on what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

CHAMPION, LEADER, MEMBER = "champion", "leader", "member"
LEAST, MOST = 4, 10  # eight_d.yaml D1: 4-10人


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One place in the team."""

    name: str
    department: str = ""
    role: str = MEMBER
    authority: str = ""


def team(seats: Sequence[Seat], *, kickoff_at: datetime | None, minutes: str) -> str | None:
    """D1: a champion, a leader, four to ten people who all may decide something, and the kickoff meeting's record."""
    roles = [seat.role for seat in seats]
    if roles.count(CHAMPION) != 1:
        return _("D1 须有一名倡导者。") if CHAMPION not in roles else _("倡导者只能有一名。")
    if roles.count(LEADER) != 1:
        return _("D1 须有一名组长。") if LEADER not in roles else _("组长只能有一名。")
    people = {(seat.name.strip(), seat.department.strip()) for seat in seats}
    if not LEAST <= len(people) <= MOST:
        return _("小组须有 %(least)d 至 %(most)d 人，现有 %(count)d 人。") % {
            "least": LEAST,
            "most": MOST,
            "count": len(people),
        }
    powerless = [seat.name for seat in seats if not seat.authority.strip()]
    if powerless:
        return _("请写明 %s 的处置权限。") % "、".join(powerless)
    if kickoff_at is None or not minutes.strip():
        return _("请记录启动会议的时间和内容。")
    return None


def words(values: Mapping[str, Any], gate: str) -> str | None:
    """The others: something is written; whether it is enough, the one who signs decides by the gate's own words."""
    if any(str(value).strip() for value in values.values()):
        return None
    return _("请先填写内容。放行条件：%s。") % gate
