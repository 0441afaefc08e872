"""The unit tree keeps its shape whatever is moved where."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from huiyin.org import errors
from huiyin.org.actions.arranging import deactivate_unit, move_unit, place_unit, reactivate_unit, rename_unit
from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.models import Unit
from huiyin.org.tests.factories import NOW, TREE, company, member

pytestmark = pytest.mark.django_db


def paths() -> dict[str, str]:
    return dict(Unit.objects.values_list("code", "path"))


def true_paths() -> dict[str, str]:
    """What the paths ought to be, by the parents alone."""
    units = {unit.pk: unit for unit in Unit.objects.all()}

    def climb(unit: Unit) -> str:
        above = climb(units[unit.parent_id]) if unit.parent_id else "/"
        return f"{above}{unit.code}/"

    return {unit.code: climb(unit) for unit in units.values()}


def test_a_placed_unit_stands_below_its_parent() -> None:
    units = company()
    assert units["CTY-E01"].path == "/HQ/BR-EAST/CTY-E01/"
    assert units["CTY-E01"].ancestor_codes() == ["HQ", "BR-EAST"]
    assert units["HQ"].contains(units["CTY-E01"])
    assert not units["BR-SOUTH"].contains(units["CTY-E01"])


def test_a_moved_unit_takes_what_is_below_it_along() -> None:
    units = company()
    move_unit(units["BR-EAST"], under=units["BR-SOUTH"], actor=SYSTEM, at=NOW)
    assert paths()["CTY-E01"] == "/HQ/BR-SOUTH/BR-EAST/CTY-E01/"
    assert paths()["QM-CASE"] == "/HQ/QM/QM-CASE/"


@pytest.mark.parametrize("under", ["BR-EAST", "CTY-E01"])
def test_no_unit_can_stand_below_itself(under: str) -> None:
    units = company()
    before = paths()
    with pytest.raises(errors.WouldLoop):
        move_unit(units["BR-EAST"], under=units[under], actor=SYSTEM, at=NOW)
    assert paths() == before


CODES = [row[0] for row in TREE]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(CODES), st.none() | st.sampled_from(CODES)), max_size=8))
def test_after_any_moves_every_path_is_what_the_parents_say(moves: list[tuple[str, str | None]]) -> None:
    with transaction.atomic():
        company()
        for code, under in moves:
            unit = Unit.objects.get(code=code)
            parent = Unit.objects.get(code=under) if under else None
            try:
                move_unit(unit, under=parent, actor=SYSTEM, at=NOW)
            except errors.WouldLoop:
                continue
            assert unit.path == paths()[code]
        assert paths() == true_paths()
        transaction.set_rollback(True)


@pytest.mark.parametrize("code", ["", "br-east", "BR EAST", "BR-", "-BR", "BR/EAST", "BR%", "中心"])
def test_a_code_is_capital_letters_digits_and_hyphens(code: str) -> None:
    with pytest.raises(errors.BadCode):
        place_unit(code=code, name_zh="某部", kind="department", parent=None, actor=SYSTEM, at=NOW)
    assert Unit.objects.count() == 0


def test_a_code_is_used_once() -> None:
    units = company()
    with pytest.raises(errors.CodeTaken):
        place_unit(code="QM", name_zh="又一个", kind="department", parent=units["HQ"], actor=SYSTEM, at=NOW)


def test_the_database_refuses_a_path_that_is_not_the_units_own() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.create(code="QM", name_zh="质量管理部", kind="department", path="/HQ/RD/")
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.create(code="q m", name_zh="质量管理部", kind="department", path="/HQ/q m/")


def test_a_unit_in_use_stays_in_use() -> None:
    units = company()
    member(units["CTY-E01"], "store_agent")
    for code in ("BR-EAST", "CTY-E01"):
        with pytest.raises(errors.StillInUse):
            deactivate_unit(units[code], actor=SYSTEM, at=NOW)
    assert Unit.objects.active().count() == len(TREE)


def test_a_unit_out_of_use_keeps_its_row_and_takes_nothing_new() -> None:
    units = company()
    deactivate_unit(units["QM-CASE"], actor=SYSTEM, at=NOW)
    deactivate_unit(units["QM"], actor=SYSTEM, at=NOW)
    with pytest.raises(errors.UnitInactive):
        place_unit(code="QM-2", name_zh="二组", kind="team", parent=units["QM"], actor=SYSTEM, at=NOW)
    with pytest.raises(errors.UnitInactive):
        move_unit(units["BR-EAST"], under=units["QM"], actor=SYSTEM, at=NOW)
    with pytest.raises(errors.UnitInactive):
        reactivate_unit(Unit.objects.get(code="QM-CASE"), actor=SYSTEM, at=NOW)
    assert Unit.objects.count() == len(TREE)


def test_only_an_administrator_arranges_units() -> None:
    units = company()
    manager = Actor.of(member(units["CC"], "cc_manager", name="韩梅梅"))
    before = paths()
    with pytest.raises(errors.MayNotConfigure):
        move_unit(units["QM"], under=units["BR-EAST"], actor=manager, at=NOW)
    with pytest.raises(errors.MayNotConfigure):
        rename_unit(units["QM"], name_zh="改名", actor=manager, at=NOW)
    with pytest.raises(errors.MayNotConfigure):
        deactivate_unit(units["QM-CASE"], actor=manager, at=NOW)
    assert paths() == before
    assert Unit.objects.get(code="QM").name_zh == "质量管理部"


def test_an_administrator_does() -> None:
    units = company()
    rename_unit(units["QM"], name_zh="品质部", actor=Actor.of(member(units["HQ"], "admin")), at=NOW)
    assert Unit.objects.get(code="QM").name_zh == "品质部"


def test_a_subtree_is_read_at_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    units = company()
    with django_assert_num_queries(1):
        ids = units["BR-EAST"].subtree_ids()
    assert set(ids) == {units[code].pk for code in ("BR-EAST", "BR-EAST-CC", "CTY-E01")}
