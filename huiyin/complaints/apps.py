from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "huiyin.complaints"
    label = "complaints"
    verbose_name = "投诉"
    default_auto_field = "django.db.models.BigAutoField"
