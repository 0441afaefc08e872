"""BOSS, the operator's billing system, asked for a number's brand (A38). Off unless HUIYIN_BOSS names a connector.

A connector is anything with `lookup(phone)`. None ships with the product: none is known to us that could be tried.
"""

import logging
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)


class Boss(Protocol):
    def lookup(self, phone: str) -> str | None:
        """The code of the number's brand, None where it knows none. Raises OSError where it cannot be asked."""


class Off:
    """Nobody to ask."""

    def lookup(self, phone: str) -> str | None:
        return None


def connected() -> Boss:
    """The connector named in the settings, else one that never answers."""
    if not settings.HUIYIN_BOSS:
        return Off()
    made: Boss = import_string(settings.HUIYIN_BOSS)()
    return made


def brand_of(phone: str) -> str:
    """What BOSS says, or nothing: a complaint is never kept waiting because another system is away."""
    if not phone.strip():
        return ""
    try:
        return connected().lookup(phone) or ""
    except OSError as trouble:
        log.warning("boss did not answer: %s", type(trouble).__name__)
        return ""
