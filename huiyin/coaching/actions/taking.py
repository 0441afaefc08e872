"""A member takes a course's quiz."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from huiyin.coaching.marking import marks, months_later, score
from huiyin.coaching.models import Attempt, Course
from huiyin.org.models import Member


class NothingToAnswer(ValueError):
    """The course is taught, and has no questions on screen."""


@transaction.atomic
def take(course: Course, *, answers: Mapping[int, Collection[int]], actor: Member, at: datetime) -> Attempt:
    """One more attempt is kept, marked; with the pass mark reached it is valid for the course's months."""
    right = {question.position: question.right for question in course.questions.all()}
    if not right:
        raise NothingToAnswer(course.code)
    reached = score(list(marks(right, answers).values()))
    is_passed = reached >= course.pass_mark
    return Attempt.objects.create(
        course=course,
        member=actor,
        version=course.version,
        score=reached,
        is_passed=is_passed,
        answers={str(number): sorted(set(ticked)) for number, ticked in answers.items() if number in right},
        made_at=at,
        valid_until=months_later(at, course.valid_months) if is_passed else None,
    )
