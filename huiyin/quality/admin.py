"""Where an administrator amends the classes of incidents, the disciplines and the rules."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from huiyin.org.models import Member
from huiyin.org.rules import Right, may
from huiyin.quality.models import AssessmentRule, Discipline, IncidentClass, RecurrenceRule

if TYPE_CHECKING:  # unfold has no types, and looks like what it dresses
    SettingAdmin = admin.ModelAdmin[Any]
else:
    from unfold.admin import ModelAdmin as SettingAdmin


class ConfiguredAdmin(SettingAdmin):
    """The app holds customers' matters too, so the right is asked here and not for the app as a whole."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, Member) and may(request.user, Right.CONFIGURE)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # each code is known to what uses it

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(IncidentClass)
class IncidentClassAdmin(ConfiguredAdmin):
    list_display = ("code", "name_zh", "lead_code", "joint_codes", "market_codes", "report_clock")
    readonly_fields = ("code",)


@admin.register(Discipline)
class DisciplineAdmin(ConfiguredAdmin):
    list_display = ("code", "name_zh", "gate", "due")
    readonly_fields = ("code",)


@admin.register(AssessmentRule)
class AssessmentRuleAdmin(ConfiguredAdmin):
    list_display = ("code", "category_code")
    readonly_fields = ("code",)


@admin.register(RecurrenceRule)
class RecurrenceRuleAdmin(ConfiguredAdmin):
    list_display = ("code", "threshold", "clock", "unit_code")
    readonly_fields = ("code",)
