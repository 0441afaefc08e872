"""What a promise is called in a notice, and where its complaint is shown."""

from typing import Any

from django.utils import translation

from huiyin.complaints.actions.clocks import DIRECT, REGULATORY
from huiyin.complaints.models import Clock
from huiyin.sla.explaining import clock_name

OF_AUTHORITIES = frozenset({REGULATORY, DIRECT})


def names_of(clock: Clock) -> dict[str, str]:
    zh = str(clock.why.get("name", clock.code)).partition("（")[0]
    if clock.code in OF_AUTHORITIES:
        why = clock.why
        return {
            lang: f"{why.get('profile', '')} {why.get(name, '')}" for lang, name in (("zh", "name"), ("en", "name_en"))
        }
    return {"zh": zh, "en": clock_name(clock.code, zh, "en")}


def in_both(words: Any) -> dict[str, str]:
    """The same words in both languages, for a notice that each reads in their own."""
    found = {}
    for code, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            found[code] = str(words())
    return found


def link_to(number: str) -> str:
    return f"/desk/complaints/{number}"  # where the desk shows it; a test compares
