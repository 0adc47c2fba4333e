"""The public register of policy outcomes: by country, year and kind, and one of them with all that it rests on."""

import re
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import ExtractYear
from django.http import QueryDict

from network.models import Country, Organisation
from portal.core.models import AuditEntry
from resources.models import Resource
from resources.models.resource import Reader
from steering.models import ActivityTerms, Decision, Evidence, PolicyOutcome
from steering.models.outcome import PolicyOutcomeQuerySet
from steering.plan import wording
from steering.record import Verb

Kind = PolicyOutcome.Kind
YEAR = re.compile("(?:19|20|21)[0-9]{2}")
REGION = "region"
"""Stands in an address for a change in the whole region."""


@dataclass(frozen=True)
class Asked:
    """What a reader wants to see of the register; what makes no sense counts as not asked."""

    country: str = ""
    year: int | None = None
    kind: str = ""

    @classmethod
    def of(cls, given: QueryDict) -> "Asked":
        country, year, kind = (given.get(name, "").strip() for name in ("country", "year", "kind"))
        return cls(
            country=REGION if country == REGION else country.upper() if len(country) == 2 and country.isalpha() else "",
            year=int(year) if YEAR.fullmatch(year) else None,
            kind=kind if kind in Kind.values else "",
        )

    def where(self, *, besides: str = "") -> Q:
        """Rows that match, without regard to one of the filters."""
        wanted = Q()
        if self.country and besides != "country":
            wanted &= Q(country__isnull=True) if self.country == REGION else Q(country=self.country)
        if self.year and besides != "year":
            wanted &= Q(happened_on__year=self.year)
        if self.kind and besides != "kind":
            wanted &= Q(kind=self.kind)
        return wanted

    def query(self, **other: object) -> str:
        """As it stands in an address, with something else in place of what it says."""
        asked = QueryDict(mutable=True)
        for name in ("country", "year", "kind"):
            if value := other.get(name, getattr(self, name)):
                asked[name] = str(value).lower()
        return asked.urlencode()


@dataclass(frozen=True)
class Choice:
    """One value of a filter: how many there are with it, whatever else is asked, and the address that chooses it."""

    value: str
    label: str
    count: int
    query: str
    chosen: bool


NEWEST = 5
"""On the page of a country or an organisation."""

STEP, HEIGHT = 48, 100
"""Of the picture of the years, in its own units: from bar to bar, and the tallest bar."""


@dataclass(frozen=True)
class Bar:
    year: Choice
    left: int
    height: int

    @property
    def top(self) -> int:
        return HEIGHT - self.height


@dataclass(frozen=True)
class Register:
    asked: Asked
    outcomes: PolicyOutcomeQuerySet
    """The newest first, with what a line prints."""
    countries: list[Choice]
    years: list[Choice]
    """From the first to the last year there is, without a gap."""
    kinds: list[Choice]

    @property
    def bars(self) -> list[Bar]:
        """A picture of the years: each a bar, the tallest one as high as the picture allows."""
        most = max((year.count for year in self.years), default=0)
        return [Bar(year, number * STEP, round(year.count * HEIGHT / most)) for number, year in enumerate(self.years)]

    @property
    def width(self) -> int:
        return max(len(self.years) * STEP, 6 * STEP)


def read(given: QueryDict) -> Register:
    """The published ones alone, whoever reads: the figures are everybody's. In a fixed number of queries."""
    asked = Asked.of(given)
    published = PolicyOutcome.objects.published()
    found = published.filter(asked.where()).select_related("country", "reported_by")
    return Register(asked, found, _countries(asked, published), _years(asked, published), _kinds(asked, published))


def _countries(asked: Asked, published: PolicyOutcomeQuerySet) -> list[Choice]:
    counts = _counts(published.filter(asked.where(besides="country")), "country")
    names = {
        country.code: str(country) for country in Country.objects.filter(code__in=[code for code in counts if code])
    }
    ordered = sorted(names, key=names.get)
    rows = [_choice(asked, "country", code, names[code], counts[code]) for code in ordered]
    return [*rows, _choice(asked, "country", REGION, "", counts[None])] if counts.get(None) else rows


def _years(asked: Asked, published: PolicyOutcomeQuerySet) -> list[Choice]:
    counts = _counts(published.filter(asked.where(besides="year")).annotate(year=ExtractYear("happened_on")), "year")
    span = range(min(counts), max(counts) + 1) if counts else range(0)
    return [_choice(asked, "year", str(year), str(year), counts.get(year, 0)) for year in span]


def _kinds(asked: Asked, published: PolicyOutcomeQuerySet) -> list[Choice]:
    counts = _counts(published.filter(asked.where(besides="kind")), "kind")
    return [_choice(asked, "kind", kind.value, str(kind.label), counts[kind]) for kind in Kind if kind in counts]


def _counts(rows: PolicyOutcomeQuerySet, name: str) -> dict[object, int]:
    return dict(rows.order_by().values_list(name).annotate(Count("pk")))


def _choice(asked: Asked, name: str, value: str, label: str, count: int) -> Choice:
    chosen = str(getattr(asked, name) or "") == value
    return Choice(value, label, count, asked.query(**{name: "" if chosen else value}), chosen)


def of_country(country: Country) -> list[PolicyOutcome]:
    """The newest published ones."""
    return list(PolicyOutcome.objects.published().filter(country=country).select_related("country")[:NEWEST])


def of_organisation(organisation: Organisation) -> list[PolicyOutcome]:
    """The newest published ones that it reported."""
    return list(PolicyOutcome.objects.published().filter(reported_by=organisation).select_related("country")[:NEWEST])


# --- One outcome -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """One outcome with all that it rests on, as far as this reader may see."""

    outcome: PolicyOutcome
    evidence: list[tuple[Evidence, Resource | None]]
    """Each with its document, where there is one that this reader may open; `document_id` tells that there is one."""
    documents: list[Resource]
    activities: list[ActivityTerms]
    decisions: list[Decision]
    reason: str
    """Why it was not confirmed or went back to review; for those who see it before everybody does."""


def show(outcome: PolicyOutcome, reader: Reader) -> Shown:
    """In a fixed number of queries."""
    evidence = list(outcome.evidence.select_related("verifier", "asked"))
    works = Resource.objects.visible_to(reader)
    opened = works.in_bulk({row.document_id for row in evidence if row.document_id})
    return Shown(
        outcome=outcome,
        evidence=[(row, opened.get(row.document_id)) for row in evidence],
        documents=list(works.filter(policy_outcomes=outcome).order_by("pk")),
        activities=wording.latest(outcome.activities.values("pk"), reader),
        decisions=list(
            Decision.objects.visible_to(reader).filter(policy_outcomes=outcome).select_related("meeting__body")
        ),
        reason="" if outcome.state == PolicyOutcome.State.PUBLISHED else _last_reason(outcome),
    )


def _last_reason(outcome: PolicyOutcome) -> str:
    verbs = [Verb.OUTCOME_NOT_CONFIRMED, Verb.OUTCOME_REOPENED, Verb.OUTCOME_REVIEWED]
    last = AuditEntry.objects.about(outcome).filter(verb__in=verbs).order_by("-at", "-pk").first()
    return last.reason if last else ""
