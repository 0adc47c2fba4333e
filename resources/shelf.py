"""What stands on the shelf for a reader: counts and newest works, straight from the search index."""

from django.utils.translation import get_language

from resources import search
from resources.cards import Card, cards
from resources.models import Resource
from resources.models.resource import Reader, audiences_of


def counts(reader: Reader, facet: str) -> dict[str, int]:
    """Works this reader may open, by value of a facet: {"HN": 12, …}."""
    found = search.search(search.Query(audiences=tuple(audiences_of(reader))), size=1)
    return {value.value: value.count for value in found.facets.get(facet, [])}


def newest(reader: Reader, *, size: int = 10, **filters: str) -> tuple[list[Card], int]:
    """What came in last of the works that match, ready for cards, and how many there are in all."""
    asked = {name: [value] for name, value in filters.items()}
    query = search.Query(filters=asked, audiences=tuple(audiences_of(reader)))
    found = search.search(query, size=size)
    return cards(found.ids), found.total


def alike(resource: Resource, reader: Reader, *, size: int = 4) -> list[tuple[Card, str]]:
    """Works like this one that the reader may open, each with what they share, in words ("" for only words)."""
    found = search.more_like(resource.pk, tuple(audiences_of(reader)), get_language() or "es", size=size)
    works = {work.pk: work for work in cards([pk for pk, _ in found])}
    return [(works[pk], reason) for pk, reason in found if pk in works]
