"""What is reviewed whatever the lot says, by apps beside this one that it must not know. Only flow.py calls `ask`."""

from collections.abc import Callable, Iterable

from django.db.models import QuerySet

from huiyin.coaching.models import SamplingRule
from huiyin.complaints.models import Complaint

Known = Callable[[QuerySet[Complaint], SamplingRule], Iterable[int]]
_known: list[Known] = []


def ask(known: Known) -> None:
    """From now on those of the complaints that `known` names are reviewed in any case."""
    if known not in _known:
        _known.append(known)


def among(complaints: QuerySet[Complaint], rule: SamplingRule) -> set[int]:
    return {pk for known in _known for pk in known(complaints, rule)}
