"""The tree of categories, what each asks for at intake, and the rules that set a severity. All of it configuration."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from huiyin.lib.defaults import Configured
from huiyin.org.models import Member, Unit, in_language

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CODE = r"^[A-Z0-9]+(-[A-Z0-9]+)*$"


SEVERITIES = [
    (1, _("一级（紧急/重大）")),
    (2, _("二级（重要/严重）")),
    (3, _("三级（一般/轻微）")),
    (4, _("四级（建议/咨询）")),
]


def _words(name: StrOrPromise) -> ArrayField[list[str], list[str]]:
    return ArrayField(models.CharField(max_length=120), verbose_name=name, default=list, blank=True)


class ElementSet(Configured):
    """What the intake form asks for (受理要素); COMMON is asked of every complaint."""

    COMMON = "COMMON"

    code = models.CharField(_("编码"), max_length=32, unique=True, validators=[RegexValidator(CODE)])
    name_zh = models.CharField(_("中文名称"), max_length=60, blank=True)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    required = _words(_("必填要素"))
    optional = _words(_("选填要素"))

    class Meta:
        ordering: ClassVar = ["code"]
        verbose_name = verbose_name_plural = _("受理要素")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_zh or self.code, self.name_en)


class Question(models.Model):
    """What an element is called and how it is asked, where the administrator says so: of their own, or renamed."""

    class Kind(models.TextChoices):
        LINE = "line", _("一行文字")
        WORDS = "words", _("一段文字")
        NUMBER = "number", _("数字")
        DAY = "day", _("日期")
        MOMENT = "moment", _("日期和时间")
        FILES = "files", _("附件")

    key = models.CharField(_("键"), max_length=120, unique=True)
    name_zh = models.CharField(_("中文名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    kind = models.CharField(_("填法"), max_length=8, choices=Kind, default=Kind.LINE)
    updated_at = models.DateTimeField(_("修改时间"), auto_now=True)

    class Meta:
        ordering: ClassVar = ["key"]
        verbose_name = verbose_name_plural = _("要素的说法")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)


class CategoryQuerySet(models.QuerySet["Category"]):
    def groups(self) -> CategoryQuerySet:
        return self.filter(parent__isnull=True)

    def leaves(self) -> CategoryQuerySet:
        return self.filter(parent__isnull=False)

    def current(self, at: datetime) -> CategoryQuerySet:
        """In use at that moment, and their group as well: new complaints may be filed under them."""
        group = Q(parent__isnull=True) | Q(parent__valid_to__isnull=True) | Q(parent__valid_to__gt=at)
        return self.filter(group, Q(valid_to__isnull=True) | Q(valid_to__gt=at), valid_from__lte=at)

    def visible_to(self, member: Member) -> CategoryQuerySet:
        """The tree is no secret among colleagues."""
        return self.all() if member.is_active else self.none()


class Category(Configured):
    """A group, or a leaf of a group. A leaf is never deleted (a trigger refuses): it is closed and names a successor,
    and old complaints keep the old code (A56). A group that is closed takes its leaves out of use until it is opened
    again; it names no successor."""

    class Complexity(models.TextChoices):
        SIMPLE = "S", _("简单")
        COMPLEX = "C", _("复杂")

    class IssueClass(models.TextChoices):
        TECH = "tech", _("技术故障")
        ATTITUDE = "attitude", _("服务态度")
        CONTRACT = "contract", _("合同争议")
        GENERAL = "general", _("一般")

    class IntakeClass(models.TextChoices):
        PRODUCT = "product", _("产品")
        SERVICE = "service", _("服务")
        LOGISTICS = "logistics", _("物流")

    code = models.CharField(_("编码"), max_length=16, unique=True, validators=[RegexValidator(CODE)])
    name_zh = models.CharField(_("中文名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("大类")
    )
    position = models.PositiveIntegerField(_("顺序"), default=0)
    severity = models.PositiveSmallIntegerField(_("默认等级"), null=True, blank=True, choices=SEVERITIES)
    complexity = models.CharField(_("复杂度"), max_length=1, blank=True, choices=Complexity)
    issue_class = models.CharField(_("响应类别"), max_length=16, blank=True, choices=IssueClass)
    intake_class = models.CharField(_("产品/服务/物流"), max_length=16, blank=True, choices=IntakeClass)
    owner = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主管部门"))
    support_codes = _words(_("协办部门"))
    element_set = models.ForeignKey(
        ElementSet, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("受理要素")
    )
    acts = _words(_("自动动作"))
    keywords = _words(_("关键词"))
    requires = _words(_("本类必填"))
    causes = _words(_("原因选项"))
    valid_from = models.DateTimeField(_("启用时间"))
    valid_to = models.DateTimeField(_("停用时间"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("接替类别")
    )
    tree_version = models.CharField(_("目录树版本"), max_length=32, blank=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "code"]
        verbose_name = verbose_name_plural = _("投诉类别")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True)
                | Q(owner__isnull=False, severity__range=(1, 4), element_set__isnull=False)
                & ~Q(complexity="")
                & ~Q(issue_class=""),
                name="category_leaf_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=False) | Q(owner__isnull=True, severity__isnull=True),
                name="category_group_has_no_owner",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(successor__isnull=False) | Q(parent__isnull=True),
                name="category_closed_leaf_has_successor",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("id")), name="category_not_own_successor"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="category_not_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)

    @property
    def is_leaf(self) -> bool:
        return self.parent_id is not None

    @property
    def owner_code(self) -> str:
        return "" if self.owner is None else self.owner.code

    def is_current(self, at: datetime) -> bool:
        is_open = self.valid_from <= at and (self.valid_to is None or self.valid_to > at)
        return is_open and (self.parent is None or self.parent.is_current(at))

    @property
    def required_fields(self) -> list[str]:
        """What a complaint in this leaf must say beyond its element set: its group's, its own, and its cause."""
        above = [] if self.parent is None else self.parent.requires
        return [*above, *self.requires, *(["cause"] if self.causes else [])]


