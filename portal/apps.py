from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The top room: it composes the others and holds the commands of the whole site."""

    name = "portal"
    verbose_name = "Portal"
