"""What the search must find, by reading every document: sets of Python, no index."""

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain
from math import ceil
from operator import and_, or_
from pathlib import Path

from network.models import Country
from resources.search import Results, analysis, ranking, state, vocabulary
from resources.search.question import Question, Word, ask
from resources.search.vocabulary import Widening
from tests.bench import library
from tests.bench.library import FACETS, FREE, Document, Request, Shared
from tests.bench.scratch import say

Works = set[int]


@dataclass(frozen=True)
class Asked:
    """A request and its question taken apart."""

    request: Request
    question: Question
    widenings: list[Widening]

    @property
    def stems(self) -> Iterator[str]:
        others = (word for widening in self.widenings for entry in widening.entries for word in entry.words)
        return chain.from_iterable(_stems(word) for word in chain(self.question.words, others))


@dataclass
class Truth:
    """Who holds each stem of the requests, each facet value, each quoted phrase."""

    stems: dict[str, Works]
    phrases: dict[str, Works]
    facets: dict[str, dict[str, Works]] = field(default_factory=lambda: {name: {} for name in FACETS})
    works: Works = field(default_factory=set)


def asked(requests: list[Request]) -> list[Asked]:
    known = vocabulary.current(state.current())
    questions = [ask(request.text, request.language) for request in requests]
    return [
        Asked(request, question, known.widenings(question, request.language))
        for request, question in zip(requests, questions, strict=True)
    ]


def read(shared: Shared, questions: list[Asked], source: Path, documents: int, memo: Path) -> Truth:
    """Read the first documents of the corpus, or take what an earlier run of the same code found."""
    if memo.exists():
        return pickle.loads(memo.read_bytes())
    quoted = [each for each in questions if each.request.is_quoted]
    truth = Truth(
        {stem: set() for each in questions for stem in each.stems}, {each.request.text: set() for each in quoted}
    )
    countries = _country_names()
    for number, document in enumerate(shared.corpus.read(source, documents), 1):
        parts = _parts(document)
        words = set().union(*(countries[code] for code in document["country"]))
        words = words.union(*(_words(text, document["language"]) for text in parts))
        _take(truth, document["id"] + FREE, words, library.facets(shared.corpus, document))
        for each in quoted:
            phrase = each.question.phrases[0]
            if _all_in(each.question.words, words) and any(
                _stands(phrase, text, document["language"]) for text in parts
            ):
                truth.phrases[each.request.text].add(document["id"] + FREE)
        if number % 10_000 == 0:
            say(f"{number} of {documents} documents read for comparison")
    memo.write_bytes(pickle.dumps(truth))
    return truth


def _stems(word: Word) -> Iterator[str]:
    return chain(word.variants, word.tilde, *(_stems(part) for part in word.spread))


def _country_names() -> dict[str, set[str]]:
    """A work is found by the names of its countries, too; those of topics and bodies are in no request."""
    rows = Country.objects.values_list("code", "name_es", "name_en")
    return {code: _words(es, "es") | _words(en, "en") for code, es, en in rows}


def _words(text: str, language: str) -> set[str]:
    """The stems of a text and its compounds, as the search is to know them."""
    text = analysis.tidy(text)
    found = analysis.words(text)
    table = analysis.STEMS[analysis.spoken(found, language)]
    return {table[word] for word in found} - {""} | {word[: analysis.LONGEST] for word in analysis.compounds(text)}


def _parts(document: Document) -> list[str]:
    described = document["language"] in ("es", "en")
    return [document["title"], *([document["abstract"]] if described else []), *library.pages(document)]


def _take(truth: Truth, pk: int, words: set[str], facets: list[tuple[str, str]]) -> None:
    truth.works.add(pk)
    for stem in words & truth.stems.keys():
        truth.stems[stem].add(pk)
    for name, value in facets:
        truth.facets[name].setdefault(value, set()).add(pk)


def _all_in(wanted: Iterable[Word], words: set[str]) -> bool:
    return all(not words.isdisjoint(_stems(word)) for word in wanted)


def _stands(phrase: str, text: str, language: str) -> bool:
    """Do the words stand side by side and in order, nothing but stop words of the text's language between them?"""
    found = analysis.words(analysis.tidy(text))
    stemmed = [stem for stem in analysis.stems(text, analysis.spoken(found, language)) if stem]
    for table in analysis.STEMS:
        wanted = [stem for stem in analysis.stems(phrase, table) if stem]
        runs = zip(*(stemmed[n:] for n in range(len(wanted))), strict=False)
        if len(wanted) > 1 and tuple(wanted) in runs:
            return True
    return False


def matching(each: Asked, truth: Truth) -> Works:
    """The works that answer, by the rules the portal states: all of a few words, else most, else any."""
    if not each.question.words:
        return truth.works
    if each.request.is_quoted:
        return truth.phrases[each.request.text]
    held = [_holding(word, truth) | _widened(place, each, truth) for place, word in enumerate(each.question.words)]
    if len(held) > ranking.FEW_WORDS:
        return reduce(or_, held)
    if (every := reduce(and_, held)) or len(held) == 1:
        return every
    least = ceil(len(held) * 2 / 3)
    most = {pk for pk in reduce(or_, held) if sum(pk in some for some in held) >= least}
    return most if most and least < len(held) else reduce(or_, held)


def _holding(word: Word, truth: Truth) -> Works:
    """The works with any form of a word, those with ñ only where they are the more usual ones."""
    own, tilde = (reduce(or_, (truth.stems[s] for s in some), set()) for some in (word.variants, word.tilde))
    if len(tilde) > len(own):
        own = own | tilde
    return own | reduce(and_, (_holding(part, truth) for part in word.spread)) if word.spread else own


def _widened(place: int, each: Asked, truth: Truth) -> Works:
    """The works that say the same in other words."""
    entries = [entry for w in each.widenings if w.start <= place < w.stop for entry in w.entries]
    return reduce(or_, (reduce(and_, (_holding(word, truth) for word in entry.words)) for entry in entries), set())


def differences(each: Asked, truth: Truth, results: Results) -> list[str]:
    """What the search said otherwise: its total, its first works, any count of the six facets."""
    match = matching(each, truth)
    passing = {
        name: reduce(or_, (truth.facets[name].get(value, set()) for value in values), set())
        for name, values in each.request.filters.items()
    }
    hits = reduce(and_, passing.values(), match)
    out = [f"total {results.total}, not {len(hits)}"] if results.total != len(hits) else []
    if not hits.issuperset(results.ids) or len(set(results.ids)) != min(20, results.total):
        out.append("first works")
    for name in FACETS:
        base = reduce(and_, (works for other, works in passing.items() if other != name), match)
        counts = {value: n for value, works in truth.facets[name].items() if (n := len(works & base))}
        if counts != {value.value: value.count for value in results.facets[name] if value.count}:
            out.append(f"counts of {name}")
    return out
