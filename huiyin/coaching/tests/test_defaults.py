"""A field that came after a row was loaded never makes the row an administrator's; what one changed always does."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import pytest

from huiyin.coaching.models import SamplingRule
from huiyin.lib.canonical import canonical, sha256_hex
from huiyin.lib.defaults import bring

pytestmark = pytest.mark.django_db

FIRST: Mapping[str, Any] = {
    "percent": 20, "least_per_agent": 4, "severities": [1, 2], "takes_reopened": True, "low_stars": 2,
    "award_above": 5000,
}  # fmt: skip
LATER: Mapping[str, Any] = {"twice_percent": 10, "agreement": 60, "settle_over": 10, "appeal_days": 3}
NEWER = {**FIRST, **LATER, "percent": 25, "settle_over": 8}


def loaded(knowing: Mapping[str, Any], **changed: Any) -> SamplingRule:
    """A row from a release that knew those fields only, and what was changed since."""
    row = SamplingRule.objects.create(
        code="monthly", **{**FIRST, **LATER, **changed}, default_digest=sha256_hex(canonical(knowing))
    )
    return SamplingRule.objects.get(pk=row.pk)


def renew(wanted: Mapping[str, Any]) -> int:
    return bring(SamplingRule, "code", {"monthly": wanted})


def test_an_untouched_row_from_before_four_fields_came_is_renewed_and_knows_them_from_then_on() -> None:
    loaded(FIRST)
    assert renew({**FIRST, **LATER}) == 1
    row = SamplingRule.objects.get()
    assert row.default_digest == sha256_hex(canonical({**FIRST, **LATER}))
    assert renew({**FIRST, **LATER}) == 0
    assert renew(NEWER) == 1
    row.refresh_from_db()
    assert {field: getattr(row, field) for field in NEWER} == NEWER


@pytest.mark.parametrize("known", [set(each) for count in range(5) for each in combinations(LATER, count)])
def test_whichever_fields_came_later_the_row_is_untouched(known: set[str]) -> None:
    loaded({**FIRST, **{field: LATER[field] for field in known}})
    assert renew(NEWER) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"percent": 30}, {"severities": []}, {"takes_reopened": False},  # what the digest knew
        {"twice_percent": 20}, {"appeal_days": 5},  # what came later, and was changed then
        {"percent": 30, "agreement": 70},
    ],
)  # fmt: skip
@pytest.mark.parametrize("known", [FIRST, {**FIRST, **LATER}])
def test_what_an_administrator_changed_stays(known: Mapping[str, Any], changed: Mapping[str, Any]) -> None:
    loaded(known, **changed)
    assert renew(NEWER) == 0
    row = SamplingRule.objects.get()
    assert {field: getattr(row, field) for field in changed} == changed


def test_what_an_administrator_set_back_to_the_models_default_stays() -> None:
    """`severities` was in the digest: standing at the model's default now does not make it one that came later."""
    loaded({**FIRST, "severities": [1, 2]}, severities=[])
    assert renew(NEWER) == 0
    assert SamplingRule.objects.get().severities == []


def test_a_row_that_no_default_brought_stays() -> None:
    row = loaded(FIRST)
    SamplingRule.objects.filter(pk=row.pk).update(default_digest="")
    assert renew(NEWER) == 0
