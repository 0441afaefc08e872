"""Who has a complaint open just now. Not part of its record: an UNLOGGED table, swept, gone with a crash."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.models.complaint import Complaint
from huiyin.org.models import Member

HOLDS = timedelta(seconds=45)  # two missed heartbeats of 20 s and a little
IDLE_HOLDS = timedelta(seconds=150)  # a browser lets a hidden page speak but once a minute


class PresenceQuerySet(models.QuerySet["Presence"]):
    def visible_to(self, member: Member) -> Self:
        return self.filter(complaint__in=Complaint.objects.visible_to(member))

    def fresh(self, at: datetime) -> Self:
        return self.filter(seen_at__gt=at - IDLE_HOLDS).exclude(_silent(at))

    def stale(self, at: datetime) -> Self:
        return self.filter(models.Q(seen_at__lte=at - IDLE_HOLDS) | _silent(at))


def _silent(at: datetime) -> models.Q:
    return models.Q(seen_at__lte=at - HOLDS) & ~models.Q(status="idle")


class Presence(models.Model):
    """One open page. No foreign key in the database: its check would lock, and so write, the complaint's own row."""

    class Status(models.TextChoices):
        VIEWING = "viewing", _("正在查看")
        IDLE = "idle", _("暂时离开")
        EDITING = "editing", _("正在填写")

    complaint = models.ForeignKey(
        Complaint, models.CASCADE, related_name="presences", db_constraint=False, db_index=False
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    tab = models.CharField(max_length=36)
    status = models.CharField(max_length=8, choices=Status.choices)
    seen_at = models.DateTimeField(db_index=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["complaint", "member", "tab"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.member_id}@{self.complaint_id} {self.status}"
