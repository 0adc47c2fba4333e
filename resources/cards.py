"""
Works as a list prints them.

A page shows twenty, and rows of the database with all their fields, files and authors would take longer to make than
to find. A card holds the values a reader sees, read in three queries.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from django.db.models import Value
from django.urls import reverse
from django.utils.translation import get_language

from portal.core.languages import Worded
from resources import search
from resources.models import Author, File, Resource
from resources.models.resource import TYPE_LABELS, Audience
from resources.models.shown import ShownFile, ShownWork

FIELDS = (
    "pk", "original_language", "original_title", "title_es", "title_en", "abstract_es", "abstract_en", "type",
    "status", "audience", "publisher", "year", "organisation__slug",
)  # fmt: skip


class Chip(NamedTuple):
    """A country or topic of a work: its name for the reader, and its page."""

    label: str
    address: str


@dataclass
class CardFile(ShownFile):
    pk: int
    language: str
    name: str
    kind: str
    pages: int | None
    thumbnail: str


@dataclass(eq=False)
class Card(ShownWork):
    """A work in a list, in the reader's language."""

    pk: int
    original_language: str
    original_title: str
    title_es: str | None
    title_en: str | None
    abstract_es: str | None
    abstract_en: str | None
    type: str
    status: str
    audience: str
    publisher: str
    year: int | None
    organisation: str
    files: list[CardFile] = field(default_factory=list)
    author_names: list[str] = field(default_factory=list)
    countries: list[Chip] = field(default_factory=list)
    topics: list[Chip] = field(default_factory=list)

    @cached_property
    def shown_title(self) -> Worded:
        return super().shown_title

    @property
    def contributed_by(self) -> str:
        return search.label("organisation", self.organisation, get_language() or "es")

    @property
    def type_label(self) -> str:
        return str(TYPE_LABELS.get(self.type, self.type))

    @property
    def pictured(self) -> CardFile | None:
        """The first file, if its first page has a picture."""
        return self.files[0] if self.files and self.files[0].thumbnail else None

    @property
    def notice(self) -> str:
        """What sets the work apart from those that everybody may read; mostly nothing."""
        if self.status != Resource.Status.PUBLISHED:
            return str(Resource.Status(self.status).label)
        return str(Audience(self.audience).label) if self.audience != Audience.PUBLIC else ""


def cards(pks: list[int]) -> list[Card]:
    """These works in this order; one that is gone is left out."""
    rows = Resource.objects.filter(pk__in=pks).order_by().values_list(*FIELDS)
    works = {row[0]: Card(*row) for row in rows}
    files = File.objects.filter(resource__in=works).order_by("pk")
    for pk, *values in files.values_list("resource_id", "pk", "language", "name", "kind", "pages", "thumbnail"):
        works[pk].files.append(CardFile(*values))
    _add_names(works)
    return [works[pk] for pk in pks if pk in works]


def _add_names(works: dict[int, Card]) -> None:
    """Authors in their order; countries and topics named from what the search knows by heart."""
    language = get_language() or "es"
    for pk, what, _position, value in sorted(_names(works)):
        if what == "author":
            works[pk].author_names.append(value)
        else:
            chips = works[pk].countries if what == "country" else works[pk].topics
            chips.append(Chip(search.label(what, value, language), _address(what, value.lower(), language)))
    for work in works.values():
        work.countries.sort()
        work.topics.sort()


def _names(pks: Iterable[int]) -> Iterable[tuple[int, str, int, str]]:
    """(work, what, position, name or value) of authors, countries and topics, in one query."""
    authors = Author.objects.values_list("resource_id", Value("author"), "position", "name")
    countries = Resource.countries.through.objects.values_list("resource_id", Value("country"), Value(0), "country_id")
    topics = Resource.topics.through.objects.values_list("resource_id", Value("topic"), Value(0), "topic__slug")
    first, *others = (rows.filter(resource__in=pks).order_by() for rows in (authors, countries, topics))
    return first.union(*others, all=True).order_by()


@lru_cache(maxsize=2048)
def _address(facet: str, value: str, language: str) -> str:
    """The page of a country or topic; `language` is the active one."""
    return reverse(facet, args=[value])
