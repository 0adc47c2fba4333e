"""Words in quotation marks: the index knows the works that hold them all, each work the pairs of words side by side."""

from collections.abc import Sequence

from resources.search import analysis, bitmaps
from resources.search.bitmaps import BitMap, Column
from resources.search.models import Indexed

MOST_WORKS = 1_000
"""Works that are asked for their pairs, the best ones; where more hold the words, the total is "at least"."""


def holding(phrases: Sequence[str], works: BitMap, score: Column) -> BitMap:
    """
    Those of the best works that hold every phrase.

    Pairs are known by numbers of 22 bits: of 8,000 works with 500 words apiece one is found wrongly.
    """
    wanted = [analysis.phrase_pairs(phrase) for phrase in phrases]
    asked = bitmaps.best(works, score, start=0, size=MOST_WORKS)
    rows = Indexed.objects.filter(pk__in=asked).values_list("pk", "pairs")
    return BitMap([pk for pk, pairs in rows if pairs and _holds(BitMap.deserialize(bytes(pairs)), wanted)])


def _holds(pairs: BitMap, wanted: list[list[set[int]]]) -> bool:
    return all(any(all(pair in pairs for pair in phrase) for phrase in phrases) for phrases in wanted)