class SeverityRule(Configured):
    """A rule of 投诉分级处理规范. The first that holds, by position, sets the level; all that hold are reasons."""

    code = models.CharField(_("编码"), max_length=16, unique=True, validators=[RegexValidator(CODE)])
    position = models.PositiveIntegerField(_("顺序"))
    level = models.PositiveSmallIntegerField(_("等级"), choices=SEVERITIES)
    condition = models.JSONField(_("条件"))
    name_zh = models.CharField(_("名称"), max_length=100)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering: ClassVar = ["position", "code"]
        verbose_name = verbose_name_plural = _("分级规则")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(level__range=(1, 4)), name="severityrule_level_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class Synonym(Configured):
    """Words that mean the same (C077): a keyword that has the first stands for all of them."""

    canonical = models.CharField(_("标准词"), max_length=32, unique=True)
    variants = _words(_("同义词"))
    tag = models.CharField(_("标签"), max_length=32, blank=True)

    class Meta:
        ordering: ClassVar = ["canonical"]
        verbose_name = verbose_name_plural = _("同义词")

    def __str__(self) -> str:
        return self.canonical


class Choice(Configured):
    """One entry of a short list that people choose from. Complaints keep the code; one not offered any more stays."""

    code = models.CharField(_("编码"), max_length=32, unique=True, validators=[RegexValidator(r"^[a-z0-9_]+$")])
    name_zh = models.CharField(_("中文名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    position = models.PositiveIntegerField(_("顺序"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)


class Cause(Choice):
    """投诉原因 (A23). An explanation-type one: nothing went wrong but what the customer knew."""

    is_explanation = models.BooleanField(_("属于解释类"), default=False)

    class Meta:
        ordering: ClassVar = ["position", "code"]
        verbose_name = verbose_name_plural = _("投诉原因")


class Brand(Choice):
    """品牌 (A38), as BOSS has it or the front desk chose it."""

    class Meta:
        ordering: ClassVar = ["position", "code"]
        verbose_name = verbose_name_plural = _("品牌")


class TreeChange(models.Model):
    """One change of the tree: who, when, from what, to what. A trigger refuses to change or delete it."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("新增")
        AMENDED = "amended", _("修改")
        CLOSED = "closed", _("停用")
        REOPENED = "reopened", _("恢复")
        MOVED = "moved", _("移动")

    category = models.ForeignKey(Category, models.PROTECT, related_name="changes", verbose_name=_("类别"))
    kind = models.CharField(_("动作"), max_length=16, choices=Kind)
    before = models.JSONField(_("修改前"), default=dict)
    after = models.JSONField(_("修改后"), default=dict)
    made_by = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("修改人")
    )
    made_at = models.DateTimeField(_("时间"))

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        verbose_name = verbose_name_plural = _("目录树变更")

    def __str__(self) -> str:
        return f"{self.category.code} {self.get_kind_display()}"
