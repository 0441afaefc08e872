"""Where an administrator looks at the routing table. Nothing else of this app is configuration."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from huiyin.dispatch.models import RoutingRule
from huiyin.org.models import Member
from huiyin.org.rules import Right, may

if TYPE_CHECKING:  # unfold has no types, and looks like what it dresses
    RuleModelAdmin = admin.ModelAdmin[RoutingRule]
else:
    from unfold.admin import ModelAdmin as RuleModelAdmin


@admin.register(RoutingRule)
class RoutingRuleAdmin(RuleModelAdmin):
    """The app holds customers' words too, so the right is asked here and not for the app as a whole."""

    list_display = ("code", "position", "condition", "effect", "is_active")
    search_fields = ("code",)
    fields = ("code", "position", "condition", "effect", "is_active")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, Member) and may(request.user, Right.CONFIGURE)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Changed on the settings page, /desk/settings/routing, which checks each rule and keeps the record."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A rule is switched off, not deleted: what was dispatched by it still names it."""
        return False
