from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "huiyin.surveys"
    verbose_name = _("满意度回访")
