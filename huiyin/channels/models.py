from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from huiyin.lib.sealed import SealedBinaryField, SealedTextField

if TYPE_CHECKING:
    from huiyin.org.models import Member


class Channel(models.TextChoices):
    """Where a message comes from or goes to (A20, A48, A64)."""

    PHONE = "phone", _("电话热线")
    COUNTER = "counter", _("营业前台")
    LETTER = "letter", _("信函")
    EMAIL = "email", _("电子邮件")
    PORTAL = "portal", _("自助门户")
    API = "api", _("开放接口")
    IMPORT = "import", _("批量导入")
    HOTLINE_12345 = "hotline_12345", _("12345政务热线")
    HOTLINE_12315 = "hotline_12315", _("12315转办")
    CONSUMER_ASSOCIATION = "consumer_association", _("消协转办")
    KEY_ACCOUNT = "key_account", _("大客户中心")
    OUTLET = "outlet", _("营业厅")
    FRANCHISE = "franchise", _("特许经营店")
    HQ_FORWARD = "hq_forward", _("总部转办")
    RED_CHANNEL = "red_channel", _("红色通道")
    WECHAT = "wechat", _("微信")
    APP = "app", _("手机应用")
    SMS = "sms", _("短信")
    OTHER = "other", _("其他渠道")


# referred by a body outside, which gave it its own number and deadline
REFERRED = frozenset({Channel.HOTLINE_12345, Channel.HOTLINE_12315, Channel.CONSUMER_ASSOCIATION})


class MessageQuerySet(models.QuerySet["Message"]):
    def outbound(self) -> MessageQuerySet:
        return self.filter(direction=Message.Direction.OUT)

    def unsent(self) -> MessageQuerySet:
        return self.outbound().exclude(status=Message.Status.SENT)

    def visible_to(self, member: Member) -> MessageQuerySet:
        """Whose message it is, the complaint decides, a layer above; only who reads all of it reads any raw."""
        return self.all() if member.reach.content == "full" else self.none()


class Message(models.Model):
    """Something that came in or goes out, kept raw."""

    class Direction(models.TextChoices):
        IN = "in", _("来件")
        OUT = "out", _("去件")

    class Status(models.TextChoices):
        RECEIVED = "received", _("已收到")
        QUEUED = "queued", _("待发送")
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("发送失败")

    channel = models.CharField(_("渠道"), max_length=24, choices=Channel)
    direction = models.CharField(_("方向"), max_length=3, choices=Direction)
    external_id = models.CharField(_("外部编号"), max_length=255, blank=True, default="")
    sender = SealedTextField(_("发件人"), blank=True, default="")
    recipient = SealedTextField(_("收件人"), blank=True, default="")
    subject = models.CharField(_("主题"), max_length=500, blank=True, default="")
    files = models.JSONField(default=list, db_default=models.Value([], output_field=models.JSONField()))  # sent with it
    raw = SealedBinaryField(_("原文"), blank=True, default=bytes)
    sha256 = models.CharField(_("原文摘要"), max_length=64)
    received_at = models.DateTimeField(_("收到时间"), null=True, blank=True)
    queued_at = models.DateTimeField(_("排队时间"), null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)
    status = models.CharField(_("状态"), max_length=8, choices=Status)
    error = models.TextField(_("错误"), blank=True, default="")
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("消息")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "external_id"], condition=~Q(external_id=""), name="message_taken_once"
            ),
            models.CheckConstraint(
                condition=Q(direction="in", status="received", received_at__isnull=False)
                | Q(direction="out", status__in=["queued", "sending", "sent", "failed"], queued_at__isnull=False),
                name="message_status_fits_direction",
            ),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False) | (~Q(status="sent") & Q(sent_at__isnull=True)),
                name="message_sent_has_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["queued_at"], condition=~Q(status__in=["received", "sent"]), name="message_unsent"),
            models.Index(fields=["-sent_at"], condition=Q(channel="sms", status="sent"), name="message_sms_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.direction} #{self.pk}"

    @property
    def text(self) -> str:
        """The raw bytes read as UTF-8; for a message of ours that is what was written."""
        return self.raw.decode("utf-8", "replace")


class MailServerQuerySet(models.QuerySet["MailServer"]):
    def with_password(self) -> MailServerQuerySet:
        """Told without opening it: nothing is sealed as nothing."""
        size = Func(F("password"), function="octet_length", output_field=models.IntegerField())
        return self.alias(size=size).filter(size__gt=0)


class MailServer(models.Model):
    """The server that mail goes out by, as an administrator set it: one row, once somebody has."""

    class Security(models.TextChoices):
        STARTTLS = "starttls", "STARTTLS"
        TLS = "tls", "SSL/TLS"
        NONE = "none", _("不加密")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    host = models.CharField(_("服务器"), max_length=253)
    port = models.PositiveIntegerField(_("端口"))
    security = models.CharField(_("加密"), max_length=8, choices=Security)
    user = models.CharField(_("账号"), max_length=254, blank=True, default="")
    password = SealedTextField(_("密码"), blank=True, default="")
    sender = models.EmailField(_("发件人地址"), blank=True, default="")
    sender_name = models.CharField(_("发件人名称"), max_length=100, blank=True, default="")
    set_at = models.DateTimeField(_("修改时间"))

    objects = MailServerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("发信服务器")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="mail_server_is_one")]

    def __str__(self) -> str:
        return self.host


class ChatRobot(models.Model):
    """A robot in the company's chat that passes on what is written to it; its maker signs with the secret."""

    name = models.CharField(_("名称"), max_length=60)
    secret = SealedTextField(_("密钥（AppSecret）"))
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("群聊机器人")

    def __str__(self) -> str:
        return self.name


class ChatIdentity(models.Model):
    """Who somebody of the chat is here, where their user id there is not their user name."""

    user_id = models.CharField(_("钉钉 userid"), max_length=128, unique=True)
    member = models.ForeignKey("org.Member", models.PROTECT, related_name="+", verbose_name=_("成员"))

    class Meta:
        verbose_name = verbose_name_plural = _("群聊成员")

    def __str__(self) -> str:
        return self.user_id


class ChatMessage(models.Model):
    """One that came in. Once it is a note its words are kept there alone; until then they wait here."""

    class Outcome(models.TextChoices):
        NOTED = "noted", _("已记入投诉")
        NO_MEMBER = "no_member", _("不认识发送人")
        NO_NUMBER = "no_number", _("没有投诉编号")
        HIDDEN = "hidden", _("没有这件投诉，或发送人无权查看")
        EMPTY = "empty", _("没有内容")

    robot = models.ForeignKey(ChatRobot, models.PROTECT, related_name="+")
    message_id = models.CharField(max_length=128)
    signature = models.CharField(max_length=64)  # its digest: each is good for one message
    sender = models.CharField(max_length=128)
    conversation = models.CharField(max_length=200, blank=True)  # its title, which two groups may share
    conversation_id = models.CharField(max_length=128, blank=True, default="", db_default="")
    number = models.CharField(max_length=40, blank=True)
    text = SealedTextField(blank=True, default="")
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome)

    class Meta:
        verbose_name = verbose_name_plural = _("群聊消息")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["robot", "message_id"], name="chat_message_once"),
            models.UniqueConstraint(fields=["robot", "signature"], name="chat_signature_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["sender", "received_at"], condition=~Q(outcome="noted"), name="chat_message_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.robot_id} {self.outcome} #{self.pk}"
