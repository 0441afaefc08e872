"""WorkOrder 工单: the internal task, one or more for each complaint; its answers and audits."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.models import Clock, Complaint, Issue
from huiyin.dispatch.states import ACTIVE, GONE, IN_HAND, OrderState
from huiyin.org.models import Member, Unit


def _paused() -> models.QuerySet[Clock]:
    """The clock of an order that is paused."""
    return Clock.objects.running().filter(
        complaint=OuterRef("complaint"), code="CK-HANDLE", subject=OuterRef("number"), paused_at__isnull=False
    )


def standing_still() -> Q:
    """Of orders: their time is paused, and was not over then."""
    return Q(Exists(_paused().filter(paused_at__lte=F("due_at"))))


class WorkOrderQuerySet(models.QuerySet["WorkOrder"]):
    def with_time(self) -> Self:
        """With what is_overdue() looks at, in the same statement."""
        return self.annotate(still=standing_still())

    def visible_to(self, member: Member) -> Self:
        """Orders of complaints that the member may see. Whoever sees the complaint sees all its orders."""
        return self.filter(complaint__in=Complaint.objects.visible_to(member))

    def active(self) -> Self:
        return self.filter(state__in=sorted(ACTIVE))

    def standing(self) -> Self:
        """All but those given back or cancelled."""
        return self.exclude(state__in=sorted(GONE))

    def to_nudge(self, at: datetime) -> Self:
        """In a unit's hands with four fifths of the time used up, which does not stand still, and the system has not
        said so yet."""
        ripe = self.filter(state__in=sorted(IN_HAND), nudge_at__isnull=False, nudge_at__lte=at)
        return ripe.exclude(Exists(_paused()))

    def given_back(self) -> Self:
        """Declined, and not yet sent to somebody else: the dispatcher must act."""
        return self.filter(state=OrderState.TRANSFERRED, successor=None, is_settled=False)

    def of_units(self, unit_ids: frozenset[int] | list[int]) -> Self:
        return self.filter(unit_id__in=sorted(unit_ids))

    def overdue(self, at: datetime) -> Self:
        return self.filter(~standing_still(), state__in=sorted(ACTIVE), due_at__lt=at)


class WorkOrder(models.Model):
    number = models.CharField(_("工单编号"), max_length=32, unique=True)
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="work_orders")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="successor")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("承办单位"))
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    issues = models.ManyToManyField(Issue, related_name="work_orders")
    state = models.CharField(_("状态"), max_length=20, choices=OrderState.choices, default=OrderState.PENDING_DISPATCH)
    instructions = models.TextField(_("派单说明"), blank=True)
    findings = models.TextField(_("处理内容"), blank=True)
    result_code = models.CharField(_("处理结果"), max_length=32, blank=True)
    decline_reason = models.TextField(_("退单理由"), blank=True)
    is_settled = models.BooleanField(default=False)  # given back, and the dispatcher decided that nobody else need act
    round = models.PositiveSmallIntegerField(_("第几轮"), default=1)

    dispatched_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    dispatched_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(_("签收时间"), null=True)
    completed_at = models.DateTimeField(_("处理完成时间"), null=True)
    audited_at = models.DateTimeField(_("审核时间"), null=True)
    sign_due_at = models.DateTimeField(_("签收时限"), null=True)
    due_at = models.DateTimeField(_("处理时限"))
    order_due_at = models.DateTimeField(_("工单时限"))

    # 催办: `nudge_at` is when four fifths of the time are used up; empty once the system has nudged
    nudge_count = models.PositiveSmallIntegerField(_("催办次数"), default=0, db_default=0)
    last_nudged_at = models.DateTimeField(_("最近催办"), null=True)
    nudge_at = models.DateTimeField(null=True)
    auto_nudged_at = models.DateTimeField(null=True)

    objects = WorkOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("工单")
        verbose_name_plural = _("工单")
        constraints = [
            models.CheckConstraint(condition=Q(due_at__lte=F("order_due_at")), name="work_order_due_before_complaint")
        ]
        indexes = [
            models.Index(fields=["unit", "state", "due_at", "id"], name="work_order_unit"),
            models.Index(fields=["assignee", "state", "due_at"], name="work_order_assignee"),
            models.Index(fields=["state", "due_at", "id"], name="work_order_state"),
            models.Index(fields=["audited_at"], condition=Q(state=OrderState.PASSED), name="work_order_passed"),
            models.Index(
                fields=["nudge_at"],
                condition=Q(nudge_at__isnull=False, state__in=sorted(IN_HAND)),
                name="work_order_nudge",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    def is_overdue(self, at: datetime) -> bool:
        """The same as overdue() of the rows."""
        return self.is_active and self.due_at < at and not self.stands_still

    @property
    def stands_still(self) -> bool:
        """It is paused, and was not late then; one query where it did not come with its time."""
        known: bool | None = getattr(self, "still", None)
        return WorkOrder.objects.filter(standing_still(), pk=self.pk).exists() if known is None else known

    @property
    def latest_nudge(self) -> datetime | None:
        """By a person or by the system."""
        return max(filter(None, (self.last_nudged_at, self.auto_nudged_at)), default=None)


class Answer(models.Model):
    """What the unit answers to one issue, in one order (逐一答复)."""

    work_order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="answers")
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="answers")
    text = models.TextField(_("答复"))
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work_order", "issue"], name="answer_once")]

    def __str__(self) -> str:
        return self.text[:60]


class Audit(models.Model):
    """审核: one verdict on one round of one order."""

    class Verdict(models.TextChoices):
        PASS = "pass", _("合格")
        SEND_BACK = "send_back", _("不合格，重派")

    work_order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="audits")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    reason = models.TextField(_("理由"), blank=True)
    auditor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    audited_at = models.DateTimeField()
    round = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["audited_at", "id"]

    def __str__(self) -> str:
        return f"{self.work_order_id} {self.verdict}"


class RoutingRule(models.Model):
    """One row of the routing table (routing.yaml): when this holds, that follows. Evaluated by `position`."""

    code = models.CharField(_("编码"), max_length=16, unique=True)
    position = models.PositiveSmallIntegerField(_("顺序"))
    condition = models.JSONField(_("条件"), default=dict)
    effect = models.JSONField(_("动作"), default=dict)
    is_active = models.BooleanField(_("启用"), default=True)
    loaded_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["position"]
        verbose_name = verbose_name_plural = _("派单规则")

    def __str__(self) -> str:
        return self.code
