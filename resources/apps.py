from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class ResourcesConfig(AppConfig):
    """What: the library, how documents come in, are found and go out."""

    name = "resources"
    verbose_name = _("Library")

    def ready(self) -> None:
        from network.models import Country, Organisation
        from resources import held, lent, mesa  # noqa: F401 (what the library holds about people, lends and gives to do)
        from resources.models import EntryTerm, Topic

        for model in (Topic, EntryTerm, Country, Organisation):
            post_save.connect(tell_search, sender=model)
            post_delete.connect(tell_search, sender=model)


def tell_search(*, raw: bool = False, **kwargs: Any) -> None:
    """Search knows these names by heart, in every process."""
    from resources import search

    if not raw:
        search.names_changed()
