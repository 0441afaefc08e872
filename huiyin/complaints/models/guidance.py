"""Which method one complaint is handled by, and how far it has been followed."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.models.complaint import Complaint
from huiyin.complaints.states import ENDED
from huiyin.org.models import Member


class GuidanceQuerySet(models.QuerySet["Guidance"]):
    def visible_to(self, member: Member) -> Self:
        return self.filter(complaint__in=Complaint.objects.visible_to(member))

    def current(self) -> Self:
        """In use. What was marked before the complaint ended is over with it, and does not come back if it does."""
        since_reopened = Q(complaint__reopened_at=None) | Q(begun_at__gte=F("complaint__reopened_at"))
        return self.filter(since_reopened, ended_at=None).exclude(complaint__state__in=sorted(ENDED))


class Guidance(models.Model):
    """One method (the code of a Method or Playbook in knowledge) followed on one complaint.

    A playbook is chosen by evidence of behaviour in this complaint. It is never written on the customer, into a letter
    or into the record of events, and nobody sees it once the complaint has ended.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="guidances")
    method = models.CharField(_("处理方法"), max_length=8)
    is_special = models.BooleanField(_("特殊投诉处理方法"), default=False)
    evidence = models.TextField(_("行为证据"), blank=True)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    steps = models.JSONField(_("已完成的步骤"), default=list)  # [{"step": 1, "by": a member's id, "at": ISO 8601}, ...]
    ended_at = models.DateTimeField(null=True)

    objects = GuidanceQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["complaint"], condition=Q(ended_at=None), name="guidance_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(is_special=False) | ~Q(evidence=""), name="guidance_special_by_evidence"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("begun_by")), name="guidance_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.method}"

    @property
    def done(self) -> dict[int, dict[str, Any]]:
        """The steps that were taken, by number."""
        return {each["step"]: each for each in self.steps}

    def done_at(self, number: int) -> datetime | None:
        found = self.done.get(number)
        return datetime.fromisoformat(found["at"]) if found else None
