from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, F, Q, Subquery, Value, When
from django.db.models.functions import Concat, Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huiyin.org import rules
from huiyin.org.roles import LABELS

LANGUAGES = (("zh-hans", "中文"), ("en", "English"))
CODE = r"^[A-Z0-9]+(-[A-Z0-9]+)*$"


def in_language(zh: str, en: str) -> str:
    """The name in the reader's language; Chinese where there is no other."""
    return en if en and (get_language() or "").startswith("en") else zh


class Company(models.Model):
    """The organisation that runs this installation: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    code = models.CharField(_("编码"), max_length=32)
    name_zh = models.CharField(_("中文名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    time_zone = models.CharField(_("时区"), max_length=64, default="Asia/Shanghai")
    locale = models.CharField(_("语言"), max_length=16, default="zh-CN")

    class Meta:
        verbose_name = verbose_name_plural = _("公司")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="company_is_one")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)


class UnitQuerySet(models.QuerySet["Unit"]):
    def active(self) -> UnitQuerySet:
        return self.filter(is_active=True)

    def within(self, unit: Unit) -> UnitQuerySet:
        """The unit and everything below it."""
        return self.filter(path__startswith=unit.path)

    def visible_to(self, member: Member) -> UnitQuerySet:
        """All units, to every active member: one must be able to name where a complaint goes. Their rows are
        another matter."""
        return self.all() if member.is_active else self.none()

    def ids_from(self, unit_id: int, *, leads_level: bool) -> list[int]:
        """Ids of the unit's subtree; with leads_level, of its parent's where the unit is a service centre."""
        root: models.Expression | F = F("path")
        if leads_level:
            centre = Q(kind=Unit.Kind.SERVICE_CENTRE, parent__isnull=False)
            root = Case(When(centre, then=F("parent__path")), default=F("path"))
        start = Subquery(Unit.objects.filter(pk=unit_id).values_list(root)[:1], output_field=models.CharField())
        return list(self.filter(path__startswith=start).values_list("id", flat=True))


class Unit(models.Model):
    """A place in the organisation. The path names the units from the top down to this one: /HQ/BR-EAST/."""

    class Kind(models.TextChoices):
        HEADQUARTERS = "headquarters", _("总部")
        SERVICE_CENTRE = "service_centre", _("客户服务中心")
        BRANCH = "branch", _("分公司")
        COUNTY = "county", _("县市营业部")
        OUTLET = "outlet", _("营业厅")
        FRANCHISE = "franchise", _("特许经营店")
        DEPARTMENT = "department", _("部门")
        TEAM = "team", _("班组")

    code = models.CharField(_("编码"), max_length=32, unique=True, validators=[RegexValidator(CODE)])
    name_zh = models.CharField(_("中文名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    kind = models.CharField(_("类型"), max_length=16, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级")
    )
    path = models.CharField(_("路径"), max_length=400, unique=True, editable=False)
    time_zone = models.CharField(_("时区"), max_length=64, default="Asia/Shanghai")
    is_active = models.BooleanField(_("启用"), default=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["path"]
        verbose_name = verbose_name_plural = _("组织单位")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(code__regex=CODE), name="unit_code_pattern"),
            models.CheckConstraint(
                condition=Q(path__endswith=Concat(Value("/"), F("code"), Value("/"))), name="unit_path_ends_in_code"
            ),
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="unit_not_in_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)

    @property
    def depth(self) -> int:
        return self.path.count("/") - 2

    def ancestor_codes(self) -> list[str]:
        """Codes from the top down, without this unit's own."""
        return self.path.strip("/").split("/")[:-1]

    def contains(self, other: Unit) -> bool:
        return other.path.startswith(self.path)

    def subtree_ids(self) -> list[int]:
        return list(Unit.objects.within(self).values_list("id", flat=True))


class MemberQuerySet(models.QuerySet["Member"]):
    def active(self) -> MemberQuerySet:
        return self.filter(is_active=True)

    def with_role(self, *roles: str) -> MemberQuerySet:
        return self.filter(roles__overlap=list(roles))

    def with_right(self, right: rules.Right) -> MemberQuerySet:
        return self.with_role(*rules.RIGHTS[right])

    def visible_to(self, member: Member) -> MemberQuerySet:
        """Colleagues, to every active member: work is given to people by name (A62)."""
        return self.all() if member.is_active else self.none()


MemberManager = BaseUserManager.from_queryset(MemberQuerySet)


