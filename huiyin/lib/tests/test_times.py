from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def render(text: str, **values: object) -> str:
    with timezone.override("Asia/Shanghai"):
        return Template("{% load times %}" + text).render(Context({"now": NOW, **values}))


def test_a_recent_moment_is_relative_and_ticks() -> None:
    words = render("{% moment at %}", at=NOW - timedelta(minutes=3))
    assert words == (
        '<time datetime="2026-11-22T11:57:00+08:00" title="2026-11-22 11:57:00" data-moment>3 分钟前</time>'
    )


def test_an_old_moment_is_a_date_and_does_not_tick() -> None:
    assert ">11月10日 12:00</time>" in render("{% moment at %}", at=NOW - timedelta(days=12))
    assert "data-moment" not in render("{% moment at %}", at=NOW - timedelta(days=12))
    assert ">2025年11月22日 12:00</time>" in render("{% moment at %}", at=NOW - timedelta(days=365))


def test_no_moment_is_no_words() -> None:
    assert render("{% moment at %}{% stamp missing %}", at=None) == ""


def test_a_day_is_stamped_without_a_clock() -> None:
    assert render("{% stamp day %}", day=date(2026, 11, 25)) == '<time datetime="2026-11-25">2026-11-25</time>'


@pytest.mark.parametrize(
    ("due_in", "done_in", "is_paused", "state"),
    [
        (timedelta(days=2), None, False, "ok"),
        (timedelta(hours=3), None, False, "soon"),
        (timedelta(seconds=-1), None, False, "overdue"),
        (timedelta(hours=-1), timedelta(hours=-2), False, "done"),
        (timedelta(hours=-2), timedelta(hours=-1), False, "overdue"),
        (timedelta(hours=-2), None, True, "paused"),
    ],
)
def test_a_deadline_knows_how_it_stands(
    due_in: timedelta, done_in: timedelta | None, is_paused: bool, state: str
) -> None:
    done_at = NOW + done_in if done_in is not None else None
    values = {"at": NOW + due_in, "done_at": done_at, "is_paused": is_paused}
    assert render("{% due at done_at is_paused as d %}{{ d.state }}", **values) == state


def test_a_deadline_takes_absent_variables() -> None:
    assert render("{% due at nothing nothing as d %}{{ d.words }}", at=NOW + timedelta(hours=3)) == "剩 3 小时"


def test_a_chip_ticks_only_while_its_clock_runs() -> None:
    running = render("{% due_chip at '' '' label %}", at=NOW + timedelta(hours=3), label="<签收>")
    assert 'data-due="2026-11-22T15:00:00+08:00"' in running
    assert "<span>&lt;签收&gt;</span> " in running
    assert "<span data-due-words>剩 3 小时</span>" in running
    done = render("{% due_chip at done %}", at=NOW, done=NOW - timedelta(hours=1))
    assert "data-due=" not in done
    assert "按时" in done
    late = render("{% due_chip at done %}", at=NOW, done=NOW + timedelta(hours=1))
    assert 'data-due-state="overdue"' in late
    assert "超时 1 小时" in late
