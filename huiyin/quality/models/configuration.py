"""What comes with the defaults: classes of incidents, the eight disciplines, the rules that write records."""

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.lib.defaults import Configured
from huiyin.org.models import in_language

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


def _codes(name: "str | StrPromise") -> ArrayField[list[str], list[str]]:
    return ArrayField(models.CharField(max_length=32), verbose_name=name, default=list, blank=True)


class IncidentClass(Configured):
    """事件类别 (severity.yaml incident_classes): who leads, who joins, and what has to be seen to."""

    code = models.CharField(_("编码"), max_length=16, unique=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    name_zh = models.CharField(_("中文名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    lead_code = models.CharField(_("牵头单位"), max_length=32)
    joint_codes = _codes(_("会同单位"))
    market_codes = _codes(_("可能影响股价时加入的单位"))
    duties = models.JSONField(_("任务清单"), default=list, blank=True)
    duties_due = models.JSONField(_("任务时限"), default=dict, blank=True)  # {"nh": 24}
    report_clock = models.CharField(
        _("定时报告的时限"), max_length=16, blank=True
    )  # the sla clock that repeats until service is restored

    class Meta:
        ordering = ["position"]
        verbose_name = verbose_name_plural = _("事件类别")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)


class Discipline(Configured):
    """One of D0 to D8 (eight_d.yaml): what it asks, its gate, and how long it may take from the start."""

    code = models.CharField(_("编码"), max_length=4, unique=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    name_zh = models.CharField(_("中文名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    fields = models.JSONField(_("填写内容"), default=list)  # [{"name": ..., "hint": ...}]
    gate = models.CharField(_("放行条件"), max_length=300)
    rule = models.CharField(_("要求"), max_length=500, blank=True)
    due = models.JSONField(_("期限"), default=dict)  # {"ld": 10}

    class Meta:
        ordering = ["position"]
        verbose_name = verbose_name_plural = _("8D 步骤")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)


class AssessmentRule(Configured):
    """Complaints of this category put a record against the unit that answers for it (routing.yaml `record`)."""

    code = models.CharField(_("编码"), max_length=16, unique=True)
    category_code = models.CharField(_("受理类型"), max_length=16)

    class Meta:
        verbose_name = verbose_name_plural = _("考核规则")

    def __str__(self) -> str:
        return f"{self.code} {self.category_code}"


class RecurrenceRule(Configured):
    """So many of one category within a calendar month, and a report on the root cause is due (alerts.yaml)."""

    code = models.CharField(_("编码"), max_length=16, unique=True)
    threshold = models.PositiveSmallIntegerField(_("次数"))
    clock = models.CharField(_("时限"), max_length=16)
    unit_code = models.CharField(_("承担单位"), max_length=32)

    class Meta:
        verbose_name = verbose_name_plural = _("重复发生规则")

    def __str__(self) -> str:
        return f"{self.code} ≥ {self.threshold}"
