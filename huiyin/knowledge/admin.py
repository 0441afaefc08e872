"""Where an editor keeps scripts, phrases, methods, playbooks and cases. Nothing is deleted: it is switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest

from huiyin.knowledge.actions.cases import index
from huiyin.knowledge.forms import CaseForm, MethodForm, PhraseForm, PlaybookForm, ScriptForm
from huiyin.knowledge.models import Frame, LibraryCase, Method, Phrase, Playbook, Script
from huiyin.org.admin import OnRecord
from huiyin.org.models import Change

if TYPE_CHECKING:  # unfold has no types, and looks like what it dresses
    from typing import TypeVar

    Row = TypeVar("Row", bound=Model)

    class ModelAdmin(admin.ModelAdmin[Row]): ...
else:
    from unfold.admin import ModelAdmin as Unfolded

    class ModelAdmin(Unfolded):
        def __class_getitem__(cls, _row: object) -> type:
            return cls


class Kept(OnRecord, ModelAdmin[Any]):
    """A code, once given, stays."""

    area = Change.Area.LIBRARY

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return () if obj is None else ("code",)


@admin.register(Script)
class ScriptAdmin(Kept):
    area = Change.Area.WORDING
    form = ScriptForm
    list_display = ("code", "name_zh", "stage", "categories", "is_regret", "is_active")
    list_filter = ("stage", "is_active")
    list_per_page = 100
    search_fields = ("code", "name_zh", "name_en", "text", "categories")


@admin.register(Frame)
class FrameAdmin(OnRecord, ModelAdmin[Frame]):
    area = Change.Area.WORDING
    list_display = ("channel", "opening", "closing")
    fields = ("channel", "opening", "closing")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("channel",)


@admin.register(Phrase)
class PhraseAdmin(Kept):
    area = Change.Area.WORDING
    form = PhraseForm
    list_display = ("code", "level", "when", "words", "pattern", "why", "rewrite", "is_active")
    list_filter = ("level", "when", "is_active")
    list_per_page = 100
    search_fields = ("code", "words", "pattern", "why", "rewrite")


@admin.register(Method)
class MethodAdmin(Kept):
    form = MethodForm
    list_display = ("code", "name_zh", "position", "is_active")


@admin.register(Playbook)
class PlaybookAdmin(Kept):
    form = PlaybookForm
    list_display = ("code", "name_zh", "tags", "techniques", "is_active")
    search_fields = ("code", "name_zh", "steps")


@admin.register(LibraryCase)
class LibraryCaseAdmin(Kept):
    form = CaseForm
    list_display = ("code", "name_zh", "playbook", "categories", "is_active")
    list_filter = ("playbook", "is_active")
    list_select_related = ("playbook",)
    search_fields = ("code", "name_zh", "situation", "cause", "handling", "lesson")

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        obj.is_draft = obj.is_draft and not obj.is_active  # who puts it into use has read it
        super().save_model(request, obj, form, change)
        index([obj])
