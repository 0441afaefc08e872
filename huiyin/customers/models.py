from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.lib import phones
from huiyin.lib.defaults import Configured
from huiyin.lib.sealed import SealedTextField
from huiyin.org.models import in_language

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
    contribution = models.DecimalField(
        _("近 12 个月贡献（元）"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    since = models.DateField(_("合作开始"), null=True, blank=True)
    is_by_contract = models.BooleanField(_("合同约定"), default=False)
    tier_why = models.JSONField(default=dict, blank=True, editable=False)  # the rule, and its figures
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


class TierRule(Configured):
    """Who is of which tier (C032). The first rule in its order that fits counts; whom none fits is an ordinary one."""

    class Basis(models.TextChoices):
        CONTRACT = "contract", _("合同约定")
        PERCENTILE = "percentile", _("近 12 个月贡献的分位（%）")
        YEARS = "years", _("合作年限（年）")

    code = models.SlugField(_("编码"), max_length=32, unique=True)
    name_zh = models.CharField(_("中文名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True)
    tier = models.CharField(_("客户级别"), max_length=3, choices=Customer.Tier)
    basis = models.CharField(_("依据"), max_length=16, choices=Basis)
    threshold = models.PositiveIntegerField(_("达到多少"), default=0)
    position = models.PositiveIntegerField(_("顺序"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering: ClassVar = ["position", "code"]
        verbose_name = verbose_name_plural = _("客户分级规则")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(basis="percentile") | Q(threshold__range=(0, 100)), name="tier_rule_percentile"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)


class TierOverride(models.Model):
    """Somebody says what tier a customer is, until a day; the rules say it again afterwards."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="overrides")
    tier = models.CharField(max_length=3, choices=Customer.Tier)
    reason = models.TextField(blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    until = models.DateField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(ended_at__isnull=True), name="tier_override_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.tier}"


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
