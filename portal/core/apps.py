from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _
from taggit import apps as taggit

from portal.core.catalogues import compile_stale


class CoreConfig(AppConfig):
    """The ground floor: what every room may use and that knows none of them."""

    name = "portal.core"
    default = True
    label = "core"

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        # A fresh checkout has no compiled catalogues and perhaps no GNU gettext; pages must be translated all the same.
        # Now, before any model is imported: some texts are asked for then, and a catalogue is read once per process.
        compile_stale()


class MesaConfig(admin.AdminConfig):
    """django.contrib.admin, with our own site as the default one."""

    default = False
    default_site = "portal.core.admin.MesaAdminSite"


class KeywordsConfig(taggit.TaggitAppConfig):
    """taggit, under the name its rows have on the pages."""

    default = False
    verbose_name = _("Keywords")
