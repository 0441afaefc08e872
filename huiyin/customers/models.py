from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.lib import phones
from huiyin.lib.sealed import SealedTextField

if TYPE_CHECKING:
    from huiyin.org.models import Member


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, member: Member) -> CustomerQuerySet:
        """Whose customer it is, the complaint decides, a layer above; who reads no content reads no customer."""
        return self.none() if member.reach.content == "none" else self.all()


class Customer(models.Model):
    class Tier(models.TextChoices):
        VIP = "VIP", _("VIP客户")
        STANDARD = "STD", _("普通客户")
        VULNERABLE = "VUL", _("需特别关照客户")

    name = models.CharField(_("姓名"), max_length=100, blank=True)
    tier = models.CharField(_("客户级别"), max_length=3, choices=Tier, default=Tier.STANDARD)
    phone = SealedTextField(_("电话"), blank=True, default="")
    phone_digest = models.CharField(max_length=64, blank=True, default="", editable=False)
    email = SealedTextField(_("邮箱"), blank=True, default="")
    email_digest = models.CharField(max_length=64, blank=True, default="", editable=False)
    address = SealedTextField(_("地址"), blank=True, default="")
    region = models.CharField(_("地区"), max_length=64, blank=True, default="")
    external_id = models.CharField(_("外部编号"), max_length=64, blank=True, default="", db_index=True)
    is_vulnerable = models.BooleanField(_("需特别关照"), default=False)
    created_at = models.DateTimeField(_("建立时间"))
    erased_at = models.DateTimeField(_("抹除时间"), null=True, blank=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("客户")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["phone_digest"], condition=~Q(phone_digest=""), name="customer_phone_is_one"
            ),
            models.UniqueConstraint(
                fields=["email_digest"], condition=~Q(email_digest=""), name="customer_email_is_one"
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"

    @property
    def phone_masked(self) -> str:
        return phones.mask(self.phone)

    @property
    def email_masked(self) -> str:
        """z***@example.com"""
        account, _at, host = self.email.partition("@")
        return f"{account[:1]}***@{host}" if host else ""

    @property
    def name_masked(self) -> str:
        """张*; one sign however long the name, as its length says something too."""
        return f"{self.name[:1]}*" if self.name else ""


class Code(models.Model):
    """Six digits on their way to a customer who wants to come back, and the pass that they were changed for.

    Only digests: of the code with the ticket of the browser that asked for it, and of the pass.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="codes")
    ticket_digest = models.CharField(max_length=64, unique=True)
    code_digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)
    pass_digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pass_digest"], condition=~Q(pass_digest=""), name="customer_pass_once")
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.sent_at:%Y-%m-%d %H:%M}"
