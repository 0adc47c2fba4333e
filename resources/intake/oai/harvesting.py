"""A harvest: batch after batch, to be continued after a kill, stopped with a reason and never by a crash."""

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Self

from django.utils.translation import gettext_noop as _
from lxml import etree
from oaipmh_scythe.models import Header

from portal.core.outgoing import Limits
from resources.intake.records import Fault, Record

from . import datacite, dublin_core, words
from .pages import OAI, Page
from .source import LIMITS, PAUSE, Source, Stopped

STAMP = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", re.ASCII)
DAY = 10  # letters of a stamp that name the day
MAX_RECORDS = 500_000  # of one run; the next one continues
MAX_PAGES = 50_000
MAX_IDLE = 200  # pages on end without anything new
MAX_RESTARTS = 5
READERS = {dublin_core.ROOT: dublin_core.read} | dict.fromkeys(datacite.ROOTS, datacite.read)

Moment = date | datetime | str | None


@dataclass(frozen=True)
class Harvested:
    """One record as the source holds it now. `record` is None for a deleted one and for one that can't be read."""

    identifier: str
    datestamp: str
    deleted: bool = False
    sets: tuple[str, ...] = ()
    record: Record | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Batch:
    """What one answer brought, and what to keep beside it to continue after a kill.

    `token` leads to the next answer, and is empty at the end of the list. `since` is where to begin again should the
    source no longer know the token. `size` is the length of the whole list, where the source tells it.
    """

    records: list[Harvested]
    token: str = ""
    size: int | None = None
    since: str = ""


def harvest(
    url: str,
    *,
    prefix: str,
    set: str = "",
    since: Moment = None,
    until: Moment = None,
    token: str = "",
    countries: Mapping[str, str] | None = None,
    pause: float = PAUSE,
    limits: Limits = LIMITS,
) -> Iterator[Batch]:
    """Everything a source has, or what changed between two moments, batch by batch. Raises Stopped, after the last
    batch that could be had.

    To continue, give `token` and `since` of the last batch kept. A date asks by days, a moment by seconds, which not
    every source understands: `Identity.stamp` knows. `countries` maps names in any language to ISO 3166 codes.
    A record may come a second time in another run, never twice in one: keep records by their identifier.
    """
    known = words.Countries(countries or {})
    course = Course.begin(prefix, set, since, until, token)
    with Source(url, limits) as source:
        for _number in range(MAX_PAGES):
            try:
                page = source.ask("record", **course.query)
            except Stopped as stopped:
                if stopped.code == "nothing":
                    return
                if stopped.code != "token_refused":
                    raise
                course.restart()
                continue
            yield course.take(page, [harvested(*each, known) for each in sound_or_not(page)])
            course.turn(page)
            if not page.token:
                return
            time.sleep(pause)
    raise Stopped("enough")


