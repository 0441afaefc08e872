"""What the desk says and how it goes about it: configuration that came with the product or was written here."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.lib.defaults import Configured
from huiyin.org.models import in_language

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CODE_PATTERN = r"^[A-Z]{1,3}-[0-9]{1,4}$"
CODE = RegexValidator(CODE_PATTERN)


def _words(name: StrOrPromise) -> ArrayField[list[str], list[str]]:
    return ArrayField(models.CharField(max_length=400), verbose_name=name, default=list, blank=True)


class Channel(models.TextChoices):
    PHONE = "phone", _("电话")
    CHAT = "chat", _("在线")
    MAIL = "mail", _("邮件")
    SMS = "sms", _("短信")


class Stage(models.TextChoices):
    URGENT = "urgent", _("紧急")
    INTAKE = "intake", _("受理")
    LISTEN = "listen", _("倾听与确认")
    CALM = "calm", _("安抚")
    HANDLE = "handle", _("核查处理")
    PROGRESS = "progress", _("进展告知")
    OFFER = "offer", _("协商方案")
    REPLY = "reply", _("答复")
    REPAIR = "repair", _("修复关系")
    CLOSE = "close", _("结案")
    SURVEY = "survey", _("回访")


class Named(Configured):
    """A row of the library with a code that stays and a name in two languages."""

    code = models.CharField(_("编码"), max_length=8, unique=True, validators=[CODE])
    name_zh = models.CharField(_("中文名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    position = models.PositiveIntegerField(_("顺序"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)


class Frame(Configured):
    """How a script begins and ends in one channel; its core is the same in all (C056)."""

    channel = models.CharField(_("渠道"), max_length=8, choices=Channel, unique=True)
    opening = models.CharField(_("开头"), max_length=400, blank=True)
    closing = models.CharField(_("结尾"), max_length=400, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        verbose_name = verbose_name_plural = _("话术渠道格式")

    def __str__(self) -> str:
        return str(self.get_channel_display())


class Script(Named):
    """A way to say it (话术), with {slots}. A variant written here stands in place of the one made from the frame."""

    stage = models.CharField(_("环节"), max_length=8, choices=Stage)
    categories = _words(_("适用类别（空为全部）"))
    text = models.TextField(_("话术正文"))
    phone_text = models.TextField(_("电话版（留空则自动生成）"), blank=True)
    chat_text = models.TextField(_("在线版（留空则自动生成）"), blank=True)
    mail_text = models.TextField(_("邮件版（留空则自动生成）"), blank=True)
    sms_text = models.TextField(_("短信版（留空则自动生成）"), blank=True)
    is_regret = models.BooleanField(_("非我方责任时优先"), default=False)
    is_confessing = models.BooleanField(_("承认责任，非我方责任时不用"), default=False)

    class Meta:
        ordering: ClassVar = ["position", "code"]
        verbose_name = verbose_name_plural = _("话术")


class Phrase(Configured):
    """Words to avoid (服务禁语), or words that should be there (规范用语)."""

    class Level(models.TextChoices):
        BLOCK = "block", _("禁止")
        WARN = "warn", _("须确认")
        NOTE = "note", _("提示")

    class When(models.TextChoices):
        FORBIDDEN = "forbidden", _("不应出现")
        OPENING = "opening", _("首次联系须有")
        LISTEN = "listen", _("倾听时须有")
        EMOTION = "emotion_gte_3", _("情绪三级以上须有")
        COMMIT = "commit", _("承诺时须有")
        CLOSING = "closing", _("结束时须有")
        AT_FAULT = "at_fault", _("责任在我方时须有")

    code = models.CharField(_("编码"), max_length=8, unique=True, validators=[CODE])
    when = models.CharField(_("场合"), max_length=16, choices=When, default=When.FORBIDDEN)
    level = models.CharField(_("级别"), max_length=8, choices=Level)
    words = _words(_("字句（任一）"))
    pattern = models.CharField(_("正则表达式"), max_length=400, blank=True)
    exceptions = _words(_("例外"))
    why = models.CharField(_("原因"), max_length=120)
    rewrite = models.CharField(_("改写建议"), max_length=400, blank=True)
    note = models.CharField(_("说明"), max_length=400, blank=True)
    position = models.PositiveIntegerField(_("顺序"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering: ClassVar = ["position", "code"]
        verbose_name = verbose_name_plural = _("禁语与规范用语")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(words=[]) | ~Q(pattern=""), name="phrase_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {'、'.join(self.words) or self.pattern}"

    @property
    def is_forbidden(self) -> bool:
        return self.when == self.When.FORBIDDEN


class Method(Named):
    """A guided way through any complaint. `steps`: [{"zh", "prompt", "scripts": [codes], "stages": [stages]}, ...]."""

    steps = models.JSONField(_("步骤"), default=list)

    class Meta:
        ordering: ClassVar = ["position", "code"]
        verbose_name = verbose_name_plural = _("处理方法")


class Playbook(Named):
    """How to go about a complaint in which the customer behaves in a certain way. It names behaviour seen this time,
    never a kind of person: it stands on no customer and in no letter."""

    traits = models.JSONField(_("特征"), default=dict)
    signals = _words(_("识别信号"))
    steps = _words(_("六步"))
    tags = _words(_("主要方法"))
    techniques = _words(_("具体做法"))
    avoid = _words(_("避免"))
    script_codes = _words(_("常用话术"))
    escalate_when = _words(_("何时升级"))
    guards = _words(_("使用守则"))

    class Meta:
        ordering: ClassVar = ["position", "code"]
        verbose_name = verbose_name_plural = _("特殊投诉处理方法")


class LibraryCase(Named):
    """A typical case (典型案例): what happened and why, what was done, what came of it, what to learn. It names no
    customer and no colleague; which complaint it was made from, that complaint's record says, and of one that was a
    draft `source`, which is shown only to who may see that complaint."""

    playbook = models.ForeignKey(
        Playbook, models.SET_NULL, null=True, blank=True, related_name="cases", verbose_name=_("对应的处理方法")
    )
    categories = _words(_("相关类别"))
    situation = models.TextField(_("情况"))
    cause = models.TextField(_("原因"), blank=True)
    handling = models.TextField(_("处理经过"))
    result = models.TextField(_("结果"), blank=True)
    lesson = models.TextField(_("启示"), blank=True)
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("归档人"),
    )  # fmt: skip
    archived_at = models.DateTimeField(_("归档时间"), null=True, blank=True, editable=False)
    # made of one complaint in two clicks: not in use before an editor has read it (actions/cases.py publish)
    is_draft = models.BooleanField(_("草稿"), default=False, db_default=False, editable=False)
    source = models.CharField(_("来自投诉"), max_length=24, blank=True, default="", db_default="", editable=False)

    class Meta:
        ordering: ClassVar = ["position", "code"]
        verbose_name = verbose_name_plural = _("典型案例")

    @property
    def text(self) -> str:
        """All that it is found by."""
        return "\n".join(
            (self.name_zh, self.name_en, self.situation, self.cause, self.handling, self.result, self.lesson)
        )


class CaseWords(models.Model):
    """What one case is found by (lib.words): kept by whatever writes the case, see actions/cases.py."""

    case = models.OneToOneField(LibraryCase, models.CASCADE, primary_key=True, related_name="words")
    vector = SearchVectorField()

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["vector"], name="case_words")]

    def __str__(self) -> str:
        return str(self.case_id)


class LetterText(models.Model):
    """A text of the company's own for something that the product sends (knowledge/letters.py); what is empty is said as
    shipped. No row: all of it is."""

    code = models.CharField(_("编码"), max_length=16, unique=True)
    subject_zh = models.CharField(_("主题"), max_length=200, blank=True)
    body_zh = models.TextField(_("正文"), blank=True)
    subject_en = models.CharField(_("英文主题"), max_length=200, blank=True)
    body_en = models.TextField(_("英文正文"), blank=True)
    updated_at = models.DateTimeField(_("修改时间"), auto_now=True)

    class Meta:
        ordering: ClassVar = ["code"]
        verbose_name = verbose_name_plural = _("信函与通知模板")

    def __str__(self) -> str:
        return self.code
