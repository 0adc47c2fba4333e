"""Narrowing by facets, and how many works each value would leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from resources.search.bitmaps import BitMap
from resources.search.state import State

if TYPE_CHECKING:
    from resources.search.reading import Query

NAMES = ["country", "topic", "type", "language", "organisation", "tag", "year"]
MOST_VALUES = 500
"""Values given per facet, the most frequent ones: free keywords may be tens of thousands."""


class FacetValue(NamedTuple):
    """A value of a facet and the number of works it leaves beside the other filters. A tuple: there are hundreds."""

    value: str
    count: int
    selected: bool


def narrowing(query: Query, now: State) -> dict[str, BitMap]:
    """{facet: works that pass its filter} for the facets that are filtered by; a value nobody knows lets none pass."""
    out = {name: now.having(name, values) for name, values in query.filters.items() if name in NAMES and values}
    if query.year_from is not None or query.year_to is not None:
        first, last = query.year_from or 0, query.year_to or 10_000
        out["year"] = now.having("year", [year for year in now.facets.get("year", {}) if first <= int(year) <= last])
    return out


def count(
    match: BitMap, hits: BitMap, narrowing: dict[str, BitMap], query: Query, now: State
) -> dict[str, list[FacetValue]]:
    """Every facet, the most frequent values first. A facet's own filter does not narrow its counts."""
    out = {}
    for name in NAMES:
        base = hits if name not in narrowing else match
        for other, works in narrowing.items() if name in narrowing else ():
            if other != name:
                base = base & works
        selected = dict.fromkeys(query.filters.get(name, ()))
        counts = _most_frequent(base, now.facets.get(name, {}), selected)
        out[name] = [FacetValue(value, times, value in selected) for value, times in counts]
    return out


def _most_frequent(base: BitMap, values: dict[str, BitMap], selected: dict[str, None]) -> list[tuple[str, int]]:
    """[(value, count)], the highest first, then by name; the selected ones even where they leave nothing."""
    counts = dict.fromkeys(selected, 0)
    if base:
        among = base.intersection_cardinality
        counts.update({value: times for value, works in values.items() if (times := among(works))})
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ranked[:MOST_VALUES] + [item for item in ranked[MOST_VALUES:] if item[0] in selected]
