"""
Quorum, worked out from plain values: how many of the filled voting seats are spoken for, and by whom.

A seat counts once however many of its people are there, a suplente only where no titular is; guests, observers and the
secretariat speak for no seat.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Rule:
    """A body's rule: a share of the filled voting seats, reached or exceeded, and the breadth that must be there."""

    numerator: int = 1
    denominator: int = 2
    exceeded: bool = True
    min_sectors: int = 0
    min_countries: int = 0

    def needed(self, filled: int) -> int:
        """Seats that must be spoken for: of 8, half plus one is 5; of 9 it is 5 as well (more than four and a half)."""
        if self.exceeded:
            return filled * self.numerator // self.denominator + 1
        return -(-filled * self.numerator // self.denominator)


@dataclass(frozen=True)
class Chair:
    """A filled voting seat as a quorum sees it."""

    term: int
    seat: str
    organisation: str
    sector: str = ""
    country: str = ""


@dataclass(frozen=True)
class Presence:
    """Somebody who was there for a seat; without a time from the beginning, or to the end."""

    person: int
    term: int
    order: int = 0
    """0 for the titular, then the alternates in their order."""
    arrived: datetime | None = None
    left: datetime | None = None

    def at(self, moment: datetime) -> bool:
        return (self.arrived is None or self.arrived <= moment) and (self.left is None or moment < self.left)


@dataclass(frozen=True)
class Tally:
    """What a count came to, and what it lacks."""

    filled: int
    needed: int
    counted: int
    sectors: tuple[str, ...]
    countries: tuple[str, ...]
    missing_seats: int
    missing_sectors: int
    missing_countries: int

    @property
    def reached(self) -> bool:
        return not (self.missing_seats or self.missing_sectors or self.missing_countries)


def speakers(presences: Iterable[Presence], moment: datetime) -> dict[int, Presence]:
    """Who speaks for each seat at that moment: of those there, the first in order."""
    chosen: dict[int, Presence] = {}
    for presence in presences:
        known = chosen.get(presence.term)
        if presence.at(moment) and (known is None or (presence.order, presence.person) < (known.order, known.person)):
            chosen[presence.term] = presence
    return chosen


def tally(rule: Rule, chairs: Collection[Chair], spoken_for: Collection[int]) -> Tally:
    """The count when these terms are spoken for. A body without a filled seat has no quorum."""
    there = [chair for chair in chairs if chair.term in spoken_for]
    sectors = tuple(sorted({chair.sector for chair in there if chair.sector}))
    countries = tuple(sorted({chair.country for chair in there if chair.country}))
    needed = max(1, rule.needed(len(chairs)))
    return Tally(
        filled=len(chairs),
        needed=needed,
        counted=len(there),
        sectors=sectors,
        countries=countries,
        missing_seats=max(0, needed - len(there)),
        missing_sectors=max(0, rule.min_sectors - len(sectors)),
        missing_countries=max(0, rule.min_countries - len(countries)),
    )


def course(
    rule: Rule, chairs: Collection[Chair], presences: Collection[Presence], *, begins: datetime, ends: datetime
) -> list[tuple[datetime, Tally]]:
    """The count at the beginning and after every arrival and departure up to the end."""
    times = {time for presence in presences for time in (presence.arrived, presence.left) if time}
    moments = [begins, *sorted(time for time in times if begins < time < ends)]
    return [(moment, tally(rule, chairs, speakers(presences, moment))) for moment in moments]
