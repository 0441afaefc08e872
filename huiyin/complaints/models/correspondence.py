"""Words about a complaint: notes among ourselves, letters to the customer, files."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.models.complaint import Complaint
from huiyin.org import rules as rights
from huiyin.org.models import Member

READS_WORDS = frozenset({"R", "RW", "deidentified"})  # access to notes and letters, other than none


def enclosed() -> models.JSONField:
    """The files that belong to the words: ids of the complaint's attachments, which are never taken away."""
    return models.JSONField(default=list, db_default=models.Value([], output_field=models.JSONField()))


class Note(models.Model):
    """Internal words: a colleague's note, or the reason given with a move (events carry only its id and digest)."""

    class Kind(models.TextChoices):
        NOTE = "note", _("内部备注")
        REASON = "reason", _("理由")
        CUSTOMER = "customer", _("客户补充")
        OPINION = "opinion", _("法务意见")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.NOTE)
    text = models.TextField(_("内容"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    enclosed = enclosed()
    withdrawn_at = models.DateTimeField(null=True)  # by its author, at once: kept, and shown to nobody

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.text[:60]


class MentionQuerySet(models.QuerySet["Mention"]):
    def visible_to(self, member: Member) -> Self:
        """One may lose sight of a complaint in which one was mentioned."""
        return self.filter(note__complaint__in=Complaint.objects.visible_to(member))


class Mention(models.Model):
    """@somebody in a note; stays on their list until seen."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="mentions")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mentions")
    seen_at = models.DateTimeField(null=True)

    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "member"], name="mention_once")]

    def __str__(self) -> str:
        return f"{self.note_id} @{self.member_id}"


class Letter(models.Model):
    """What is said to the customer: a draft, a mail on its way, or the record of a call."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("电子邮件")
        PHONE = "phone", _("电话")
        COUNTER = "counter", _("当面")
        POST = "post", _("书面信函")
        PORTAL = "portal", _("网上门户")

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        WAITING = "waiting", _("待发出")
        SENT = "sent", _("已发出")
        NOT_REACHED = "not_reached", _("未联系上")

    class Purpose(models.TextChoices):
        PROGRESS = "progress", _("进展告知")
        FINAL = "final", _("最终答复")
        QUESTION = "question", _("请客户补充")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="letters")
    channel = models.CharField(_("方式"), max_length=12, choices=Channel.choices)
    purpose = models.CharField(_("用途"), max_length=12, choices=Purpose.choices, default=Purpose.PROGRESS)
    status = models.CharField(_("状态"), max_length=12, choices=Status.choices, default=Status.DRAFT)
    subject = models.CharField(_("主题"), max_length=200, blank=True)
    body = models.TextField(_("正文"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    message = models.ForeignKey("channels.Message", models.PROTECT, null=True, related_name="+")
    send_at = models.DateTimeField(_("发出时间"), null=True)
    cause = models.CharField(max_length=120, blank=True, default="", db_default="")  # chosen with a letter that waits
    promise_until = models.DateTimeField(_("承诺的时间"), null=True)  # the customer hears from us again by then
    enclosed = enclosed()  # they go with a mail; of a call they are kept among ourselves
    returned_because = models.TextField(blank=True, default="", db_default="")  # why it could not go when its time came

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(fields=["send_at"], name="letter_waiting", condition=models.Q(status="waiting")),
        ]

    def __str__(self) -> str:
        return self.subject or self.body[:60]

    UNSAID = (Status.DRAFT, Status.WAITING)  # no customer has it

    WRITTEN = (Channel.EMAIL, Channel.POST)

    @property
    def for_customer(self) -> list[int]:
        """The attachments that the customer has with it: none of a call's."""
        return list(self.enclosed) if self.status == self.Status.SENT and self.channel in self.WRITTEN else []

    @property
    def is_final(self) -> bool:
        return self.purpose == self.Purpose.FINAL


def _came_with(words: type[Note] | type[Letter], **which: Any) -> models.Exists:
    own_id = models.Func(models.OuterRef("pk"), function="to_jsonb", output_field=models.JSONField())
    return models.Exists(
        words.objects.filter(complaint=models.OuterRef("complaint"), enclosed__contains=own_id, **which)
    )


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def standing(self) -> Self:
        """Not those that came with a note which was withdrawn."""
        return self.exclude(_came_with(Note, withdrawn_at__isnull=False))

    def beside_notes(self) -> Self:
        """Not those that came with a note: like its words, they are among ourselves."""
        return self.exclude(_came_with(Note))

    def visible_to(self, member: Member) -> Self:
        """What came with a note or a letter, to those who read these; whatever the customer sent is no letter's."""
        seen = self.standing().filter(complaint__in=Complaint.objects.visible_to(member))
        if rights.field(member, "comm_log") in READS_WORDS:
            return seen
        return seen.beside_notes().filter(models.Q(is_from_customer=True) | ~_came_with(Letter))


class Attachment(models.Model):
    """A file, kept by its digest outside the web root; served as a download, images also as preview."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="attachments")
    name = models.CharField(_("文件名"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    is_from_customer = models.BooleanField(default=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.media_type in {"image/png", "image/jpeg", "image/gif", "image/webp"}
