"""How figures are written in a report."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.insight.effectiveness import Row
from huiyin.insight.intervals import Change, Interval
from huiyin.insight.monthly import Trend
from huiyin.insight.rates import Verdict

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.1f}%"


@register.filter
def of(part: int, whole: int) -> str:
    return percent(part / whole if whole else None)


@register.filter
def hours(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"


@register.filter
def change(found: Change | None) -> str:
    """As -42.0% (-48.1 … -35.2)."""
    if found is None:
        return _("件数太少，不作结论")
    return f"{found.percent:+.1f}% ({found.low:+.1f} … {found.high:+.1f})"


@register.filter
def at(counts: Mapping[str, Any], key: str) -> Any:
    return counts.get(key, 0)


@register.filter
def pair(first: Any, second: Any) -> tuple[Any, Any]:
    return first, second


PAGES = ("reports", "attainment", "satisfaction", "repeats", "departments", "effectiveness", "monthly")


@register.simple_tag
def report_tabs(current: str) -> list[dict[str, Any]]:
    """The report pages, beside one another."""
    labels = {
        "reports": _("统计报告"), "attainment": _("时限达成率"), "satisfaction": _("客户满意度"),
        "repeats": _("重复投诉率"), "departments": _("部门对比"), "effectiveness": _("季度验证"),
        "monthly": _("四级建议月报"),
    }  # fmt: skip
    return [{"label": labels[name], "url": reverse(f"desk:{name}"), "is_current": name == current} for name in PAGES]


@register.filter
def interval(found: Interval | None) -> str:
    """Of a share, as 93.0–99.4%."""
    return "—" if found is None else f"{100 * found.low:.1f}–{100 * found.high:.1f}%"


@register.filter
def span_of(found: Interval | None, digits: int = 1) -> str:
    """Of a figure that is no share, as 30.5 … 59.5."""
    return _("份数太少") if found is None else f"{found.low:.{digits}f} … {found.high:.{digits}f}"


@register.filter
def figure(value: float | None, digits: int = 1) -> str:
    return "—" if value is None else f"{value:.{digits}f}"


@register.filter
def verdict(found: Verdict) -> str:
    said = {
        Verdict.MET: _("达到目标"),
        Verdict.MISSED: _("未达到目标"),
        Verdict.UNSURE: _("样本还不能判断"),
        Verdict.NONE: "",
    }
    return said[found]


@register.filter
def verdict_tone(found: Verdict) -> str:
    return {Verdict.MET: "green", Verdict.MISSED: "red", Verdict.UNSURE: "amber"}.get(found, "grey")


@register.filter
def trend(found: Trend) -> str:
    said = {
        Trend.MORE: _("比上个月多"),
        Trend.FEWER: _("比上个月少"),
        Trend.CHANCE: _("多少可能只是偶然"),
        Trend.FEW: _("件数太少，不作结论"),
    }
    return said[found]


@register.filter
def quarter(day: date) -> int:
    return (day.month - 1) // 3 + 1


@register.simple_tag
def matrix_lines(row: Row) -> list[dict[str, Any]]:
    """The three figures of one kind, each with its cells by quarter and what may be said of the change."""
    labels = {"repeats": _("重复率"), "csat": _("满意度"), "late": _("超时占比")}
    told = {"better": (_("变好"), "green"), "worse": (_("变差"), "red")}
    lines = []
    for name, label in labels.items():
        found = row.changes[name]
        effect = _effect(found, is_better_low=name != "csat")
        said, tone = told.get(effect, ("", "grey"))
        rates = [getattr(cell, name) for cell in row.cells]
        lines.append({"label": label, "rates": rates, "change": found, "effect": effect, "said": said, "tone": tone})
    return lines


def _effect(found: Change | None, *, is_better_low: bool) -> str:
    """What the whole interval says, if it says anything."""
    if found is None or found.low <= 0 <= found.high:
        return ""
    return "better" if (found.high < 0) == is_better_low else "worse"
