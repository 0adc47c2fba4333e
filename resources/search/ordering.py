"""The order of a page: by relevance, by date, by title."""

from __future__ import annotations

from itertools import batched
from typing import TYPE_CHECKING

from resources.search import bitmaps
from resources.search.bitmaps import BitMap
from resources.search.models import Indexed, Kind, Posting
from resources.search.ranking import Match
from resources.search.state import State

if TYPE_CHECKING:
    from resources.search.reading import Query


def page_of(hits: BitMap, match: Match, query: Query, now: State, *, start: int, size: int) -> list[int]:
    """Works `start` to `start + size` of the hits in the order asked for; without words, the latest on the shelf."""
    if query.sort == "title":
        return _by_title(hits, query.language, start=start, size=size)
    score = now.issued if query.sort == "newest" else match.score or now.published
    return bitmaps.best(hits, score, start=start, size=size)


def _by_title(hits: BitMap, language: str, *, start: int, size: int) -> list[int]:
    """Only the titles that begin like those of this page are read and sorted."""
    prefix = f"{Kind.INITIAL}:{language}:"
    beginnings: dict[str, BitMap] = {}
    rows = Posting.objects.filter(key__gte=prefix, key__lt=prefix[:-1] + ";").values_list("key", "data")
    for key, data in rows:
        works = bitmaps.unpack(data)[0] & hits
        beginnings[key] = beginnings.get(key, bitmaps.NONE) | works
    out: list[int] = []
    for _, works in sorted(beginnings.items()):
        if start >= len(works):
            start -= len(works)
        elif len(out) < size:
            out += _sorted_by_title(works, language)[start : start + size - len(out)]
            start = 0
    return out


def _sorted_by_title(works: BitMap, language: str) -> list[int]:
    titles: dict[int, str] = {}
    for some in batched(works, 5_000, strict=False):
        titles.update(Indexed.objects.filter(pk__in=some).values_list("pk", f"title_{language}"))
    return sorted(titles, key=lambda pk: (titles[pk], pk))
