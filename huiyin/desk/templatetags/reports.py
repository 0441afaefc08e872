"""How figures are written in a report."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _

from huiyin.insight.intervals import Change

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
