from datetime import timedelta

import pytest
from django.utils.translation import override

from huiyin.lib import spans


@pytest.mark.parametrize(
    ("length", "chinese"),
    [
        (timedelta(seconds=59), "0 分钟"),
        (timedelta(minutes=12), "12 分钟"),
        (timedelta(hours=2, minutes=5), "2 小时 5 分钟"),
        (timedelta(hours=11, minutes=59), "11 小时"),
        (timedelta(days=3, hours=4), "3 天 4 小时"),
        (timedelta(days=9, hours=4), "9 天"),
    ],
)
def test_a_length_is_said_in_its_two_largest_units(length: timedelta, chinese: str) -> None:
    assert spans.words(length) == chinese
    assert spans.words(-length) == chinese


def test_distances_say_their_direction() -> None:
    assert spans.from_now(timedelta(minutes=-3)) == "3 分钟前"
    assert spans.from_now(timedelta(hours=3)) == "3 小时后"
    assert spans.from_now(timedelta(seconds=-5)) == "刚刚"
    assert spans.to_deadline(timedelta(hours=3)) == "剩 3 小时"
    assert spans.to_deadline(timedelta(days=-2, hours=-1)) == "超时 2 天 1 小时"


def test_english_says_the_same() -> None:
    with override("en"):
        assert spans.to_deadline(timedelta(days=-2, hours=-1)) == "2d 1h overdue"
        assert spans.from_now(timedelta(minutes=-3)) == "3min ago"
