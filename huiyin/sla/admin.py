"""Where an administrator reads and amends the policy, and sets days of the company's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import yaml
from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.sla import errors
from huiyin.sla.actions import amending, excepting
from huiyin.sla.checking import check
from huiyin.sla.models import DayException, PolicyVersion
from huiyin.sla.writing import as_text, changes, from_text

if TYPE_CHECKING:  # unfold has no types, and looks like what it dresses
    from django.forms import Textarea, TextInput

    PolicyVersionModelAdmin = admin.ModelAdmin[PolicyVersion]
    DayExceptionModelAdmin = admin.ModelAdmin[DayException]
else:
    from unfold.admin import ModelAdmin
    from unfold.widgets import UnfoldAdminTextareaWidget as Textarea
    from unfold.widgets import UnfoldAdminTextInputWidget as TextInput

    PolicyVersionModelAdmin = DayExceptionModelAdmin = ModelAdmin


class AmendmentForm(forms.ModelForm[PolicyVersion]):
    """The whole document as YAML, and what is changed and why."""

    text = forms.CharField(
        label=_("政策内容（YAML）"),
        widget=Textarea(attrs={"rows": 40, "spellcheck": "false"}),
        help_text=_("保存后成为新的一版，用于此后起算的时限；已经起算的时限沿用原版。注释不保留，请写在 note 里。"),
    )
    expected = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = PolicyVersion
        fields = ("text", "note", "expected")
        widgets: ClassVar = {"note": TextInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = PolicyVersion.objects.order_by("-number").first()
        self._newest = newest
        self.fields["note"].required = True
        if newest is not None:
            self.fields["text"].initial = as_text(newest.body)
            self.fields["expected"].initial = newest.number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        number = self._newest.number if self._newest else 0
        if cleaned.get("expected") is not None and cleaned["expected"] != number:
            self.add_error(None, str(errors.PolicyMoved(number)))
        if self._newest is not None and cleaned.get("body") == self._newest.body:
            self.add_error("text", str(errors.PolicyUnchanged(number)))
        return cleaned

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        try:
            self.cleaned_data["body"] = check(from_text(text), before=self._newest.body if self._newest else None)
        except yaml.YAMLError as error:
            raise forms.ValidationError(_("YAML 写法有误：%(error)s"), params={"error": str(error)}) from error
        except errors.PolicyUnsound as unsound:
            raise forms.ValidationError(list(unsound.faults)) from unsound
        return text


@admin.register(PolicyVersion)
class PolicyVersionAdmin(PolicyVersionModelAdmin):
    form = AmendmentForm
    list_display = ("number", "created_at", "created_by", "note")
    list_select_related = ("created_by",)
    search_fields = ("note",)
    fields = ("text", "note", "expected")

    def get_fields(self, request: HttpRequest, obj: PolicyVersion | None = None) -> tuple[str, ...]:
        return self.fields if obj is None else ("number", "created_at", "created_by", "note", "difference", "document")

    def get_readonly_fields(self, request: HttpRequest, obj: PolicyVersion | None = None) -> tuple[str, ...]:
        return () if obj is None else self.get_fields(request, obj)

    def get_form(
        self, request: HttpRequest, obj: PolicyVersion | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[PolicyVersion]]:
        if obj is not None:
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, change=change, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: PolicyVersion | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PolicyVersion | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: PolicyVersion, form: AmendmentForm, change: bool) -> None:
        made = amending.amend(
            body=form.cleaned_data["body"],
            note=form.cleaned_data["note"],
            actor=_actor(request),
            at=timezone.now(),
            expected=form.cleaned_data["expected"],
        )
        obj.pk, obj.number, obj.created_at, obj.body = made.pk, made.number, made.created_at, made.body

    @admin.display(description=_("政策内容（YAML）"))
    def document(self, obj: PolicyVersion) -> SafeString:
        return format_html("<pre>{}</pre>", as_text(obj.body))

    @admin.display(description=_("与上一版的差别"))
    def difference(self, obj: PolicyVersion) -> SafeString:
        before = PolicyVersion.objects.filter(number=obj.number - 1).first()
        return format_html("<pre>{}</pre>", changes(before.body, obj.body) if before else _("这是第一版。"))


@admin.register(DayException)
class DayExceptionAdmin(DayExceptionModelAdmin):
    list_display = ("day", "is_working", "name", "set_by", "set_at")
    list_select_related = ("set_by",)
    list_filter = ("is_working",)
    date_hierarchy = "day"
    fields = ("day", "is_working", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: DayException | None = None) -> tuple[str, ...]:
        return ("day",) if obj else ()

    def save_model(self, request: HttpRequest, obj: DayException, form: forms.Form, change: bool) -> None:
        made = excepting.set_day(
            day=obj.day, is_working=obj.is_working, name=obj.name, actor=_actor(request), at=timezone.now()
        )
        obj.pk, obj.set_at, obj.set_by = made.pk, made.set_at, made.set_by

    def delete_model(self, request: HttpRequest, obj: DayException) -> None:
        excepting.clear_day(day=obj.day, actor=_actor(request), at=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[DayException]) -> None:
        for exception in queryset:
            self.delete_model(request, exception)


def _actor(request: HttpRequest) -> Actor:
    assert isinstance(request.user, Member)
    return Actor.of(request.user)
