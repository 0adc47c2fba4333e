"""
Other words for what was asked, from the bilingual topics: who types *tamizaje* also finds *screening*.

A topic's names and entry terms, in both languages, mean the same. Where a question holds one of them, the others widen
it, at half the weight.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from resources.search import bitmaps, names
from resources.search.bitmaps import BitMap, Column
from resources.search.models import Kind
from resources.search.question import Question, Word, words_of
from resources.search.state import State

MOST_ENTRIES = 8
"""Other words per place in a question."""
MOST_TOLD = 5


@dataclass(frozen=True)
class Entry:
    """One name of a topic."""

    text: str
    language: str
    words: tuple[Word, ...]


@dataclass(frozen=True)
class Widening:
    """Words `start` to `stop` of a question, and what else means the same."""

    start: int
    stop: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Wide:
    """What a widening finds: its place, and each entry with its column."""

    widening: Widening
    columns: list[tuple[Entry, Column]]


class Vocabulary:
    """Every name by the stem of its first word."""

    def __init__(self, names: Iterable[tuple[int, str, str]]) -> None:
        """From [(topic, language, name)]."""
        self.by_first: dict[str, list[tuple[Entry, int]]] = {}
        self.topics: dict[int, list[Entry]] = {}
        for topic, language, text in names:
            if words := words_of(text, Kind.WORD, language):
                entry = Entry(text, language, words)
                self.topics.setdefault(topic, []).append(entry)
                for stem in words[0].variants:
                    self.by_first.setdefault(stem, []).append((entry, topic))

    def widenings(self, question: Question, language: str) -> list[Widening]:
        """Where the question names a topic; the longest name at each place, names in the other language first.

        What stands in quotation marks or belongs to a field is meant as it stands.
        """
        out, at = [], 0
        while at < len(question.words):
            named = [hit for hit in self._starting(question.words[at]) if _stands(hit[0], question.words, at)]
            longest = max((len(entry.words) for entry, _ in named), default=1)
            topics = {topic for entry, topic in named if len(entry.words) == longest}
            said = question.words[at : at + longest]
            if question.required.isdisjoint(said) and (entries := self._others(topics, said, language)):
                out.append(Widening(at, at + longest, entries))
            at += longest
        return out

    def _starting(self, word: Word) -> list[tuple[Entry, int]]:
        if word.kind != Kind.WORD:
            return []
        return list(dict.fromkeys(hit for stem in word.variants for hit in self.by_first.get(stem, [])))

    def _others(self, topics: set[int], said: tuple[Word, ...], language: str) -> tuple[Entry, ...]:
        """The names of these topics that say it in other words."""
        out: dict[tuple[str, ...], Entry] = {}
        entries = [entry for topic in sorted(topics) for entry in self.topics[topic]]
        for entry in sorted(entries, key=lambda entry: entry.language == language):
            if not all(any(_same(word, other) for other in said) for word in entry.words):
                out.setdefault(tuple(word.text for word in entry.words), entry)
        return tuple(out.values())[:MOST_ENTRIES]


def _same(one: Word, other: Word) -> bool:
    return not set(one.variants).isdisjoint(other.variants)


def _stands(entry: Entry, words: tuple[Word, ...], at: int) -> bool:
    """Does the question name the entry from this word on?"""
    part = words[at : at + len(entry.words)]
    return len(part) == len(entry.words) and all(_same(*both) for both in zip(entry.words, part, strict=True))


_known: tuple[object, Vocabulary] | None = None


def current(now: State) -> Vocabulary:
    """The vocabulary, read again when any name has changed."""
    global _known
    if _known is None or _known[0] != now.names:
        _known = (now.names, Vocabulary(names.current(now).of_topics))
    return _known[1]


def columns(widenings: list[Widening], column_of: Callable[[Word], Column], among: BitMap) -> list[Wide]:
    """What each entry finds among these works: those that hold all its words, at half the level of the rarest."""
    out = []
    for widening in widenings:
        found = []
        for entry in widening.entries:
            parts = sorted(map(column_of, entry.words), key=lambda part: bitmaps.count(part, among))
            if held := BitMap.intersection(among, *map(bitmaps.union, parts)):
                found.append((entry, _halved(bitmaps.narrowed(parts[0], held), held)))
        out += [Wide(widening, found)] if found else []
    return out


def _halved(column: Column, held: BitMap) -> Column:
    """Half of each level, but 1 at least."""
    half = column[1:] or [bitmaps.NONE]
    return [half[0] | held - bitmaps.union(half), *half[1:]]


def widened(place: int, column: Column, wide: list[Wide]) -> Column:
    """The column of the word at this place, and for works without the word what the widenings find."""
    own = bitmaps.union(column)
    for other in wide:
        if other.widening.start <= place < other.widening.stop:
            for _, found in other.columns:
                column = bitmaps.highest(column, [plane - own for plane in found])
    return column


def told(wide: list[Wide], works: BitMap) -> list[str]:
    """The words to tell the reader of: those that stand in a work found."""
    texts = [entry.text for other in wide for entry, found in other.columns if bitmaps.union(found) & works]
    return list(dict.fromkeys(texts))[:MOST_TOLD]
