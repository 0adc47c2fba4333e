"""
The legal and policy frameworks by country: which law or policy, since when, whom it covers, and its document.

They come from two places, each listed once: published policy outcomes that laid something down, and the library's own
laws, treaties, policies and protocols that no such outcome holds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.core.paginator import Page
from django.db.models import Prefetch, TextChoices
from django.utils.translation import gettext_lazy as _

from network.models import Country
from portal.core.http import paginate
from portal.core.languages import Worded
from resources.models import Resource
from resources.models.resource import Reader
from steering.models import PolicyOutcome

REGION = ""
"""In place of a country's code: what holds for the whole region."""

FIRST = 5
"""Of each country, where no country is asked for."""

PAGE = 50


class Kind(TextChoices):
    """Codes are those of outcomes and of documents alike."""

    LAW = "law", _("Laws and regulations")
    POLICY = "policy", _("Policies and plans")
    PROTOCOL = "protocol", _("Protocols")
    TREATY = "treaty", _("Treaties and declarations")


@dataclass(frozen=True)
class Place:
    """Where one framework is to be found: as little as it takes to count and to sort it."""

    kind: str
    since: date
    outcome: int | None = None
    document: int | None = None

    @property
    def key(self) -> tuple[int | None, int | None]:
        return self.outcome, self.document

    @property
    def order(self) -> tuple[date, int, int]:
        return self.since, self.outcome or 0, self.document or 0


@dataclass(frozen=True)
class Framework:
    """One law, policy, protocol or treaty, as a reader sees it."""

    kind: str
    outcome: PolicyOutcome | None
    documents: list[Resource]

    @property
    def name(self) -> Worded:
        return self.outcome.shown_name if self.outcome else self.documents[0].shown_title

    @property
    def address(self) -> str:
        return (self.outcome or self.documents[0]).get_absolute_url()

    @property
    def covers(self) -> Worded | None:
        return self.outcome.shown_covers if self.outcome else None

    @property
    def since(self) -> date | None:
        """To the day, where an outcome says so."""
        return self.outcome.since if self.outcome else None

    @property
    def year(self) -> int | None:
        return self.outcome.since.year if self.outcome else self.documents[0].year

    @property
    def kind_label(self) -> str:
        return str(self.outcome.get_kind_display() if self.outcome else self.documents[0].type_label)


@dataclass
class Section:
    """One country, or the whole region, with what this reader may see of its frameworks."""

    country: Country | None
    places: list[Place]
    frameworks: list[Framework] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.country.code.lower() if self.country else "region"

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Of each kind, in the order of `Kind`."""
        return [(kind.value, sum(place.kind == kind for place in self.places)) for kind in Kind]

    @property
    def total(self) -> int:
        return len(self.places)

    @property
    def more(self) -> int:
        return self.total - len(self.frameworks)


@dataclass(frozen=True)
class Frameworks:
    sections: list[Section]
    """Every country of the region, those without any as well, then the region as a whole and other countries."""
    page: Page | None
    """Of the places of the one country that was asked for."""

    @property
    def gaps(self) -> list[Section]:
        """Countries of the region of which nothing is known."""
        return [section for section in self.sections if section.country and not section.places]


def every(reader: Reader) -> Frameworks:
    """All countries, with a few of each: its own before what it shares with others. In a fixed number of queries."""
    places = _places(reader)
    holds_in = Counter(place.key for rows in places.values() for place in rows)
    sections = _sections(places)
    shown = {one.code: sorted(one.places, key=lambda place: holds_in[place.key] > 1)[:FIRST] for one in sections}
    _fill(sections, shown, reader)
    return Frameworks(sections, None)


def of_country(reader: Reader, code: str, *, kind: str = "", page: str | None = None) -> Frameworks | None:
    """A page of those of one country, or with "region" of all of it, of one kind or all; None for no country."""
    is_code = len(code) == 2 and code.isascii() and code.isalpha()
    country = Country.objects.filter(code=code.upper()).first() if is_code else None
    if country is None and code != "region":
        return None
    key = country.code if country else REGION
    section = Section(country, _places(reader, only=key).get(key, []))
    shown = paginate([place for place in section.places if not kind or place.kind == kind], page, size=PAGE)
    _fill([section], {section.code: shown}, reader)
    return Frameworks([section], shown)


def _places(reader: Reader, *, only: str | None = None) -> dict[str, list[Place]]:
    """By country, the newest first. A document without a date comes last."""
    found = defaultdict(list)
    outcomes = PolicyOutcome.objects.published().filter(kind__in=PolicyOutcome.FRAMEWORKS)
    held = PolicyOutcome.documents.through.objects.filter(policyoutcome__in=outcomes.values("pk")).values("resource")
    works = Resource.objects.on_the_shelf_for(reader).filter(type__in=Kind.values).exclude(pk__in=held)
    if only is not None:
        outcomes = outcomes.filter(country=only or None)
        works = works.filter(countries=only or None)
    rows = outcomes.order_by().values_list("pk", "country", "kind", "in_force_since", "happened_on")
    for pk, country, kind, since, happened in rows:
        found[country or REGION].append(Place(kind, since or happened, outcome=pk))
    for pk, country, kind, year in works.order_by().values_list("pk", "countries", "type", "year"):
        found[country or REGION].append(Place(kind, date(year or 1, 1, 1), document=pk))
    return {code: sorted(places, key=lambda place: place.order, reverse=True) for code, places in found.items()}


def _sections(places: dict[str, list[Place]]) -> list[Section]:
    named = Country.objects.of_the_region() | Country.objects.filter(pk__in=[code for code in places if code])
    countries = sorted(named.order_by(), key=lambda one: (not one.position, one.position, str(one)))
    sections = [Section(country, places.get(country.code, [])) for country in countries]
    return [*sections, Section(None, places[REGION])] if REGION in places else sections


def _fill(sections: list[Section], shown: dict[str, Iterable[Place]], reader: Reader) -> None:
    """Read what is shown, all sections together."""
    wanted = [place for places in shown.values() for place in places]
    rows = PolicyOutcome.objects.filter(pk__in={place.outcome for place in wanted if place.outcome})
    open_to = Prefetch("documents", Resource.objects.on_the_shelf_for(reader).order_by("pk"))
    outcomes = rows.prefetch_related(open_to).in_bulk()
    works = Resource.objects.in_bulk({place.document for place in wanted if place.document})
    for section in sections:
        for place in shown[section.code]:
            outcome = outcomes.get(place.outcome)
            documents = list(outcome.documents.all()) if outcome else [works[place.document]]
            section.frameworks.append(Framework(place.kind, outcome, documents))
