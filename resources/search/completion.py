"""Suggestions while somebody types: topics, countries, organisations, titles."""

from dataclasses import dataclass

from resources.models import Resource
from resources.search import analysis, bitmaps, names, ranking, state
from resources.search.bitmaps import BitMap
from resources.search.models import Kind, Posting
from resources.search.names import Name
from resources.search.state import State

SHORTEST = 2
SHORTEST_OF_TITLE = 3
MOST_NAMES = 5
MOST_TITLES = 5
MOST_WORDS = 300
"""Words a beginning may stand for."""


@dataclass(frozen=True)
class Suggestion:
    """Something to choose. `kind` is topic, country, organisation or title; `value` the facet's, or the work's key."""

    kind: str
    text: str
    value: str
    count: int = 1


def complete(prefix: str, *, language: str, audiences: tuple[str, ...]) -> list[Suggestion]:
    """What may be meant by the beginning of a question: only what this reader may find, at most ten."""
    typed = analysis.words(analysis.tidy(prefix[:200]))
    if len("".join(typed)) < SHORTEST:
        return []
    now = state.current()
    visible = now.visible(audiences)
    return [*_names(typed, language, now, visible), *_titles(typed, language, visible)]


def _names(typed: list[str], language: str, now: State, visible: BitMap) -> list[Suggestion]:
    """Facet values with works, by the beginnings of the words of any of their names; the most works first."""
    meant = {(name.facet, name.value): name for name in names.current(now).every if _begins(name, typed)}
    found = []
    for (facet, value), name in meant.items():
        works = now.facets.get(facet, {}).get(value, bitmaps.NONE)
        if count := works.intersection_cardinality(visible):
            found.append(Suggestion(facet, name.text[language], value, count))
    return sorted(found, key=lambda suggestion: (-suggestion.count, suggestion.text))[:MOST_NAMES]


def _begins(name: Name, typed: list[str]) -> bool:
    return all(any(word.startswith(beginning) for word in name.words) for beginning in typed)


def _titles(typed: list[str], language: str, visible: BitMap) -> list[Suggestion]:
    """The newest works whose title holds the words, the last one only begun."""
    *whole, begun = typed
    if len(begun) < SHORTEST_OF_TITLE:
        return []
    beginning = f"{Kind.SPELLING}:{begun}"
    # Keys are kept in the order of their code points.
    rows = Posting.objects.filter(key__gte=beginning, key__lt=beginning + "\U0010ffff")
    meant = rows.values_list("key", flat=True)[:MOST_WORDS]
    ends = {stem for key in meant for stem in analysis.variants(key.split(":", 1)[1])}
    asked = [word for word in whole if word not in analysis.DROPPED[language]]
    choices = [*map(analysis.variants, asked), ends]
    _, found = ranking.fetch(f"{Kind.TITLE}:{stem}" for stems in choices for stem in stems)
    works = visible
    for stems in choices:
        works = works & bitmaps.union(found[key][0] for stem in stems if (key := f"{Kind.TITLE}:{stem}") in found)
    newest = bitmaps.best(works, [], start=0, size=MOST_TITLES)
    resources = Resource.objects.in_bulk(newest)
    return [Suggestion("title", _title(resources[pk], language), str(pk)) for pk in newest if pk in resources]


def _title(resource: Resource, language: str) -> str:
    titles = resource.titles
    return titles.get(language) or titles.get(resource.original_language) or next(iter(titles.values()))
