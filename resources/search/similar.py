"""More like this: works that share a work's rarest and weightiest words and its topics, and why."""

from math import log

from resources.search import bitmaps, names, ranking, state
from resources.search.bitmaps import BitMap, Column
from resources.search.models import Indexed, Kind
from resources.search.state import State

MOST_KEYS = 40
"""Words of a work that are looked at: its weightiest."""
MOST_WORDS = 12
"""Of these, the rarest for their weight make the question."""
TOPIC_LEVEL = 12
"""What sharing a topic or keyword is worth, on the scale of a word's weight."""
LEVELS_PER_STEP = 8
LEAST_ALIKE = 8
"""A work has to reach one such part of what the work itself would."""
REASONS = ("topic", "tag", "country", "organisation")


def more_like(resource: int, audiences: tuple[str, ...], language: str, *, size: int = 5) -> list[tuple[int, str]]:
    """[(work, what it shares with this one, in words)], the most alike first; only what this reader may see."""
    row = Indexed.objects.filter(pk=resource).first()
    if row is None:
        return []
    now = state.current()
    visible = now.visible(audiences) | BitMap([resource])
    levels = row.levels
    words = [key for key in levels if key.startswith(f"{Kind.WORD}:") and len(key) > 4]
    weighty = sorted(words, key=lambda key: (-levels[key], key))[:MOST_KEYS]
    _, found = ranking.fetch(weighty)
    weights = {key: _weight(levels[key], len(bitmaps.union(found[key])), len(visible)) for key in found}
    chosen = sorted(weights, key=lambda key: (-weights[key], key))[:MOST_WORDS]
    parts = [(found[key], weights[key] / LEVELS_PER_STEP) for key in chosen]
    for facet, value in _values(levels, ("topic", "tag")):
        works = now.having(facet, [value])
        parts.append(([works], TOPIC_LEVEL * _rarity(len(works), len(visible))))
    score: Column = []
    for column, weight in parts:
        score = bitmaps.add(score, bitmaps.times(bitmaps.narrowed(column, visible), max(1, round(weight))))
    least = bitmaps.value(score, resource) // LEAST_ALIKE
    alike = bitmaps.at_least(score, max(1, least)) - BitMap([resource])
    return [(pk, _reason(pk, levels, now, language)) for pk in bitmaps.best(alike, score, start=0, size=size)]


def _weight(level: int, holders: int, works: int) -> float:
    return level * _rarity(holders, works)


def _rarity(holders: int, works: int) -> float:
    return log(1 + (works + 1) / (holders + 1))


def _values(levels: dict[str, int], facets: tuple[str, ...]) -> list[tuple[str, str]]:
    """[(facet, value)] of a work, of these facets."""
    keys = [key.split(":", 2) for key in levels if key.startswith(f"{Kind.FACET}:")]
    return [(facet, value) for _, facet, value in keys if facet in facets]


def _reason(pk: int, levels: dict[str, int], now: State, language: str) -> str:
    """The narrowest thing both share, by its name; "" where it is only words."""
    shared = [
        (REASONS.index(facet), len(works), facet, value)
        for facet, value in _values(levels, REASONS)
        if pk in (works := now.having(facet, [value]))
    ]
    if not shared:
        return ""
    *_, facet, value = min(shared)
    name = names.current(now).by_value.get((facet, value))
    return name.text[language] if name else value
