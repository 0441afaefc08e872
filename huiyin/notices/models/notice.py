"""What one member was told: a row in their inbox."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.org.models import Member


class ToldQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, member: Member) -> ToldQuerySet:
        """One's own and nobody else's. Whether its number may still be shown, guards.py decides."""
        return self.filter(member=member)

    def unseen(self) -> ToldQuerySet:
        return self.filter(seen_at=None)


class Notice(models.Model):
    member = models.ForeignKey(Member, models.PROTECT, related_name="notices", verbose_name=_("成员"))
    kind = models.CharField(_("种类"), max_length=40)
    values = models.JSONField(_("内容"), default=dict)  # no personal data of a customer
    number = models.CharField(_("编号"), max_length=40, blank=True)
    link = models.CharField(_("页面"), max_length=300, blank=True)
    key = models.CharField(max_length=200)
    urgent = models.BooleanField(_("紧急"), default=False)
    at = models.DateTimeField(_("时间"))
    seen_at = models.DateTimeField(_("已读时间"), null=True, blank=True)

    objects = ToldQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("通知")
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "key"], name="notice_told_once")]
        indexes: ClassVar = [
            models.Index(fields=["member", "-at", "-id"], name="notice_inbox"),
            models.Index(fields=["member"], condition=models.Q(seen_at=None), name="notice_unseen"),
            models.Index(fields=["key"], name="notice_key"),
            BrinIndex(fields=["at"], name="notice_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}".strip()
