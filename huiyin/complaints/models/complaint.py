"""The complaint row, what it can tell of itself, and who may see it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from huiyin.channels.models import Channel
from huiyin.complaints.states import ENDED, OPEN, State
from huiyin.lib.sealed import SealedTextField
from huiyin.org import rules as rights
from huiyin.org.models import Member


class Kind(models.TextChoices):
    COMPLAINT = "complaint", _("投诉")
    ENQUIRY = "enquiry", _("咨询")
    SUGGESTION = "suggestion", _("建议")
    PRAISE = "praise", _("表扬")


class Severity(models.IntegerChoices):
    """1 is the most severe. Compare the numbers, never the labels (severity.yaml direction_note)."""

    L1 = 1, _("一级（紧急/重大）")
    L2 = 2, _("二级（重要/严重）")
    L3 = 3, _("三级（一般/轻微）")
    L4 = 4, _("四级（建议/咨询）")


class Outcome(models.TextChoices):
    SATISFIED = "satisfied", _("满意")
    ACCEPTABLE = "acceptable", _("可接受")
    NOT_ACCEPTED = "not_accepted", _("不接受")
    NO_ANSWER = "no_answer", _("到期未回应")


class BrandSource(models.TextChoices):
    MANUAL = "manual", _("人工选择")
    BOSS = "boss", _("BOSS 资料")


def as_one(ids: Iterable[int]) -> Value:
    """An array as one parameter. A plain list becomes an expression for each element, which costs more than asking."""
    return Value(sorted(ids), output_field=_IDS)


_IDS = ArrayField(models.BigIntegerField())


def is_late(at: datetime, prefix: str = "") -> Q:
    """Past its deadline and still not answered: the final answer stops the clock, and a pause that began in time holds
    it. The one definition for lists, counts and reports; `prefix` leads to the complaint."""
    due, paused = f"{prefix}due_at", f"{prefix}paused_at"
    runs = Q(**{paused: None}) | Q(**{f"{paused}__gt": F(due)})
    return Q(**{f"{prefix}is_open": True, f"{due}__lt": at}) & ~Q(**{f"{prefix}state": State.RESOLVED}) & runs


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def visible_to(self, member: Member) -> Self:
        """What `member` may know of: the one definition for lists, details, search, counts, exports and attachments.

        Rights flow down the unit tree (`units` names every unit that has a part in the complaint); the employee whom
        the complaint names and their line manager never see it (回避); a confidential one is for its assignee and the
        roles that hold SEE_CONFIDENTIAL. One of the demo company that was put away is for nobody.
        """
        reach = member.reach
        if reach.content == "none":
            return self.none()
        seen = self if reach.everything else self.filter(units__overlap=as_one(reach.unit_ids))
        seen = seen.filter(put_away_at=None).exclude(recused__contains=as_one([member.pk]))
        if not rights.may(member, rights.Right.SEE_CONFIDENTIAL):
            seen = seen.filter(Q(is_confidential=False) | Q(assignee=member))
        return seen

    def open(self) -> Self:
        return self.filter(is_open=True)

    def overdue(self, at: datetime) -> Self:
        return self.filter(is_late(at))


class Complaint(models.Model):
    number = models.CharField(_("投诉编号"), max_length=24)
    channel = models.CharField(_("渠道"), max_length=32, choices=Channel.choices)
    kind = models.CharField(_("类型"), max_length=16, choices=Kind.choices, default=Kind.COMPLAINT)
    message = models.ForeignKey("channels.Message", models.PROTECT, null=True, related_name="+")
    external_id = models.CharField(max_length=120, blank=True)

    # The customer's own words never change after filing (A25); `text_digest` is in the first event.
    title = models.CharField(_("标题"), max_length=200, blank=True)
    text = models.TextField(_("投诉内容"))
    text_digest = models.CharField(max_length=64)
    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="complaints", db_index=False)
    complainant_name = models.CharField(_("投诉人"), max_length=120, blank=True)
    order_no = models.CharField(_("订单号"), max_length=64, blank=True)
    sku = models.CharField("SKU", max_length=64, blank=True)
    batch = models.CharField(_("批次"), max_length=64, blank=True)
    occurred_at = models.DateTimeField(_("发生时间"), null=True, blank=True)
    occurred_place = models.CharField(_("发生地点"), max_length=200, blank=True)
    region = models.CharField(_("地区"), max_length=64, blank=True)
    expectation = models.CharField(_("客户期望"), max_length=500, blank=True)
    elements = models.JSONField(_("受理要素"), default=dict, blank=True)
    intake_seconds = models.PositiveIntegerField(_("受理用时（秒）"), null=True)

    category = models.ForeignKey(
        "triage.Category", models.PROTECT, related_name="+", verbose_name=_("受理类型"), db_index=False
    )
    confirmed_category = models.ForeignKey(
        "triage.Category", models.PROTECT, null=True, related_name="+", verbose_name=_("二次确认类型"), db_index=False
    )
    severity = models.PositiveSmallIntegerField(_("投诉等级"), choices=Severity.choices)
    complexity = models.CharField(_("复杂度"), max_length=1, default="S")
    emotion = models.PositiveSmallIntegerField(_("情绪等级"), default=1)
    emotion_estimate = models.PositiveSmallIntegerField(default=1)
    is_urgent = models.BooleanField(_("紧急"), default=False)
    is_red = models.BooleanField(_("红色通道"), default=False, db_default=False)  # the red channel has a case of it
    tier = models.CharField(_("客户价值"), max_length=3, default="STD")
    grading = models.JSONField(default=dict)  # the machine's proposal: category, severity, reasons, confidence, model

    owner_unit = models.ForeignKey(
        "org.Unit", models.PROTECT, related_name="+", verbose_name=_("归口单位"), db_index=False
    )
    received_unit = models.ForeignKey("org.Unit", models.PROTECT, null=True, related_name="+", db_index=False)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    units = ArrayField(models.BigIntegerField(), default=list)  # every unit with a part in it; see visible_to
    recused = ArrayField(models.BigIntegerField(), default=list)  # members who must keep away (回避)
    named_employee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    is_confidential = models.BooleanField(_("保密"), default=False)

    state = models.CharField(_("状态"), max_length=20, choices=State.choices, default=State.RECEIVED)
    is_open = models.GeneratedField(
        expression=ExpressionWrapper(Q(state__in=sorted(OPEN)), output_field=models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    version = models.PositiveIntegerField(default=1)
    state_since = models.DateTimeField()
    received_at = models.DateTimeField(_("受理时间"))
    filed_at = models.DateTimeField(_("登记时间"))
    effective_at = models.DateTimeField(_("生效时间"), null=True)
    first_contact_at = models.DateTimeField(_("首次响应"), null=True)
    replied_at = models.DateTimeField(_("反馈时间"), null=True)
    closed_at = models.DateTimeField(_("结案时间"), null=True)
    due_at = models.DateTimeField(_("截止时间"))
    paused_at = models.DateTimeField(_("暂停计时"), null=True)  # what it is due by stands still since then
    breached_at = models.DateTimeField(_("超时时间"), null=True)
    follow_up_on = models.DateField(_("后续跟踪日期"), null=True)  # see actions/moving.py, followed_up

    # the code of a triage.Cause, or one of the category's own causes in its words; see actions/attributing.py
    cause = models.CharField(_("投诉原因"), max_length=120, blank=True, default="", db_default="")
    brand = models.CharField(_("品牌"), max_length=32, blank=True, default="", db_default="")
    brand_source = models.CharField(
        _("品牌来源"), max_length=8, choices=BrandSource.choices, blank=True, default="", db_default=""
    )
    # of the demo company; once it is put away nobody sees it any more, and its record stays whole
    is_demo = models.BooleanField(_("演示投诉"), default=False, db_default=False)
    put_away_at = models.DateTimeField(_("收起时间"), null=True)
    outcome = models.CharField(_("结果"), max_length=16, choices=Outcome.choices, blank=True)
    is_on_spot = models.BooleanField(_("当场解决"), default=False)
    reopened_count = models.PositiveSmallIntegerField(_("重开次数"), default=0)
    reopened_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", db_index=False)
    tracking_code = SealedTextField(default="")
    tracking_digest = models.CharField(max_length=64)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("投诉")
        verbose_name_plural = _("投诉")
        constraints = [
            models.CheckConstraint(condition=Q(severity__range=(1, 4)), name="complaint_severity"),
            models.CheckConstraint(condition=Q(emotion__range=(1, 5)), name="complaint_emotion"),
            models.CheckConstraint(condition=Q(complexity__in=["S", "C"]), name="complaint_complexity"),
            models.CheckConstraint(
                condition=Q(merged_into=None) ^ Q(state=State.MERGED), name="complaint_merged_into_something"
            ),
            # by constraint and not by unique=True, which would add an index for LIKE
            models.UniqueConstraint(fields=["number"], name="complaint_number_once"),
            models.UniqueConstraint(fields=["tracking_digest"], name="complaint_tracking_once"),
            models.UniqueConstraint(
                fields=["channel", "external_id"], condition=~Q(external_id=""), name="complaint_external_once"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(is_open=True), name="complaint_open_due"),
            models.Index(fields=["state", "due_at", "id"], condition=Q(is_open=True), name="complaint_state_due"),
            models.Index(fields=["due_at", "id"], name="complaint_due"),
            models.Index(fields=["-received_at", "-id"], name="complaint_received"),
            models.Index(fields=["filed_at"], condition=Q(intake_seconds__isnull=False), name="complaint_typed_in"),
            models.Index(Coalesce("confirmed_category", "category"), "received_at", name="complaint_kind_received"),
            models.Index(
                fields=["first_contact_at"], condition=Q(first_contact_at__isnull=False), name="complaint_heard"
            ),
            models.Index(fields=["replied_at"], condition=Q(replied_at__isnull=False), name="complaint_replied"),
            models.Index(fields=["closed_at"], condition=Q(closed_at__isnull=False), name="complaint_closed"),
            models.Index(fields=["reopened_at"], condition=Q(reopened_at__isnull=False), name="complaint_reopened"),
            models.Index(fields=["customer", "-received_at"], name="complaint_customer"),
            models.Index(fields=["assignee", "due_at", "id"], condition=Q(is_open=True), name="complaint_assignee"),
            models.Index(
                fields=["follow_up_on"],
                condition=Q(is_open=True, follow_up_on__isnull=False),
                name="complaint_follow_up",
            ),
            models.Index(fields=["order_no"], condition=~Q(order_no=""), name="complaint_order"),
            models.Index(fields=["merged_into"], condition=~Q(merged_into=None), name="complaint_merged_into"),
            GinIndex(fields=["units"], name="complaint_units"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def effective_category_id(self) -> int:
        """Statistics use the confirmed code, routing the intake code (categories.yaml versioning)."""
        return self.confirmed_category_id or self.category_id

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED

    def is_overdue(self, at: datetime) -> bool:
        """The same as is_late() of the rows."""
        return self.is_open and self.state != State.RESOLVED and self.due_at < at and not self.stands_still

    @property
    def stands_still(self) -> bool:
        """It is paused, and was not late then."""
        return self.paused_at is not None and self.paused_at <= self.due_at

    @property
    def is_pressing(self) -> bool:
        """At night, too, while it is open: level 1, in on the emergency line, or a case of the red channel."""
        return self.is_open and (self.severity == Severity.L1 or self.channel == Channel.RED_CHANNEL or self.is_red)

    def may_still_be_reopened(self, at: datetime) -> bool:
        return self.closed_at is not None and at <= self.closed_at + timedelta(days=30)


class Searchable(models.Model):
    """The words of one complaint. Apart from Complaint, so that its many updates never rewrite the GIN index."""

    complaint = models.OneToOneField(Complaint, models.CASCADE, primary_key=True, related_name="searchable")
    vector = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="searchable_vector")]

    def __str__(self) -> str:
        return str(self.complaint_id)


class DayBase(models.Model):
    """Where the never-resting number sequence stood when a day began; TS20261122-00042 is its 42nd step since."""

    day = models.DateField(primary_key=True)
    base = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.day}: {self.base}"
