"""Which works answer a question, and how well."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil, log

from resources.search import bitmaps
from resources.search.bitmaps import BitMap, Column
from resources.search.models import Posting
from resources.search.question import Question, Word

FEW_WORDS = 4
"""Up to so many words a work has to hold all of them; of more it may hold any."""


@dataclass
class Match:
    """The works that answer, the rule they meet ("all", "most" or "any" of the words) and their scores."""

    works: BitMap
    rule: str = "all"
    score: Column = field(default_factory=list)


def fetch(keys: Iterable[str]) -> dict[str, Column]:
    """{key: column over all blocks}, in one query."""
    out: dict[str, Column] = {}
    for key, data in Posting.objects.filter(key__in=set(keys)).values_list("key", "data"):
        column = bitmaps.unpack(data)
        out[key] = bitmaps.highest(out[key], column) if key in out else column
    return out


def match(question: Question, visible: BitMap) -> Match:
    """The visible works that answer the question; all of them where it is empty."""
    if question.is_empty:
        return Match(visible)
    asked = [*question.words, *(word for words in question.without for word in words)]
    found = fetch([key for word in asked for key in word.keys] + [key for pair in question.pairs for key in pair])
    for words in question.without:
        visible = visible - _all(BitMap.union(*column_of(word, found, visible), bitmaps.NONE) for word in words)
    if not question.words:
        return Match(visible)
    columns = [column_of(word, found, visible) for word in question.words]
    holders = [bitmaps.union(column) for column in columns]
    works, rule = _rule(holders)
    weights = [_rarity(len(works), len(visible)) for works in holders] if len(columns) > 1 else [1]
    score: Column = []
    for column, weight in zip(columns, weights, strict=True):
        score = bitmaps.add(score, bitmaps.times(bitmaps.narrowed(column, works), weight))
    return Match(works, rule, score)


def column_of(word: Word, found: dict[str, Column], among: BitMap) -> Column:
    """How much each of these works says of a word, in any of its forms."""
    column = _either((f"{word.kind}:{stem}" for stem in word.variants), found, among)
    if word.tilde:
        other = _either((f"{word.kind}:{stem}" for stem in word.tilde), found, among)
        if len(bitmaps.union(other)) > len(bitmaps.union(column)):
            # Known less as it was typed than with its ñ: a keyboard without one.
            column = bitmaps.highest(column, other)
    if word.spread:
        parts = [column_of(part, found, among) for part in word.spread]
        both = _all(map(bitmaps.union, parts))
        column = bitmaps.highest(column, bitmaps.narrowed(parts[0], both))
    return column


def _either(keys: Iterable[str], found: dict[str, Column], among: BitMap) -> Column:
    column: Column = []
    for key in keys:
        if key in found:
            column = bitmaps.highest(column, found[key]) if column else found[key]
    return bitmaps.narrowed(column, among)


def _all(holders: Iterable[BitMap]) -> BitMap:
    first, *rest = holders
    for works in rest:
        first = first & works
    return first


def _rule(holders: list[BitMap]) -> tuple[BitMap, str]:
    """All of a few words; failing that most of them, failing that any. Of many words any."""
    if len(holders) <= FEW_WORDS:
        if works := _all(holders):
            return works, "all"
        count: Column = []
        for held in holders:
            count = bitmaps.add(count, [held])
        least = ceil(len(holders) * 2 / 3)
        if least > 1 and (works := bitmaps.at_least(count, least)):
            return works, "most"
    return bitmaps.union(holders), "any"


def _rarity(holders: int, works: int) -> int:
    """Inverse document frequency as a whole number, 1 or more."""
    return max(1, round(log(1 + (works - holders + 0.5) / (holders + 0.5))))