class Member(AbstractBaseUser):
    """Somebody who works here and signs in; never deleted, since what a member did stays on record."""

    username = models.CharField(
        _("工号"),
        max_length=64,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("该工号已存在。")},
    )
    name = models.CharField(_("姓名"), max_length=64)
    email = models.EmailField(_("邮箱"), blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="members", verbose_name=_("单位"))
    roles = ArrayField(
        models.CharField(max_length=32, choices=LABELS.items()), verbose_name=_("角色"), default=list, blank=True
    )
    line_manager = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("直接上级")
    )
    language = models.CharField(
        _("语言"), max_length=8, choices=[("zh-hans", "中文"), ("en", "English")], default="zh-hans"
    )
    is_active = models.BooleanField(_("在岗"), default=True)
    is_demo = models.BooleanField(_("演示成员"), default=False, db_default=False, editable=False)
    date_joined = models.DateTimeField(_("建立时间"), db_default=Now())
    preferences = models.JSONField(_("个人设置"), default=dict, blank=True)  # how pages look to the member, no more

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "unit"]

    objects = MemberManager()

    class Meta:
        ordering: ClassVar = ["username"]
        verbose_name = verbose_name_plural = _("成员")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(roles__contained_by=[str(role) for role in rules.Role]), name="member_roles_known"
            ),
            models.CheckConstraint(
                condition=Q(line_manager__isnull=True) | ~Q(line_manager=F("id")), name="member_not_own_manager"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "is_active"])]

    def __str__(self) -> str:
        return f"{self.name}（{self.username}）"

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def has_role(self, *roles: str) -> bool:
        return not set(roles).isdisjoint(self.roles)

    def may(self, right: rules.Right) -> bool:
        return rules.may(self, right)

    @cached_property
    def reach(self) -> rules.Reach:
        return rules.reach(self)

    @property
    def role_labels(self) -> list[str]:
        return [str(LABELS[role]) for role in self.roles]

    @property
    def is_staff(self) -> bool:
        """May enter the configuration site: what there is open to them, has_module_perms says."""
        return any(rules.may(self, right) for right in set(rules.CONFIGURED_APPS.values()))

    @property
    def is_superuser(self) -> bool:
        """Nobody: an administrator configures, and reads no complaint."""
        return False

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        return self.has_module_perms(perm.partition(".")[0])

    def has_perms(self, perms: list[str], obj: models.Model | None = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        right = rules.CONFIGURED_APPS.get(app_label)
        return right is not None and rules.may(self, right)


class TokenQuerySet(models.QuerySet["Token"]):
    def live(self, at: datetime) -> TokenQuerySet:
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at), revoked_at__isnull=True)

    def visible_to(self, member: Member) -> TokenQuerySet:
        """A member's own; an administrator sees all, to revoke them."""
        return self.all() if member.may(rules.Right.CONFIGURE) else self.filter(member=member)


