"""The clocks of a complaint as chips that say why they stand where they stand."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.complaints.models import Clock
from huiyin.sla.explaining import ENGLISH_CLOCKS, explain
from huiyin.sla.queries import NoPolicy, current

_FIRST = ("CK-RESOLVE", "CK-FR", "CK-INITFB")


def clock_label(code: str, names: Mapping[str, str]) -> str:
    """The clock's name in the reader's language, the code where it has none."""
    plain = code.removesuffix(".final")
    short = names.get(plain, code).partition("（")[0]
    name = short if _is_chinese() else ENGLISH_CLOCKS.get(plain, code).capitalize()
    return _("%s（最终）") % name if code.endswith(".final") else name


def clock_names() -> dict[str, str]:
    """One query."""
    try:
        return {code: clock.zh for code, clock in current().clocks.items()}
    except NoPolicy:
        return {}


def clock_chips(clocks: Iterable[Clock], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """For desk/parts/due.html; running ones first, the complaint's own before its work orders'."""
    chips = [_chip(clock, names) for clock in clocks]
    return sorted(
        chips, key=lambda chip: (chip["done_at"] is not None, bool(chip["subject"]), chip["place"], chip["due_at"])
    )


def _chip(clock: Clock, names: Mapping[str, str]) -> dict[str, Any]:
    why = explain(clock.why, get_language() or "zh-hans")
    return {
        "label": clock_label(clock.code, names),
        "subject": clock.subject,
        "code": clock.code,
        "due_at": clock.due_at,
        "done_at": clock.stopped_at,
        "breached": clock.breached_at is not None,
        "reasons": [(_("理由"), why)] if why else [],
        "place": _FIRST.index(clock.code) if clock.code in _FIRST else len(_FIRST),
    }


def _is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
