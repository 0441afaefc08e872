"""The policy's versions, and the administrator's own days."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.lib.defaults import Configured


class PolicyVersion(models.Model):
    """One version of the policy document. A trigger refuses to change or delete it: clocks refer to it by number."""

    number = models.PositiveIntegerField(_("版本"), unique=True)
    body = models.JSONField(_("内容"))
    created_at = models.DateTimeField(_("生效时间"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("修改人")
    )
    note = models.CharField(_("修改说明"), max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        verbose_name = _("时限政策版本")
        verbose_name_plural = _("时限政策")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(number__gte=1), name="policyversion_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class DayException(models.Model):
    """A day the administrator decided on; it outranks the statutory calendar and the policy's own tables."""

    day = models.DateField(_("日期"), unique=True)
    is_working = models.BooleanField(_("上班"))
    name = models.CharField(_("名称"), max_length=40)
    set_at = models.DateTimeField(_("设定时间"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("设定人")
    )

    class Meta:
        ordering: ClassVar = ["-day"]
        verbose_name = _("特殊日期")
        verbose_name_plural = _("特殊日期")

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"


class RegulatoryProfile(Configured):
    """What one body of law asks for (regulations.yaml), and whether this deployment goes by it."""

    class Reach(models.TextChoices):
        OFF = "off", _("不启用")
        REFERRED = "referred", _("只管登记的监管案件")
        EVERY = "every", _("每件投诉都计时")

    code = models.CharField(_("代码"), max_length=16, unique=True)
    body = models.JSONField(_("内容"))
    position = models.PositiveSmallIntegerField(default=0)
    reach = models.CharField(_("启用范围"), max_length=8, choices=Reach.choices, default=Reach.OFF)

    class Meta:
        ordering: ClassVar = ["position", "code"]
        verbose_name = _("监管要求")
        verbose_name_plural = _("监管要求")

    def __str__(self) -> str:
        return self.code
