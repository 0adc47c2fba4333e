"""
The geometry of the plan's drawings, from numbers alone: the templates set it as SVG, and colours come from the CSS.

Lengths are text, because a template writes numbers as the reader's language does, and SVG knows the point only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

WIDTH = 100
"""Of bars: a share of it is a percentage."""


@dataclass(frozen=True)
class Segment:
    """A piece of a bar; `name` is what its class is made of."""

    name: str
    x: str
    width: str


@dataclass(frozen=True)
class Dot:
    x: str
    y: str
    label: str


@dataclass(frozen=True)
class Chart:
    """Two lines over the quarters: what is aimed at and what is reached. Empty lines have no points."""

    width: int
    height: int
    floor: str
    """Where the axis of the quarters lies."""
    aimed: list[Dot]
    reached: list[Dot]

    @property
    def aimed_path(self) -> str:
        return _path(self.aimed)

    @property
    def reached_path(self) -> str:
        return _path(self.reached)


def stacked(shares: Sequence[tuple[str, int | Decimal]]) -> list[Segment]:
    """Named numbers side by side, together as wide as the bar; no segment for none."""
    whole = sum(number for _, number in shares)
    segments, x = [], Decimal(0)
    for name, number in shares:
        if number:
            width = Decimal(WIDTH) * number / whole
            segments.append(Segment(name, _n(x), _n(width)))
            x += width
    return segments


def span(first: int, last: int, of: int = 8) -> Segment:
    """The quarters from `first` to `last`, on a bar of all of them."""
    step = Decimal(WIDTH) / of
    return Segment("span", _n(step * (first - 1)), _n(step * (last - first + 1)))


def day_within(day: date, first: date, last: date) -> str | None:
    """Where a day lies on a bar from `first` to `last`; None outside it."""
    if not first <= day <= last:
        return None
    return _n(Decimal(WIDTH) * (day - first).days / ((last - first).days + 1))


def chart(
    baseline: Decimal | None,
    aimed: Sequence[tuple[int, Decimal]],
    reached: Sequence[tuple[int, Decimal]],
    *,
    width: int = 320,
    height: int = 110,
) -> Chart:
    """
    (quarter, value) of what is aimed at and what is reached, quarter 0 being the baseline.

    The axis always holds 0, so that heights are honest.
    """
    start = [(0, baseline)] if baseline is not None else []
    lines = {"aimed": [*start, *aimed], "reached": [*start, *reached]}
    values = [value for line in lines.values() for _, value in line] or [Decimal(0)]
    low, high = min(0, *values), max(0, *values)
    tall = Decimal(high - low) or Decimal(1)
    margin = 14
    room_x, room_y = Decimal(width - 2 * margin), Decimal(height - 2 * margin)

    def place(quarter: int, value: Decimal) -> Dot:
        x = margin + room_x * quarter / 8
        y = margin + room_y * (high - value) / tall
        return Dot(_n(x), _n(y), f"{value:f}")

    floor = _n(margin + room_y * high / tall)
    drawn = {name: [place(*point) for point in line] for name, line in lines.items()}
    return Chart(width, height, floor, **drawn)


def _path(dots: list[Dot]) -> str:
    return " ".join(f"{dot.x},{dot.y}" for dot in dots)


def _n(number: Decimal) -> str:
    return f"{round(number, 2).normalize():f}"
