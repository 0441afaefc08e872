"""Courses and who passed them; what closed complaints are reviewed by, and which were; the year's 1+1+1."""

from huiyin.coaching.models.courses import Attempt, AttemptQuerySet, Course, CourseQuerySet, Question
from huiyin.coaching.models.ledger import Entry, EntryQuerySet, Plan, PlanQuerySet, YearlyTarget
from huiyin.coaching.models.reviews import (
    Draw,
    DrawQuerySet,
    Review,
    Sampled,
    SampledQuerySet,
    SamplingRule,
    ScoreItem,
)

__all__ = [
    "Attempt",
    "AttemptQuerySet",
    "Course",
    "CourseQuerySet",
    "Draw",
    "DrawQuerySet",
    "Entry",
    "EntryQuerySet",
    "Plan",
    "PlanQuerySet",
    "Question",
    "Review",
    "Sampled",
    "SampledQuerySet",
    "SamplingRule",
    "ScoreItem",
    "YearlyTarget",
]
