"""What comes back: complaints of one category in a month, the duty to find their cause, and the records it leaves."""

from datetime import date
from typing import Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.models import Complaint
from huiyin.org.models import Member, Unit
from huiyin.triage.models import Category

QUARTER = r"^\d{4}Q[1-4]$"


class RootCauseDutyQuerySet(models.QuerySet["RootCauseDuty"]):
    def visible_to(self, member: Member) -> Self:
        """For whose unit has to do it, and for who may see one of the complaints behind it."""
        reach = member.reach
        if reach.content != "full":
            return self.none()
        if reach.everything:
            return self
        behind = Sighting.objects.filter(category=OuterRef("category"), month=OuterRef("month"))
        seen = behind.filter(complaint__in=Complaint.objects.visible_to(member))
        return self.filter(Q(unit_id__in=reach.unit_ids) | Exists(seen))


class RootCauseDuty(models.Model):
    """高频同类: a root cause report and a process redesign are due, once for a category and a month (C055)."""

    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name=_("受理类型"))
    month = models.DateField(_("月份"))  # its first day
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("承担单位"))
    opened_at = models.DateTimeField(_("触发时间"))
    due_at = models.DateTimeField(_("期限"))
    why = models.JSONField(default=dict)
    reminded = models.PositiveSmallIntegerField(default=0, db_default=0)  # the share of its time that was told of
    quarter = models.CharField(_("考核季度"), max_length=6, validators=[RegexValidator(QUARTER)])
    project = models.CharField(_("改进项目"), max_length=200, blank=True)
    objective = models.CharField(_("对应 OKR"), max_length=300, blank=True)
    cause = models.TextField(_("根因分析报告"), blank=True)
    redesign = models.TextField(_("流程再造方案"), blank=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(_("批准时间"), null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = RootCauseDutyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("根因任务")
        ordering = ["-month", "category__code"]
        constraints = [
            models.UniqueConstraint(fields=["category", "month"], name="root_cause_once_a_month"),
            models.CheckConstraint(
                condition=Q(approved_at=None) | (~Q(submitted_at=None) & ~Q(approved_by=models.F("submitted_by"))),
                name="root_cause_two_people",
            ),
        ]
        indexes = [models.Index(fields=["quarter"], name="root_cause_quarter")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.category_id}"


class Sighting(models.Model):
    """One reviewed complaint, counted in the month in which it was received."""

    complaint = models.OneToOneField(Complaint, models.PROTECT, primary_key=True, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["category", "month"], name="sighting_category_month")]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.month}"


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, member: Member) -> Self:
        return self.filter(complaint__in=Complaint.objects.visible_to(member))

    def standing(self) -> Self:
        """All but those of complaints that were found not justified."""
        return self.filter(is_dismissed=False)

    def of_month(self, month: date) -> Self:
        return self.filter(month=month.replace(day=1))


class Assessment(models.Model):
    """时限考核记录: one complaint, one rule, one unit that answers for it (C050)."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="assessments")
    rule = models.CharField(_("规则"), max_length=16)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    month = models.DateField(_("考核月份"))
    assessed_at = models.DateTimeField(_("记录时间"))
    is_dismissed = models.BooleanField(_("投诉不成立，不计"), default=False)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("时限考核记录")
        ordering = ["-assessed_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["complaint", "rule"], name="assessment_once")]
        indexes = [models.Index(fields=["month", "unit"], name="assessment_month_unit")]

    def __str__(self) -> str:
        return f"{self.rule} {self.complaint_id}"
