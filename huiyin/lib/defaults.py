"""Rows that come with the product and that an administrator may change: brought in once, renewed while untouched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.lib.canonical import canonical, sha256_hex


class Configured(models.Model):
    """A row that came with the defaults or from an administrator.

    `default_digest` is of the default as it was loaded: a row that still says the same may be renewed by a newer
    default, one that says anything else is the administrator's and stays. A field that is added later, with a default,
    makes no row the administrator's.
    """

    default_digest = models.CharField(max_length=64, blank=True, editable=False)
    updated_at = models.DateTimeField(_("修改时间"), auto_now=True)

    class Meta:
        abstract = True


def bring(
    model: type[Configured],
    key: str,
    wanted: Mapping[str, Mapping[str, Any]],
    *,
    first: Mapping[str, Any] | None = None,
    always: Mapping[str, Any] | None = None,
) -> int:
    """Make the rows that are missing and renew those that still are as an earlier default had them. Returns how many.

    `first` is given to a new row only, `always` whenever a row is written; neither counts as what the default says.
    """
    there = {getattr(row, key): row for row in model._default_manager.all()}
    count = 0
    for name, values in wanted.items():
        row = there.get(name)
        default = _digest(values)
        if row is None:
            row = model(**{key: name}, **(first or {}))
        elif default == row.default_digest or not _is_untouched(row, values):
            continue
        for field, value in {**values, **(always or {}), "default_digest": default}.items():
            setattr(row, field, value)
        row.save()
        count += 1
    return count


def _is_untouched(row: Configured, fields: Iterable[str]) -> bool:
    """Whether it still says what its digest was taken of.

    A field that came to the table after that is not in the digest: it does not count as long as it stands where it came
    in, at the model's default. Which fields those were nobody noted, but a digest is of one set of fields only: so each
    set is tried that leaves out nothing but fields at their default.
    """
    said = {field: getattr(row, field) for field in fields}
    fresh = type(row)()
    later = [field for field, value in said.items() if value == getattr(fresh, field)]
    return any(
        _digest({field: value for field, value in said.items() if field not in left_out}) == row.default_digest
        for count in range(len(later) + 1)
        for left_out in combinations(later, count)
    )


def _digest(values: Mapping[str, Any]) -> str:
    return sha256_hex(canonical(values))
