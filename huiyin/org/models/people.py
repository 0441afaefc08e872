"""Units, members and their tokens."""

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

    @property
    def scope_labels(self) -> list[str]:
        return [str(self.Scope(scope).label) for scope in self.scopes]
