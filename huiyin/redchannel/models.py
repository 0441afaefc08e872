"""A case of the red channel: its pages, its task force, its war rooms; and the daily reports to management."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.models import Complaint
from huiyin.lib.defaults import Configured
from huiyin.org.models import Member
from huiyin.quality.models import Incident, IncidentClass

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


def _codes(name: "str | StrPromise") -> ArrayField[list[str], list[str]]:
    return ArrayField(models.CharField(max_length=32), verbose_name=name, default=list, blank=True)


class RedPolicy(Configured):
    """What makes a case red, who is paged how often, what a quorum is (redchannel.yaml). One row."""

    code = models.CharField(_("编码"), max_length=16, unique=True)
    levels = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("投诉等级"), default=list, blank=True)
    channels = _codes(_("受理渠道"))
    rules = _codes(_("定级规则"))
    group_code = models.CharField(_("应急小组"), max_length=32, default="EXE")
    group_else = _codes(_("小组无人时呼叫的角色"))
    every_minutes = models.PositiveSmallIntegerField(_("每隔几分钟再呼叫"), default=5)
    widen_after = models.PositiveSmallIntegerField(_("几轮后扩大"), default=2)
    rungs = models.JSONField(_("逐级扩大到"), default=list, blank=True)
    plan_by_rule = models.JSONField(_("各规则用的预案"), default=dict, blank=True)
    plan_otherwise = models.CharField(_("其余用的预案"), max_length=16, blank=True)
    quorum = models.JSONField(_("法定人数"), default=list, blank=True)
    mentions = models.JSONField(_("舆情发酵"), default=dict, blank=True)  # times, days, at_least, reach
    daily_level = models.PositiveSmallIntegerField(_("每日报告的等级"), default=2)
    daily_roles = _codes(_("每日报告给的角色"))

    class Meta:
        verbose_name = verbose_name_plural = _("红色通道")
        constraints = [
            models.CheckConstraint(
                condition=Q(every_minutes__gt=0) & Q(widen_after__gt=0), name="red_policy_pages_in_time"
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def every(self) -> timedelta:
        return timedelta(minutes=self.every_minutes)


class RedCaseQuerySet(models.QuerySet["RedCase"]):
    def visible_to(self, member: Member) -> Self:
        """Those of complaints that the member may see, in full: what is decided there is no figure."""
        if member.reach.content != "full":
            return self.none()
        return self.filter(complaint__in=Complaint.objects.visible_to(member))

    def standing(self) -> Self:
        return self.filter(ended_at=None, complaint__is_open=True)

    def unanswered(self, at: datetime) -> Self:
        """To be paged again."""
        return self.filter(next_at__lte=at)


class RedCase(models.Model):
    class Reason(models.TextChoices):
        LEVEL = "level", _("一级投诉")
        LINE = "line", _("紧急专线来件")
        RULE = "rule", _("触发红色通道规则")
        MENTIONS = "mentions", _("舆情发酵")

    complaint = models.OneToOneField(Complaint, models.PROTECT, related_name="red_case")
    reason = models.CharField(_("原因"), max_length=8, choices=Reason.choices)
    rule = models.CharField(max_length=16, blank=True)  # of severity.yaml, where one said so
    called_at = models.DateTimeField(_("首次呼叫"))
    rounds = models.PositiveIntegerField(_("呼叫轮次"), default=0)
    paged = ArrayField(models.BigIntegerField(), default=list)  # members, the first ones first
    next_at = models.DateTimeField(null=True)  # paged again then; nothing once somebody has confirmed
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)  # it proved not to be one
    kind = models.ForeignKey(IncidentClass, models.PROTECT, null=True, related_name="+", verbose_name=_("预案"))
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="red_cases")
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    named_at = models.DateTimeField(null=True)
    formed_at = models.DateTimeField(_("专项小组成立"), null=True)  # the lead said that it stands

    objects = RedCaseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("红色通道")
        constraints = [
            models.CheckConstraint(condition=Q(confirmed_at=None) | Q(next_at=None), name="red_case_paged_until_then"),
            models.CheckConstraint(condition=Q(formed_at=None) | Q(lead__isnull=False), name="red_case_has_a_lead"),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="red_case_next"),
            models.Index(fields=["-called_at", "-id"], name="red_case_called"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.reason}"

    @property
    def is_ringing(self) -> bool:
        return self.confirmed_at is None and self.ended_at is None

    @property
    def answered_after(self) -> timedelta | None:
        return self.confirmed_at - self.called_at if self.confirmed_at else None


class ForceMember(models.Model):
    """专项小组: who is in it, by name."""

    case = models.ForeignKey(RedCase, models.CASCADE, related_name="force")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "member"], name="force_member_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.member_id}"


class WarRoomQuerySet(models.QuerySet["WarRoom"]):
    def visible_to(self, member: Member) -> Self:
        return self.filter(case__in=RedCase.objects.visible_to(member))

    def open(self) -> Self:
        return self.filter(ended_at=None)


class WarRoom(models.Model):
    """会诊: who is called, who came when, what was decided. One at a time."""

    case = models.ForeignKey(RedCase, models.PROTECT, related_name="rooms")
    position = models.PositiveSmallIntegerField()
    topic = models.CharField(_("议题"), max_length=200)
    place = models.CharField(_("在哪里（会议号或地点）"), max_length=200, blank=True)
    called_at = models.DateTimeField(_("召集时间"))
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sides = models.JSONField(default=list)  # [{"zh", "en", "units"}]: one of each makes the quorum; as it was then
    vacant = models.JSONField(default=list)  # sides for which the company has nobody
    quorum_at = models.DateTimeField(_("到齐时间"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    minutes = models.TextField(_("会议纪要"), blank=True)
    group_at = models.DateTimeField(null=True)  # since when it has a group of the company's WeCom,
    group_fault = models.CharField(max_length=300, blank=True, default="", db_default="")  # or why it has none

    objects = WarRoomQuerySet.as_manager()

    class Meta:
        ordering = ["-position"]
        verbose_name = verbose_name_plural = _("会诊")
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="war_room_position"),
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="war_room_one_open"),
            models.CheckConstraint(condition=Q(ended_at=None) ^ ~Q(minutes=""), name="war_room_has_minutes"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.position}"

    def has_come(self, side: dict[str, Any], joined: list[Member]) -> bool:
        """Somebody of that side is in the room."""
        codes = set(side["units"])
        return any(codes & set(member.unit.path.strip("/").split("/")) for member in joined)


class Participant(models.Model):
    room = models.ForeignKey(WarRoom, models.CASCADE, related_name="participants")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    called_at = models.DateTimeField(null=True)  # nobody called them: they came by themselves
    joined_at = models.DateTimeField(_("加入时间"), null=True)  # called, but not there yet
    in_group_at = models.DateTimeField(null=True)  # put into the room's group

    class Meta:
        ordering = ["joined_at", "id"]
        constraints = [models.UniqueConstraint(fields=["room", "member"], name="participant_once")]

    def __str__(self) -> str:
        return f"{self.room_id} {self.member_id}"

    @property
    def joined_after(self) -> timedelta | None:
        """Since they were called, which may be later than the others."""
        return self.joined_at - (self.called_at or self.room.called_at) if self.joined_at else None


class Decision(models.Model):
    """What was decided, by whom, when. PostgreSQL refuses to change it; its digest is in the complaint's record."""

    room = models.ForeignKey(WarRoom, models.PROTECT, related_name="decisions")
    position = models.PositiveSmallIntegerField()
    text = models.TextField(_("决定"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["room", "position"], name="decision_position")]

    def __str__(self) -> str:
        return f"{self.room_id}/{self.position}"


