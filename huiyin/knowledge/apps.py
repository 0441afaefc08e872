from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "huiyin.knowledge"
    verbose_name = _("知识库与话术")
