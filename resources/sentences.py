"""Why a file was not taken, in a sentence that helps."""

import logging

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from resources import actions
from resources.intake import kinds
from resources.models import Resource
from resources.models.resource import Reader

log = logging.getLogger(__name__)


def why_not(problem: kinds.Refused | actions.AlreadyHere | OSError, *, reader: Reader) -> str | SafeString:
    """The sentence for whoever handed the file in; names the work that holds it only to those who may open that."""
    if isinstance(problem, OSError):
        log.error("A file could not be stored or read", exc_info=problem)
        return _("The portal has no room for the file just now; nothing was kept. Please try again later.")
    if isinstance(problem, kinds.Refused):
        return str(problem.message)
    known = problem.file.resource
    if Resource.objects.visible_to(reader).filter(pk=known.pk).exists():
        sentence = _("This very file is already in the library: {link}")
        return format_html(sentence, link=format_html('<a href="{}">{}</a>', known.get_absolute_url(), known))
    return _("This very file has already been handed in and is with the coordination.")
