"""A card that is changed after the draw does not change what reviewers are asked, the third and an appeal included."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from huiyin.coaching.actions import appealing, configuring, drawing, reviewing
from huiyin.coaching.asked import Asked, asked_in, asked_of
from huiyin.coaching.errors import AppealTooLate, GuardFailed, NothingScored, OutOfLimits, WeightsOff
from huiyin.coaching.models import Draw, Review, Sampled, SamplingRule, ScoreItem
from huiyin.coaching.tests.closed import closed
from huiyin.org.actors import SYSTEM
from huiyin.org.errors import MayNotConfigure
from huiyin.org.models import Change
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company(db: None) -> None:
    cast.company()


def drawn(*, twice: int) -> list[Sampled]:
    SamplingRule.objects.update(twice_percent=twice)
    closed(4)
    made, _is_new = drawing.draw_month(date(2026, 10, 1), actor=SYSTEM, at=cast.MONDAY, seed="77")
    return list(made.cases.all())


def before() -> Asked:
    return Asked.of(ScoreItem.objects.all(), SamplingRule.objects.get())


def change() -> None:
    """Another weight, a new item, one fewer veto; thresholds turned round."""
    ScoreItem.objects.filter(code="QS-6").update(weight=80, name_zh="改过的")
    ScoreItem.objects.create(code="QS-99", position=99, name_zh="后来的", weight=20)
    ScoreItem.objects.filter(is_fatal=True).order_by("position")[:1].get().delete()
    SamplingRule.objects.update(settle_over=100, appeal_days=0, agreement=99)


def score(case: Sampled, asked: Asked, by: str, *, seen: bool = False, fatal: str = "", **given: str) -> Review | None:
    marks = {each.code: "full" for each in asked.lines if not each.is_fatal}
    marks |= {code.replace("_", "-"): mark for code, mark in given.items()}
    return reviewing.review(
        case, marks=marks, fatal=[fatal], comment="x", actor=cast.member(by), at=cast.MONDAY, has_seen_two=seen
    )


def test_the_card_stays_with_the_draw_and_is_read_back_as_it_was() -> None:
    asked, [case, *_rest] = before(), drawn(twice=0)
    change()
    assert asked_of(case) == asked_in(Draw.objects.get()) == asked != before()


def test_what_is_asked_is_the_draws_card_for_the_first_the_second_and_the_third() -> None:
    asked, [case, *_rest] = before(), drawn(twice=100)
    assert score(case, asked, "supervisor") is None
    change()
    assert score(case, asked, "manager", QS_6="none") is None  # twelve points apart, as ten were allowed when drawn
    settled = score(case, asked, "supervisor2", seen=True, QS_6="half")
    assert settled is not None
    assert settled.score == Decimal(94)
    assert [each["code"] for each in settled.card] == [each.code for each in asked.lines if not each.is_fatal]
    assert "改过的" not in [each["name_zh"] for each in settled.card]


def test_a_veto_that_was_struck_out_later_still_makes_it_naught() -> None:
    asked, [case, *_rest] = before(), drawn(twice=0)
    veto = next(each for each in asked.lines if each.is_fatal)
    change()
    found = score(case, asked, "supervisor", fatal=veto.code)
    assert found is not None
    assert (found.score, found.fatal) == (Decimal(0), [veto.named])


def test_an_appeal_has_the_draws_days_and_the_draws_card() -> None:
    asked, [case, *_rest] = before(), drawn(twice=0)
    change()
    review = score(case, asked, "manager", QS_6="none")
    assert review is not None
    appeal = appealing.appeal(review, reason="x", actor=cast.member("agent"), at=cast.later(days=2))  # 0 days by now
    marks = {each.code: "full" for each in asked.lines if not each.is_fatal} | {"QS-6": "half"}
    appealing.decide(
        appeal, is_upheld=True, answer="x", marks=marks, actor=cast.member("supervisor"), at=cast.later(days=2)
    )
    assert Review.objects.get().standing.score == Decimal(94)


def test_a_draw_from_before_the_card_was_kept_is_asked_what_is_in_force() -> None:
    asked, [case, other, *_rest] = before(), drawn(twice=0)
    Draw.objects.update(card=None)
    change()
    assert asked_of(case) == asked_in(Draw.objects.get()) == before()
    with pytest.raises(GuardFailed):
        score(case, asked, "supervisor")  # the new item was not marked
    review = score(other, before(), "supervisor")
    assert review is not None
    with pytest.raises(AppealTooLate):
        appealing.appeal(review, reason="x", actor=cast.member("agent"), at=cast.later(days=2))


def test_a_draw_from_before_the_card_was_kept_keeps_what_was_in_force_once_somebody_changes_it() -> None:
    asked, [case, *_rest] = before(), drawn(twice=0)
    Draw.objects.update(card=None)
    items = [each for each in configuring.card() if each.code != "QF-1"]
    configuring.amend_card(
        items=items, expected=configuring.stamp(configuring.card()), actor=cast.actor("admin"), at=cast.MONDAY
    )
    assert asked_of(case).lines == asked.lines != before().lines


def test_the_card_and_the_rule_are_changed_by_who_configures_and_within_limits() -> None:
    items, rule, admin = configuring.card(), SamplingRule.objects.get(), cast.actor("admin")
    values = {name: getattr(rule, name) for name in configuring.NAMES}
    card: dict[str, Any] = {"expected": configuring.stamp(items), "at": cast.MONDAY}
    given: dict[str, Any] = {"expected": configuring.rule_stamp(rule), "at": cast.MONDAY}
    manager = cast.actor("manager")
    with pytest.raises(MayNotConfigure):
        configuring.amend_card(items=items, actor=manager, **card)
    with pytest.raises(WeightsOff):
        configuring.amend_card(items=items[1:], actor=admin, **card)
    with pytest.raises(NothingScored):
        configuring.amend_card(items=items[-1:], actor=admin, **card)
    with pytest.raises(MayNotConfigure):
        configuring.amend_rule(values=values, actor=manager, **given)
    with pytest.raises(OutOfLimits):
        configuring.amend_rule(values=values | {"percent": 0}, actor=admin, **given)
    assert (configuring.card(), Change.objects.count()) == (items, 0)
