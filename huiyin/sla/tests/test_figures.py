"""The figures changed most, in and out of the document, and what a change would promise."""

from datetime import timedelta

from huiyin.sla import figures
from huiyin.sla.checking import check
from huiyin.sla.policy import Inputs, Policy
from huiyin.sla.previewing import compared
from huiyin.sla.tests.documents import at, shipped

MONDAY = at("2026-11-16 10:00")


def test_every_figure_put_back_leaves_the_document_as_it_was() -> None:
    body = shipped()
    found = figures.figures(body)

    assert len({figure.key for figure in found}) == len(found) > 20
    assert figures.with_figures(body, {figure.key: figure.amount for figure in found}) == body


def test_one_figure_changes_one_place() -> None:
    body = shipped()
    first = figures.figures(body)[0]

    changed = figures.with_figures(body, {first.key: 20.0})

    assert (first.clock, first.when, first.unit, first.amount) == ("CK-FR", {"level": ["L1"]}, "nm", 30)
    assert [each.amount for each in figures.figures(changed)[:2]] == [20, 30]
    assert (check(changed)["clocks"] == body["clocks"], body == shipped()) == (False, True)


def test_a_preview_names_the_cases_that_would_be_due_at_another_time() -> None:
    body = shipped()
    first = figures.figures(body)[0]

    rows = compared(Policy(body, number=1), figures.with_figures(body, {first.key: 20.0}), start=MONDAY)

    [changed] = [row for row in rows if row.is_changed]
    assert (changed.case, changed.clock) == (Inputs(level="L1", cx="C"), "CK-FR")
    assert changed.old_due is not None
    assert changed.new_due == changed.old_due - timedelta(minutes=10)


def test_the_working_day_is_a_figure_too() -> None:
    body = shipped()
    assert figures.opening(body) == ("09:00", "18:00")
    assert figures.opening(figures.with_opening(body, "08:30", "17:30")) == ("08:30", "17:30")
