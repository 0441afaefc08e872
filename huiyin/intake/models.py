"""What is there before a complaint is: somebody who waits to be answered, and paper that waits to be typed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from huiyin.org.models import Member


class WaitingQuerySet(models.QuerySet["Waiting"]):
    def visible_to(self, member: Member) -> Self:
        reach = member.reach
        if reach.content == "none":
            return self.none()
        return self if reach.everything else self.filter(unit__in=reach.unit_ids)

    def waiting(self) -> Self:
        return self.filter(ended_at=None)


class Waiting(models.Model):
    """A call or a visitor in a queue (CK-QUEUE, C091). `reference`: the telephone system's or the ticket's, no name."""

    class Way(models.TextChoices):
        PHONE = "phone", _("电话")
        COUNTER = "counter", _("柜台")
        CHAT = "chat", _("在线")

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+")
    way = models.CharField(_("方式"), max_length=8, choices=Way.choices, default=Way.PHONE)
    reference = models.CharField(_("排队号"), max_length=64)
    entered_at = models.DateTimeField(_("开始等待"))
    ended_at = models.DateTimeField(_("应答时间"), null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    is_lost = models.BooleanField(_("未等到"), default=False)  # gave up, or was never there
    alerted_at = models.DateTimeField(null=True)

    objects = WaitingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["entered_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "way", "reference"], condition=Q(ended_at=None), name="waiting_once"
            ),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("entered_at")), name="waiting_ends"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["entered_at"], condition=Q(ended_at=None), name="waiting_now"),
            models.Index(fields=["unit", "entered_at"], name="waiting_of_unit"),
            models.Index(fields=["entered_at"], name="waiting_entered"),
        ]

    def __str__(self) -> str:
        return self.reference

    def lasted(self, at: datetime) -> timedelta:
        return (self.ended_at or at) - self.entered_at


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible_to(self, member: Member) -> Self:
        reach = member.reach
        if reach.content != "full":
            return self.none()
        return self if reach.everything else self.filter(unit__in=reach.unit_ids)

    def untyped(self) -> Self:
        return self.filter(confirmed_at=None)


class Paper(models.Model):
    """A letter or a form on paper: registered when it lies on the desk, confirmed when what it says is typed (CK-OCR,
    C065: two minutes a document). Its complaint begins with the confirmation."""

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+")
    label = models.CharField(_("来件"), max_length=120)  # how it is found again: a number, a date, a drawer
    registered_at = models.DateTimeField(_("登记时间"))
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_at = models.DateTimeField(_("应录入完"))
    confirmed_at = models.DateTimeField(_("录入确认"), null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, null=True, related_name="papers")

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["registered_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["registered_at"], condition=Q(confirmed_at=None), name="paper_untyped")
        ]

    def __str__(self) -> str:
        return self.label

    def is_late(self, at: datetime) -> bool:
        return (self.confirmed_at or at) > self.due_at
