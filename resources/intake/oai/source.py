"""A source of the Open Archives protocol: who it is and what it offers. Every request passes `portal.core.outgoing`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

import httpx2
from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from oaipmh_scythe import Scythe, exceptions

from portal.core import outgoing
from portal.core.outgoing import NotFetched

from . import pages
from .pages import Page, text_of

LIMITS = outgoing.Limits(size=16 * 1024 * 1024, seconds=120, read_seconds=60, retries=4, longest_wait=120)
PAUSE = 0.5  # seconds between two requests to one source
MAX_PAGES = 100  # of the lists of sets and formats
MAX_ITEMS = 5_000
MAX_WORDS = 200  # of what a source says in its own words
# What a person may have copied together with the address of the source.
ARGUMENTS = {"verb", "metadataPrefix", "set", "from", "until", "identifier", "resumptionToken"}

MESSAGES: dict[str, Promise] = outgoing.MESSAGES | {
    "not_oai": _("What answers at this address does not speak OAI-PMH: ask the source for the address it harvests by."),
    "too_much": _("The source's answer holds more than is taken at once."),
    "broken_xml": _("The source's answer breaks off or is damaged: what came before is kept."),
    "no_format": _("The source does not offer its records in this format."),
    "no_sets": _("The source has no sets: leave the set empty."),
    "nothing": _("The source has no records in this span."),
    "refused": _("The source refused the request: {words}"),
    "token_loop": _("The source begins the same list again and again: what came is kept."),
    "token_refused": _("The source has forgotten where the list was: what came is kept."),
    "enough": _("Enough for one run: the harvest continues here next time."),
}
CODES = {
    exceptions.CannotDisseminateFormat: "no_format",
    exceptions.NoSetHierarchy: "no_sets",
    exceptions.NoRecordsMatch: "nothing",
    exceptions.BadResumptionToken: "token_refused",
}


class Stopped(Exception):
    """A source can't be asked (further). `message` is one sentence, translated when it is shown.

    `retry_after` is the wait in seconds that a busy source asked for, where it asked for one.
    """

    def __init__(self, code: str, *, retry_after: float | None = None, **words: object) -> None:
        super().__init__(code)
        self.code, self.words = code, words
        self.sentence = MESSAGES[code]
        self.message = format_lazy(self.sentence, **words)
        self.retry_after = retry_after

    @property
    def msgid(self) -> str:
        """The sentence as the catalogues know it, to be kept and shown with its `words` to whoever comes to read it."""
        with translation.override(None):
            return str(self.sentence)


@dataclass(frozen=True)
class Identity:
    """What a source says of itself. `earliest` and `granularity` are as it writes them."""

    name: str
    granularity: str
    earliest: str
    deleted_record: str  # "no", "persistent" or "transient"

    def stamp(self, moment: datetime) -> date | datetime:
        """The moment as exact as the source knows it: to begin the next harvest at."""
        return moment if "hh" in self.granularity else moment.astimezone(UTC).date()


@dataclass(frozen=True)
class Format:
    prefix: str
    schema: str
    namespace: str


@dataclass(frozen=True)
class OaiSet:
    spec: str
    name: str


class Source(Scythe):
    """Scythe asks and tells the protocol's errors; our guarded client carries its requests."""

    def __init__(self, url: str, limits: outgoing.Limits = LIMITS) -> None:
        with reasons():
            address = outgoing.address(url)
        self._limits = limits
        # Scythe's arguments would replace those that belong to the address itself ("index.php?page=oai").
        self._own = [(name, value) for name, value in address.params.multi_items() if name not in ARGUMENTS]
        super().__init__(str(address.copy_with(query=None, fragment=None)))

    @cached_property
    def client(self) -> httpx2.Client:
        return outgoing.Client(self._limits, params=self._own, event_hooks={"response": [expect_oai]})

    def close(self) -> None:
        self.client.close()

    def ask(self, item: str, **query: str) -> Page:
        """One page of an answer. Raises Stopped."""
        with reasons():
            return pages.read(self.harvest(query).http_response.content, item)

    def every(self, item: str, verb: str, most_pages: int = MAX_PAGES) -> Iterator[pages.etree._Element]:
        """All sound items of a short list, page after page."""
        query, asked = {"verb": verb}, set()
        for number in range(most_pages):
            page = self.ask(item, **query)
            yield from (element for place, element in enumerate(page.items) if place not in page.damaged)
            if not page.token or page.token in asked or number + 1 == most_pages:
                return
            asked.add(page.token)
            query = {"verb": verb, "resumptionToken": page.token}
            time.sleep(PAUSE)


def expect_oai(response: httpx2.Response) -> None:
    """Raise Stopped for anything but the protocol's XML, whatever its status: errors come with 200, 400 or 422."""
    if response.has_redirect_location or response.status_code in outgoing.BUSY:
        return
    try:
        pages.expect_oai(response.read())
    except pages.NotOai:
        if response.is_error:
            raise NotFetched("status", status=response.status_code) from None
        raise Stopped("not_oai") from None
    except pages.TooMuch:
        raise Stopped("too_much") from None


@contextmanager
def reasons() -> Iterator[None]:
    """Turn what keeps a source from answering into Stopped."""
    try:
        yield
    except NotFetched as error:
        raise Stopped(error.code, retry_after=error.retry_after, **error.words) from error
    except exceptions.OAIPMHException as error:
        words = " ".join(str(error).split())[:MAX_WORDS] or type(error).__name__
        raise Stopped(CODES.get(type(error), "refused"), words=words) from error
    except httpx2.HTTPStatusError as error:
        raise Stopped("status", status=error.response.status_code) from error


def identify(url: str, *, limits: outgoing.Limits = LIMITS) -> Identity:
    """Who answers at this address. Raises Stopped, also for what is no source."""
    with Source(url, limits) as source:
        items = source.ask("Identify", verb="Identify").items
    if not items:
        raise Stopped("not_oai")
    found = items[0]
    return Identity(
        name=text_of(found, "repositoryName")[:MAX_WORDS],
        granularity=text_of(found, "granularity")[:20],
        earliest=text_of(found, "earliestDatestamp")[:20],
        deleted_record=text_of(found, "deletedRecord")[:20],
    )


def list_formats(url: str, *, limits: outgoing.Limits = LIMITS, most_pages: int = MAX_PAGES) -> list[Format]:
    """The formats in which the source offers its records. Raises Stopped."""
    with Source(url, limits) as source:
        items = list(source.every("metadataFormat", "ListMetadataFormats", most_pages))
    found = [
        Format(text_of(item, "metadataPrefix"), text_of(item, "schema"), text_of(item, "metadataNamespace"))
        for item in items[:MAX_ITEMS]
    ]
    return [each for each in found if each.prefix]


def list_sets(url: str, *, limits: outgoing.Limits = LIMITS, most_pages: int = MAX_PAGES) -> list[OaiSet]:
    """The sets of the source, the first 5,000 of them; none where it has none. Raises Stopped."""
    found: dict[str, OaiSet] = {}
    try:
        with Source(url, limits) as source:
            for item in source.every("set", "ListSets", most_pages):
                spec = text_of(item, "setSpec")
                if spec:
                    found.setdefault(spec, OaiSet(spec, text_of(item, "setName")[:MAX_WORDS] or spec))
                if len(found) == MAX_ITEMS:
                    break
    except Stopped as stopped:
        if stopped.code != "no_sets":
            raise
    return list(found.values())
