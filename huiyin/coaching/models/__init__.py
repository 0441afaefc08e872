"""Courses and who passed them; what closed complaints are reviewed by, and which were; the year's 1+1+1."""

from huiyin.coaching.models.courses import Attempt, AttemptQuerySet, Course, CourseQuerySet, Question
from huiyin.coaching.models.ledger import Entry, EntryQuerySet, Plan, PlanQuerySet, YearlyTarget
from huiyin.coaching.models.reviews import (
    Appeal,
    Card,
    Draw,
    DrawQuerySet,
    Review,
    Revision,
    Sampled,
    SampledQuerySet,
    SamplingRule,
    Scored,
    ScoreItem,
)

__all__ = [
    "Appeal",
    "Attempt",
    "AttemptQuerySet",
    "Card",
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
    "Revision",
    "Sampled",
    "SampledQuerySet",
    "SamplingRule",
    "ScoreItem",
    "Scored",
    "YearlyTarget",
]
