from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    name = "huiyin.dispatch"
    label = "dispatch"
    verbose_name = _("派单")
    default_auto_field = "django.db.models.BigAutoField"
