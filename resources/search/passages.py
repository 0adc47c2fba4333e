"""The best passage of each work found, with the words asked for marked and the page it stands on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from resources.models import Page, Resource
from resources.search import analysis, state, vocabulary
from resources.search.question import Question, Word, ask
from resources.search.vocabulary import Widening

if TYPE_CHECKING:
    from resources.search.reading import Query

WIDTH = 240
"""Characters of a passage."""
LEAD = 60
"""Characters shown before the first marked word."""
FIRST_PAGES = 20
"""Pages of a file looked through first; the rest only where these do not hold every word."""
FOUND = 40
"""Places per word and page that are looked at."""

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


def snippets(query: Query, ids: Iterable[int]) -> dict[int, Snippet]:
    """{work: its best passage} for those of these works that this reader may see and that hold a word of the query."""
    now = state.current()
    question = ask(query.text, query.language)
    visible = now.visible(query.audiences)
    shown = [pk for pk in ids if pk in visible]
    if not question.words or not shown:
        return {}
    widenings = vocabulary.current(now).widenings(question, query.language) if query.widen else []
    find = finder(question, tuple(widenings))
    best: dict[int, tuple[tuple[int, ...], Window, Passage]] = {}
    for pk, passage in described(shown):
        _offer(best, pk, passage, find, query.language)
    for first in (True, False):
        some = [pk for pk in shown if first or best.get(pk, ((0,),))[0][0] < len(question.words)]
        for pk, passage in pages(some, first=first):
            _offer(best, pk, passage, find, query.language)
    return {pk: _cut(passage, window, find) for pk, (_, window, passage) in best.items()}


def _offer(best: dict, pk: int, passage: Passage, find: Finder, language: str) -> None:
    """Keep the passage if it is the best so far: more different words, then the file before the description."""
    window = densest(find(passage.text))
    if not window.words:
        return
    rank = (window.words, PREFERENCE[passage.where], passage.language == language, min(window.places, 5))
    if pk not in best or rank > best[pk][0]:
        best[pk] = (rank, window, passage)


PREFERENCE = {"text": 2, "abstract": 1, "title": 0}


def described(pks: list[int]) -> Iterator[tuple[int, Passage]]:
    """Titles and abstracts."""
    fields = ["title_es", "title_en", "original_title", "abstract_es", "abstract_en", "original_language"]
    for work in Resource.objects.filter(pk__in=pks).only(*fields):
        for code, title in work.titles.items():
            yield work.pk, Passage("title", code, analysis.tidy(title))
        for code, abstract in (("es", work.abstract_es), ("en", work.abstract_en)):
            if abstract:
                yield work.pk, Passage("abstract", code, analysis.tidy(abstract))


def pages(pks: list[int], *, first: bool) -> Iterator[tuple[int, Passage]]:
    """The first pages of the works' files, or the others."""
    if not pks:
        return
    place = {"number__lte": FIRST_PAGES} if first else {"number__gt": FIRST_PAGES}
    rows = Page.objects.filter(file__resource__in=pks, **place).order_by("file", "number")
    names = ["file__resource_id", "file_id", "file__language", "number", "text"]
    for pk, file, language, number, text in rows.values_list(*names).iterator():
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
    heads = _heads(which)
    patterns = [(number, _spelled(word.text)) for number, word in enumerate(question.words) if not word.text.isalpha()]
    known: dict[str, int] = {}

    def number_of(word: str) -> int:
        if word not in known:
            known[word] = next((which[s[word]] for s in analysis.STEMS.values() if s[word] in which), -1)
        return known[word]

    def find(text: str) -> list[Spot]:
        folded = analysis.fold(text)
        spots = [(at.start(), at.end(), number) for number, pattern in patterns for at in pattern.finditer(folded)]
        for head in heads:
            spots += _words_from(folded, head, number_of)
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


def _spelled(compound: str) -> re.Pattern[str]:
    """A compound word with the signs it may be written with: covid19 as COVID-19."""
    return re.compile(r"(?<!\w)" + r"[-'.]?".join(map(re.escape, compound)) + r"(?!\w)")


def _words_from(folded: str, head: str, number_of: Callable[[str], int]) -> Iterator[Spot]:
    """Whole words of a folded text that begin so and are asked for."""
    found, at = 0, folded.find(head)
    while at >= 0 and found < FOUND:
        end = at + len(head)
        if at == 0 or not folded[at - 1].isalnum():
            while folded[end : end + 1].isalnum():
                end += 1
            if (number := number_of(folded[at:end])) >= 0:
                yield at, end, number
                found += 1
        at = folded.find(head, end)


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
    for last, (_, end, _) in enumerate(spots):
        while spots[first][0] < end - WIDTH + LEAD:
            first += 1
        inside = spots[first : last + 1]
        window = Window(len({number for *_, number in inside}), len(inside), spots[first][0] if inside else 0)
        if (window.words, window.places) > (best.words, best.places):
            best = window
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