class Token(models.Model):
    """A key to the HTTP interface. Only its digest is kept."""

    class Scope(models.TextChoices):
        READ = "read", _("读取")
        WRITE = "write", _("写入")
        FILE = "file", _("登记投诉")  # that and nothing else: for a form on a web site

    member = models.ForeignKey(Member, models.PROTECT, related_name="tokens", verbose_name=_("成员"))
    name = models.CharField(_("名称"), max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=32, choices=Scope), verbose_name=_("权限范围"))
    created_at = models.DateTimeField(_("创建时间"))
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)
    expires_at = models.DateTimeField(_("到期时间"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("吊销时间"), null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("接口令牌")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(scopes__contained_by=["read", "write", "file"]), name="token_scopes_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def allows(self, scope: str) -> bool:
        return scope in self.scopes


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def visible_to(self, member: Member) -> SuggestionQuerySet:
        """One's own; all of them to those who answer."""
        return self.all() if member.may(rules.Right.ANSWER_SUGGESTIONS) else self.filter(member=member)


class Suggestion(models.Model):
    """What a member would have otherwise in the product itself (A59), with its screen and version (A60).

    `path` is the screen's pattern and never its address: which complaint was open stays untold.
    """

    class State(models.TextChoices):
        NEW = "new", _("新提出")
        PLANNED = "planned", _("已列入计划")
        DONE = "done", _("已完成")
        DECLINED = "declined", _("不采纳")

    member = models.ForeignKey(Member, models.PROTECT, related_name="suggestions", verbose_name=_("提出人"))
    screen = models.CharField(_("页面"), max_length=100, blank=True)
    path = models.CharField(_("地址"), max_length=200, blank=True)
    version = models.CharField(_("产品版本"), max_length=40)
    text = models.TextField(_("建议"))
    made_at = models.DateTimeField(_("提出时间"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.NEW)
    answer = models.TextField(_("答复"), blank=True)
    answered_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", verbose_name=_("答复人"))
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        verbose_name = verbose_name_plural = _("对系统的建议")
        indexes: ClassVar = [models.Index(fields=["-made_at", "-id"], name="suggestion_newest")]

    def __str__(self) -> str:
        return self.text[:60]


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, member: Member) -> SavedViewQuerySet:
        """One's own, those for everybody, those of one's unit and of the units above it. What a view shows of the
        complaints is another matter."""
        if not member.is_active:
            return self.none()
        around = [*member.unit.ancestor_codes(), member.unit.code]
        theirs = Q(scope=SavedView.Scope.UNIT, unit__code__in=around)
        own = Q(scope=SavedView.Scope.MINE, owner=member)
        return self.filter(Q(scope=SavedView.Scope.ALL) | theirs | own)

    def beside(self, view: SavedView) -> SavedViewQuerySet:
        """The list that the view stands in, itself included."""
        if view.scope == SavedView.Scope.MINE:
            return self.filter(scope=view.scope, owner=view.owner_id)
        return self.filter(scope=view.scope, unit=view.unit_id)


class SavedView(models.Model):
    """A question put to the queue, kept under a name. `query` is what its address says, checked by the filter form."""

    class Scope(models.TextChoices):
        ALL = "all", _("全员共用")
        UNIT = "unit", _("本单位共用")
        MINE = "mine", _("仅自己")

    name = models.CharField(_("名称"), max_length=40)
    scope = models.CharField(_("共用范围"), max_length=8, choices=Scope)
    owner = models.ForeignKey(Member, models.PROTECT, related_name="saved_views", verbose_name=_("建立人"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="saved_views", verbose_name=_("单位")
    )
    query = models.CharField(_("条件"), max_length=1000)
    position = models.PositiveIntegerField(_("次序"))
    created_at = models.DateTimeField(_("创建时间"))

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "id"]
        verbose_name = verbose_name_plural = _("保存的视图")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(scope="unit", unit__isnull=False) | (~Q(scope="unit") & Q(unit__isnull=True)),
                name="saved_view_unit_only_where_shared_there",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_in_hands_of(self, member: Member) -> bool:
        """Whether the member may rename, change, move or drop it."""
        match self.scope:
            case SavedView.Scope.MINE:
                return self.owner_id == member.pk
            case SavedView.Scope.UNIT:
                return self.unit_id == member.unit_id and member.may(rules.Right.SHARE_VIEWS_IN_UNIT)
        return member.may(rules.Right.SHARE_VIEWS_WITH_ALL)


class Appearance(models.Model):
    """How the company looks on its pages: one row, once somebody has chosen something."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    accent = models.CharField(_("主色"), max_length=7, blank=True, validators=[RegexValidator(r"^#[0-9a-f]{6}$")])
    logo = models.BinaryField(_("标志"), default=bytes, blank=True)
    logo_type = models.CharField(max_length=32, blank=True)
    logo_digest = models.CharField(max_length=64, blank=True)
    set_at = models.DateTimeField(_("修改时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("外观")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="appearance_is_one")]

    def __str__(self) -> str:
        return self.accent


class ChangeQuerySet(models.QuerySet["Change"]):
    def visible_to(self, member: Member) -> ChangeQuerySet:
        """To those who configure all; to those who set the policy, what was changed of it."""
        if member.may(rules.Right.CONFIGURE):
            return self.all()
        if member.may(rules.Right.SET_POLICY):
            return self.filter(area__in=[Change.Area.PROMISES, Change.Area.DAYS])
        return self.none()


class Change(models.Model):
    """One change of a setting: who, when, from what, to what. A trigger refuses to change or delete it."""

    class Area(models.TextChoices):
        COMPANY = "company", _("公司与外观")
        UNIT = "unit", _("组织单位")
        MEMBER = "member", _("成员")
        CATEGORY = "category", _("投诉类别")
        ELEMENTS = "elements", _("受理要素")
        PROMISES = "promises", _("时限政策")
        DAYS = "days", _("特殊日期")
        ROUTING = "routing", _("派单规则")
        MAIL = "mail", _("邮件与渠道")
        SETUP = "setup", _("启用引导")

    class Verb(models.TextChoices):
        ADDED = "added", _("新增")
        AMENDED = "amended", _("修改")
        MOVED = "moved", _("移动")
        RETIRED = "retired", _("停用")
        RESTORED = "restored", _("恢复")
        REMOVED = "removed", _("移除")
        TRIED = "tried", _("测试")

    area = models.CharField(_("范围"), max_length=16, choices=Area)
    subject = models.CharField(_("对象"), max_length=64, blank=True)
    label = models.CharField(_("名称"), max_length=200, blank=True)
    verb = models.CharField(_("动作"), max_length=16, choices=Verb)
    before = models.JSONField(_("修改前"), default=dict)
    after = models.JSONField(_("修改后"), default=dict)
    made_by = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("修改人")
    )
    made_at = models.DateTimeField(_("时间"))

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        verbose_name = verbose_name_plural = _("设置变更记录")
        indexes: ClassVar = [
            models.Index(fields=["-made_at", "-id"], name="change_latest"),
            models.Index(fields=["area", "subject", "-made_at"], name="change_of_one"),
        ]

    def __str__(self) -> str:
        return f"{self.get_area_display()} {self.label} {self.get_verb_display()}"


class SetupStep(models.Model):
    """A step of the first-run guide that was begun, done or left out."""

    code = models.CharField(_("步骤"), max_length=16, unique=True)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    done_at = models.DateTimeField(_("完成时间"), null=True)
    done_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", verbose_name=_("完成人"))
    is_skipped = models.BooleanField(_("跳过"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("启用步骤")

    def __str__(self) -> str:
        return self.code
