"""事件: what concerns more than one complaint and more than one department, with its duties and its reports."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.models import Complaint
from huiyin.complaints.models.complaint import as_one
from huiyin.org import rules as rights
from huiyin.org.models import Member, Unit
from huiyin.quality.models.configuration import IncidentClass


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, member: Member) -> Self:
        """Incidents of complaints that the member may see; and those of the units that lead or join, and all for who
        leads the company, unless every complaint in it is kept from them. Never for whom one of its complaints names.
        """
        reach = member.reach
        if reach.content != "full":
            return self.none()
        links = IncidentComplaint.objects.filter(incident=OuterRef("pk"))
        known = Exists(links.filter(complaint__in=Complaint.objects.visible_to(member)))
        joins = Incident.joint_units.through.objects.filter(incident=OuterRef("pk"), unit_id__in=reach.unit_ids)
        theirs = Q(lead_unit_id__in=reach.unit_ids) | Q(Exists(joins))
        if reach.everything or rights.may(member, rights.Right.SEE_EVERY_INCIDENT):
            theirs = Q(pk__isnull=False)
        is_open_to_units = ~Exists(links) | Exists(links.filter(complaint__is_confidential=False))
        named = links.filter(complaint__recused__contains=as_one([member.pk]))
        return self.filter(known | Q(theirs & is_open_to_units)).exclude(Exists(named))

    def open(self) -> Self:
        return self.filter(state=Incident.State.OPEN)

    def missing_a_report(self, at: datetime) -> Self:
        return self.filter(next_report_due_at__lt=at)


class Incident(models.Model):
    class State(models.TextChoices):
        OPEN = "open", _("处置中")
        RESTORED = "restored", _("已恢复，待结束")
        ENDED = "ended", _("已结束")

    number = models.CharField(_("事件编号"), max_length=24, unique=True)
    kind = models.ForeignKey(IncidentClass, models.PROTECT, related_name="+", verbose_name=_("类别"))
    title = models.CharField(_("标题"), max_length=200)
    summary = models.TextField(_("情况"), blank=True)
    lead_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("牵头单位"))
    joint_units = models.ManyToManyField(Unit, related_name="+", verbose_name=_("联合单位"))
    is_market_moving = models.BooleanField(_("可能引发股价波动"), default=False)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(_("开始时间"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    restored_at = models.DateTimeField(_("恢复时间"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    conclusion = models.TextField(_("结论"), blank=True)
    report_every = models.DurationField(null=True)  # frozen at the start, like every promise
    next_report_due_at = models.DateTimeField(_("下一份报告"), null=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("事件")
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(next_report_due_at=None) | Q(state="open", report_every__isnull=False),
                name="incident_reports_while_open",
            ),
            models.CheckConstraint(condition=Q(ended_at=None) ^ Q(state="ended"), name="incident_ended_at"),
        ]
        indexes = [
            models.Index(
                fields=["next_report_due_at"], condition=~Q(next_report_due_at=None), name="incident_report_due"
            ),
            models.Index(fields=["state", "-opened_at"], name="incident_state"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_ended(self) -> bool:
        return self.state == self.State.ENDED


class IncidentComplaint(models.Model):
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="links")
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="incident_links")
    joined_at = models.DateTimeField()
    joined_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["joined_at", "id"]
        constraints = [models.UniqueConstraint(fields=["incident", "complaint"], name="incident_complaint_once")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.complaint_id}"


class Duty(models.Model):
    """One line of the incident's checklist: recall, filing with the authority, what is said to the press."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="duties")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("任务"), max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(_("期限"), null=True)
    reminded = models.PositiveSmallIntegerField(default=0, db_default=0)  # the share of its time that was told of
    done_at = models.DateTimeField(_("完成时间"), null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    evidence = models.TextField(_("凭据"), blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "position"], name="incident_duty_position"),
            models.CheckConstraint(condition=Q(done_at=None) | ~Q(evidence=""), name="incident_duty_evidence"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_late(self, at: datetime) -> bool:
        return self.due_at is not None and (self.done_at or at) > self.due_at


class Report(models.Model):
    """A report on how it stands; or, with `missed_at`, the place where `missed_count` of them should be."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="reports")
    due_at = models.DateTimeField(null=True)
    text = models.TextField(_("报告"), blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()
    missed_at = models.DateTimeField(null=True)
    missed_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-written_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "due_at"], condition=~Q(missed_at=None), name="incident_missed_once"
            ),
            models.CheckConstraint(condition=Q(missed_at=None) ^ Q(missed_count__gt=0), name="incident_missed_count"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.written_at:%Y-%m-%d %H:%M}"

    @property
    def is_late(self) -> bool:
        return self.missed_at is None and self.due_at is not None and self.written_at > self.due_at


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, member: Member) -> Self:
        """One's own, of incidents that one may see."""
        return self.filter(member=member, incident__in=Incident.objects.visible_to(member))


class Notice(models.Model):
    """Who was told of an incident; stays on their list until seen."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("新事件")
        MARKET = "market", _("可能引发股价波动")
        MISSED = "missed", _("漏报")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="notices")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    told_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-told_at", "-id"]
        indexes = [models.Index(fields=["member"], condition=Q(seen_at=None), name="incident_notice_unseen")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.member_id} {self.kind}"
