"""接收-复述-确认 in words: the three steps of listening, and what of them a record shows."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from huiyin.knowledge import listening, queries

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

NAMES: "dict[str, StrPromise]" = {
    listening.RECEIVED: _("接收"),
    listening.RESTATED: _("复述"),
    listening.CONFIRMED: _("确认"),
}
CHECKLIST = [
    (listening.RECEIVED, _("接收：让客户说完，没有打断")),
    (listening.RESTATED, _("复述：把问题和要求说了一遍")),
    (listening.CONFIRMED, _("确认：问过客户这样说对不对")),
]


def names_of(steps: Iterable[str]) -> list[str]:
    return [str(NAMES[step]) for step in steps if step in NAMES]


def found_in(text: str, known: listening.Cues | None = None) -> dict[str, Any]:
    """Each step with the words that show it, empty where none do; for desk/knowledge/heard.html."""
    heard = listening.hear(text, known or queries.listening_cues())
    spans = {step: getattr(heard, step) for step in listening.STEPS}
    return {
        "keeps_rule": heard.keeps_rule,
        "steps": [
            {"name": NAMES[step], "is_found": span is not None, "words": text[slice(*span)][:40] if span else ""}
            for step, span in spans.items()
        ],
    }
