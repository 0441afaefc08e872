"""Desks, their shifts, who has which shift from when to when, and who is away with which deputy."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from huiyin.duty.spans import EVERY_DAY, ONE_DAY, Hours, Span
from huiyin.org.models import Member, Unit
from huiyin.org.models.people import in_language
from huiyin.org.rules import Right

WEEK = sorted(EVERY_DAY)


def _every_day() -> list[int]:
    return list(WEEK)


def _weekdays() -> ArrayField[list[int], list[int]]:
    return ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("星期"), default=_every_day)


def _known_weekdays(name: str) -> models.CheckConstraint:
    is_known = Q(weekdays__contained_by=WEEK) & Q(weekdays__len__gte=1)
    return models.CheckConstraint(condition=is_known, name=name)


class DeskQuerySet(models.QuerySet["Desk"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def visible_to(self, member: Member) -> Self:
        """All of them, to every active member: one must be able to see who is on."""
        return self.all() if member.is_active else self.none()


class Desk(models.Model):
    """值班台: a place that answers, in one time zone, kept by a unit. A 7×24 desk must have somebody at every hour."""

    code = models.SlugField(_("编码"), max_length=32, unique=True)
    name_zh = models.CharField(_("中文名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="duty_desks", verbose_name=_("单位"))
    time_zone = models.CharField(_("时区"), max_length=64)
    is_round_the_clock = models.BooleanField(_("7×24 小时"), default=True)
    is_active = models.BooleanField(_("启用"), default=True)

    objects = DeskQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        verbose_name = verbose_name_plural = _("值班台")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)


class Shift(models.Model):
    """班次: the hours of one kind of shift at a desk, in the desk's zone; over midnight where it ends before it
    starts, and round the clock where both are the same."""

    desk = models.ForeignKey(Desk, models.CASCADE, related_name="shifts")
    name = models.CharField(_("班次"), max_length=30)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True, default="", db_default="")
    weekdays = _weekdays()
    starts = models.TimeField(_("上班"))
    ends = models.TimeField(_("下班"))

    class Meta:
        ordering: ClassVar = ["desk", "starts", "id"]
        verbose_name = verbose_name_plural = _("班次")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["desk", "name"], name="shift_named_once"),
            _known_weekdays("shift_weekdays"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.starts:%H:%M}-{self.ends:%H:%M}"

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return in_language(self.name, self.name_en)

    @property
    def is_over_midnight(self) -> bool:
        return self.ends <= self.starts

    def hours(self, weekdays: frozenset[int] = EVERY_DAY) -> Hours:
        """Of those weekdays; the desk must be at hand."""
        return Hours(self.starts, self.ends, frozenset(self.weekdays) & weekdays, self.desk.time_zone)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def touching(self, window: Span) -> Self:
        """Those that may have a shift in that stretch of time, with a day to spare for time zones and nights."""
        first, last = window.start.date() - 2 * ONE_DAY, window.end.date() + ONE_DAY
        return self.filter(Q(last=None) | Q(last__gte=first), first__lte=last, shift__desk__is_active=True)


class Assignment(models.Model):
    """排班: the member has this shift on these weekdays, from the first day to the last, or until further notice.
    One day alone begins and ends on it."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="assignments")
    shift = models.ForeignKey(Shift, models.CASCADE, related_name="assignments")
    weekdays = _weekdays()
    first = models.DateField(_("从"))
    last = models.DateField(_("到"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["shift", "first", "id"]
        verbose_name = verbose_name_plural = _("排班")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last=None) | Q(last__gte=F("first")), name="assignment_days_in_order"),
            _known_weekdays("assignment_weekdays"),
        ]
        indexes: ClassVar = [models.Index(fields=["member", "first"], name="assignment_of_member")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.shift_id} {self.first}"

    def is_kept_at(self, at: datetime) -> bool:
        """Whether that day, where the desk is, is one of those it was made for."""
        day = at.astimezone(ZoneInfo(self.shift.desk.time_zone)).date()
        return self.first <= day and (self.last is None or day <= self.last)

    def spans(self, window: Span) -> list[Span]:
        return list(self.shift.hours(frozenset(self.weekdays)).within(window, self.first, self.last))


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def at(self, moment: datetime) -> Self:
        return self.filter(starts_at__lte=moment, ends_at__gt=moment)

    def touching(self, window: Span) -> Self:
        return self.filter(starts_at__lt=window.end, ends_at__gt=window.start)

    def visible_to(self, member: Member) -> Self:
        """One's own, those one stands in for, and, to whoever keeps a roster, those of the units they see."""
        if not member.is_active:
            return self.none()
        own = Q(member=member) | Q(deputy=member)
        if not member.may(Right.ROSTER):
            return self.filter(own)
        if member.may(Right.CONFIGURE) or member.reach.everything:
            return self.all()
        return self.filter(own | Q(member__unit__in=member.reach.unit_ids))


class Absence(models.Model):
    """不在岗: from when to when a member is away, and who stands in. Of one member no two at a time."""

    class Reason(models.TextChoices):
        LEAVE = "leave", _("休假")
        SICK = "sick", _("病假")
        TRAINING = "training", _("培训")
        TRAVEL = "travel", _("出差")
        OTHER = "other", _("其他")

    member = models.ForeignKey(Member, models.PROTECT, related_name="absences")
    starts_at = models.DateTimeField(_("从"))
    ends_at = models.DateTimeField(_("到"))
    deputy = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="deputised", verbose_name=_("代理人")
    )
    reason = models.CharField(_("原因"), max_length=12, choices=Reason, default=Reason.LEAVE)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["starts_at", "id"]
        verbose_name = verbose_name_plural = _("不在岗")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="absence_ends_after_it_began"),
            models.CheckConstraint(condition=Q(deputy=None) | ~Q(deputy=F("member")), name="absence_deputy_is_another"),
            # the member as a range of one, which a GiST index knows without an extension
            ExclusionConstraint(
                name="absence_one_at_a_time",
                expressions=[
                    (Func("member_id", "member_id", Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (
                        Func("starts_at", "ends_at", function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["ends_at"], name="absence_ends")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.starts_at:%Y-%m-%d}"

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)
