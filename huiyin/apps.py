from django.apps import AppConfig


class HuiyinConfig(AppConfig):
    """The top of the house: once all apps are there, the flow connects them."""

    name = "huiyin"
    label = "huiyin"

    def ready(self) -> None:
        from huiyin import flow  # noqa: F401  # its tables register themselves; apps must be loaded first
