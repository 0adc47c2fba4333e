"""The best passage of each work found, with the words asked for marked and the page it stands on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe

from resources.models import Page
from resources.search import analysis
from resources.search.question import Question, Word
from resources.search.vocabulary import Widening

if TYPE_CHECKING:
    from resources.cards import Card
    from resources.search.reading import Asked, Results

WIDTH = 240
"""Characters of a passage."""
LEAD = 60
"""Characters shown before the first marked word."""
FIRST_PAGES = 20
"""Pages of a file looked through first; the rest only where these do not hold every word."""
FOUND = 40
"""Places per word and page that are looked at."""
ENOUGH = 5
"""Places in a window after which one more makes it no better."""
REST_OF_WORD = re.compile(r"[^\W_]+")

Spot = tuple[int, int, int]
"""Start, end, number of the question's word."""
Finder = Callable[[str], list[Spot]]


@dataclass(frozen=True)
class Snippet:
    """A passage as safe HTML. `page` and `file_id` are None where it stands in the description of the work."""

    html: SafeString
    page: int | None
    file_id: int | None
    language: str
    where: str


@dataclass(frozen=True)
class Passage:
    """A text a snippet may be cut from."""

    where: str
    language: str
    text: str
    page: int | None = None
    file_id: int | None = None


@dataclass(frozen=True)
class Window:
    """The densest stretch of a passage: how many different words, how many in all, where the first stands."""

    words: int = 0
    places: int = 0
    start: int = 0


class Chooser:
    """The best passage of each work so far: more different words, then the file before the description."""

    def __init__(self, asked: Asked) -> None:
        self.find, self.wanted, self.language = finder(asked.question, asked.widenings), asked.words, asked.language
        self.best: dict[int, tuple[tuple[int, ...], Window, Passage]] = {}

    def offer(self, pk: int, passage: Passage) -> None:
        """Keep the passage if it is better; not even looked through where it can't be."""
        kind = PREFERENCE[passage.where], passage.language == self.language
        rank, *_ = self.best.get(pk, ((0,),))
        if rank >= (self.wanted, *kind, ENOUGH):
            return
        window = densest(self.find(passage.text))
        if window.words and (new := (window.words, *kind, min(window.places, ENOUGH))) > rank:
            self.best[pk] = (new, window, passage)

    def lacks_words(self, pk: int) -> bool:
        return pk not in self.best or self.best[pk][1].words < self.wanted


PREFERENCE = {"text": 2, "abstract": 1, "title": 0}


def snippets(results: Results, works: Iterable[Card]) -> dict[int, Snippet]:
    """{work: its best passage} for those of these that the search may show and that hold a word of its question."""
    asked = results.asked
    shown = {work.pk: work for work in works if work.pk in asked.visible}
    if not asked.words or not shown:
        return {}
    chooser = Chooser(asked)
    for work in shown.values():
        for passage in described(work):
            chooser.offer(work.pk, passage)
    for pk, passage in pages(shown, number__lte=FIRST_PAGES):
        chooser.offer(pk, passage)
    lacking = [pk for pk, work in shown.items() if chooser.lacks_words(pk) and _is_long(work)]
    for pk, passage in pages(lacking, number__gt=FIRST_PAGES) if lacking else ():
        chooser.offer(pk, passage)
    return {pk: _cut(passage, window, chooser.find) for pk, (_, window, passage) in chooser.best.items()}


def _is_long(work: Card) -> bool:
    return any(file.pages is None or file.pages > FIRST_PAGES for file in work.files)


def described(work: Card) -> Iterator[Passage]:
    """Titles and abstracts."""
    for code, title in work.titles.items():
        yield Passage("title", code, analysis.tidy(title))
    for code, abstract in (("es", work.abstract_es), ("en", work.abstract_en)):
        if abstract:
            yield Passage("abstract", code, analysis.tidy(abstract))


def pages(pks: Iterable[int], **which: int) -> Iterator[tuple[int, Passage]]:
    """(work, page) for these pages of the works' files."""
    rows = Page.objects.filter(file__resource__in=pks, **which).order_by("file", "number")
    names = ["file__resource_id", "file_id", "file__language", "number", "text"]
    for pk, file, language, number, text in rows.values_list(*names):
        yield pk, Passage("text", language, analysis.tidy(text), number, file)


