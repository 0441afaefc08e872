"""监管案件: what an authority sent us about a complaint, under its own number and its own deadline."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.models.complaint import Complaint
from huiyin.complaints.models.correspondence import Note
from huiyin.org.models import Member


class RegulatoryCaseQuerySet(models.QuerySet["RegulatoryCase"]):
    def visible_to(self, member: Member) -> Self:
        return self.filter(complaint__in=Complaint.objects.visible_to(member))

    def open(self) -> Self:
        return self.filter(answered_at=None)


class RegulatoryCase(models.Model):
    """`deadline_at` is the authority's own, kept as it was given. A direct case has no authority: the profile's clocks
    run on every complaint of this deployment."""

    class Outcome(models.TextChoices):
        AGREED = "agreed", _("达成一致")
        NOT_AGREED = "not_agreed", _("未达成一致")
        EXPLAINED = "explained", _("已解释说明")
        REFUSED = "refused", _("不予支持并说明理由")
        WITHDRAWN = "withdrawn", _("投诉人撤回")

    class Method(models.TextChoices):
        PHONE = "phone", _("电话")
        ONLINE = "online", _("线上")
        MEETING = "meeting", _("当面")
        WRITING = "writing", _("书面")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="regulatory_cases")
    profile = models.CharField(_("监管要求"), max_length=16)
    category = models.CharField(_("情形"), max_length=24, blank=True)  # one of the profile's classes
    number = models.CharField(_("外部编号"), max_length=64, blank=True)
    authority = models.CharField(_("受理机构"), max_length=120, blank=True)
    received_at = models.DateTimeField(_("转办时间"))
    deadline_at = models.DateTimeField(_("给定期限"), null=True)
    is_direct = models.BooleanField(default=False)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # more time by the profile's own rule: the class asked for, why, and who decided
    asked_for = models.CharField(max_length=24, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True)
    asked_because = models.ForeignKey(Note, models.PROTECT, null=True, related_name="+", db_index=False)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answer = models.ForeignKey(Note, models.PROTECT, null=True, related_name="+", db_index=False)
    outcome = models.CharField(_("处理结果"), max_length=12, choices=Outcome.choices, blank=True)
    negotiated_at = models.DateTimeField(_("协商时间"), null=True)
    negotiated_by = models.CharField(_("协商方式"), max_length=8, choices=Method.choices, blank=True)

    objects = RegulatoryCaseQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "number"], condition=~Q(number=""), name="regulatory_number"),
            models.UniqueConstraint(
                fields=["complaint", "profile"], condition=Q(is_direct=True), name="regulatory_direct_once"
            ),
        ]
        indexes = [models.Index(fields=["complaint"], condition=Q(answered_at=None), name="regulatory_open")]

    def __str__(self) -> str:
        return f"{self.profile} {self.number}".strip()

    @property
    def key(self) -> str:
        """What its clocks' subjects begin with."""
        return f"R{self.pk}."
