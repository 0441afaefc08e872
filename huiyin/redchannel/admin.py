"""Where an administrator amends what makes a case red, and who is paged."""

from django.contrib import admin

from huiyin.quality.admin import ConfiguredAdmin
from huiyin.redchannel.models import RedPolicy


@admin.register(RedPolicy)
class RedPolicyAdmin(ConfiguredAdmin):
    list_display = ("code", "group_code", "every_minutes", "widen_after")
    readonly_fields = ("code",)
