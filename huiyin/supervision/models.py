"""An order that waits to be signed for, a broken promise on its way up, and letters of supervision."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.models import Clock, Complaint, Note
from huiyin.complaints.states import ENDED
from huiyin.dispatch.models import WorkOrder
from huiyin.org.models import Member


class SignWatchQuerySet(models.QuerySet["SignWatch"]):
    def ripe(self, at: datetime) -> Self:
        return self.filter(next_at__lt=at)


class SignWatch(models.Model):
    """One order that somebody must sign for, and whom it has been offered to so far. No `next_at`: nobody is left."""

    order = models.OneToOneField(WorkOrder, models.CASCADE, primary_key=True, related_name="sign_watch")
    next_at = models.DateTimeField(null=True)
    offered = ArrayField(models.BigIntegerField(), default=list)
    began_at = models.DateTimeField()

    objects = SignWatchQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="sign_watch_next")]

    def __str__(self) -> str:
        return f"{self.order_id} ({len(self.offered)})"


class ClimbQuerySet(models.QuerySet["Climb"]):
    def ripe(self, at: datetime) -> Self:
        """The next rung's moment has come, and the promise still runs."""
        return self.filter(next_at__lt=at, clock__stopped_at=None, clock__paused_at=None)


class Climb(models.Model):
    """How far a broken promise has been carried up the ladder of its policy. No `next_at`: it goes no further."""

    clock = models.OneToOneField(Clock, models.CASCADE, primary_key=True, related_name="climb")
    rung = models.PositiveSmallIntegerField(default=0)  # how many are behind it
    since = models.DateTimeField()  # from when the next one is counted
    reached_at = models.DateTimeField()  # when the last one was on record, or the breach
    told = ArrayField(models.BigIntegerField(), default=list)  # who heard of the last one
    is_put_off = models.BooleanField(default=False)  # one of them acted, and had the time once more
    next_at = models.DateTimeField(null=True)

    objects = ClimbQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="climb_next")]

    def __str__(self) -> str:
        return f"{self.clock_id} ({self.rung})"


class SupervisionQuerySet(models.QuerySet["Supervision"]):
    def visible_to(self, member: Member) -> Self:
        return self.filter(complaint__in=Complaint.objects.visible_to(member))

    def open(self) -> Self:
        """An answer is owed; none is any more once the complaint has ended."""
        return self.filter(answered_at=None).exclude(complaint__state__in=sorted(ENDED))

    def owed_by(self, member: Member) -> Self:
        """Whoever asked does not answer themselves."""
        return self.open().exclude(issued_by=member)

    def late(self, at: datetime) -> Self:
        return self.open().filter(reported_at=None, answer_by_at__lt=at)


class Supervision(models.Model):
    """督办单: somebody above asks what is being done, by when; an answer is owed."""

    number = models.CharField(_("督办编号"), max_length=32, unique=True)
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="supervisions")
    order = models.ForeignKey(WorkOrder, models.PROTECT, null=True, related_name="+")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    words = models.ForeignKey(Note, models.PROTECT, related_name="+", db_index=False)
    answer_by_at = models.DateTimeField(_("答复期限"))
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.ForeignKey(Note, models.PROTECT, null=True, related_name="+", db_index=False)
    reported_at = models.DateTimeField(null=True)  # that no answer came in time

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        ordering = ["issued_at", "id"]
        verbose_name = verbose_name_plural = _("督办单")
        constraints = [
            models.CheckConstraint(condition=Q(answer_by_at__gt=F("issued_at")), name="supervision_has_time")
        ]
        indexes = [
            models.Index(
                fields=["answer_by_at"], condition=Q(answered_at=None, reported_at=None), name="supervision_owed"
            )
        ]

    def __str__(self) -> str:
        return self.number
