"""Where an administrator keeps the tree, the rules and the words. Leaves are changed through actions, on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiyin.org.actors import Actor
from huiyin.org.admin import OnRecord
from huiyin.org.models import Change, Member
from huiyin.triage import errors, queries
from huiyin.triage.actions import closing, growing
from huiyin.triage.forms import CategoryForm, ElementSetForm, SeverityRuleForm, SynonymForm
from huiyin.triage.models import Brand, Category, Cause, ElementSet, SeverityRule, Synonym, TreeChange

if TYPE_CHECKING:  # unfold has no types, and looks like what it dresses
    from typing import TypeVar

    Row = TypeVar("Row", bound=Model)

    class ModelAdmin(admin.ModelAdmin[Row]): ...
else:
    from unfold.admin import ModelAdmin as Unfolded

    class ModelAdmin(Unfolded):
        def __class_getitem__(cls, _row: object) -> type:
            return cls


def _actor(request: HttpRequest) -> Actor:
    assert isinstance(request.user, Member)
    return Actor.of(request.user)


class Kept(ModelAdmin[Any]):
    """Nothing is deleted: what is not wanted is closed, switched off or emptied. What is saved is in use at once."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        queries.forget_on_commit()


class GroupFilter(admin.SimpleListFilter):
    title = _("大类")
    parameter_name = "group"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(group.code, str(group)) for group in Category.objects.groups()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Category]) -> QuerySet[Category]:
        return queryset.filter(parent__code=self.value()) if self.value() else queryset


class UseFilter(admin.SimpleListFilter):
    title = _("使用情况")
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("current", _("使用中")), ("closed", _("已停用"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Category]) -> QuerySet[Category]:
        now = timezone.now()
        if self.value() == "current":
            return queryset.exclude(valid_to__lte=now)
        return queryset.filter(valid_to__lte=now) if self.value() == "closed" else queryset


@admin.register(Category)
class CategoryAdmin(Kept):
    form = CategoryForm
    list_display = ("code", "name_zh", "parent", "severity", "complexity", "issue_class", "owner", "valid_to")
    list_filter = (GroupFilter, UseFilter, "severity", "issue_class", "owner")
    list_select_related = ("parent", "owner")
    list_per_page = 200
    search_fields = ("code", "name_zh", "name_en", "keywords")
    readonly_fields = ("valid_from", "valid_to", "tree_version", "updated_at")
    GROUP_FIELDS: ClassVar = ("name_zh", "name_en", "position", "requires")
    LEAF_FIELDS: ClassVar = (
        *("name_zh", "name_en", "position", "severity", "complexity", "issue_class", "owner", "support_codes"),
        *("element_set", "acts", "requires", "causes", "keywords"),
    )

    def get_fields(self, request: HttpRequest, obj: Category | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("parent", "code", *self.LEAF_FIELDS)
        fields = self.LEAF_FIELDS if obj.is_leaf else self.GROUP_FIELDS
        return (*fields, "successor", *self.readonly_fields) if obj.is_leaf else (*fields, *self.readonly_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Category | None = None) -> tuple[str, ...]:
        if obj is not None and obj.valid_to is not None:
            return self.get_fields(request, obj)
        return self.readonly_fields

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except errors.Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.path)

    def save_model(self, request: HttpRequest, obj: Category, form: CategoryForm, change: bool) -> None:
        given, now = form.cleaned_data, timezone.now()
        if not change:
            group = given.pop("parent")
            made = growing.open_leaf(group, **given, actor=_actor(request), at=now)
            obj.pk = made.pk
            return
        leaf = Category.objects.select_related("owner", "element_set").get(pk=obj.pk)
        if changes := {field: given[field] for field in form.changed_data if field in growing.AMENDABLE}:
            growing.amend(leaf, **changes, actor=_actor(request), at=now)
        if successor := given.get("successor"):
            closing.close_leaf(leaf, successor=successor, actor=_actor(request), at=now)


class Recorded(OnRecord, Kept):
    area = Change.Area.GRADING


@admin.register(SeverityRule)
class SeverityRuleAdmin(Recorded):
    form = SeverityRuleForm
    list_display = ("code", "name_zh", "level", "condition", "position", "is_active")
    list_filter = ("level", "is_active")
    search_fields = ("code", "name_zh")
    fields = ("code", "position", "level", "name_zh", "condition", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: SeverityRule | None = None) -> tuple[str, ...]:
        return () if obj is None else ("code",)


@admin.register(ElementSet)
class ElementSetAdmin(Kept):
    form = ElementSetForm
    list_display = ("code", "required", "optional")
    search_fields = ("code", "required", "optional")
    fields = ("code", "required", "optional")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Changed on the settings page, /desk/settings/elements, which keeps the record."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Synonym)
class SynonymAdmin(Recorded):
    form = SynonymForm
    list_display = ("canonical", "variants", "tag")
    search_fields = ("canonical", "variants", "tag")
    fields = ("canonical", "variants", "tag")


class ChoiceAdmin(Recorded):
    list_display = ("code", "name_zh", "name_en", "position", "is_active")
    search_fields = ("code", "name_zh", "name_en")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return () if obj is None else ("code",)


@admin.register(Cause)
class CauseAdmin(ChoiceAdmin):
    fields = ("code", "name_zh", "name_en", "position", "is_active", "is_explanation")


@admin.register(Brand)
class BrandAdmin(ChoiceAdmin):
    fields = ("code", "name_zh", "name_en", "position", "is_active")


@admin.register(TreeChange)
class TreeChangeAdmin(Kept):
    list_display = ("made_at", "category", "kind", "made_by")
    list_select_related = ("category", "made_by")
    list_filter = ("kind",)
    search_fields = ("category__code", "category__name_zh")
    date_hierarchy = "made_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
