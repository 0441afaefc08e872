from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "huiyin.redchannel"
    verbose_name = _("红色通道")
