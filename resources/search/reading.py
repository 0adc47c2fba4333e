"""From a question to a page of works: match, narrow, rank, count."""

from dataclasses import dataclass, field
from math import ceil

from resources.search import facets, ordering, ranking, spelling, state, vocabulary
from resources.search.bitmaps import BitMap
from resources.search.facets import FacetValue
from resources.search.question import ask


@dataclass(frozen=True)
class Query:
    """What a reader asks for. Values of one filter are OR, different filters AND."""

    text: str = ""
    filters: dict[str, list[str]] = field(default_factory=dict)
    year_from: int | None = None
    year_to: int | None = None
    sort: str = "relevance"
    page: int = 1
    language: str = "es"
    audiences: tuple[str, ...] = ("public",)
    widen: bool = True


@dataclass
class Results:
    """One page of works, and what stands around it."""

    total: int
    ids: list[int]
    page: int
    pages: int
    facets: dict[str, list[FacetValue]]
    correction: str = ""
    widened: list[str] = field(default_factory=list)
    rule: str = "all"


def search(query: Query, *, size: int = 20) -> Results:
    """The works this reader may see that answer the query; a page out of range is the nearest one."""
    now = state.current()
    question = ask(query.text, query.language)
    visible = now.visible(query.audiences)
    widenings = vocabulary.current(now).widenings(question, query.language) if query.widen and question.words else []
    match = ranking.match(question, visible, widenings)
    narrowing = facets.narrowing(query, now)
    hits = BitMap.intersection(match.works, *narrowing.values())
    pages = max(1, ceil(len(hits) / size))
    page = min(max(1, query.page), pages)
    return Results(
        total=len(hits),
        ids=ordering.page_of(hits, match, query, now, start=(page - 1) * size, size=size),
        page=page,
        pages=pages,
        facets=facets.count(match.works, hits, narrowing, query, now),
        correction=spelling.correction(query.text, question, match.holders, visible),
        widened=match.widened,
        rule=match.rule,
    )
