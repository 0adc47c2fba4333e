"""From a question to a page of works: match, narrow, rank, count."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil

from resources.search import facets, ordering, ranking, spelling, state, vocabulary
from resources.search.bitmaps import BitMap, Column
from resources.search.facets import FacetValue
from resources.search.question import Question, ask
from resources.search.state import State
from resources.search.vocabulary import Widening


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
    asked: Asked | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Asked:
    """What the search made of the query, for the snippets."""

    question: Question
    widenings: tuple[Widening, ...]
    visible: BitMap
    language: str

    @property
    def words(self) -> int:
        """How many words were asked for."""
        return len(self.question.words)


def search(query: Query, *, size: int = 20) -> Results:
    """The works this reader may see that answer the query; a page out of range is the nearest one."""
    question = ask(query.text, query.language)
    now, found, widenings = _found(question, query)
    visible = now.visible(query.audiences)
    match = ranking.match(question, found, visible, widenings)
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
        correction=spelling.correction(query, question, match.holders, visible),
        widened=match.widened,
        rule=match.rule,
        asked=Asked(question, tuple(widenings), visible, query.language),
    )


def _found(question: Question, query: Query) -> tuple[State, dict[str, Column], list[Widening]]:
    """The index as it stands, the postings the question asks for, and the other words for it."""
    now = state.last()
    while True:
        widen = query.widen and question.words
        widenings = vocabulary.current(now).widenings(question, query.language) if widen else []
        before, (now, found) = now, ranking.fetch(ranking.keys(question, widenings))
        # Somebody wrote since this process last looked: the vocabulary may be another, too.
        if now is before or not widen:
            return now, found, widenings
