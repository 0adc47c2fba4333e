"""
Amounts of a plan. Every sum is kept by currency: there is no way here to add two of them, and nothing is converted.

Sums are made of exact decimals in Python: SQLite adds up as floating point.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from portal.core import currencies
from resources.models.resource import Reader
from steering.models import Contribution, Movement, Plan

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


@dataclass
class Ledger:
    """What was given to one thing, by stage, as far as a reader may know how much."""

    money: dict[str, Totals] = field(default_factory=lambda: defaultdict(Totals))
    days: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    givers: set[int] = field(default_factory=set)
    """Organisations, by their number, that this reader may know to give something."""
    has_hidden: bool = False
    """Is there a contribution among the visible ones whose amount this reader may not know?"""

    def add(self, movement: Movement) -> None:
        if movement.amount is not None and movement.contribution.currency:
            self.money[movement.stage].add(movement.contribution.currency, movement.amount)
        if movement.days is not None:
            self.days[movement.stage] += movement.days

    def gap(self, budget: Decimal | None, currency: str) -> Decimal | None:
        """
        What the budget still lacks after what is committed, in the budget's own currency; 0 when it is covered.

        What comes in another currency is not counted: the page says so beside it. None without a budget.
        """
        if budget is None:
            return None
        return max(budget - self.money[Stage.COMMITMENT].of(currency), Decimal(0))


def ledgers(plan: Plan, reader: Reader) -> dict[int | None, Ledger]:
    """
    By activity (None: for the plan as a whole) what was given that this reader may know of, in two queries.

    A contribution that was withdrawn counts no more.
    """
    found: dict[int | None, Ledger] = defaultdict(Ledger)
    visible = Contribution.objects.visible_to(reader).standing().filter(plan=plan)
    for contribution in visible.prefetch_related("movements"):
        ledger = found[contribution.activity_id]
        ledger.givers.add(contribution.organisation_id)
        if not contribution.shows_amount_to(reader):
            ledger.has_hidden = True
            continue
        for movement in contribution.movements.all():
            ledger.add(movement)
    return found
