"""The columns of the queue: which there are, and which a member has chosen, in the order they like."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.org.models import Member


@dataclass(frozen=True)
class Column:
    """`sort`: the order that its head offers; only what an index answers at any size is offered."""

    name: str
    label: Any
    sort: str = ""


COLUMNS: tuple[Column, ...] = (
    Column("severity", _("等级")),
    Column("title", _("投诉")),
    Column("number", _("编号")),
    Column("customer", _("客户")),
    Column("tier", _("客户级别")),
    Column("category", _("类型")),
    Column("channel", _("渠道")),
    Column("received", _("受理时间"), sort="received"),
    Column("state", _("状态")),
    Column("unit", _("单位")),
    Column("person", _("处理人")),
    Column("due", _("截止"), sort="due"),
)
BY_NAME = {column.name: column for column in COLUMNS}
DEFAULT = ("severity", "title", "state", "unit", "person", "due")
DENSITIES = ("comfortable", "compact")
LAYOUTS = ("list", "split")


def known(names: Iterable[Any]) -> tuple[str, ...]:
    """Those that there are, once each; the title, which leads to the complaint, always."""
    kept = tuple(dict.fromkeys(name for name in names if isinstance(name, str) and name in BY_NAME))
    return kept if "title" in kept else ("title", *kept)


def chosen_by(member: Member) -> tuple[str, ...]:
    kept = member.preferences.get("columns")
    return known(kept) if isinstance(kept, list) else DEFAULT


def layout_of(member: Member) -> str:
    kept = member.preferences.get("layout")
    return kept if kept in LAYOUTS else LAYOUTS[0]


def density_of(member: Member) -> str:
    kept = member.preferences.get("density")
    return kept if kept in DENSITIES else DENSITIES[0]


def for_choosing(member: Member) -> list[dict[str, Any]]:
    """The chosen ones in their order, then the others."""
    chosen = chosen_by(member)
    others = [column.name for column in COLUMNS if column.name not in chosen]
    last = len(chosen) - 1
    return [
        {
            "name": name,
            "label": BY_NAME[name].label,
            "is_chosen": name in chosen,
            "is_fixed": name == "title",
            "may_rise": 0 < place <= last,
            "may_sink": place < last,
        }
        for place, name in enumerate([*chosen, *others])
    ]


def moved(names: Iterable[str], name: str, by: int) -> tuple[str, ...]:
    """The same columns with one of them a place to the left (-1) or to the right (1)."""
    line = list(known(names))
    if name in line:
        here = line.index(name)
        line.insert(max(here + by, 0), line.pop(here))
    return tuple(line)
