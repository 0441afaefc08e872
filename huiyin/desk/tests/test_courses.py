"""Courses on the desk: read, answered, told what was wrong and why; and who has passed."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.coaching.actions import taking
from huiyin.coaching.models import Attempt, Course
from tests import cast

Sits = Callable[[str], Client]


def filled(course: Course, *, wrong: int = 0) -> dict[str, list[str]]:
    questions = list(course.questions.all())
    return {f"q{each.position}": [str(number) for number in each.right] for each in questions[wrong:]}


@pytest.mark.req("A61")
def test_a_member_reads_answers_and_is_told_what_was_wrong_and_why(sits: Sits) -> None:
    course, agent = Course.objects.get(code="TR-02"), sits("agent")
    assert "一、受理" in agent.get("/desk/courses/TR-02").content.decode()

    answer = agent.post("/desk/courses/TR-02", filled(course, wrong=1))
    page = agent.get(answer.headers["Location"].partition("#")[0]).content.decode()

    first = course.questions.all()[0]
    assert Attempt.objects.get().score == 90
    assert "得分 90" in page
    assert first.explanation in page
    assert first.options[first.right[0] - 1] in page
    assert "已通过" in agent.get("/desk/courses/").content.decode()


def test_another_members_attempt_is_not_shown(sits: Sits) -> None:
    course = Course.objects.get(code="TR-02")
    attempt = taking.take(course, answers={}, actor=cast.member("agent"), at=timezone.now())

    assert "得分" not in sits("supervisor").get(f"/desk/courses/TR-02?attempt={attempt.pk}").content.decode()


def test_what_there_is_not_is_not_found_and_what_cannot_be_chosen_is_refused(sits: Sits) -> None:
    assert sits("agent").get("/desk/courses/TR-01").status_code == 404
    assert sits("agent").post("/desk/courses/TR-02", {"q1": "99"}).status_code == 422
    assert not Attempt.objects.exists()


@pytest.mark.req("A61")
def test_those_who_lead_see_who_has_passed_and_others_do_not(sits: Sits) -> None:
    course = Course.objects.get(code="TR-02")
    given = {question.position: question.right for question in course.questions.all()}
    taking.take(course, answers=given, actor=cast.member("agent"), at=timezone.now())

    page = sits("supervisor").get("/desk/courses/people").content.decode()

    assert "李雷" in page
    assert "最好 100 分，共 1 次" in page
    assert sits("agent").get("/desk/courses/people").status_code == 403


def test_the_lists_cost_the_same_with_one_attempt_and_with_three(sits: Sits) -> None:
    course, client, costs = Course.objects.get(code="TR-02"), sits("supervisor"), []
    for names in (("agent",), ("agent", "agent2", "supervisor")):
        for name in names:
            taking.take(course, answers={}, actor=cast.member(name), at=timezone.now())
        for url in ("/desk/courses/people", "/desk/courses/"):
            client.get(url)
            with CaptureQueriesContext(connection) as made:
                client.get(url)
            costs.append(len(made))

    assert costs[:2] == costs[2:]
