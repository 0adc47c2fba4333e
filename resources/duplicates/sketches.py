"""
A text as 64 numbers, such that two texts have as many of them in common as they have runs of words in common.

One permutation hashing (Li, Owen, Zhang 2012): every run of three words is hashed, the hashes are dealt into 64 bins by
their last bits, and of each bin the smallest is kept. The share of bins with the same number estimates the Jaccard
similarity of the two sets of runs, within about 0.06. Words count by their first three letters: where a scan misreads
one letter in twenty, a third of all runs is still common to both.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import pairwise, product
from typing import Self

from resources.search import STEMS, tidy, words

BINS = 64
RUN = 3
PREFIX = 3
MOST_PAGES = 1_000
MOST_CHARACTERS = 3_000_000
TITLE_PREFIX = 5
MOST_TITLE_WORDS = 60

FIGURE = re.compile(r"\d{1,3}(?:[ .,]\d{3})+(?!\d)|\d{1,12}")
YEARS = range(1800, 2100)
LEAST_FIGURE = 100
"""Smaller ones number chapters and articles."""
NAME = re.compile(r"(?<=[a-zß-öø-ÿ,] )[A-ZÁÉÍÓÚÑ][\w'-]{3,30}")
"""A word with a capital that does not begin its sentence."""
NAMED_PAGES = 10
MOST_NAMES = 300


@dataclass(frozen=True)
class Sketch:
    """
    The numbers a work is compared by, each a signed 64-bit integer.

    `runs` are the runs of words of each file, for a second look; they are not kept in the database.
    """

    text: frozenset[int] = field(default_factory=frozenset)
    figures: frozenset[int] = field(default_factory=frozenset)
    titles: tuple[frozenset[int], ...] = ()
    runs: tuple[frozenset[str], ...] = ()

    @classmethod
    def of(cls, titles: Iterable[str], texts: Iterable[Iterable[str]]) -> Self:
        """Of a work's titles, and of the pages of each of its files."""
        text: set[int] = set()
        figures: set[int] = set()
        every = []
        for pages in texts:
            read = list(bounded(pages))
            every.append(runs(read))
            text |= smallest(every[-1], b"text")
            figures |= smallest(figure_pairs(read), b"figures")
        return cls(frozenset(text), frozenset(figures), tuple(map(of_title, titles)), tuple(every))


def bounded(pages: Iterable[str]) -> Iterator[str]:
    """The pages, tidied, as far as the limits go."""
    room = MOST_CHARACTERS
    for number, page in enumerate(pages):
        if number >= MOST_PAGES or room <= 0:
            return
        yield tidy(page[:room])
        room -= len(page)


def runs(pages: Iterable[str]) -> frozenset[str]:
    """Every run of three words of a text, pages run on."""
    found = [word[:PREFIX] for page in pages for word in words(page) if not word.isdigit()]
    return frozenset(" ".join(run) for run in zip(*(found[start:] for start in range(RUN)), strict=False))


def similarity(one: Iterable[frozenset[str]], other: Iterable[frozenset[str]]) -> float:
    """The Jaccard similarity of those two texts that have most runs in common."""
    return max((len(a & b) / len(a | b) for a, b in product(one, other) if a or b), default=0.0)


def figure_pairs(pages: Iterable[str]) -> set[str]:
    """Figures that follow each other, written alike in every language: 1,234.5 and 1.234,5 as they come, no years."""
    out = set()
    for page in pages:
        figures = [int(re.sub(r"\D", "", figure)) for figure in FIGURE.findall(page)]
        telling = [figure for figure in figures if figure >= LEAST_FIGURE and figure not in YEARS]
        out |= {f"{one} {next_}" for one, next_ in pairwise(telling) if next_ != one + 1}
    return out


def smallest(parts: Iterable[str], salt: bytes) -> set[int]:
    """The smallest hash of each bin that is not empty."""
    bins: dict[int, int] = {}
    for part in parts:
        number = hashed(part, salt)
        known = bins.get(number % BINS)
        if known is None or number < known:
            bins[number % BINS] = number
    return set(map(signed, bins.values()))


def of_title(title: str) -> frozenset[int]:
    """The pairs of neighbouring words of a title, stop words left out; the word itself where there is but one."""
    dropped = STEMS["es"].stop | STEMS["en"].stop
    found = [word[:TITLE_PREFIX] for word in words(tidy(title[:1000])) if word not in dropped][:MOST_TITLE_WORDS]
    pairs = [f"{one} {next_}" for one, next_ in pairwise(found)] or found
    return frozenset(signed(hashed(pair, b"title")) for pair in pairs)


def hashed(text: str, salt: bytes) -> int:
    """64 bits, the same in every process."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8, person=salt).digest())


def signed(number: int) -> int:
    """As a column of 64 bits holds it."""
    return number - (1 << 64) if number >> 63 else number


def names(pages: Iterable[str]) -> frozenset[str]:
    """Proper names and acronyms of the first pages, folded: a translation keeps most of them."""
    out: set[str] = set()
    for _, page in zip(range(NAMED_PAGES), pages, strict=False):
        for name in NAME.findall(tidy(page[:20_000])):
            out.update(words(name)[:1])
        if len(out) > MOST_NAMES:
            break
    return frozenset(out)
