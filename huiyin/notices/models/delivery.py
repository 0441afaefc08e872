"""A notice on its way to one place beyond the inbox, and the lane it goes by."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.notices.models.notice import Notice
from huiyin.notices.models.settings import Target, Way
from huiyin.org.models import Member
from huiyin.org.rules import Right


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def open(self) -> DeliveryQuerySet:
        return self.filter(state__in=[Delivery.State.WAITING, Delivery.State.SENDING])

    def failed(self) -> DeliveryQuerySet:
        return self.filter(state=Delivery.State.FAILED)

    def visible_to(self, member: Member) -> DeliveryQuerySet:
        """One's own; an administrator sees all, to know what did not go. What they say is another matter."""
        return self.all() if member.may(Right.CONFIGURE) else self.filter(member=member)


class Delivery(models.Model):
    """Rows with the same `message` went, or go, as one message: a digest. Its id stays the same at every try."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待")
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已送达")
        FAILED = "failed", _("没有送达")
        DROPPED = "dropped", _("不再需要")

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    way = models.CharField(_("方式"), max_length=10, choices=Way)
    lane = models.CharField(max_length=24)
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", verbose_name=_("成员"))
    target = models.ForeignKey(Target, models.CASCADE, null=True, related_name="deliveries", verbose_name=_("通知去向"))
    key = models.CharField(max_length=200)
    urgent = models.BooleanField(_("紧急"), default=False)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    queued_at = models.DateTimeField(_("排队时间"))
    next_try_at = models.DateTimeField(_("下次发送"))
    tried_since = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    message = models.UUIDField(null=True)
    sent_at = models.DateTimeField(_("送达时间"), null=True)
    error = models.CharField(_("错误"), max_length=300, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("通知发送")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "way"], condition=Q(target=None), name="delivery_once_a_way"),
            models.UniqueConstraint(
                fields=["target", "key"], condition=Q(target__isnull=False), name="delivery_once_a_target"
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=True, target__isnull=False) | Q(member__isnull=False, target__isnull=True),
                name="delivery_has_one_recipient",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["lane", "next_try_at"], condition=Q(state__in=["waiting", "sending"]), name="delivery_open"
            ),
            models.Index(
                fields=["member", "sent_at"],
                condition=Q(member__isnull=False, sent_at__isnull=False),
                name="delivery_to_member",
            ),
            models.Index(fields=["-tried_since"], condition=Q(state="failed"), name="delivery_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.lane} {self.state} #{self.pk}"


class Lane(models.Model):
    """How one way out fares: mail, short messages, and each target by itself, so that one that hangs stands alone."""

    name = models.CharField(max_length=24, primary_key=True)
    failures = models.PositiveIntegerField(_("连续失败"), default=0)
    paused_until = models.DateTimeField(_("暂停到"), null=True)
    error = models.CharField(_("最近的错误"), max_length=300, blank=True)
    failed_at = models.DateTimeField(_("最近失败"), null=True)
    sent_at = models.DateTimeField(_("最近送达"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("通知通道状态")

    def __str__(self) -> str:
        return self.name
