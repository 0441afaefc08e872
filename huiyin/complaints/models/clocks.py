"""The running promises of a complaint: clocks, the pauses that hold them, and the extensions that were asked for."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.models.complaint import Complaint
from huiyin.complaints.models.correspondence import Note
from huiyin.org.models import Member

GRACE = timedelta(hours=1)  # between the customer's answer and the end of the pause that waited for it
BREACH = 100  # the share, in per cent, at which a promise is broken


class ClockQuerySet(models.QuerySet["Clock"]):
    def visible_to(self, member: Member) -> Self:
        return self.filter(complaint__in=Complaint.objects.visible_to(member))

    def running(self) -> Self:
        return self.filter(stopped_at=None)

    def needing_attention(self, at: datetime) -> Self:
        """Running, not paused, and a moment of theirs has passed that nobody has looked at yet."""
        return self.filter(stopped_at=None, attention_at__lt=at)

    def provisional(self) -> Self:
        """Due at the earliest moment that may be, since not all the days it counts are announced yet."""
        return self.filter(why__has_key="provisional")

    def untold(self) -> Self:
        """A share was reached that those concerned have not been told of."""
        return self.filter(told__lt=F("reached"))

    def unexplained(self) -> Self:
        """Broken, and nobody has filed the reason (C027)."""
        return self.filter(breached_at__isnull=False, explanation=None)


class Clock(models.Model):
    """One running promise. Target and policy version are frozen at the start; a breach is never undone."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="clocks", db_index=False)
    code = models.CharField(_("时限"), max_length=16)
    subject = models.CharField(max_length=32, blank=True)  # the work order's number, or empty: the complaint itself
    policy_version = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    first_due_at = models.DateTimeField(null=True)  # as it was promised, once a pause or an extension has moved it
    extended_days = models.PositiveSmallIntegerField(default=0, db_default=0)  # working days, approved
    why = models.JSONField(default=dict)
    stopped_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    # the sweep's: when something must next be looked at, the highest share reached, and the highest one told of
    attention_at = models.DateTimeField(null=True)
    reached = models.PositiveSmallIntegerField(default=0, db_default=0)
    told = models.PositiveSmallIntegerField(default=0, db_default=0)
    explanation = models.ForeignKey(Note, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = ClockQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["attention_at"], condition=Q(stopped_at=None), name="clock_attention"),
            models.Index(fields=["due_at"], condition=Q(stopped_at=None, breached_at=None), name="clock_running_due"),
            models.Index(
                fields=["due_at"], condition=Q(stopped_at=None, breached_at__isnull=False), name="clock_broken_due"
            ),
            models.Index(fields=["complaint", "code"], name="clock_complaint"),
            models.Index(fields=["started_at"], condition=Q(code="CK-RET"), name="clock_returned_goods"),
            models.Index(fields=["complaint"], condition=Q(told__lt=F("reached")), name="clock_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject}".strip()

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None

    @property
    def promised_at(self) -> datetime:
        """When it was due before any pause or extension."""
        return self.first_due_at or self.due_at

    def late_by(self, at: datetime) -> timedelta:
        """From the due moment to when it was met, or to `at` where it still runs; none where it was kept."""
        return max((self.stopped_at or at) - self.due_at, timedelta())

    def is_late(self, at: datetime) -> bool:
        return (self.stopped_at or at) > self.due_at and not self.stands_still

    @property
    def stands_still(self) -> bool:
        """It is paused, and was not late then."""
        return self.paused_at is not None and self.paused_at <= self.due_at


class PauseQuerySet(models.QuerySet["Pause"]):
    def running(self) -> Self:
        return self.filter(ended_at=None)

    def needing_attention(self, at: datetime) -> Self:
        return self.filter(ended_at=None, attention_at__lt=at)


class Pause(models.Model):
    """Time that does not count, for one of the policy's reasons. Of each reason one at a time; they may overlap."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="pauses")
    reason = models.CharField(_("暂停原因"), max_length=24)
    note = models.ForeignKey(Note, models.PROTECT, related_name="+", db_index=False)  # what was said, and the evidence
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    until_at = models.DateTimeField(null=True)  # the longest the policy allows, or as agreed; then it ends by itself
    review_at = models.DateTimeField(null=True)  # without a limit: when somebody is to see whether it must still last
    evidence = models.CharField(max_length=32, blank=True, default="", db_default="")  # a row's kind and key, see proof
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=8, blank=True)  # member, customer, system
    replied_at = models.DateTimeField(null=True)  # the customer answered while it still ran
    reminded = models.PositiveSmallIntegerField(default=0)
    attention_at = models.DateTimeField(null=True)

    objects = PauseQuerySet.as_manager()

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "reason"], condition=Q(ended_at=None), name="pause_one_of_each_reason"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="pause_ends_after_it_began"
            ),
        ]
        indexes = [models.Index(fields=["attention_at"], condition=Q(ended_at=None), name="pause_attention")]

    def __str__(self) -> str:
        return self.reason

    def outlived_reply(self, at: datetime) -> bool:
        """The customer has written, and it went on all the same."""
        return self.replied_at is not None and (self.ended_at or at) > self.replied_at + GRACE

    def lasted(self, at: datetime) -> timedelta:
        return (self.ended_at or at) - self.started_at


class Reckoning(models.Model):
    """How far an ordered 重算 has come; a job that was stopped goes on from there."""

    change = models.OneToOneField("org.Change", models.PROTECT, primary_key=True, related_name="+")
    total = models.PositiveIntegerField()  # complaints with promises that run, when it began
    looked = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)  # promises
    after = models.BigIntegerField(default=0)  # the last complaint that was looked at
    began_at = models.DateTimeField()
    is_over = models.BooleanField(default=False)

    class Meta:
        ordering = ["-change"]

    def __str__(self) -> str:
        return f"{self.looked}/{self.total}"


class Extension(models.Model):
    """延期: asked for before the promise is broken, decided by a supervisor, told to the customer; once."""

    class Verdict(models.TextChoices):
        ASKED = "asked", _("待审批")
        GRANTED = "granted", _("同意")
        REFUSED = "refused", _("不同意")
        LAPSED = "lapsed", _("到期未批")

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="extensions")
    days = models.PositiveSmallIntegerField(_("延长工作日"))
    reason = models.ForeignKey(Note, models.PROTECT, related_name="+", db_index=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=Verdict.choices, default=Verdict.ASKED)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    due_before = models.DateTimeField()
    due_after = models.DateTimeField(null=True)
    # after another grading: the promise as the new level has it, {"due", "why", "policy"}; `days` is 0 then
    target = models.JSONField(default=dict, db_default=Value({}, output_field=models.JSONField()))

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["clock"], condition=Q(verdict="asked"), name="extension_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="extension_two_people"
            ),
        ]

    @property
    def target_at(self) -> datetime | None:
        """When it is due, if this is granted; None for working days asked for."""
        return datetime.fromisoformat(self.target["due"]) if self.target else None

    def __str__(self) -> str:
        return f"{self.clock_id} +{self.days}"
