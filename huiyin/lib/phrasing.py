"""Words set together as the reader's language does it: 甲、乙（丙）；丁 and "one, two (three); four"."""

from collections.abc import Iterable

from django.utils.translation import gettext


def listed(words: Iterable[object]) -> str:
    return gettext("、").join(map(str, words))


def clauses(words: Iterable[object]) -> str:
    return gettext("；").join(map(str, words))


def noted(words: object, *notes: object) -> str:
    return f"{words}{gettext('（')}{listed(notes)}{gettext('）')}"


def told(label: object, words: object) -> str:
    return f"{label}{gettext('：')}{words}"
