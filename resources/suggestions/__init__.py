"""
What a document seems to be about: topics, countries, type and keywords, each with the sentence that says so.

Nothing here is written anywhere: a person accepts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from resources.suggestions import countries, keywords, topics, types
from resources.suggestions.countries import CountrySuggestion, Gazetteer
from resources.suggestions.reading import Evidence, Passage, Place, described, paged
from resources.suggestions.topics import TopicSuggestion, Vocabulary
from resources.suggestions.types import TypeSuggestion

__all__ = [
    "CountrySuggestion",
    "Evidence",
    "Gazetteer",
    "KeywordSuggestion",
    "Place",
    "Suggestions",
    "TopicSuggestion",
    "TypeSuggestion",
    "Vocabulary",
    "suggest",
]


@dataclass(frozen=True)
class KeywordSuggestion:
    """A keyword as the document writes it. `topics` names it already if it is a name of one of them."""

    text: str
    evidence: Evidence
    topics: tuple[int, ...] = ()


@dataclass(frozen=True)
class Suggestions:
    """All of it best first; `type` is None where nothing tells."""

    topics: list[TopicSuggestion]
    countries: list[CountrySuggestion]
    type: TypeSuggestion | None
    keywords: list[KeywordSuggestion]


def suggest(
    titles: dict[str, str],
    abstracts: dict[str, str],
    pages: Iterable[tuple[int, str]],
    language: str,
    *,
    vocabulary: Vocabulary | None = None,
    gazetteer: Gazetteer | None = None,
) -> Suggestions:
    """
    What the titles and abstracts (by ISO 639-1 code) and the pages (number, text) say the document is about.

    `language` is the document's. The topics and countries are read from the database in three queries; to read many
    documents, pass `Vocabulary.current()` and `Gazetteer.current()`. Text beyond `reading.MOST_PAGES` is left unread.
    """
    vocabulary, gazetteer = vocabulary or Vocabulary.current(), gazetteer or Gazetteer.current()
    named = list(described(titles, Place.TITLE))
    text = list(paged(pages, language))
    listed = [kept for passage in text if (passage.page or 0) <= keywords.FIRST_PAGES for kept in _keywords(passage)]
    every = list(chain(named, described(abstracts, Place.ABSTRACT), text, listed))
    return Suggestions(
        topics=topics.suggested(every, vocabulary, len({passage.page for passage in text})),
        countries=countries.suggested(every, gazetteer),
        type=types.suggested(named, [passage for passage in text if (passage.page or 9) <= 2]),
        keywords=_free(listed, vocabulary),
    )


def _keywords(passage: Passage) -> list[Passage]:
    """The passage's lists of keywords as passages of their own."""
    return [
        Passage(passage.text[start:end], Place.KEYWORDS, passage.language, passage.page)
        for start, end in keywords.spans(passage.text)
    ]


def _free(listed: list[Passage], vocabulary: Vocabulary) -> list[KeywordSuggestion]:
    """Each keyword once."""
    out: dict[str, KeywordSuggestion] = {}
    for passage in listed:
        line = " ".join(passage.text.split())
        for word in keywords.parted(line):
            start = line.find(word)
            evidence = Evidence(line, ((start, start + len(word)),) if start >= 0 else (), Place.KEYWORDS, passage.page)
            named = Passage(word, Place.KEYWORDS, passage.language)
            known = {term.topic for term, begin, end in vocabulary.hits(named) if (begin, end) == (0, len(word))}
            out.setdefault(word.casefold(), KeywordSuggestion(word, evidence, tuple(sorted(known))))
    return list(out.values())[: keywords.MOST]
