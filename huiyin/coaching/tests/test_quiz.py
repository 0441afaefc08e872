"""Courses that are loaded, and quizzes that are marked."""

from datetime import UTC, datetime, timedelta

import pytest

from huiyin.coaching.actions import taking
from huiyin.coaching.actions.loading import load
from huiyin.coaching.marking import marks, months_later, score
from huiyin.coaching.models import Attempt, Course
from huiyin.coaching.queries import standings
from tests import cast
from tests.cast import MONDAY, later, member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company(db: None) -> None:
    cast.company()


def answers(course: Course, *, wrong: int = 0) -> dict[int, list[int]]:
    given = {question.position: list(question.right) for question in course.questions.all()}
    for position in list(given)[:wrong]:
        given[position] = []
    return given


@pytest.mark.req("A61")
def test_the_two_courses_have_sections_and_a_quiz_of_eight_or_more_explained_questions() -> None:
    on_screen = {course.code: course for course in Course.objects.on_screen()}

    assert set(on_screen) == {"TR-02", "TR-07"}
    assert Course.objects.count() == len(cast.documents()["training"]["modules"])
    for course in on_screen.values():
        assert len(course.sections) >= 4
        questions = list(course.questions.all())
        assert len(questions) >= 8
        assert all(question.explanation and question.right for question in questions)
        assert all(1 <= number <= len(question.options) for question in questions for number in question.right)
        assert len({tuple(question.right) for question in questions}) > 3
    assert load(cast.documents(), later(days=1)) == 0


@pytest.mark.req("A61")
def test_eighty_passes_for_twelve_months_the_best_is_kept_and_every_attempt_counted() -> None:
    course, agent = Course.objects.get(code="TR-02"), member("agent")

    failed = taking.take(course, answers=answers(course, wrong=3), actor=agent, at=MONDAY)
    passed = taking.take(course, answers=answers(course, wrong=2), actor=agent, at=later(days=1))
    again = taking.take(course, answers=answers(course, wrong=5), actor=agent, at=later(days=2))

    assert [each.score for each in (failed, passed, again)] == [70, 80, 50]
    assert [each.is_passed for each in (failed, passed, again)] == [False, True, False]
    [standing] = standings(agent, [agent.pk]).values()
    assert (standing.best, standing.attempts) == (80, 3)
    assert standing.is_valid(later(days=360))
    assert not standing.is_valid(later(days=370))


def test_a_question_of_several_counts_only_when_exactly_its_right_ones_are_ticked() -> None:
    right = {1: [1, 2], 2: [3]}

    assert marks(right, {1: [2, 1], 2: [3]}) == {1: True, 2: True}
    assert marks(right, {1: [1], 2: [3, 1]}) == {1: False, 2: False}
    assert marks(right, {}) == {1: False, 2: False}
    assert score([True, True, False]) == 66


def test_a_year_from_the_leap_day_is_the_last_of_february() -> None:
    leap = datetime(2028, 2, 29, tzinfo=UTC)

    assert months_later(leap, 12) == datetime(2029, 2, 28, tzinfo=UTC)
    assert months_later(leap + timedelta(days=305), 2) == datetime(2029, 2, 28, tzinfo=UTC)


def test_results_are_seen_by_oneself_and_by_those_who_lead_within_their_reach() -> None:
    course = Course.objects.get(code="TR-07")
    taking.take(course, answers={}, actor=member("agent"), at=MONDAY)
    taking.take(course, answers={}, actor=member("outsider"), at=MONDAY)

    def seen(name: str) -> set[str]:
        return set(Attempt.objects.visible_to(member(name)).values_list("member__username", flat=True))

    assert seen("agent") == {"agent"}
    assert seen("agent2") == set()
    assert seen("manager") == seen("supervisor") >= {"agent"}
    assert seen("outsider") == {"outsider"}


def test_a_course_that_is_taught_has_nothing_to_answer() -> None:
    with pytest.raises(taking.NothingToAnswer):
        taking.take(Course.objects.get(code="TR-01"), answers={1: [1]}, actor=member("agent"), at=MONDAY)
    assert not Attempt.objects.exists()
