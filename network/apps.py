from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworkConfig(AppConfig):
    """Who: countries, organisations, people and what they may do."""

    name = "network"
    verbose_name = _("Network")

    def ready(self) -> None:
        from network import mesa  # noqa: F401 (what it gives to do)
