"""What stands on the shelf for a reader: counts and newest works, straight from the search index."""

from functools import lru_cache
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import get_language

from resources import search
from resources.models import Resource
from resources.models.resource import Reader, audiences_of


class Chip(NamedTuple):
    """A country or topic of a work: its name for the reader, and its page."""

    label: str
    address: str


def cards(pks: list[int]) -> list[Resource]:
    """These works in this order with all that a card prints, in five queries.

    `country_chips` and `topic_chips` are named from what the search knows by heart: their rows would be read again for
    each work.
    """
    works = Resource.objects.for_cards().in_bulk(pks)
    for facet, field in (("country", "country_id"), ("topic", "topic__slug")):
        name = f"{facet}_chips"
        for work in works.values():
            setattr(work, name, [])
        through = Resource.countries.through if facet == "country" else Resource.topics.through
        for pk, value in through.objects.filter(resource__in=works).values_list("resource_id", field):
            getattr(works[pk], name).append(_chip(facet, value))
        for work in works.values():
            getattr(work, name).sort()
    return [works[pk] for pk in pks if pk in works]


def _chip(facet: str, value: str) -> Chip:
    language = get_language() or "es"
    return Chip(search.label(facet, value, language), _address(facet, value.lower(), language))


@lru_cache(maxsize=2048)
def _address(facet: str, value: str, language: str) -> str:
    """The page of a country or topic; `language` is the active one."""
    return reverse(facet, args=[value])


def counts(reader: Reader, facet: str) -> dict[str, int]:
    """Works this reader may open, by value of a facet: {"HN": 12, …}."""
    found = search.search(search.Query(audiences=tuple(audiences_of(reader))), size=1)
    return {value.value: value.count for value in found.facets.get(facet, [])}


def newest(reader: Reader, *, size: int = 10, **filters: str) -> tuple[list[Resource], int]:
    """What came in last of the works that match, ready for cards, and how many there are in all."""
    asked = {name: [value] for name, value in filters.items()}
    query = search.Query(filters=asked, audiences=tuple(audiences_of(reader)))
    found = search.search(query, size=size)
    return cards(found.ids), found.total


def alike(resource: Resource, reader: Reader, *, size: int = 4) -> list[tuple[Resource, str]]:
    """Works like this one that the reader may open, each with what they share, in words ("" for only words)."""
    found = search.more_like(resource.pk, tuple(audiences_of(reader)), get_language() or "es", size=size)
    works = {work.pk: work for work in cards([pk for pk, _ in found])}
    return [(works[pk], reason) for pk, reason in found if pk in works]
