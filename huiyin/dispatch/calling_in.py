"""Units that were called in to a complaint without a work order: apps above this one say which, because this one must
not know them. Only flow.py calls `ask`."""

from collections.abc import Callable, Collection

from huiyin.complaints.models import Complaint

Known = Callable[[Complaint], Collection[int]]
_known: list[Known] = []


def ask(known: Known) -> None:
    """From now on the units that `known` names have a part in a complaint."""
    if known not in _known:
        _known.append(known)


def called_in(complaint: Complaint) -> set[int]:
    return {pk for known in _known for pk in known(complaint)}
