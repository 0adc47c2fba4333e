"""
Words in quotation marks: which works hold them side by side.

Two neighbouring words are known by a number of 32 bits (two pairs of the same number, both words of which stand in one
work: once in some million questions). The numbers fall into buckets, one row each and block: `data` is a sorted array
of whole numbers of 32 bits, the low 15 bits of a pair's number above the 16 of a work's place in the block.

A work that was written since the buckets were last brought up to date is `Fresh` and counts by its own row alone.
"""

from array import array
from bisect import bisect_left
from collections.abc import Sequence

from resources.search import analysis, bitmaps, store
from resources.search.bitmaps import BitMap
from resources.search.models import WIDTH

LOW_BITS = 15
LOW = (1 << LOW_BITS) - 1

Wanted = list[list[set[int]]]
"""Of each phrase the pairs by each of the stemmers: all pairs of one of them have to be there."""


def holding(phrases: Sequence[str], works: BitMap) -> BitMap:
    """Those of the works that hold every phrase: all of its pairs of neighbours."""
    wanted: Wanted = [analysis.phrase_pairs(phrase) for phrase in phrases]
    pairs = {pair for choices in wanted for some in choices for pair in some}
    # What is fresh is read first: a work that is entered meanwhile is then found in either place.
    fresh = {pk: numbers(held) for pk, held in store.read("SELECT id, pairs FROM resources_fresh")}
    settled = _settled(pairs)
    hits = works - BitMap(fresh)
    for choices in wanted:
        hits = hits & bitmaps.union(BitMap.intersection(*(settled[pair] for pair in some)) for some in choices)
    return hits | BitMap([pk for pk, held in fresh.items() if pk in works and _holds(held, wanted)])


def _settled(pairs: set[int]) -> dict[int, BitMap]:
    """{pair: works} as the buckets have it."""
    out = dict.fromkeys(pairs, bitmaps.NONE)
    rows: dict[int, list[tuple[int, array[int]]]] = {}
    for bucket, block, data in store.buckets({pair >> LOW_BITS for pair in pairs}):
        rows.setdefault(bucket, []).append((block, numbers(data)))
    for pair in pairs:
        first = (pair & LOW) * WIDTH
        for block, entries in rows.get(pair >> LOW_BITS, ()):
            own = entries[bisect_left(entries, first) : bisect_left(entries, first + WIDTH)]
            out[pair] = out[pair] | BitMap(own).shift(block * WIDTH - first)
    return out


def numbers(data: bytes) -> array[int]:
    """The numbers of a row."""
    out = array("I")
    out.frombytes(data)
    return out


def _holds(pairs: array[int], wanted: Wanted) -> bool:
    return all(any(all(_has(pairs, pair) for pair in some) for some in choices) for choices in wanted)


def _has(pairs: array[int], pair: int) -> bool:
    at = bisect_left(pairs, pair)
    return at < len(pairs) and pairs[at] == pair
