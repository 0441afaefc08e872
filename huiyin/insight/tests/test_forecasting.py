"""How long it will take: what is told of a kind, what where little was seen of it, and how it proves."""

from datetime import timedelta
from random import Random

import pytest

from huiyin.complaints.models import Complaint
from huiyin.insight import forecasts
from huiyin.insight.actions import fitting
from huiyin.insight.forecasting import PSEUDO, Seen, shrink
from huiyin.insight.models import Calibration, Forecast
from huiyin.insight.tests.past import NOW, answered
from tests import cast

AUTUMN = NOW - timedelta(days=60)


def of_kind(category: str, severity: int = 3) -> Forecast | None:
    row = cast.filed(category=category)
    Complaint.objects.filter(pk=row.pk).update(severity=severity)
    return forecasts.forecast_of(Complaint.objects.select_related("category__parent").get(pk=row.pk))


@pytest.mark.req("C057")
def test_a_kind_is_told_its_median_and_its_p90() -> None:
    answered(range(1, 102), received_at=AUTUMN)

    fitting.fit(at=NOW)

    told = of_kind("PQ-01")
    assert told is not None
    assert (told.key, told.n) == ("PQ-01/3", 101)
    assert [told.median_hours, told.p90_hours] == pytest.approx([51, 91])
    assert "通常 51 小时，九成在 91 小时内（依据 101 件）" in forecasts.sentence(told)


@pytest.mark.req("C057")
def test_a_rare_kind_leans_on_its_group_and_an_unseen_one_is_told_the_groups() -> None:
    answered([10] * 100, received_at=AUTUMN)
    answered([40] * 5, received_at=AUTUMN + timedelta(days=1), category="PQ-02")

    fitting.fit(at=NOW)

    rare, unseen, elsewhere = of_kind("PQ-02"), of_kind("PQ-03"), of_kind("SP-03")
    assert rare is not None
    assert rare.key == "PQ-02/3"
    assert 10 < rare.median_hours < 20
    assert unseen is not None
    assert unseen.key == "PQ/3"
    assert elsewhere is not None
    assert elsewhere.key == "*/3"


def test_of_next_to_nothing_nothing_is_told() -> None:
    answered([10, 20], received_at=AUTUMN)

    fitting.fit(at=NOW)

    assert of_kind("PQ-01") is None


def test_shrinking_moves_a_kind_towards_the_one_above_by_how_much_was_seen_of_it() -> None:
    seen = [Seen("*", "", 500, 10, 30), Seen("few", "*", 1, 1000, 3000), Seen("many", "*", PSEUDO * 50, 1000, 3000)]

    made = shrink(seen)

    assert made["*"].median == pytest.approx(10)
    assert 10 < made["few"].median < 15
    assert 900 < made["many"].median < 1000
    assert all(each.median <= each.p90 for each in made.values())


@pytest.mark.req("C057")
def test_the_report_says_how_many_of_the_newest_fifth_fell_under_what_was_told() -> None:
    """The same law before and after: about half lie under the median and nine tenths under the P90."""
    draw = Random(7)
    answered([draw.lognormvariate(3, 0.6) for _each in range(1000)], received_at=AUTUMN)

    kept = fitting.fit(at=NOW)
    report = forecasts.proof()

    assert report is not None
    assert (kept.n_held + kept.n_fitted, report.n) == (1000, 200)
    assert report.median_share is not None
    assert report.p90_share is not None
    assert 0.84 <= report.p90_share <= 0.96
    assert report.median_share == kept.under_median / 200


@pytest.mark.req("C057")
def test_with_few_held_out_the_report_says_that_it_says_little() -> None:
    answered([5, 6, 7, 8, 9, 10, 11, 12, 13, 14], received_at=AUTUMN)

    fitting.fit(at=NOW)

    report = forecasts.proof()
    assert report is not None
    assert report.n == 2
    assert "只有 2 件留作检验，不足 30 件" in report.words


def test_fitting_again_forgets_kinds_that_are_gone_and_keeps_the_report_of_before() -> None:
    rows = answered([10] * 10, received_at=AUTUMN)
    fitting.fit(at=NOW)
    Complaint.objects.filter(pk__in=[row.pk for row in rows]).update(is_on_spot=True)

    fitting.fit(at=NOW + timedelta(days=1))

    assert not Forecast.objects.exists()
    assert Calibration.objects.count() == 2
