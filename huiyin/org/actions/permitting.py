"""The one gate of this app's actions."""

from __future__ import annotations

from huiyin.org import errors
from huiyin.org.actors import Actor
from huiyin.org.rules import Right


def must_configure(actor: Actor) -> None:
    """Raises MayNotConfigure."""
    if not actor.may(Right.CONFIGURE):
        raise errors.MayNotConfigure
