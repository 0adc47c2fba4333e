"""The list page put together: results of the search, facets with their names, chips to take off again."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from taggit.models import Tag

from portal.core import languages
from resources import search
from resources.cards import Card, cards
from resources.filters import FACETS, ResourceFilter
from resources.models import Resource
from resources.models.resource import Reader

PAGE_SIZE = 20
OPEN_VALUES = 8
"""How many values of a facet show before "more"."""


class Choice(NamedTuple):
    """One value of a facet as the reader sees it."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    choices: list[Choice]

    @property
    def groups(self) -> list[list[Choice]]:
        """Those that always show, the most frequent and every chosen one; then, if there are more, the others."""
        first = [c for place, c in enumerate(self.choices) if place < OPEN_VALUES or c.selected]
        rest = [c for place, c in enumerate(self.choices) if place >= OPEN_VALUES and not c.selected]
        return [first, rest] if rest else [first]

    @property
    def chosen(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.selected]


class Year(NamedTuple):
    """A year of publication, its works, and the address of just these."""

    year: int
    count: int
    address: str


@dataclass(frozen=True)
class InForce:
    """A filter in force, and the address of the same list without it."""

    label: str
    without: str


@dataclass(frozen=True)
class Hit:
    resource: Card
    snippet: search.Snippet | None


class Listing:
    """Everything the list page prints, in a number of queries that does not depend on the number of results."""

    def __init__(self, filters: ResourceFilter, *, reader: Reader) -> None:
        self.filters = filters
        self.query = filters.search_query(reader)
        self.results = search.search(self.query, size=PAGE_SIZE)
        self.parameters = _tidy(filters.data)

    @cached_property
    def hits(self) -> list[Hit]:
        found = cards(self.results.ids)
        snippets = search.snippets(self.results, found)
        return [Hit(resource, snippets.get(resource.pk)) for resource in found]

    @cached_property
    def facets(self) -> list[Facet]:
        names = self.filters.filters
        return [Facet(name, str(names[name].label), self._choices(name)) for name in FACETS]

    def _choices(self, name: str) -> list[Choice]:
        values = self.results.facets.get(name, [])
        labels = _labels(name, [value.value for value in values])
        return [Choice(v.value, labels.get(v.value, v.value), v.count, v.selected) for v in values]

    @cached_property
    def years(self) -> list[Year]:
        """Works by year of publication, the latest first, each with the address of the list of that year alone."""
        counted = {int(value.value): value.count for value in self.results.facets.get("year", []) if value.count}
        others = self._address({**self.parameters, "year_from": [], "year_to": []})
        start = others if others == "?" else f"{others}&"
        return [
            Year(year, count, f"{start}year_from={year}&year_to={year}")
            for year, count in sorted(counted.items(), reverse=True)
        ]

    @property
    def year_groups(self) -> list[list[Year]]:
        """The years that always show, then the others."""
        return [list(some) for some in (self.years[:OPEN_VALUES], self.years[OPEN_VALUES:]) if some]

    @cached_property
    def chips(self) -> list[InForce]:
        chips = [
            InForce(choice.label, self._without(facet.name, choice.value))
            for facet in self.facets
            for choice in facet.chosen
        ]
        if self.query.year_from:
            chips.append(InForce(_("from %(year)s") % {"year": self.query.year_from}, self._without("year_from")))
        if self.query.year_to:
            chips.append(InForce(_("until %(year)s") % {"year": self.query.year_to}, self._without("year_to")))
        return chips

    @property
    def address_without_filters(self) -> str:
        return self._address({"q": [self.query.text]} if self.query.text else {})

    @property
    def address_of_correction(self) -> str:
        return self._address({**self.parameters, "q": [self.results.correction]})

    @property
    def address_of_my_words_only(self) -> str:
        return self._address({**self.parameters, "exact": ["1"]})

    @property
    def address_with_other_words(self) -> str:
        return self._without("exact")

    @property
    def is_plain_search(self) -> bool:
        """Words and nothing else: somebody has just searched, rather than narrowed what was found."""
        return set(self.parameters) == {"q"} and self.results.page == 1

    def address_of_page(self, number: int) -> str:
        return self._address({**self.parameters, "page": [str(number)]})

    @property
    def pages(self) -> list[tuple[int, str]]:
        """Page numbers near the present one with their addresses; the first and the last always among them."""
        near = range(self.results.page - 2, self.results.page + 3)
        shown = sorted({1, self.results.pages, *(n for n in near if 1 <= n <= self.results.pages)})
        return [(number, self.address_of_page(number)) for number in shown]

    @property
    def previous(self) -> str:
        return self.address_of_page(self.results.page - 1) if self.results.page > 1 else ""

    @property
    def next(self) -> str:
        return self.address_of_page(self.results.page + 1) if self.results.page < self.results.pages else ""

    def _without(self, name: str, value: str | None = None) -> str:
        kept = [v for v in self.parameters.get(name, []) if value is not None and v.upper() != value.upper()]
        return self._address({**self.parameters, name: kept})

    @staticmethod
    def _address(parameters: dict[str, list[str]]) -> str:
        query = QueryDict(mutable=True)
        for name, values in parameters.items():
            query.setlist(name, values)
        return "?" + query.urlencode()


def _tidy(data: QueryDict) -> dict[str, list[str]]:
    """The parameters the list knows, without empty ones and without the page."""
    names = ["q", *FACETS, "year_from", "year_to", "exact", "sort"]
    kept = {name: [value for value in data.getlist(name) if value.strip()] for name in names}
    return {name: values for name, values in kept.items() if values}


def _labels(name: str, values: list[str]) -> dict[str, str]:
    """What the reader calls each value of a facet."""
    match name:
        case "tag":
            return dict(Tag.objects.filter(slug__in=values).values_list("slug", "name")) if values else {}
        case "language":
            return {code: languages.name_of(code) for code in values}
        case "type":
            return {value: str(label) for value, label in Resource.Type.choices}
        case _:
            return {value: search.label(name, value, get_language() or "es") for value in values}
