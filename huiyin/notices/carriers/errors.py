"""Why a message was not taken. The reason is for an administrator's eyes: never an address, a key or a secret."""

from __future__ import annotations


class NotTaken(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(" ".join(reason.split())[:280])


class Unreachable(NotTaken):
    """Nobody answered in time, or what answered is out of order: the whole way rests a while."""


class Misconfigured(NotTaken):
    """The other side knows the address, key, signature or keyword not: nothing goes until somebody repairs it."""


class Throttled(NotTaken):
    """Too many at once: not before so many seconds again. It does not count as a try."""

    def __init__(self, reason: str, *, seconds: int) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Deferred(NotTaken):
    """Not this message now; others may go."""


class Refused(NotTaken):
    """This message never; trying again is no use."""
