"""A course with its questions, and each attempt that a member made at them."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.org.models import Member
from huiyin.org.rules import Right


def reached_by(member: Member) -> Q | None:
    """Rows of one's own, and of the members whose training one may look at; None where that is everybody."""
    own = Q(member=member)
    if not member.may(Right.SEE_TRAINING):
        return own
    return None if member.reach.everything else own | Q(member__unit__in=sorted(member.reach.unit_ids))


class CourseQuerySet(models.QuerySet["Course"]):
    def visible_to(self, member: Member) -> Self:
        """All of them, to every active member: whoever works here may learn."""
        return self.all() if member.is_active else self.none()

    def on_screen(self) -> Self:
        """Those that are read and answered here; the others are taught by a trainer."""
        return self.exclude(sections=[])


class Course(models.Model):
    code = models.CharField(_("编码"), max_length=16, unique=True)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("课程"), max_length=200)
    hours = models.PositiveSmallIntegerField(_("学时"))
    version = models.PositiveSmallIntegerField(default=1)
    intro = models.TextField(blank=True)
    sections = models.JSONField(default=list)  # [{title, text}]
    pass_mark = models.PositiveSmallIntegerField(_("及格分"), default=80)
    valid_months = models.PositiveSmallIntegerField(_("有效期（月）"), default=12)

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pass_mark__range=(1, 100)), name="course_pass_mark"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Question(models.Model):
    class Kind(models.TextChoices):
        SINGLE = "single", _("单选")
        MULTIPLE = "multiple", _("多选")

    course = models.ForeignKey(Course, models.PROTECT, related_name="questions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.SINGLE)
    stem = models.CharField(_("题目"), max_length=500)
    options = ArrayField(models.CharField(max_length=300))
    right = ArrayField(models.PositiveSmallIntegerField())  # numbers of the right options, from 1
    explanation = models.CharField(_("解析"), max_length=500)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["course", "position"], name="question_position")]

    def __str__(self) -> str:
        return self.stem


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def visible_to(self, member: Member) -> Self:
        """One's own; a trainer and those who lead see the ones of the members in their reach."""
        seen = reached_by(member)
        return self.all() if seen is None else self.filter(seen)


class Attempt(models.Model):
    """Never changed: the best one counts, and how many there were is told (A61)."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="attempts")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="attempts")
    version = models.PositiveSmallIntegerField()
    score = models.PositiveSmallIntegerField(_("得分"))
    is_passed = models.BooleanField(_("及格"))
    answers = models.JSONField(default=dict)  # by the question's position: the numbers that were ticked
    made_at = models.DateTimeField(_("时间"))
    valid_until = models.DateTimeField(_("有效期至"), null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(score__range=(0, 100)), name="attempt_score"),
            models.CheckConstraint(
                condition=Q(is_passed=False) ^ Q(valid_until__isnull=False), name="attempt_passed_is_valid"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["member", "course"], name="attempt_member")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.course_id} {self.score}"

    def is_valid(self, at: datetime) -> bool:
        return self.valid_until is not None and at < self.valid_until
