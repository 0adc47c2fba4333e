"""Why a file or a line was not taken, in a sentence that helps."""

import logging
import re

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from resources import deposits
from resources.intake import kinds
from resources.models import Gathered, Resource
from resources.models.resource import Reader

log = logging.getLogger(__name__)


def why_not(problem: kinds.Refused | deposits.AlreadyHere | OSError, *, reader: Reader) -> str | SafeString:
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


def why_refused(line: Gathered) -> str:
    """The reason of a gathered line, in the reader's language; what it names stands in the line's values."""
    sentence = _(line.reason) if line.reason else ""
    if words := line.found.get("words"):
        return sentence.format(**words)
    if "%(other)s" not in sentence:
        return sentence
    return sentence % {"other": place(str(line.values.get("other", "")))}


def place(where: str) -> str:
    """A place in a list in the reader's language: "Sheet, row 7", "line 5, record 4"."""
    words = {"line": _("line"), "row": _("row"), "record": _("record"), "file": _("file")}
    return re.sub(r"\b(line|row|record)(?= \d+\b)|^file$", lambda found: str(words[found[0]]), where)
