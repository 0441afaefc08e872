"""What customers answered when asked how we did."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.models import Complaint
from huiyin.org.models import Member

LOW = 3  # fewer stars than these, and somebody should call


class AnswerQuerySet(models.QuerySet["Answer"]):
    def visible_to(self, member: Member) -> Self:
        return self.filter(complaint__in=Complaint.objects.visible_to(member))


class Answer(models.Model):
    """One answer for each time that the complaint was closed."""

    class Via(models.TextChoices):
        PORTAL = "portal", _("网上门户")
        PHONE = "phone", _("电话回访")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="answers")
    stars = models.PositiveSmallIntegerField(_("星级"))
    words = models.TextField(_("评价"), blank=True)
    at = models.DateTimeField(_("评价时间"))
    via = models.CharField(_("途径"), max_length=12, choices=Via.choices)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="answer_stars")]

    def __str__(self) -> str:
        return "★" * self.stars

    @property
    def is_low(self) -> bool:
        return self.stars < LOW