@lru_cache(maxsize=64)
def finder(question: Question, widenings: tuple[Widening, ...] = ()) -> Finder:
    """A function that finds the places of the question's words in a tidy text, or of what else means the same."""
    which = {
        stem: widening.start
        for widening in widenings
        for entry in widening.entries
        for word in entry.words
        for stem in _stems(word)
    }
    which.update({stem: number for number, word in enumerate(question.words) for stem in _stems(word)})
    patterns = [(number, _spelled(word.text)) for number, word in enumerate(question.words) if not word.text.isalpha()]
    heads = _heads(which)
    most = FOUND if len(question.words) > 1 else 2 * ENOUGH
    known: dict[str, int] = {}

    def number_of(word: str) -> int:
        if word not in known:
            known[word] = next((which[s[word]] for s in analysis.STEMS.values() if s[word] in which), -1)
        return known[word]

    def find(text: str) -> list[Spot]:
        folded = analysis.fold(text)
        spots = [(at.start(), at.end(), number) for number, pattern in patterns for at in pattern.finditer(folded)]
        for head in heads:
            spots += _words_from(folded, head, number_of, most)
        return _apart(sorted(spots))

    return find


def _stems(word: Word) -> list[str]:
    return [*word.variants, *word.tilde, *(stem for part in word.spread for stem in _stems(part))]


def _heads(stems: Iterable[str]) -> list[str]:
    """What every word with one of these stems begins with; the last letter may change (policy, policies)."""
    heads: list[str] = []
    for head in sorted({stem[:-1] if len(stem) > 4 else stem for stem in stems}, key=len):
        if not head.startswith(tuple(heads)):
            heads.append(head)
    return heads


def _words_from(folded: str, head: str, number_of: Callable[[str], int], most: int) -> list[Spot]:
    """Whole words of a folded text that begin so and are asked for."""
    found: list[Spot] = []
    at = folded.find(head)
    while at >= 0 and len(found) < most:
        end = REST_OF_WORD.match(folded, at).end()
        if (not at or not folded[at - 1].isalnum()) and (number := number_of(folded[at:end])) >= 0:
            found.append((at, end, number))
        at = folded.find(head, end)
    return found


def _spelled(compound: str) -> re.Pattern[str]:
    """A compound word with the signs it may be written with: covid19 as COVID-19."""
    return re.compile(r"(?<!\w)" + r"[-'.]?".join(map(re.escape, compound)) + r"(?!\w)")


def _apart(spots: list[Spot]) -> list[Spot]:
    """Spots in order, the first of those that overlap."""
    out: list[Spot] = []
    for spot in spots:
        if not out or spot[0] >= out[-1][1]:
            out.append(spot)
    return out


def densest(spots: list[Spot]) -> Window:
    """The window of WIDTH characters with the most different words."""
    best, first = Window(), 0
    inside: Counter[int] = Counter()
    for last, (_, end, number) in enumerate(spots):
        inside[number] += 1
        while spots[first][0] < end - WIDTH + LEAD:
            inside[spots[first][2]] -= 1
            if not inside[spots[first][2]]:
                del inside[spots[first][2]]
            first += 1
        if (len(inside), last + 1 - first) > (best.words, best.places):
            best = Window(len(inside), last + 1 - first, spots[first][0])
    return best


def _cut(passage: Passage, window: Window, find: Finder) -> Snippet:
    """The stretch around the window, from word to word, marked."""
    text = passage.text
    start = max(0, window.start - LEAD)
    start = text.find(" ", start, window.start) + 1 or window.start if start else 0
    end = min(len(text), start + WIDTH)
    if end < len(text):
        end = max(text.rfind(" ", start, end), text.rfind("\n", start, end), start + WIDTH // 2)
    html = ("… " if start else "") + marked(text[start:end].strip(), find) + (" …" if end < len(text) else "")
    return Snippet(mark_safe(html), passage.page, passage.file_id, passage.language, passage.where)  # noqa: S308


def marked(text: str, find: Finder) -> str:
    """The text escaped, every word asked for in <mark>."""
    out, at = [], 0
    for start, end, _ in find(text):
        out += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return "".join([*out, escape(text[at:])])