@dataclass
class Course:
    """Where a harvest stands: what to ask next, and what came already."""

    window: dict[str, str]
    query: dict[str, str]
    asked: set[str] = field(default_factory=set)
    delivered: set[int] = field(default_factory=set)
    last: str = ""
    in_order: bool = True
    restarts: int = 0
    idle: int = 0
    is_new: bool = True  # something came since the last restart

    @classmethod
    def begin(cls, prefix: str, spec: str, since: Moment, until: Moment, token: str) -> Self:
        start, end = stamp(since), stamp(until)
        window = {"verb": "ListRecords", "metadataPrefix": prefix, "set": spec, "from": start, "until": end}
        course = cls(window, {})
        course.query = course.first(start)
        if token:
            course.query = cls.next(token)
            course.asked.add(token)
        return course

    @staticmethod
    def next(token: str) -> dict[str, str]:
        return {"verb": "ListRecords", "resumptionToken": token}

    def first(self, start: str) -> dict[str, str]:
        """The request that begins a list. Both ends of a span must be equally exact (section 3.3.1 of the protocol)."""
        end = self.window["until"]
        if start and end and len(start) != len(end):
            start, end = start[:DAY], end[:DAY]
        return {name: text for name, text in {**self.window, "from": start, "until": end}.items() if text}

    @property
    def since(self) -> str:
        """Where to begin again: at the last stamp, if stamps only ever rose; else where this list began."""
        return self.last if self.last and self.in_order else self.window["from"]

    def restart(self) -> None:
        """Begin again after the source forgot its token. Raises Stopped when that leads nowhere."""
        self.restarts += 1
        if not self.is_new or self.restarts > MAX_RESTARTS:
            raise Stopped("token_refused")
        self.query, self.is_new = self.first(self.since), False
        self.asked.clear()

    def take(self, page: Page, records: list[Harvested]) -> Batch:
        """The batch of a page, without what came before in this run."""
        fresh = []
        for each in records:
            mark = hash((each.identifier, each.datestamp))
            if not each.identifier or mark not in self.delivered:
                fresh.append(each)
                self.delivered.add(mark)
            if each.datestamp:
                self.in_order = self.in_order and each.datestamp >= self.last
                self.last = max(self.last, each.datestamp)
        self.idle = 0 if fresh else self.idle + 1
        self.is_new = self.is_new or bool(fresh)
        # A page that broke off is asked for again when the harvest continues.
        token = page.token if page.is_whole else self.query.get("resumptionToken", "")
        return Batch(fresh, token, page.size, self.since)

    def turn(self, page: Page) -> None:
        """Go on to the next page. Raises Stopped where there is none to trust."""
        if not page.is_whole:
            raise Stopped("broken_xml")
        if page.token in self.asked or self.idle >= MAX_IDLE:
            raise Stopped("token_loop")
        if page.token and len(self.delivered) >= MAX_RECORDS:
            raise Stopped("enough")
        self.asked.add(page.token)
        self.query = self.next(page.token)


def stamp(moment: Moment) -> str:
    """A moment as the protocol writes it: UTC to the second, or a day."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return moment.isoformat() if isinstance(moment, date) else moment or ""


def sound_or_not(page: Page) -> Iterator[tuple[int, etree._Element, bool]]:
    for place, element in enumerate(page.items):
        yield place, element, place not in page.damaged


def harvested(place: int, element: etree._Element, is_sound: bool, countries: words.Countries) -> Harvested:
    """One record of an answer; what can't be read of it becomes a fault that names it."""
    found = element.find(f"{OAI}header")
    header = Header(found) if found is not None else None
    identifier = ((header and header.identifier) or "").strip()[:500]
    given = ((header and header.datestamp) or "").strip()
    datestamp = given if STAMP.fullmatch(given) else ""
    where = identifier or f"#{place + 1}"
    if header is None or not identifier:
        return Harvested("", datestamp, faults=(Fault(where, _("The record has no identifier.")),))
    sets = tuple(text.strip() for text in header.setSpecs if text and text.strip())
    if not is_sound:
        fault = Fault(where, _("The XML of this record is damaged."))
        return Harvested(identifier, datestamp, header.deleted, sets, faults=(fault,))
    if header.deleted:
        return Harvested(identifier, datestamp, deleted=True, sets=sets)
    record, faults = described(element, where, countries)
    return Harvested(identifier, datestamp, False, sets, record, faults)


def described(
    element: etree._Element, where: str, countries: words.Countries
) -> tuple[Record | None, tuple[Fault, ...]]:
    """What the metadata of a record say, in the shape every importer gives."""
    body = next(element.iterfind(f"{OAI}metadata/*"), None)
    if body is None:
        return None, (Fault(where, _("The record has no metadata.")),)
    reader = READERS.get(body.tag)
    if reader is None:
        return None, (Fault(where, _("The record is in a format that is not understood.")),)
    record = reader(body, where, countries)
    if not record.titles:
        return record, (Fault(where, _("The record has no title."), "title"),)
    return record, ()
