from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from huiyin.lib.limits import hit, sweep
from huiyin.lib.models import Window

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_so_many_are_let_through_and_no_more_until_the_window_ends() -> None:
    answers = [hit("登录:10.0.0.1", limit=3, per_seconds=60, at=NOW + timedelta(seconds=n)) for n in range(5)]
    assert answers == [True, True, True, False, False]
    assert hit("登录:10.0.0.1", limit=3, per_seconds=60, at=NOW + timedelta(seconds=60))


@pytest.mark.django_db
def test_one_bucket_does_not_fill_another() -> None:
    assert hit("甲", limit=1, per_seconds=60, at=NOW)
    assert hit("乙", limit=1, per_seconds=60, at=NOW)
    assert not hit("甲", limit=1, per_seconds=60, at=NOW)


@pytest.mark.django_db
def test_the_name_of_a_bucket_is_not_stored() -> None:
    hit("登录:10.0.0.1", limit=1, per_seconds=60, at=NOW)
    assert "10.0.0.1" not in Window.objects.get().bucket


@pytest.mark.django_db
def test_old_windows_are_forgotten() -> None:
    hit("甲", limit=1, per_seconds=60, at=NOW)
    hit("乙", limit=1, per_seconds=60, at=NOW + timedelta(hours=2))
    assert sweep(before=NOW + timedelta(hours=1)) == 1
    assert Window.objects.count() == 1


@pytest.mark.usefixtures("committed")
def test_of_many_at_once_exactly_the_limit_is_let_through() -> None:
    def ask(_: int) -> bool:
        try:
            return hit("导出", limit=5, per_seconds=60, at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        let_through = sum(pool.map(ask, range(24)))
    sweep(before=NOW + timedelta(days=1))
    assert let_through == 5
