"""Which works answer a question, and how well."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from math import ceil, log

from resources.search import bitmaps, phrases, state, store, vocabulary
from resources.search.bitmaps import BitMap, Column
from resources.search.question import Question, Word, neighbours
from resources.search.state import State
from resources.search.vocabulary import Widening

FEW_WORDS = 3
"""Up to so many words a work has to hold all of them; of more it may hold any."""
RARITY_STEPS = 2
"""Whole numbers per unit of inverse document frequency."""
PAIR_LIFT = 3
"""Levels per word that two words side by side in a title, topic or keyword are worth beyond themselves."""
ALL_LIFT = 2
"""Levels per word that holding every word is worth."""


@dataclass
class Match:
    """The works that answer, the rule they meet ("all", "most" or "any" of the words) and their scores."""

    works: BitMap
    rule: str = "all"
    score: Column = field(default_factory=list)
    widened: list[str] = field(default_factory=list)
    holders: list[BitMap] = field(default_factory=list)


def fetch(keys: Iterable[str]) -> tuple[State, dict[str, Column]]:
    """(the index as it stands, {key: column over all blocks}), in one query where nobody has written meanwhile."""
    out: dict[str, Column] = {}
    versions, found = store.holding(set(keys))
    for key, data in found:
        column = bitmaps.unpack(data)
        out[key] = bitmaps.highest(out[key], column) if key in out else column
    return state.at(versions), out


def match(question: Question, found: dict[str, Column], visible: BitMap, widenings: list[Widening]) -> Match:
    """The visible works that answer the question; all of them where it asks for nothing.

    `found` holds the postings of `keys`.
    """
    visible = _without(question, found, visible)
    if not question.words:
        return Match(visible)
    strict = len(question.words) <= FEW_WORDS and not question.is_sentence
    columns = [column_of(word, found, visible, whole=strict) for word in question.words]
    holders = [bitmaps.union(column) & visible for column in columns]
    wide = vocabulary.columns(widenings, lambda word: column_of(word, found, visible), visible)
    if wide:
        columns = [vocabulary.widened(place, column, wide) for place, column in enumerate(columns)]
    works, rule = _rule(question, [bitmaps.union(column) & visible for column in columns] if wide else holders, strict)
    if question.phrases:
        works = phrases.holding(question.phrases, works)
        if not works and len(question.words) > FEW_WORDS:
            # A long question that quotes what no work holds: better its words than nothing.
            return match(replace(question, phrases=(), required=frozenset()), found, visible, widenings)
    score = _score(question, columns, holders, works, found, len(visible))
    if wide and strict:
        # Above all sums: works that need no widening come first.
        score = [*score, (_all(holders) if rule == "all" else bitmaps.union(holders)) & works]
    return Match(works, rule, score, vocabulary.told(wide, works), holders)


def _without(question: Question, found: dict[str, Column], visible: BitMap) -> BitMap:
    """The works that hold nothing of what is not wanted."""
    for word in question.without:
        visible = visible - bitmaps.union(column_of(word, found, visible))
    for phrase, words in question.without_phrases:
        held = _all([visible, *(bitmaps.union(column_of(word, found, visible)) for word in words)])
        visible = visible - phrases.holding([phrase], held)
    return visible


def keys(question: Question, widenings: list[Widening]) -> list[str]:
    """The postings that answer it."""
    asked = [*question.words, *question.without]
    asked += [word for _, words in question.without_phrases for word in words]
    asked += [word for widening in widenings for entry in widening.entries for word in entry.words]
    return [key for word in asked for key in word.keys] + [
        key for _, keys in neighbours(question.words) for key in keys
    ]


def column_of(word: Word, found: dict[str, Column], among: BitMap, *, whole: bool = True) -> Column:
    """How much each work says of a word, in any of its forms; not `whole`: or of part of a compound.

    Which forms count depends on the works `among` which is searched; the column may hold others, too.
    """
    column = _either((f"{word.kind}:{stem}" for stem in word.variants), found)
    if word.tilde:
        other = _either((f"{word.kind}:{stem}" for stem in word.tilde), found)
        if bitmaps.count(other, among) > bitmaps.count(column, among):
            # Better known with its ñ than as it was typed: a keyboard without one.
            column = bitmaps.highest(column, other)
    if word.spread:
        parts = [column_of(part, found, among) for part in word.spread]
        held = _all(map(bitmaps.union, parts)) if whole else among
        for part in parts[:1] if whole else parts:
            column = bitmaps.highest(column, bitmaps.narrowed(part, held))
    return column


def _either(keys: Iterable[str], found: dict[str, Column]) -> Column:
    column: Column = []
    for key in keys:
        if key in found:
            column = bitmaps.highest(column, found[key]) if column else found[key]
    return column


def _all(holders: Iterable[BitMap]) -> BitMap:
    return BitMap.intersection(*holders)


def _rule(question: Question, holders: list[BitMap], strict: bool) -> tuple[BitMap, str]:
    """All of a few words; failing that most of them, failing that any. Of many words any."""
    required = [held for word, held in zip(question.words, holders, strict=True) if word in question.required]
    if strict or len(required) == len(holders):
        if (works := _all(holders)) or len(holders) == 1:
            return works, "all"
        count: Column = []
        for held in holders:
            count = bitmaps.add(count, [held])
        least = ceil(len(holders) * 2 / 3)
        works = _all([bitmaps.at_least(count, least), *required])
        if works and least < len(holders):
            return works, "most"
    works = _all([bitmaps.union(holders), *required])
    return works, "any" if works else "all"


def _score(
    question: Question,
    columns: list[Column],
    holders: list[BitMap],
    works: BitMap,
    found: dict[str, Column],
    number: int,
) -> Column:
    """The sum of the words' levels by rarity, with a lift for neighbours and for works that hold every word."""
    if len(columns) == 1:
        return columns[0]
    weights = [_rarity(len(held), number) for held in holders]
    score: Column = []
    for column, weight in zip(columns, weights, strict=True):
        score = bitmaps.add(score, bitmaps.times(bitmaps.narrowed(column, works), weight))
    for place, keys in neighbours(question.words):
        if lifted := bitmaps.union(found[key][0] for key in keys if key in found) & works:
            score = bitmaps.add(score, bitmaps.times([lifted], PAIR_LIFT * sum(weights[place : place + 2])))
    every = _all(holders) & works
    if every and len(every) < len(works):
        score = bitmaps.add(score, bitmaps.times([every], ALL_LIFT * sum(weights)))
    return score


def _rarity(holders: int, works: int) -> int:
    """Inverse document frequency as a whole number, 1 or more."""
    return max(1, round(RARITY_STEPS * log(1 + (works - holders + 0.5) / (holders + 0.5))))
