"""Where an administrator keeps the organisation: every change goes through an action, and the log names its author."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.password_validation import validate_password
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.org import errors
from huiyin.org.actions import arranging, members, tokens
from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change, Company, Member, Token, Unit
from huiyin.org.roles import LABELS
from huiyin.org.rules import Role

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


class Acting(ModelAdmin[Any]):
    """Saves through actions; what an action refuses is said on the page, and nothing is changed."""

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

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class WithTimeZone(forms.ModelForm[Any]):
    def clean_time_zone(self) -> str:
        name: str = self.cleaned_data["time_zone"]
        if name not in available_timezones():
            raise forms.ValidationError(_("没有这个时区。"))
        return name


@admin.register(Company)
class CompanyAdmin(Acting):
    form = WithTimeZone
    fields = ("name_zh", "name_en", "time_zone")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Company, form: forms.ModelForm[Company], change: bool) -> None:
        arranging.name_company(
            obj,
            name_zh=obj.name_zh,
            name_en=obj.name_en,
            time_zone=obj.time_zone,
            actor=_actor(request),
            at=timezone.now(),
        )


@admin.register(Unit)
class UnitAdmin(Acting):
    form = WithTimeZone
    list_display = ("code", "name_zh", "name_en", "kind", "path", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("code", "name_zh", "name_en")
    autocomplete_fields = ("parent",)

    def get_fields(self, request: HttpRequest, obj: Unit | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("code", "name_zh", "name_en", "kind", "parent", "time_zone")
        return ("code", "kind", "name_zh", "name_en", "parent", "time_zone", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Unit | None = None) -> tuple[str, ...]:
        return () if obj is None else ("code", "kind", "time_zone")

    def save_model(self, request: HttpRequest, obj: Unit, form: forms.ModelForm[Unit], change: bool) -> None:
        actor, at = _actor(request), timezone.now()
        if not change:
            made = arranging.place_unit(
                code=obj.code,
                name_zh=obj.name_zh,
                name_en=obj.name_en,
                kind=obj.kind,
                parent=obj.parent,
                time_zone=obj.time_zone,
                actor=actor,
                at=at,
            )
            obj.pk, obj.path = made.pk, made.path
            return
        unit = Unit.objects.get(pk=obj.pk)
        if {"name_zh", "name_en"} & set(form.changed_data):
            arranging.rename_unit(unit, name_zh=obj.name_zh, name_en=obj.name_en, actor=actor, at=at)
        if "parent" in form.changed_data:
            arranging.move_unit(unit, under=obj.parent, actor=actor, at=at)
        if "is_active" in form.changed_data:
            change_use = arranging.reactivate_unit if obj.is_active else arranging.deactivate_unit
            change_use(unit, actor=actor, at=at)


class MemberForm(forms.ModelForm[Member]):
    roles = forms.MultipleChoiceField(
        label=_("角色"),
        choices=[(role, label) for role, label in LABELS.items() if role != Role.CUSTOMER],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    new_password = forms.CharField(
        label=_("新密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        required=False,
        help_text=_("留空则不变。"),
    )

    class Meta:
        model = Member
        fields = ("username", "name", "email", "unit", "roles", "line_manager", "language", "is_active")

    def clean_new_password(self) -> str:
        password: str = self.cleaned_data["new_password"]
        if password:
            validate_password(password, self.instance)
        return password


@admin.register(Member)
class MemberAdmin(Acting):
    form = MemberForm
    list_display = ("username", "name", "unit", "roles_said", "is_active", "last_login")
    list_select_related = ("unit",)
    list_filter = ("is_active", "unit__kind")
    search_fields = ("username", "name", "unit__code", "unit__name_zh")
    autocomplete_fields = ("unit", "line_manager")

    def get_fields(self, request: HttpRequest, obj: Member | None = None) -> tuple[str, ...]:
        shown = ("username", "name", "email", "unit", "roles", "line_manager", "language", "new_password")
        return shown if obj is None else (*shown, "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Member | None = None) -> tuple[str, ...]:
        return () if obj is None else ("username",)

    @admin.display(description=_("角色"))
    def roles_said(self, obj: Member) -> str:
        return "、".join(obj.role_labels)

    def save_model(self, request: HttpRequest, obj: Member, form: forms.ModelForm[Member], change: bool) -> None:
        actor, at, given = _actor(request), timezone.now(), form.cleaned_data
        if not change:
            made = members.add(
                username=obj.username,
                name=obj.name,
                email=obj.email,
                unit=obj.unit,
                roles=given["roles"],
                line_manager=obj.line_manager,
                language=obj.language,
                password=given["new_password"] or None,
                actor=actor,
                at=at,
            )
            obj.pk = made.pk
            return
        member = Member.objects.get(pk=obj.pk)
        changed = set(form.changed_data)
        if {"name", "email", "language"} & changed:
            members.describe(member, name=obj.name, email=obj.email, language=obj.language, actor=actor, at=at)
        if {"unit", "line_manager"} & changed:
            members.transfer(member, unit=obj.unit, line_manager=obj.line_manager, actor=actor, at=at)
        if given["new_password"]:
            members.set_password(member, password=given["new_password"], actor=actor, at=at)
        if "roles" in changed:
            members.change_roles(member, roles=given["roles"], actor=actor, at=at)
        if "is_active" in changed:
            change_work = members.reactivate if given["is_active"] else members.deactivate
            change_work(member, actor=actor, at=at)


@admin.register(Token)
class TokenAdmin(Acting):
    list_display = ("name", "member", "scopes", "created_at", "last_used_at", "expires_at", "revoked_at")
    list_select_related = ("member",)
    search_fields = ("name", "member__username", "member__name")
    autocomplete_fields = ("member",)
    fields = ("member", "name", "scopes", "expires_at")
    actions = ("revoke",)

    def has_change_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        return False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "scopes":
            return forms.MultipleChoiceField(
                label=_("权限范围"), choices=Token.Scope.choices, widget=forms.CheckboxSelectMultiple
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Token, form: forms.ModelForm[Token], change: bool) -> None:
        made, raw = tokens.create(
            member=obj.member,
            name=obj.name,
            scopes=form.cleaned_data["scopes"],
            expires_at=obj.expires_at,
            at=timezone.now(),
        )
        obj.pk = made.pk
        self.message_user(request, gettext("令牌只显示这一次：%s") % raw, messages.WARNING)

    @admin.action(description=_("吊销所选令牌"), permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Token]) -> None:
        for token in queryset:
            tokens.revoke(token, at=timezone.now())


if TYPE_CHECKING:
    AnyAdmin = admin.ModelAdmin[Any]
else:
    AnyAdmin = object


class OnRecord(AnyAdmin):
    """Beside a ModelAdmin: what is changed there stands in the record of changes too, under `area`."""

    area: Change.Area

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        before = _said(type(obj)._default_manager.get(pk=obj.pk), form.changed_data) if change else None
        super().save_model(request, obj, form, change)
        assert isinstance(request.user, Member)
        named = form.changed_data if change else list(form.cleaned_data)
        verb = Change.Verb.AMENDED if change else Change.Verb.ADDED
        subject = str(getattr(obj, "code", "") or obj)
        record(
            self.area, subject, label=str(obj), verb=verb, before=before, after=_said(obj, named),
            actor=Actor.of(request.user), at=timezone.now(),
        )  # fmt: skip


def _said(row: Model, names: list[str]) -> dict[str, Any]:
    """Values that a table of JSON can keep; a row that it points to by its name."""
    values = {name: getattr(row, name, None) for name in names}
    return {name: str(value) if isinstance(value, Model) else value for name, value in values.items()}
