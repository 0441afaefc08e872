"""What members keep and wish for: views of the queue, suggestions on the product."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.org import rules
from huiyin.org.models.people import Member, Unit


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
