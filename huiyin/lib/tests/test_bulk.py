"""Rows that are made without the model's constructor are the rows that it would have made."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from huiyin.complaints.models import Complaint
from huiyin.lib.bulk import new_row
from huiyin.org.models import Unit

MODELS = [model for model in apps.get_models() if model.__module__.startswith("huiyin.")]


def held(row: models.Model) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_an_empty_row_is_what_the_constructor_makes(model: type[models.Model]) -> None:
    made, wanted = new_row(model), model()
    given = {field.attname for field in model._meta.concrete_fields if field.default is not models.NOT_PROVIDED}
    varying = {name for name in given if held(model())[name] != held(wanted)[name]}  # a moment, a random key
    assert {**held(made), **dict.fromkeys(varying)} == {**held(wanted), **dict.fromkeys(varying)}
    assert made._state.adding
    assert made._state.db is None


def test_what_is_given_is_held_and_a_relation_both_ways() -> None:
    unit = Unit(pk=7, code="CC")
    made, wanted = (
        new_row(Complaint, number="TS1", owner_unit=unit, assignee=None),
        Complaint(number="TS1", owner_unit=unit, assignee=None),
    )
    assert held(made) == held(wanted)
    assert made.owner_unit is unit
    assert made.assignee is None


def test_no_two_rows_share_what_can_be_changed() -> None:
    one, other = new_row(Complaint), new_row(Complaint)
    one.units.append(1)
    one.elements["a"] = "b"
    assert (other.units, other.elements) == ([], {})


def test_a_name_that_the_model_has_not_is_refused() -> None:
    with pytest.raises(TypeError, match="nummer"):
        new_row(Complaint, nummer="TS1")
