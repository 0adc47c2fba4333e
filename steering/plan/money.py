"""
Amounts of a plan. Every sum is kept by currency: there is no way here to add two of them, and nothing is converted.

Sums are made of exact decimals in Python: SQLite adds up as floating point.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from network.models import Organisation
from portal.core import currencies
from resources.models.resource import Reader
from steering.models import Activity, ActivityTerms, Contribution, Movement, Plan, PlanVersion

Stage = Movement.Stage


class Totals:
    """Sums of money by currency."""

    def __init__(self, amounts: Iterable[tuple[str, Decimal]] = ()) -> None:
        self._by_currency: dict[str, Decimal] = defaultdict(Decimal)
        for currency, amount in amounts:
            self.add(currency, amount)

    def add(self, currency: str, amount: Decimal) -> None:
        self._by_currency[currency] += amount

    def __add__(self, other: "Totals") -> "Totals":
        return Totals([*self, *other])

    def __iter__(self) -> Iterator[tuple[str, Decimal]]:
        """(currency, amount) in the order of the codes."""
        return iter(sorted(self._by_currency.items()))

    def __bool__(self) -> bool:
        return bool(self._by_currency)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Totals) and list(self) == list(other)

    __hash__ = None

    def of(self, currency: str) -> Decimal:
        return self._by_currency.get(currency, Decimal(0))

    @property
    def shown(self) -> list[str]:
        return [currencies.shown(amount, currency) for currency, amount in self]


@dataclass(frozen=True)
class Sum:
    """What was given at one stage: money by currency, and people's days."""

    money: Totals = field(default_factory=Totals)
    days: Decimal = Decimal(0)

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.money + other.money, self.days + other.days)

    @property
    def shown(self) -> list[str]:
        return [*self.money.shown, *([shown_days(self.days)] if self.days else [])]


def shown_days(days: Decimal) -> str:
    return _("%(n)s days") % {"n": currencies.number(days)}


@dataclass
class Ledger:
    """What was given to one thing, by stage, as far as a reader may know how much."""

    money: dict[str, Totals] = field(default_factory=lambda: defaultdict(Totals))
    days: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    givers: set[int] = field(default_factory=set)
    """Organisations, by their number, that this reader may know to give something."""
    has_hidden: bool = False
    """Is there a contribution among the visible ones whose amount this reader may not know?"""

    def take(self, contribution: Contribution, reader: Reader) -> None:
        """One more contribution that the reader may know of, with its amounts where the reader may know those."""
        self.givers.add(contribution.organisation_id)
        if not contribution.shows_amount_to(reader):
            self.has_hidden = True
            return
        for movement in contribution.movements.all():
            self.add(movement, contribution.currency)

    def add(self, movement: Movement, currency: str) -> None:
        if movement.amount is not None and currency:
            self.money[movement.stage].add(currency, movement.amount)
        if movement.days is not None:
            self.days[movement.stage] += movement.days

    @property
    def by_stage(self) -> list[tuple[str, list[str]]]:
        """Each stage by its name, with its amounts by currency and its days of people's time, written out."""
        return [(str(stage.label), self.at(stage).shown) for stage in Stage]

    def at(self, stage: str) -> Sum:
        return Sum(self.money.get(stage, Totals()), self.days.get(stage, Decimal(0)))

    def gap(self, budget: Decimal | None, currency: str) -> Decimal | None:
        """
        What the budget still lacks after what is committed, in the budget's own currency; 0 when it is covered.

        What comes in another currency is not counted: the page says so beside it. None without a budget.
        """
        if budget is None:
            return None
        return max(budget - self.money[Stage.COMMITMENT].of(currency), Decimal(0))


def readable(plan: Plan, reader: Reader) -> QuerySet[Contribution]:
    """
    Contributions to a plan that this reader may know of, with what a list of them prints, in two queries.

    One that was withdrawn, or is only offered yet, does not count.
    """
    visible = Contribution.objects.visible_to(reader).standing().filter(plan=plan)
    return visible.select_related("organisation", "activity").prefetch_related("movements")


def ledger_of(contribution: Contribution, reader: Reader) -> Ledger:
    ledger = Ledger()
    ledger.take(contribution, reader)
    return ledger


