"""How an installation looks, what was changed in its settings, and how far its guide has come."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.org import rules
from huiyin.org.models.people import Member


class Appearance(models.Model):
    """How the company looks on its pages: one row, once somebody has chosen something."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    accent = models.CharField(_("主色"), max_length=7, blank=True, validators=[RegexValidator(r"^#[0-9a-f]{6}$")])
    logo = models.BinaryField(_("标志"), default=bytes, blank=True)
    logo_type = models.CharField(max_length=32, blank=True)
    logo_digest = models.CharField(max_length=64, blank=True)
    set_at = models.DateTimeField(_("修改时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("外观")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="appearance_is_one")]

    def __str__(self) -> str:
        return self.accent


class ChangeQuerySet(models.QuerySet["Change"]):
    def visible_to(self, member: Member) -> ChangeQuerySet:
        """To those who configure all; to those who set the policy or edit the library, what was changed of it."""
        if member.may(rules.Right.CONFIGURE):
            return self.all()
        areas: list[Change.Area] = []
        if member.may(rules.Right.SET_POLICY):
            areas += [Change.Area.PROMISES, Change.Area.DAYS, Change.Area.TIERS]
        if member.may(rules.Right.EDIT_KNOWLEDGE):
            areas += [Change.Area.WORDING, Change.Area.LETTERS, Change.Area.LIBRARY]
        if member.may(rules.Right.ERASE_CUSTOMER):
            areas.append(Change.Area.PRIVACY)
        return self.filter(area__in=areas) if areas else self.none()


class Change(models.Model):
    """One change of a setting: who, when, from what, to what. A trigger refuses to change or delete it."""

    class Area(models.TextChoices):
        COMPANY = "company", _("公司与外观")
        UNIT = "unit", _("组织单位")
        MEMBER = "member", _("成员")
        CATEGORY = "category", _("投诉类别")
        ELEMENTS = "elements", _("受理要素")
        PROMISES = "promises", _("时限政策")
        DAYS = "days", _("特殊日期")
        DUTY = "duty", _("值班")
        ROUTING = "routing", _("派单规则")
        MAIL = "mail", _("邮件与渠道")
        SETUP = "setup", _("启用引导")
        WORDING = "wording", _("话术与用语")
        LETTERS = "letters", _("信函与通知模板")
        GRADING = "grading", _("定级、同义词与选项")
        LIBRARY = "library", _("方法、案例")
        PRIVACY = "privacy", _("个人信息")
        DIVISION = "division", _("职责分工与接口人")
        TIERS = "tiers", _("客户分级")
        RED = "red", _("红色通道")
        REVIEWS = "reviews", _("质检评审")

    class Verb(models.TextChoices):
        ADDED = "added", _("新增")
        AMENDED = "amended", _("修改")
        MOVED = "moved", _("移动")
        RETIRED = "retired", _("停用")
        RESTORED = "restored", _("恢复")
        REMOVED = "removed", _("移除")
        TRIED = "tried", _("测试")

    area = models.CharField(_("范围"), max_length=16, choices=Area)
    subject = models.CharField(_("对象"), max_length=64, blank=True)
    label = models.CharField(_("名称"), max_length=200, blank=True)
    verb = models.CharField(_("动作"), max_length=16, choices=Verb)
    before = models.JSONField(_("修改前"), default=dict)
    after = models.JSONField(_("修改后"), default=dict)
    made_by = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("修改人")
    )
    made_at = models.DateTimeField(_("时间"))

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        verbose_name = verbose_name_plural = _("设置变更记录")
        indexes: ClassVar = [
            models.Index(fields=["-made_at", "-id"], name="change_latest"),
            models.Index(fields=["area", "subject", "-made_at"], name="change_of_one"),
        ]

    def __str__(self) -> str:
        return f"{self.get_area_display()} {self.label} {self.get_verb_display()}"


class SetupStep(models.Model):
    """A step of the first-run guide that was begun, done or left out."""

    code = models.CharField(_("步骤"), max_length=16, unique=True)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    done_at = models.DateTimeField(_("完成时间"), null=True)
    done_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", verbose_name=_("完成人"))
    is_skipped = models.BooleanField(_("跳过"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("启用步骤")

    def __str__(self) -> str:
        return self.code
