"""1+1+1 in words: three counters against what the year asks, and what was lacking."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.coaching.ledger import HOURS, KINDS, NEWCOMER, PROJECT, Counters, plain
from huiyin.coaching.queries import counters, target
from huiyin.lib.phrasing import listed
from huiyin.org.models import Member

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

NAMES: "dict[str, StrPromise]" = {
    HOURS: gettext_lazy("专业培训"),
    PROJECT: gettext_lazy("流程优化项目"),
    NEWCOMER: gettext_lazy("培养新人通过岗位认证"),
}


def of(member: Member, year: int) -> dict[str, Any]:
    """For the page: {year, tiles}. Four small queries."""
    reached, wanted = counters([member.pk], year).get(member.pk, Counters()), target()
    lacking = reached.lacking(wanted)
    tiles = [
        {
            "kind": kind,
            "name": NAMES[kind],
            "reached": plain(reached.of(kind)),
            "wanted": plain(wanted.of(kind)),
            "unit": _units(kind),
            "lacking": lacking.get(kind, ""),
            "courses": plain(reached.courses) if kind == HOURS and reached.courses else "",
        }
        for kind in KINDS
    ]
    return {"year": year, "tiles": tiles}


def told(reached: Counters | None) -> str:
    """37.5 + 1 + 0"""
    return " + ".join(plain((reached or Counters()).of(kind)) for kind in KINDS)


def lacking_words(lacking: Mapping[str, Any]) -> str:
    return listed(f"{NAMES[kind]} {plain(Decimal(lacking[kind]))} {_units(kind)}" for kind in KINDS if kind in lacking)


def _units(kind: str) -> str:
    return {HOURS: _("学时"), PROJECT: _("个"), NEWCOMER: _("名")}[kind]
