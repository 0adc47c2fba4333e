"""What a document says, place by place, as words with their offsets; and the sentence around any of them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Self

from resources.search import WORD, fold, spoken, tidy

MOST_PAGES = 1_000
MOST_CHARACTERS = 3_000_000
"""Of all pages together: a book of a thousand pages. What stands behind is left unread."""
MOST_OF_A_PAGE = 100_000
FIRST_PAGES = 3
PARTED_PAGES = 8
"""Pages read in pieces, each in its own language: a Spanish article opens with an English abstract."""
PIECE = 600
REACH = 220
"""Characters looked through on either side of a word for the ends of its sentence."""
HEADING = 90


SPOKEN = re.compile(rf"(?:[^\W\d_]\.){{2,}}|{WORD.pattern}")
"""A word, or letters with points as one: V.I.H."""


class Place(StrEnum):
    TITLE = "title"
    KEYWORDS = "keywords"
    ABSTRACT = "abstract"
    HEADING = "heading"
    FIRST = "first pages"
    REST = "text"


@dataclass(frozen=True)
class Evidence:
    """A sentence of the document, on one line, and the offsets in it of the words that count.

    `page` is None for a sentence of the title or the abstract that was given apart.
    """

    sentence: str
    marks: tuple[tuple[int, int], ...]
    place: Place
    page: int | None = None


@dataclass(frozen=True)
class Words:
    """The words of a text, folded, with where each begins and ends in it."""

    folded: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, text: str) -> Self:
        found = [(word.group().replace(".", ""), *word.span()) for word in SPOKEN.finditer(fold(text))]
        return cls(*map(list, zip(*found, strict=True))) if found else cls()


@dataclass(frozen=True)
class Passage:
    """A tidy text that stands in one place of the document. `language` is "es", "en" or "" for any other."""

    text: str
    place: Place
    language: str
    page: int | None = None

    @cached_property
    def words(self) -> Words:
        return Words.of(self.text)

    def place_at(self, start: int) -> Place:
        """The place of what begins there: a heading among the lines of a page counts for more than they do."""
        if self.page is None or self.place == Place.KEYWORDS:
            return self.place
        return Place.HEADING if is_heading(self.line_at(start)) else self.place

    def line_at(self, start: int) -> str:
        begin = self.text.rfind("\n", max(0, start - HEADING), start) + 1
        if not begin and start > HEADING:
            return ""  # no heading is that long
        end = self.text.find("\n", start, begin + HEADING + 2)
        return self.text[begin : end if end >= 0 else begin + HEADING + 2].strip()

    def evidence(self, spots: list[tuple[int, int]]) -> Evidence:
        """The sentence around the first of these places, with all of them that lie in it."""
        begin, end = self._sentence(*spots[0])
        marks = sorted({(a - begin, b - begin) for a, b in spots if begin <= a and b <= end})
        sentence = re.sub(r"\s", " ", self.text[begin:end])
        return Evidence(sentence, tuple(marks), self.place_at(spots[0][0]), self.page)

    def _sentence(self, start: int, end: int) -> tuple[int, int]:
        low, high = max(0, start - REACH), min(len(self.text), end + REACH)
        before = list(SENTENCE_END.finditer(self.text, low, start))
        after = SENTENCE_END.search(self.text, end, high)
        begin = before[-1].end() if before else self._word_edge(low, start)
        stop = after.end() if after else high
        while begin < start and self.text[begin].isspace():
            begin += 1
        while stop > end and self.text[stop - 1].isspace():
            stop -= 1
        return begin, max(stop, end)

    def _word_edge(self, low: int, start: int) -> int:
        """A sentence cut for its length begins with a whole word."""
        space = self.text.find(" ", low, start)
        return 0 if low == 0 else space + 1 if space >= 0 else start


SENTENCE_END = re.compile(r"[.!?](?=\s)\s{1,9}(?=[^a-zß-öø-ÿ])|\n[ \t]{0,9}\n\s{0,9}")
NUMBERED = re.compile(
    r"(?:cap[ií]tulo|t[ií]tulo|secci[oó]n|chapter|section|\d{1,2}(?:\.\d{1,2}){0,3}\.?)\s", re.IGNORECASE
)


def is_heading(line: str) -> bool:
    """A short line in capitals, or numbered as a chapter is, that does not end as a sentence does."""
    if not 3 < len(line) <= HEADING or line[-1] in ".,;:":
        return False
    letters = [sign for sign in line if sign.isalpha()]
    capitals = bool(letters) and sum(sign.isupper() for sign in letters) > 0.9 * len(letters)
    return capitals or bool(NUMBERED.match(line) and any(sign.isupper() for sign in letters))


def language_of(text: str, declared: str) -> str:
    """The language of a passage as far as we have its words: "es", "en", else ""."""
    return spoken(Words.of(text).folded, declared)


def described(texts: dict[str, str], place: Place) -> Iterator[Passage]:
    """Titles or abstracts, by language."""
    for language, text in texts.items():
        if text := tidy(text[:MOST_OF_A_PAGE]):
            yield Passage(text, place, language if language in ("es", "en") else "")


def paged(pages: Iterable[tuple[int, str]], language: str) -> Iterator[Passage]:
    """The passages of the pages, as far as the limits go."""
    room = MOST_CHARACTERS
    for read, (number, raw) in enumerate(pages):
        if read >= MOST_PAGES or room <= 0:
            return
        text = tidy(raw[: min(room, MOST_OF_A_PAGE)])
        room -= len(raw)
        place = Place.FIRST if number <= FIRST_PAGES else Place.REST
        for piece in pieces(text) if number <= PARTED_PAGES else [text]:
            yield Passage(piece, place, language_of(piece, language), number)


def pieces(text: str) -> Iterator[str]:
    """The text in parts of some hundred characters, parted between lines."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + PIECE)
        end = end + 1 if end >= 0 else len(text)
        yield text[start:end]
        start = end
