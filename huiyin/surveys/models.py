"""What customers answered when asked how we did."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.models import Complaint
from huiyin.org.models import Member

LOW = 3  # fewer stars than these, and somebody should call
EASE = range(1, 8)  # CES: 1 very strongly disagree … 7 very strongly agree that it was made easy
ADVICE = range(11)  # NPS: how likely to recommend us


class AnswerQuerySet(models.QuerySet["Answer"]):
    def visible_to(self, member: Member) -> Self:
        return self.filter(complaint__in=Complaint.objects.visible_to(member))


class Reason(models.TextChoices):
    """主要原因: why it was three stars or fewer (surveys.yaml Q9)."""

    WAIT = "wait", _("等太久")
    REPEAT = "repeat", _("反复描述")
    UNSOLVED = "unsolved", _("没有解决")
    ATTITUDE = "attitude", _("态度")
    AWARD = "award", _("补偿不合理")
    UNCLEAR = "unclear", _("说明不清")
    OTHER = "other", _("其他")


class Answer(models.Model):
    """One answer for each time that the complaint was closed.

    `resolved_at`: when what is rated was answered, as it was then. Figures count by it: a complaint that comes back and
    is answered anew takes no earlier rating along.
    """

    class Via(models.TextChoices):
        PORTAL = "portal", _("网上门户")
        PHONE = "phone", _("电话回访")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="answers")
    stars = models.PositiveSmallIntegerField(_("星级"))
    words = models.TextField(_("评价"), blank=True)
    ces = models.PositiveSmallIntegerField(_("省力程度"), null=True)
    nps = models.PositiveSmallIntegerField(_("推荐意愿"), null=True)
    reasons = ArrayField(
        models.CharField(max_length=12, choices=Reason.choices), verbose_name=_("不满意的主要原因"), default=list
    )
    at = models.DateTimeField(_("评价时间"))
    resolved_at = models.DateTimeField()
    via = models.CharField(_("途径"), max_length=12, choices=Via.choices)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="answer_stars"),
            models.CheckConstraint(condition=Q(ces=None) | Q(ces__range=(EASE[0], EASE[-1])), name="answer_ces"),
            models.CheckConstraint(condition=Q(nps=None) | Q(nps__range=(ADVICE[0], ADVICE[-1])), name="answer_nps"),
        ]
        indexes: ClassVar = [models.Index(fields=["resolved_at"], name="answer_resolved")]

    def __str__(self) -> str:
        return "★" * self.stars

    @property
    def is_low(self) -> bool:
        return self.stars < LOW

    @property
    def reason_labels(self) -> list[str]:
        return [str(Reason(each).label) for each in self.reasons]


class Invitation(models.Model):
    """A customer was asked by mail. Once more after three days without an answer, then they are left in peace."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="invitations")
    asked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # answered, come back, or never answered: there is no score then

    class Meta:
        indexes: ClassVar = [models.Index(fields=["asked_at"], condition=Q(ended_at=None), name="invitation_waiting")]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.asked_at:%Y-%m-%d}"


class PutOff(models.Model):
    """Asking by mail has failed, or cannot be done; tried again then, later each time, after all who were not tried."""

    complaint = models.OneToOneField(Complaint, models.CASCADE, related_name="survey_put_off")
    tries = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.until:%Y-%m-%d %H:%M}"
