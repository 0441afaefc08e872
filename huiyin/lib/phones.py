"""Telephone numbers: one spelling, a check by profile, and the form that may stand on a screen."""

from __future__ import annotations

import re
import unicodedata

from django.conf import settings

PROFILES: dict[str, str] = {
    # mobile, landline with area code, 400/800 and five- or six-digit service numbers, or any number with its country
    "default": r"1[3-9]\d{9}|0[1-9]\d{8,10}|[48]00\d{7}|[19]\d{4,5}|\+[1-9]\d{6,14}",
    # the self-check of seed A: China Mobile numbers as they were in 2009
    "cmcc-2009": r"13[4-9]\d{8}",
}

_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#|;|,|，|；).*$", re.IGNORECASE | re.DOTALL)
_CHINA = re.compile(r"(?:\+86(?=0?[1-9]\d{8,10}$)|86(?=1[3-9]\d{9}$))(\d+)")
_WHOLE = re.compile(r"1[3-9]\d{9}|0\d+|[48]00\d{7}")


def normalise(raw: str) -> str:
    """Digits, with a leading + only for a number from abroad; no extension; '' where there is no digit."""
    text = _EXTENSION.sub("", unicodedata.normalize("NFKC", raw).strip()) or raw
    digits = "".join(sign for sign in text if sign in "0123456789")
    abroad = digits if text.startswith("+") else digits[2:] if text.startswith("00") else ""
    number = f"+{abroad}" if abroad else digits
    chinese = _CHINA.fullmatch(number)
    if chinese is None:
        return number
    # said with its country, a landline drops the 0 of its area code
    return chinese[1] if _WHOLE.fullmatch(chinese[1]) else f"0{chinese[1]}"


def looks_right(raw: str, profile: str = "default") -> bool:
    """Whether the number fits the profile; an installation adds profiles in HUIYIN_PHONE_PROFILES."""
    patterns = {**PROFILES, **getattr(settings, "HUIYIN_PHONE_PROFILES", {})}
    return re.fullmatch(patterns[profile], normalise(raw), re.ASCII) is not None


def mask(raw: str) -> str:
    """138****1234; a short number keeps only its last two digits."""
    number = normalise(raw)
    if len(number) < 8:
        return "*" * max(len(number) - 2, 0) + number[-2:] if len(number) > 3 else "*" * len(number)
    return f"{number[:3]}****{number[-4:]}"
