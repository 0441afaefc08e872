"""What a member began to write and has not sent: found again at whatever machine they sit down."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.models.complaint import Complaint
from huiyin.complaints.models.record import Event
from huiyin.lib.sealed import SealedTextField
from huiyin.org.models import Member

KEPT = timedelta(days=30)
# the longest of what was typed tells them apart; of a registration it could be whatever
WORDED = ("deeds", "orders", "reviews")
# what happens beside the work, and leaves what one was about to write as right as it was
QUIET = (
    Event.Kind.NOTED, Event.Kind.NOTE_WITHDRAWN, Event.Kind.ATTACHED, Event.Kind.REVEALED, Event.Kind.EXPORTED,
    Event.Kind.BREACHED,
)  # fmt: skip


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, member: Member) -> Self:
        """One's own; about a complaint only while one sees it."""
        return self.filter(Q(complaint=None) | Q(complaint__in=Complaint.objects.visible_to(member)), member=member)

    def with_moved(self, member: Member) -> Self:
        """`has_moved`: others did something with the complaint since the page that it was written on."""
        later = Event.objects.filter(complaint=OuterRef("complaint"), seq__gt=OuterRef("seen_seq"))
        return self.annotate(has_moved=Exists(later.exclude(kind__in=QUIET).exclude(actor=member)))


class Draft(models.Model):
    """The fields of one form. Nothing of it is on the record; it goes when it is sent, and after thirty days."""

    class Form(models.TextChoices):
        NOTE = "notes", _("备注")
        LETTER = "letters", _("答复")
        CALL = "calls", _("通话记录")
        INTAKE = "intake", _("受理登记")
        DEED = "deeds", _("处理步骤")
        ORDER = "orders", _("工单")
        REVIEW = "reviews", _("质检评审")

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=8, choices=Form.choices)
    complaint = models.ForeignKey(Complaint, models.CASCADE, null=True, related_name="drafts")
    about = models.CharField(max_length=80, default="", db_default="")  # "closure", "GD-1:completion"
    values = SealedTextField(_("内容"), default="")  # {"name": ["value", ...], ...} as JSON
    seen_seq = models.PositiveIntegerField(null=True)  # the last event that its page showed
    saved_at = models.DateTimeField(db_index=True)

    has_moved: bool  # by with_moved()

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "form", "complaint", "about"], nulls_distinct=False, name="draft_once_of_each"
            ),
            models.CheckConstraint(
                condition=Q(form="intake", complaint=None) | (~Q(form="intake") & Q(complaint__isnull=False)),
                name="draft_is_about_a_complaint",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.form} {self.complaint_id or ''}"

    @property
    def fields(self) -> dict[str, list[str]]:
        read: dict[str, Any] = json.loads(self.values or "{}")
        return read

    @property
    def words(self) -> str:
        """What to know it by."""
        given = {name: " ".join(words).strip() for name, words in self.fields.items()}
        for name in ("body", "text", "title", "name", "findings"):
            if found := given.get(name, ""):
                return found
        return max(given.values(), key=len, default="") if self.form in WORDED else ""
