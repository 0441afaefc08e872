"""An offer, its options, who approved it, and what was given; and the versions of the policy they were made under."""

from decimal import Decimal
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from huiyin.compensation.states import AWARDED, COUNTED, OfferState
from huiyin.complaints.models import Complaint
from huiyin.org import rules
from huiyin.org.models import Member

READS = frozenset({"R", "RW"})


class Instrument(models.TextChoices):
    VOUCHER = "voucher", _("优惠券（电子代金券）")
    SERVICE_CREDIT = "service_credit", _("服务抵扣额度")
    POINTS = "points", _("积分")
    GIFT = "gift", _("赠品")
    PRIORITY_SERVICE = "priority_service", _("优先服务")
    REFUND = "refund", _("退款（原路退回）")
    PARTIAL_REFUND = "partial_refund", _("部分退款")
    PRICE_DIFFERENCE = "price_difference", _("退差价")
    FREIGHT = "freight", _("承担运费")
    REPLACE = "replace", _("换货")
    REPAIR = "repair", _("修理")
    RESHIP = "reship", _("补发")
    DISCOUNT = "discount", _("折价")
    CASH = "cash", _("现金赔偿")
    STATUTORY_MULTIPLE = "statutory_multiple", _("法定倍数赔偿")
    APOLOGY_LETTER = "apology_letter", _("书面致歉")
    MANAGER_CALL = "manager_call", _("主管专程致电")
    DEDICATED_ADVISOR = "dedicated_advisor", _("专属顾问")


# money that leaves the company, and stands in the refund ledger
OF_LEDGER = frozenset(
    {
        Instrument.REFUND,
        Instrument.PARTIAL_REFUND,
        Instrument.PRICE_DIFFERENCE,
        Instrument.FREIGHT,
        Instrument.CASH,
        Instrument.STATUTORY_MULTIPLE,
    }
)


class PolicyVersion(models.Model):
    """One version of the policy document. A trigger refuses to change or delete it: offers refer to it by number."""

    number = models.PositiveIntegerField(_("版本"), unique=True)
    body = models.JSONField(_("内容"))
    created_at = models.DateTimeField(_("生效时间"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(_("修改说明"), max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        verbose_name = _("补偿政策版本")
        verbose_name_plural = _("补偿政策")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(number__gte=1), name="compensation_policy_from_one"),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, member: Member) -> Self:
        """Offers of complaints that the member may see, for those whose roles read compensation at all."""
        if rules.field(member, "compensation") not in READS:
            return self.none()
        return self.filter(complaint__in=Complaint.objects.visible_to(member))

    def proposed(self) -> Self:
        return self.filter(state=OfferState.PROPOSED)

    def counted(self) -> Self:
        return self.filter(state__in=sorted(COUNTED))


class Offer(models.Model):
    """What is offered on one complaint: options of which the customer takes one, or none.

    `counted` is what it takes of the authority (the dearest option, later the chosen one); `total` what it came to
    with all the other awards when it was decided; `waits_for` names the roles that may sign next.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="offers")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("提出时间"))
    state = models.CharField(_("状态"), max_length=12, choices=OfferState.choices, default=OfferState.PROPOSED)
    explanation = models.TextField(_("说明"))
    only_one_because = models.TextField(_("只提一个方案的原因"), blank=True)
    off_tariff_because = models.TextField(_("偏离参考标准的原因"), blank=True)
    price = models.DecimalField(_("涉及价款"), max_digits=12, decimal_places=2, default=Decimal(0))
    floors = ArrayField(models.CharField(max_length=16), default=list)  # legal conditions that are confirmed (ST-1 ...)
    counted = models.DecimalField(max_digits=12, decimal_places=2)
    total = models.DecimalField(max_digits=14, decimal_places=2)
    policy_version = models.PositiveIntegerField()
    waits_for = ArrayField(models.CharField(max_length=32), default=list)
    is_at_once = models.BooleanField(_("即时安抚"), default=False)
    report = models.TextField(_("书面备案"), blank=True)
    report_due_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    refusal = models.TextField(_("未获批的原因"), blank=True)
    decided_at = models.DateTimeField(null=True)
    chosen = models.ForeignKey("Option", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = verbose_name_plural = _("补偿方案")
        constraints = [
            models.CheckConstraint(condition=Q(counted__gte=0, total__gte=0, price__gte=0), name="offer_not_negative"),
            models.CheckConstraint(
                condition=Q(chosen=None) ^ Q(state__in=[OfferState.CHOSEN, OfferState.FULFILLED]),
                name="offer_chosen_has_its_option",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "made_at"], name="offer_state"),
            models.Index(fields=["-made_at"], condition=Q(state__in=sorted(AWARDED)), name="offer_awarded"),
            models.Index(fields=["made_by", "made_at"], condition=Q(is_at_once=True), name="offer_at_once"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.state}"


class Option(models.Model):
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="options")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16)
    instrument = models.CharField(_("方式"), max_length=24, choices=Instrument.choices)
    amount = models.DecimalField(_("金额（元）"), max_digits=12, decimal_places=2)
    counted = models.DecimalField(max_digits=12, decimal_places=2)
    words = models.CharField(_("给客户的话"), max_length=500)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "position"], name="option_position"),
            models.CheckConstraint(condition=Q(amount__gte=0, counted__gte=0), name="option_not_negative"),
            models.CheckConstraint(condition=Q(counted__lte=F("amount")), name="option_counted_within_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.instrument}"


class Approval(models.Model):
    """One signature: by whom, and for which of the roles that had to sign."""

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="approvals")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=32)
    note = models.TextField(_("审批意见"), blank=True)
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["signed_at", "id"]
        constraints = [models.UniqueConstraint(fields=["offer", "member"], name="approval_once")]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.role}"


class FulfilmentQuerySet(models.QuerySet["Fulfilment"]):
    def visible_to(self, member: Member) -> Self:
        """Of offers that the member sees; entries of the refund ledger only for those who read that."""
        seen = self.filter(offer__in=Offer.objects.visible_to(member))
        may_read = rules.field(member, "refund_ledger") in {*READS, "M"}
        return seen if may_read else seen.exclude(instrument__in=sorted(OF_LEDGER))


class Fulfilment(models.Model):
    """What was given, once: the entry of the ledger, with the payment's or parcel's own reference."""

    offer = models.OneToOneField(Offer, models.PROTECT, related_name="fulfilment")
    instrument = models.CharField(max_length=24, choices=Instrument.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    reference = models.CharField(_("凭证号"), max_length=120)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = FulfilmentQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.offer_id} {self.reference}"

    def reference_for(self, member: Member) -> str:
        """In full, or its last four characters where the member reads the ledger masked."""
        is_masked = self.instrument in OF_LEDGER and rules.field(member, "refund_ledger") == "M"
        return f"***{self.reference[-4:]}" if is_masked else self.reference
