"""The public directory: who belongs to the network today, by country, sector and category."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from network.conflicts import plain
from network.models import Country, Membership, Organisation, Sector

MOST_VALUES = 50
"""Of one parameter: more nobody ticks."""


@dataclass
class Choice:
    """A value of a filter, and how many members it would show beside the other filters."""

    value: str
    label: str
    count: int
    selected: bool


def _countries(held: Membership) -> set[str]:
    organisation = held.organisation
    return {organisation.country_id, *(country.code for country in organisation.countries.all())}


VALUES: dict[str, Callable[[Membership], set[str]]] = {
    "country": _countries,
    "sector": lambda held: {held.organisation.sector.slug},
    "category": lambda held: {held.category},
}
"""What a member is filtered by; a country is that of its seat or one it works in."""


@dataclass
class Chip:
    """A value somebody chose, and the address without it."""

    label: str
    without: str


@dataclass
class Directory:
    """Members that match. Values of one filter are alternatives, different filters narrow each other down."""

    chosen: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def asked(cls, parameters: QueryDict) -> "Directory":
        """What a reader asked for; names nobody knows are ignored, values nobody knows find nothing."""
        chosen = {name: [v.strip() for v in parameters.getlist(name)[:MOST_VALUES] if v.strip()] for name in VALUES}
        chosen["country"] = [code.upper() for code in chosen["country"]]
        return cls({name: values for name, values in chosen.items() if values})

    @cached_property
    def everybody(self) -> list[Membership]:
        """Read once; a network is hundreds of organisations, not thousands."""
        held = Membership.objects.active().select_related("organisation__sector", "organisation__country")
        return sorted(
            held.prefetch_related("organisation__countries"), key=lambda row: plain(row.organisation.shown_name.text)
        )

    @cached_property
    def members(self) -> list[Membership]:
        return list(self._matching(VALUES))

    def _matching(self, names: Iterable[str]) -> Iterable[Membership]:
        wanted = {name: set(self.chosen[name]) for name in names if name in self.chosen}
        return (row for row in self.everybody if all(VALUES[name](row) & wanted[name] for name in wanted))

    @cached_property
    def facets(self) -> list[tuple[str, str, list[Choice]]]:
        """Name, label and values of each filter."""
        return [
            ("country", _("Country"), self._choices("country", [(row.code, row.name) for row in self._known])),
            ("sector", _("Sector"), self._choices("sector", [(row.slug, row.name) for row in Sector.objects.all()])),
            ("category", _("Category"), self._choices("category", Membership.Category.choices)),
        ]

    def _choices(self, name: str, known: Iterable[tuple[str, str]]) -> list[Choice]:
        counts, chosen = self._counts(name), self.chosen.get(name, [])
        every = [Choice(value, str(label), counts.get(value, 0), value in chosen) for value, label in known]
        return [choice for choice in every if choice.count or choice.selected]

    def _counts(self, name: str) -> dict[str, int]:
        """Members by value of a filter, with the other filters applied and not this one."""
        counts: dict[str, int] = {}
        for row in self._matching(other for other in VALUES if other != name):
            for value in VALUES[name](row):
                counts[value] = counts.get(value, 0) + 1
        return counts

    @cached_property
    def _known(self) -> list[Country]:
        """Countries of the region from north to south, then the others by name."""
        asked = {code for code in self.chosen.get("country", []) if code.isalpha()}
        used = {code for row in self.everybody for code in _countries(row)}
        rows = Country.objects.filter(code__in=used | asked)
        return sorted(rows, key=lambda row: (row.position or 1000, plain(row.name)))

    @cached_property
    def map(self) -> list[Country]:
        """The countries of the region with `total` members, and the address that shows them."""
        counts = self._counts("country")
        countries = list(Country.objects.of_the_region())
        for country in countries:
            country.total = counts.get(country.code, 0)
            country.address = "?" + self._query(country=[country.code])
        return countries

    @cached_property
    def chips(self) -> list[Chip]:
        """What was chosen; a value nobody knows is shown as it was asked for."""
        labels = {(name, choice.value): choice.label for name, _label, choices in self.facets for choice in choices}
        return [
            Chip(labels.get((name, value), value), "?" + self._query(**{name: [v for v in values if v != value]}))
            for name, values in self.chosen.items()
            for value in values
        ]

    @property
    def query(self) -> str:
        return self._query()

    def _query(self, **changed: list[str]) -> str:
        return urlencode({**self.chosen, **changed}, doseq=True)


def table(members: Iterable[Membership], works: dict[str, int]) -> Iterable[list[object]]:
    """Headings and a row for each member: what its page shows to everybody, and nothing of its people."""
    yield [
        _("Name in Spanish"), _("Name in English"), _("Acronym"), _("Sector"), _("Category"), _("Member since"),
        _("Seat"), _("Countries it works in"), _("Website"), _("Documents"), _("Page"),
    ]  # fmt: skip
    for held in members:
        row: Organisation = held.organisation
        yield [
            row.name_es or "", row.name_en or "", row.acronym, row.sector, held.get_category_display(),
            held.since.isoformat(), row.country, "; ".join(str(country) for country in row.countries.all()),
            row.website, works.get(row.slug, 0), settings.SITE_URL + row.get_absolute_url(),
        ]  # fmt: skip
