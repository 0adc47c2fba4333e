"""How much of the coordination's work hangs on one person: shown, so that nobody has to carry it alone."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from django.db.models import Count
from django.utils import timezone

from network.models import Duty, Organisation

FEWEST = 10
"""Finished pieces of work below which a share says nothing."""

SHOWN = 8
"""Bars of the chart; whoever comes after them stands in the table alone."""


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of the calendar."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """From "2026-3"; None for anything else."""
        year, _dash, number = text.partition("-")
        if not (year.isascii() and year.isdigit() and len(year) == 4 and number in ("1", "2", "3", "4")):
            return None
        return cls(int(year), int(number)) if 1 < int(year) < 9999 else None

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        return self.next.first_day - timedelta(days=1)

    @property
    def next(self) -> Self:
        return type(self)(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self) -> Self:
        return type(self).of(self.first_day - timedelta(days=1))


@dataclass(frozen=True)
class Share:
    """What one person or organisation did."""

    name: str
    number: int
    percent: int


@dataclass(frozen=True)
class Concentration:
    """The finished work of a quarter by person and by organisation, the most first."""

    quarter: Quarter
    total: int
    people: list[Share]
    organisations: list[Share]

    @property
    def tells(self) -> bool:
        """Is there enough work for a share to mean something?"""
        return self.total >= FEWEST

    @property
    def bars(self) -> list[Share]:
        return self.people[:SHOWN]


def last_quarter() -> Quarter:
    """The last one that is over."""
    return Quarter.of(timezone.localdate()).previous


def of(quarter: Quarter) -> Concentration:
    """In three queries, whatever the work."""
    done = Duty.objects.done_between(quarter.first_day, quarter.last_day).order_by()
    people = done.values("done_by", "done_by__name").annotate(n=Count("pk")).order_by("-n", "done_by__name")
    bodies = dict(done.filter(done_for__isnull=False).values_list("done_for").annotate(n=Count("pk")))
    names = {row.pk: row.short_name for row in Organisation.objects.filter(pk__in=bodies)}
    by_person = [(row["done_by__name"], row["n"]) for row in people]
    by_body = sorted(((names[pk], n) for pk, n in bodies.items()), key=lambda pair: (-pair[1], pair[0]))
    total = sum(n for _name, n in by_person)
    return Concentration(quarter, total, _shares(by_person, total), _shares(by_body, total))


def _shares(counted: list[tuple[str, int]], total: int) -> list[Share]:
    return [Share(name, n, round(100 * n / total)) for name, n in counted]