def by_activity(contributions: Iterable[Contribution], reader: Reader) -> dict[int | None, Ledger]:
    """By activity (None: for the plan as a whole) what was given, as far as this reader may know how much."""
    found: dict[int | None, Ledger] = defaultdict(Ledger)
    for contribution in contributions:
        found[contribution.activity_id].take(contribution, reader)
    return found


# --- The page of a plan's contributions ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """Shares of a budget, in per cent of it and at most 100, for a drawing beside the figures."""

    committed: int
    received: int


@dataclass
class Line:
    """One activity and what it is given, as far as the reader may know; the plan as a whole has neither words."""

    terms: ActivityTerms | None
    activity: Activity | None
    ledger: Ledger
    givers: list[Organisation]

    @property
    def gap(self) -> Decimal | None:
        return self.ledger.gap(self.terms.budget, self.terms.currency) if self.terms else None

    @property
    def shown_gap(self) -> str:
        return "" if self.gap is None else currencies.shown(self.gap, self.terms.currency)

    @property
    def bar(self) -> Bar | None:
        """None where there is no budget to compare with."""
        if not self.terms or not self.terms.budget:
            return None
        given = [self.ledger.money[stage].of(self.terms.currency) for stage in (Stage.COMMITMENT, Stage.RECEIVED)]
        return Bar(*(min(int(100 * amount / self.terms.budget), 100) for amount in given))

    @property
    def others(self) -> list[str]:
        """Committed in other currencies than the budget's: the gap does not count them."""
        if not self.terms or self.terms.budget is None:
            return []
        committed = self.ledger.money[Stage.COMMITMENT]
        return [currencies.shown(amount, code) for code, amount in committed if code != self.terms.currency]


@dataclass
class Giver:
    organisation: Organisation
    ledger: Ledger
    gifts: list[tuple[Contribution, Ledger]]
    """Each contribution with what the reader may know of how much it is."""


@dataclass
class Giving:
    """All that a reader may know of what a plan is given: the same contributions by activity, by giver and in all."""

    version: PlanVersion | None
    """Whose activities and budgets these are; None where the reader may see no version."""
    lines: list[Line]
    givers: list[Giver]
    total: Ledger


def giving(plan: Plan, reader: Reader) -> Giving:
    """What the page and the report of a plan print of its contributions, in a fixed number of queries."""
    contributions = sorted(readable(plan, reader), key=lambda row: (row.organisation.short_name.casefold(), row.pk))
    given, total = by_activity(contributions, reader), Ledger()
    for contribution in contributions:
        total.take(contribution, reader)
    names = {row.organisation_id: row.organisation for row in contributions}
    version = _version(plan, reader)
    listed = [(terms, terms.activity) for terms in _terms(version, reader)]
    there = {activity.pk for _terms_, activity in listed}
    gone = {row.activity_id: row.activity for row in contributions if row.activity_id and row.activity_id not in there}
    listed += [(None, activity) for activity in gone.values()]
    lines = [_line(terms, activity, given[activity.pk], names) for terms, activity in listed]
    if None in given:
        lines.insert(0, _line(None, None, given[None], names))
    return Giving(version, lines, _givers(contributions, reader), total)


def _line(
    terms: ActivityTerms | None, activity: Activity | None, ledger: Ledger, names: dict[int, Organisation]
) -> Line:
    return Line(terms, activity, ledger, [row for pk, row in names.items() if pk in ledger.givers])


def _version(plan: Plan, reader: Reader) -> PlanVersion | None:
    """The version in force; before there is one, the newest that this reader may see."""
    versions = plan.versions.visible_to(reader)
    return versions.in_force().first() or versions.order_by("-number").first()


def _terms(version: PlanVersion | None, reader: Reader) -> list[ActivityTerms]:
    """Its activities that this reader may see."""
    terms = ActivityTerms.objects.visible_to(reader).filter(version=version).in_order()
    return list(terms.select_related("activity", "lead", "result__objective"))


def _givers(contributions: list[Contribution], reader: Reader) -> list[Giver]:
    found: dict[int, Giver] = {}
    for row in contributions:
        giver = found.setdefault(row.organisation_id, Giver(row.organisation, Ledger(), []))
        giver.ledger.take(row, reader)
        giver.gifts.append((row, ledger_of(row, reader)))
    return list(found.values())
