"""Whether a member may still know of a number: apps above this one say so, because this one must not know them.

Only flow.py calls `ask` and `keep_from_groups`. What nobody answers for is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from huiyin.org.models import Member

Seen = Callable[[Member, Collection[str]], Collection[str]]
Kept = Callable[[Collection[str]], Collection[str]]
_seen: list[Seen] = []
_kept: list[Kept] = []


def ask(seen: Seen) -> None:
    """From now on a number may be known to a member if `seen` returns it, of those that it was asked about."""
    if seen not in _seen:
        _seen.append(seen)


def keep_from_groups(kept: Kept) -> None:
    """From now on the numbers that `kept` returns go to no group, whoever of it may know of them."""
    if kept not in _kept:
        _kept.append(kept)


def may_still_see(member: Member, number: str) -> bool:
    return number in seen_of(member, [number])


def seen_of(member: Member, numbers: Iterable[str]) -> set[str]:
    """Those that the member may know of now; a notice about no number is everybody's own ('')."""
    asked = set(numbers)
    found = asked & {""}
    if not member.is_active:
        return set()
    for seen in _seen:
        if left := asked - found:
            found |= left & set(seen(member, left))
    return found


def kept_from_groups(numbers: Iterable[str]) -> set[str]:
    asked = {number for number in numbers if number}
    return {number for kept in _kept for number in kept(asked)} if asked else set()
