"""Words in quotation marks: the index knows the works that hold them all, the texts tell where they stand together."""

from collections.abc import Iterable, Sequence
from itertools import batched, pairwise

from resources.search import analysis, passages
from resources.search.bitmaps import BitMap
from resources.search.models import Kind
from resources.search.question import Question, Word

MOST_WORKS = 1_000
"""Works whose text is read for a phrase, the newest first; the total is then "at least"."""
MOST_CHARACTERS = 20_000_000
GAP = 25
"""Characters between neighbouring words: stop words, signs, the end of a line."""

Phrase = tuple[Word, ...]


def holding(wanted: Sequence[Phrase], works: BitMap) -> BitMap:
    """Those of the works that hold every phrase; works beyond the limits of reading are left out."""
    found = [BitMap() for _ in wanted]
    finders = [passages.finder(Question(phrase)) for phrase in wanted]
    read = 0
    for some in batched(reversed(works[max(0, len(works) - MOST_WORKS) :]), 50, strict=False):
        for pk, passage in _texts(list(some)):
            read += len(passage.text)
            for phrase, find, holders in zip(wanted, finders, found, strict=True):
                if pk not in holders and _may_stand(phrase, passage) and stands(passage.text, phrase, find):
                    holders.add(pk)
        if read > MOST_CHARACTERS:
            break
    for phrase, holders in zip(wanted, found, strict=True):
        if phrase[0].kind in (Kind.AUTHOR, Kind.SUBJECT):
            # Names are short: holding all their words is enough.
            holders |= works
    return BitMap.intersection(works, *found)


def _texts(pks: list[int]) -> Iterable[tuple[int, passages.Passage]]:
    yield from passages.described(pks)
    for first in (True, False):
        yield from passages.pages(pks, first=first)


def _may_stand(phrase: Phrase, passage: passages.Passage) -> bool:
    return phrase[0].kind == Kind.WORD or (phrase[0].kind == Kind.TITLE and passage.where == "title")


def stands(text: str, phrase: Phrase, find: passages.Finder) -> bool:
    """Do the words stand side by side and in order, at most stop words between them?"""
    spots = find(text)
    size = len(phrase)
    for at in range(len(spots) - size + 1):
        run = spots[at : at + size]
        if [number for *_, number in run] == list(range(size)) and all(
            _touch(text, one[1], other[0]) for one, other in pairwise(run)
        ):
            return True
    return False


def _touch(text: str, end: int, start: int) -> bool:
    between = analysis.words(text[end:start]) if start - end <= GAP else ["far"]
    return all(word in analysis.STOP["es"] or word in analysis.STOP["en"] for word in between)
