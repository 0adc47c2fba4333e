"""
DOIs in their register.

doi.org passes a question for CSL-JSON on to whoever registered the DOI (Crossref, DataCite, mEDRA and others), so one
door serves them all: https://citation.crosscite.org/docs.html.
"""

from dataclasses import replace
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext_noop as _

from portal.core import outgoing
from portal.core.outgoing import Limits
from resources.intake.records import Record
from resources.intake.references import csl, kinds
from resources.intake.references.building import doi_of_address
from resources.intake.references.source import Source

from . import webpage
from .answers import NotFound, Said, reasons

CSL = "application/vnd.citationstyles.csl+json"
LIMITS = Limits(size=4 * 1024 * 1024, seconds=40, read_seconds=20, retries=2, longest_wait=30)

UNKNOWN = _("The register does not know this DOI: check it for typing errors.")
UNREADABLE = _("The register's answer about this DOI can't be read.")


def registered(doi: str, where: str) -> tuple[Said, str]:
    """The work a DOI stands for, and whether its register or only its page says so ("register", "page").

    `where` is its place in the person's list. Raises NotFound.
    """
    try:
        with reasons():
            answer = outgoing.fetch(settings.DOI_REGISTER + quote(doi, safe="/:()"), limits=LIMITS, headers=_headers())
    except NotFound as problem:
        if problem.words.get("status") == "404":
            raise NotFound(UNKNOWN) from problem
        raise
    if answer.media_type in webpage.MEDIA_TYPES:  # a register that knows no CSL leads to the publisher's page
        page = webpage.read(answer.content, answer.url, charset=answer.charset, where=where)
        return page.said, "page"
    return Said(_record(answer.content, doi, where), doi), "register"


def _headers() -> dict[str, str]:
    """Who asks, and whom to write to: the registers serve those better (https://api.crossref.org/#etiquette)."""
    mail = f"; mailto:{settings.ADMINS[0]}" if settings.ADMINS else ""
    return {"Accept": CSL, "User-Agent": f"SaludYMigracion/1.0 (+{settings.SITE_URL}{mail})"}


def _record(data: bytes, doi: str, where: str) -> Record:
    """The one record of an answer, under the DOI that was asked for: an old DOI may lead to a newer one."""
    _place, item = next(csl.items(Source(data).text()), ("", None))
    if not isinstance(item, dict) or not csl.text_of(item, "title"):
        raise NotFound(UNREADABLE)
    draft = csl.csl(item, where)
    draft.key = ""
    draft.type = draft.type or kinds.CROSSREF.get(csl.text_of(item, "type"), "")
    draft.licence = draft.licence or _licence(item)
    draft.subjects += [word for word in _texts(item.get("categories")) if word not in draft.subjects]
    draft.urls = [url for url in draft.urls if not doi_of_address(url)]
    found = draft.finish()[0]
    if not isinstance(found, Record):
        raise NotFound(UNREADABLE)
    return replace(found, identifiers=found.identifiers | {"doi": doi})


def _licence(item: csl.Item) -> str:
    """The address of a licence that Crossref lists, of the version that counts where it is said."""
    listed = csl.objects(item, "license")
    listed.sort(key=lambda one: one.get("content-version") != "vor")
    return next((address for one in listed if kinds.licence(address := csl.text_of(one, "URL"))), "")


def _texts(value: object) -> list[str]:
    return [word for word in value[:100] if isinstance(word, str)] if isinstance(value, list) else []
