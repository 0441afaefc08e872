"""Where notices go beyond the inbox, what each member wants, and the words an administrator chose."""

from __future__ import annotations

from datetime import time
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from huiyin.lib.sealed import SealedTextField
from huiyin.org.models import Member, Unit
from huiyin.org.rules import Right


class Way(models.TextChoices):
    """How a notice travels beyond the inbox: to one person, or to what a Target names."""

    EMAIL = "email", _("电子邮件")
    SMS = "sms", _("短信")
    WECOM = "wecom", _("企业微信群机器人")
    DINGTALK = "dingtalk", _("钉钉群机器人")
    FEISHU = "feishu", _("飞书群机器人")
    WEBHOOK = "webhook", _("Webhook")
    APPRISE = "apprise", _("其他（Apprise 地址）")


PERSONAL = (Way.EMAIL, Way.SMS)
OF_TARGETS = tuple(way for way in Way if way not in PERSONAL)


class TargetQuerySet(models.QuerySet["Target"]):
    def active(self) -> TargetQuerySet:
        return self.filter(is_active=True)

    def of_units(self, unit_ids: list[int]) -> TargetQuerySet:
        """Those of these units, of units above that listen to what is below them, and of the whole company."""
        below = Unit.objects.filter(pk__in=unit_ids, path__startswith=OuterRef("unit__path"))
        return self.filter(Q(unit=None) | Q(unit__in=unit_ids) | Q(takes_below=True) & Exists(below))

    def visible_to(self, member: Member) -> TargetQuerySet:
        return self.all() if member.may(Right.CONFIGURE) else self.none()


class Target(models.Model):
    """A group robot or webhook. Address and secret are sealed: whoever has them can write to the group."""

    way = models.CharField(_("类型"), max_length=10, choices=[(way.value, way.label) for way in OF_TARGETS])
    name = models.CharField(_("名称"), max_length=60)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="notice_targets", verbose_name=_("单位")
    )
    takes_below = models.BooleanField(_("包括下级单位"), default=False)
    address = SealedTextField(_("地址"))
    secret = SealedTextField(_("密钥"), blank=True, default="")
    keyword = models.CharField(_("关键词"), max_length=40, blank=True)
    kinds = ArrayField(models.CharField(max_length=40), verbose_name=_("通知种类"), default=list, blank=True)
    is_urgent_only = models.BooleanField(_("只发紧急通知"), default=False)
    is_quiet_at_night = models.BooleanField(_("夜间与休息日不发"), default=True)
    is_active = models.BooleanField(_("启用"), default=True)
    tried_at = models.DateTimeField(_("最近测试"), null=True, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        verbose_name = verbose_name_plural = _("通知去向")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(way__in=[str(way) for way in OF_TARGETS]), name="target_way_known")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def lane(self) -> str:
        return f"target-{self.pk}"

    def wants(self, kind: str, *, urgent: bool) -> bool:
        """No kinds named means all of them; what is urgent goes everywhere."""
        return urgent or (not self.is_urgent_only and (not self.kinds or kind in self.kinds))


QUIET_FROM, QUIET_UNTIL = time(21), time(8)


class Preference(models.Model):
    """What a member chose; who has no row has the defaults of the fields."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="notice_preference", verbose_name=_("成员"))
    ways = models.JSONField(_("方式"), default=dict, blank=True)  # by kind, the ways chosen; absent: as shipped
    phone = SealedTextField(_("手机号"), blank=True, default="")
    quiet_from = models.TimeField(_("免打扰从"), default=QUIET_FROM)
    quiet_until = models.TimeField(_("免打扰到"), default=QUIET_UNTIL)
    rests_on_days_off = models.BooleanField(_("休息日不打扰"), default=True)
    digest_at = ArrayField(models.TimeField(), verbose_name=_("汇总时间"), default=list, blank=True)
    hourly_limit = models.PositiveSmallIntegerField(
        _("每小时最多"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = verbose_name_plural = _("通知偏好")

    def __str__(self) -> str:
        return str(self.member_id)

    def chosen(self, kind: str) -> frozenset[str] | None:
        """The ways chosen for the kind; None where nothing was."""
        given = self.ways.get(kind) if isinstance(self.ways, dict) else None
        return frozenset(map(str, given)) if isinstance(given, list) else None


class Template(models.Model):
    """The words of a kind in one language, where an administrator changed them; without a row the shipped ones hold."""

    kind = models.CharField(_("种类"), max_length=40)
    language = models.CharField(_("语言"), max_length=2, choices=[("zh", "中文"), ("en", "English")])
    title = models.CharField(_("标题"), max_length=120)
    body = models.TextField(_("正文"), max_length=1000)
    changed_at = models.DateTimeField(_("修改时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("通知模板")
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "language"], name="template_one_a_language")]

    def __str__(self) -> str:
        return f"{self.kind} {self.language}"
