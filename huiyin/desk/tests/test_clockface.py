"""A promise on its line of time: what is drawn, and the same in words."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.complaints.actions import waiting
from huiyin.complaints.models import Clock, Complaint
from huiyin.desk.clockface import Band, Face, face_of, openings, worked
from huiyin.sla.queries import current
from tests import cast
from tests.cast import actor, later

Sits = Callable[[str], Client]


def resolution() -> Clock:
    """From Monday 10:00 in Shanghai; three working days."""
    [order] = cast.dispatched()
    return Clock.objects.get(complaint=order.complaint_id, code="CK-RESOLVE")


def drawn(clock: Clock, *, hours: float) -> Face:
    with timezone.override("Asia/Shanghai"):
        return face_of(clock, list(clock.complaint.pauses.all()), current(), at=later(hours=hours))


def sorts(face: Face) -> list[str]:
    return [mark.sort for mark in face.marks]


def test_start_warnings_due_and_now_stand_in_their_order_on_the_line() -> None:
    face = drawn(resolution(), hours=10)
    places = [mark.x for mark in sorted(face.marks, key=lambda mark: mark.at)]

    assert sorts(face) == ["start", "share", "share", "due", "now"]
    assert places == sorted(places)
    assert all(0 <= place <= 100 for place in places)
    assert "截止" in face.sentence


def test_a_pause_is_hatched_and_the_first_due_moment_stays_beside_the_moved_one() -> None:
    clock = resolution()
    complaint = Complaint.objects.get(pk=clock.complaint_id)
    waiting.pause(complaint, reason="请客户补发票", actor=actor("agent"), at=later(hours=2))
    held = [band for band in drawn(Clock.objects.get(pk=clock.pk), hours=5).bands if band.sort == "pause"]
    waiting.resume(complaint, actor=actor("agent"), at=later(hours=12))
    face = drawn(Clock.objects.get(pk=clock.pk), hours=13)

    assert [("等待客户" in band.name, band.name.endswith("现在")) for band in held] == [(True, True)]
    assert {"first", "due"} <= set(sorts(face))
    assert ("原定截止", "11月19日 10:00") in face.rows
    assert [band.width > 0 for band in face.bands if band.sort == "pause"] == [True]


def test_days_off_are_named_and_long_past_due_the_line_does_not_grow_for_ever() -> None:
    clock = resolution()
    clock.due_at = later(days=8)

    assert any("周末" in band.name for band in drawn(clock, hours=10).bands)
    far = drawn(clock, hours=24 * 365)
    assert "now" not in sorts(far)
    assert next(mark.x for mark in far.marks if mark.sort == "due") > 40


@pytest.mark.parametrize(
    ("bands", "names"),
    [
        ([("weekend", 10, 20), ("weekend", 30, 20)], [("周末", 30)]),
        ([("weekend", 10, 20), ("weekend", 30, 20), ("pause", 40, 30)], [("周末", 25)]),
        ([("weekend", 10, 20), ("weekend", 30, 20), ("pause", 20, 30)], []),
        ([("weekend", 10, 40), ("pause", 0, 12), ("pause", 48, 40)], [("周末", 30)]),
        ([("weekend", 10, 13)], []),
        ([("weekend", 0, 20), ("open", 20, 20), ("weekend", 40, 20)], [("周末", 10), ("周末", 50)]),
    ],
)
def test_the_word_of_the_days_off_stands_beside_what_was_paused(
    bands: list[tuple[str, float, float]], names: list[tuple[str, float]]
) -> None:
    made = [Band(sort, x, width, "11/21 周末") for sort, x, width in bands]
    face = Face(made, marks=[], ticks=[], sentence="", from_second=0, until_second=1)

    assert [(each.name, each.x) for each in face.names] == names


def test_a_promise_of_no_length_is_drawn_all_the_same() -> None:
    clock = resolution()
    clock.due_at = clock.started_at

    assert sorts(drawn(clock, hours=0))[0] == "start"


def test_what_the_page_counts_down_by_itself_is_the_working_time_left() -> None:
    start, end = later(hours=9), later(days=2)
    stretches = openings(current(), start, end)

    assert sum((last - first for first, last in stretches), timedelta()) == worked(current(), start, end)


def test_the_panel_says_by_how_much_and_lists_the_same_in_a_table(sits: Sits) -> None:
    clock = resolution()

    page = sits("supervisor").get(f"/desk/complaints/{clock.complaint.number}").content.decode()

    assert f'id="clock-{clock.pk}"' in page
    assert 'role="img" aria-label="时间线' in page
    assert "列成表格" in page
    assert " style=" not in page[page.index('id="clocks"') :]


def test_a_paused_row_of_the_queue_says_since_when(sits: Sits) -> None:
    complaint = Complaint.objects.get(pk=resolution().complaint_id)
    waiting.pause(complaint, reason="请客户补发票", actor=actor("agent"), at=later(hours=2))

    page = sits("supervisor").get("/desk/complaints/?view=all").content.decode()

    assert "暂停，11月16日 起" in page