class DailyReport(models.Model):
    """每日报送: what was open at level 2 when the hour struck (C045). Only its numbers; the page asks who may see."""

    day = models.DateField(unique=True)
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()
    complaints = ArrayField(models.BigIntegerField(), default=list)  # the most urgent first
    skipped = models.PositiveSmallIntegerField(default=0)  # days before it that nobody reported on
    told = ArrayField(models.BigIntegerField(), default=list)  # the managers who had it

    class Meta:
        ordering = ["-day"]
        verbose_name = verbose_name_plural = _("每日报送")

    def __str__(self) -> str:
        return self.day.isoformat()

    @property
    def is_late(self) -> bool:
        return self.made_at - self.due_at > timedelta(minutes=5)


class Topic(models.Model):
    """话题: what the monitoring service counts mentions of; `complaint` is the crisis that it last opened."""

    name = models.CharField(_("话题"), max_length=120, unique=True)
    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, related_name="topics")

    class Meta:
        verbose_name = verbose_name_plural = _("舆情话题")

    def __str__(self) -> str:
        return self.name


class Mentions(models.Model):
    """How often one topic was mentioned within one hour, and how many the widest post reached."""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="hours")
    hour = models.DateTimeField()
    count = models.PositiveIntegerField()
    reach = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("舆情提及")
        constraints = [models.UniqueConstraint(fields=["topic", "hour"], name="mentions_once_an_hour")]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.hour:%Y-%m-%d %H} {self.count}"
