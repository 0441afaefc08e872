"""What belongs to one complaint: its issues, the judgement of validity, its mergers. Its clocks are in clocks.py."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.models.complaint import Complaint


class Issue(models.Model):
    """One answerable point (问题点). No audit passes while one of them has no answer (A51)."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="issues", db_index=False)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("问题点"), max_length=1000)
    answer = models.TextField(_("答复"), blank=True)
    answered_at = models.DateTimeField(null=True)
    is_dropped = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["complaint", "position"], name="issue_position")]

    def __str__(self) -> str:
        return self.text


class Validity(models.Model):
    """Was the complaint justified (投诉是否成立): judged by one, with evidence, confirmed by another (B28)."""

    class Value(models.TextChoices):
        OURS = "ours", _("成立-我方责任")
        SHARED = "shared", _("成立-共同责任")
        THIRD_PARTY = "third_party", _("成立-第三方责任")
        PARTLY = "partly", _("部分成立")
        MISUNDERSTOOD = "misunderstood", _("不成立-客户误解")
        CUSTOMERS_OWN = "customers_own", _("不成立-客户自身原因")
        NOT_VERIFIABLE = "not_verifiable", _("无法查实")

    NOT_VALID = frozenset({Value.MISUNDERSTOOD, Value.CUSTOMERS_OWN, Value.NOT_VERIFIABLE})

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="validities")
    value = models.CharField(_("成立判断"), max_length=16, choices=Value.choices)
    reason = models.TextField(_("理由"))
    evidence = models.TextField(_("证据"))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("proposed_by")), name="validity_two_people"
            )
        ]

    def __str__(self) -> str:
        return self.get_value_display()


class Merger(models.Model):
    """One complaint was found to be the same matter as another; can be undone."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="mergers")
    into = models.ForeignKey(Complaint, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.complaint_id} -> {self.into_id}"
