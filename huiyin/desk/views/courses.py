"""Courses: read, take the quiz, see what was wrong and why; for those who lead, who passed and has what of 1+1+1."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.coaching.actions import taking
from huiyin.coaching.marking import marks
from huiyin.coaching.models import Attempt, Course, Question
from huiyin.coaching.queries import counters, learners, standings, today
from huiyin.desk import ledger
from huiyin.desk.forms.courses import QuizForm
from huiyin.desk.pages import Request, at_desk, needs, show
from huiyin.lib import keyset
from huiyin.org.rules import Right

SIZE = 50


@at_desk
@require_safe
def courses(request: Request) -> HttpResponse:
    at, member = timezone.now(), request.user
    found = standings(member, [member.pk])
    every = list(Course.objects.visible_to(member))
    context = {
        "on_screen": [
            {"course": each, "standing": _told(found.get((member.pk, each.pk)), at)} for each in every if each.sections
        ],
        "taught": [each for each in every if not each.sections],
        "may_see_people": member.may(Right.SEE_TRAINING),
        **ledger.of(member, today(at).year),
    }
    return show(request, "desk/courses/list.html", context, at=at)


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def course(request: Request, code: str) -> HttpResponseBase:
    """The course and its quiz; `?attempt=` shows one of one's own attempts, marked."""
    at, row = timezone.now(), _course(request, code)
    questions = list(row.questions.all())
    if request.method == "POST":
        form = QuizForm(request.POST, questions=questions)
        if not form.is_valid():
            return _page(request, row, questions, form, at=at, status=422)
        attempt = taking.take(row, answers=form.answers(), actor=request.user, at=at)
        return redirect(f"{reverse('desk:course', args=[row.code])}?attempt={attempt.pk}#result")
    return _page(request, row, questions, QuizForm(questions=questions), at=at)


def _course(request: Request, code: str) -> Course:
    found = Course.objects.visible_to(request.user).on_screen().filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: Request, row: Course, questions: Sequence[Question], form: QuizForm, *, at: datetime, status: int = 200
) -> HttpResponse:
    attempts = list(Attempt.objects.visible_to(request.user).filter(member=request.user, course=row)[:20])
    wanted = request.GET.get("attempt", "")
    shown = next((each for each in attempts if str(each.pk) == wanted), None)
    context = {
        "course": row,
        "form": form,
        "questions": len(questions),
        "attempts": attempts,
        "best": max((each.score for each in attempts), default=None),
        "shown": shown,
        "marked": _marked(shown, questions) if shown else [],
    }
    return show(request, "desk/courses/course.html", context, at=at, status=status)


def _marked(attempt: Attempt, questions: Sequence[Question]) -> list[dict[str, Any]]:
    given = {int(position): ticked for position, ticked in attempt.answers.items()}
    found = marks({each.position: each.right for each in questions}, given)
    return [
        {
            "question": each,
            "is_right": found[each.position],
            "given": [each.options[n - 1] for n in given.get(each.position, ()) if n <= len(each.options)],
            "right": [each.options[n - 1] for n in each.right],
        }
        for each in questions
    ]


@at_desk
@needs(Right.SEE_TRAINING)
@require_safe
def people(request: Request) -> HttpResponse:
    """Who of the viewer's reach has passed what."""
    at, viewer = timezone.now(), request.user
    found = learners(viewer).select_related("unit")
    try:
        page = keyset.page(found, order=("username", "id"), size=SIZE, cursor=request.GET.get("cursor"))
    except keyset.BadCursor:
        page = keyset.page(found, order=("username", "id"), size=SIZE)
    courses = list(Course.objects.visible_to(viewer).on_screen())
    known = standings(viewer, [member.pk for member in page.rows])
    year = today(at).year
    years = counters([member.pk for member in page.rows], year)
    context = {
        "courses": courses,
        "year": year,
        "rows": [
            {
                "member": member,
                "counters": ledger.told(years.get(member.pk)),
                "cells": [_told(known.get((member.pk, each.pk)), at) for each in courses],
            }
            for member in page.rows
        ],
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
        "next_url": f"?cursor={page.next}" if page.next else "",
    }
    return show(request, "desk/courses/people.html", context, at=at)


def _told(standing: Any, at: datetime) -> dict[str, Any] | None:
    if standing is None:
        return None
    return {"row": standing, "is_valid": standing.is_valid(at), "has_lapsed": standing.valid_until is not None}
