"""8D: the investigation of one complaint's cause, discipline by discipline, each signed off before the next."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.models import Complaint
from huiyin.org.models import Member


class InvestigationQuerySet(models.QuerySet["Investigation"]):
    def visible_to(self, member: Member) -> Self:
        """Those of complaints that the member may see; they quote it, so not for who reads without the person."""
        if member.reach.content != "full":
            return self.none()
        return self.filter(complaint__in=Complaint.objects.visible_to(member))


class Investigation(models.Model):
    number = models.CharField(_("报告编号"), max_length=24, unique=True)
    complaint = models.OneToOneField(Complaint, models.PROTECT, related_name="investigation")
    title = models.CharField(_("标题"), max_length=200)
    opened_at = models.DateTimeField(_("开始时间"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(_("结案时间"), null=True)
    scope = models.CharField(_("工作范围"), max_length=500, blank=True)
    kickoff_at = models.DateTimeField(_("启动会时间"), null=True)
    kickoff_minutes = models.TextField(_("会议记录"), blank=True)

    objects = InvestigationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("8D 调查")
        ordering = ["-opened_at", "-id"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class TeamMember(models.Model):
    """Who is in the team (D1), by name: an investigation also takes people who do not sign in here."""

    class Role(models.TextChoices):
        CHAMPION = "champion", _("倡导者")
        LEADER = "leader", _("组长")
        MEMBER = "member", _("成员")

    investigation = models.ForeignKey(Investigation, models.PROTECT, related_name="team")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("姓名"), max_length=64)
    department = models.CharField(_("部门"), max_length=100, blank=True)
    role = models.CharField(_("角色"), max_length=12, choices=Role.choices, default=Role.MEMBER)
    authority = models.CharField(_("处置权限"), max_length=200, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["investigation", "position"], name="team_position")]

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """One discipline of one investigation: what was found, and who signed it off."""

    investigation = models.ForeignKey(Investigation, models.PROTECT, related_name="steps")
    code = models.CharField(max_length=4)
    values = models.JSONField(default=dict)
    due_at = models.DateTimeField(_("期限"))
    saved_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(_("放行时间"), null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["investigation", "code"], name="step_once"),
            models.CheckConstraint(condition=Q(signed_at=None) | ~Q(signed_by=None), name="step_signed_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.investigation_id} {self.code}"
