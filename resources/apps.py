from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResourcesConfig(AppConfig):
    """What: the library, how documents come in, are found and go out."""

    name = "resources"
    verbose_name = _("Library")
