from django.apps import AppConfig


class LibConfig(AppConfig):
    name = "huiyin.lib"
    label = "lib"
