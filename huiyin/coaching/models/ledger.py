"""1+1+1 (C031): what each person did in a year towards 100 hours of training, one project and one newcomer."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.coaching.models.courses import reached_by
from huiyin.lib.defaults import Configured
from huiyin.org.models import Member


class YearlyTarget(Configured):
    """What a year asks of each person (training.yaml)."""

    code = models.CharField(max_length=16, unique=True)
    hours = models.PositiveSmallIntegerField(_("学时"))
    projects = models.PositiveSmallIntegerField(_("流程优化项目"))
    newcomers = models.PositiveSmallIntegerField(_("培养新人"))

    def __str__(self) -> str:
        return self.code


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, member: Member) -> Self:
        seen = reached_by(member)
        return self.all() if seen is None else self.filter(seen)

    def standing(self) -> Self:
        return self.filter(struck_at=None)


class Entry(models.Model):
    """Never deleted: what was entered wrongly is struck out, with why and by whom."""

    class Kind(models.TextChoices):
        HOURS = "hours", _("专业培训")
        PROJECT = "project", _("流程优化项目")
        NEWCOMER = "newcomer", _("培养新人通过岗位认证")

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="ledger")
    kind = models.CharField(_("类别"), max_length=8, choices=Kind.choices)
    on = models.DateField(_("日期"))
    year = models.PositiveSmallIntegerField()
    hours = models.DecimalField(_("学时"), max_digits=5, decimal_places=1, null=True)
    title = models.CharField(_("内容"), max_length=200)
    newcomer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    evidence = models.TextField(_("凭据"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True)
    struck_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    struck_because = models.CharField(max_length=500, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind="hours") ^ Q(hours=None), name="entry_hours"),
            models.CheckConstraint(condition=Q(hours=None) | Q(hours__gt=0), name="entry_some_hours"),
            models.CheckConstraint(condition=Q(kind="newcomer") ^ Q(newcomer=None), name="entry_newcomer"),
            models.CheckConstraint(condition=Q(struck_at=None) ^ Q(struck_by__isnull=False), name="entry_struck_by"),
            models.CheckConstraint(condition=~Q(newcomer=models.F("member")), name="entry_not_oneself"),
        ]
        indexes: ClassVar = [models.Index(fields=["member", "year"], name="entry_member_year")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind} {self.on}"


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, member: Member) -> Self:
        seen = reached_by(member)
        return self.all() if seen is None else self.filter(seen)

    def open(self) -> Self:
        return self.filter(finished_at=None)


class Plan(models.Model):
    """能力重塑计划: opened where a year fell short; what is lacking is kept as it was at the year's end."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="plans")
    year = models.PositiveSmallIntegerField(_("年度"))
    lacking = models.JSONField[dict[str, Any]](default=dict)  # {"hours": "37.5", "project": 1, "newcomer": 1}
    opened_at = models.DateTimeField()
    steps = models.TextField(_("计划内容"), blank=True)
    due_on = models.DateField(_("完成期限"), null=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(null=True)
    result = models.TextField(_("完成情况"), blank=True)
    finished_at = models.DateTimeField(null=True)
    finished_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-year"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "year"], name="plan_once_a_year"),
            models.CheckConstraint(condition=Q(finished_at=None) | ~Q(result=""), name="plan_result"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.year}"
