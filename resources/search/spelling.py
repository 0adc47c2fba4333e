"""Did you mean: words that nobody wrote, put right from the words of titles, abstracts and topics."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from resources.search import analysis, bitmaps, store
from resources.search.bitmaps import BitMap, Column
from resources.search.models import Kind
from resources.search.question import Question, Word

if TYPE_CHECKING:
    from resources.search.reading import Query

LETTERS = "abcdefghijklmnñopqrstuvwxyz"
SHORTEST, LONGEST = 4, 24
SELDOM = 500
"""A word in fewer than one of so many works may be a slip."""
AS_FREQUENT = 100
"""How much more frequent the right spelling has to be than the slip."""
MUCH_MORE = 20
"""A word of the other language is meant where it is so many times as frequent as one of the page's."""
LIKENESS = 0.6
MOST_ALIKE = 10
MOST_WORDS = 3
"""Unknown words of a question that may be slips; more of them are another language, and each costs queries."""


def correction(query: Query, question: Question, holders: list[BitMap], visible: BitMap) -> str:
    """The question with its slips put right, from what the reader may see; "" where nothing looks wrong."""
    seldom = len(visible) // SELDOM
    doubtful = {
        word.text: len(held)
        for word, held in zip(question.words, holders, strict=False)
        if len(held) <= seldom and _may_be_wrong(word)
    }
    if not doubtful or len(doubtful) > MOST_WORDS:
        return ""
    right = corrected(doubtful, visible, query.language)
    return _replaced(query.text, right) if right else ""


def _may_be_wrong(word: Word) -> bool:
    letters = sum(map(str.isalpha, word.text))
    return word.kind == Kind.WORD and SHORTEST <= letters <= len(word.text) <= LONGEST and word.text.isalnum()


def corrected(doubtful: dict[str, int], visible: BitMap, language: str) -> dict[str, str]:
    """{folded word: the likeliest spelling} for those of the words, each held by so many works, that look like slips.

    One letter away, else most alike; among equals the more frequent in this language. Three queries at most.
    """
    near = {word: edits(word) for word in doubtful}
    known = _known((f"{Kind.SPELLING}:{edit}" for some in near.values() for edit in some), visible)
    right = {word: best for word, some in near.items() if (best := _best(some, known, doubtful[word], language))}
    # What hardly anybody writes may itself be a slip; for a word nobody writes, look further then.
    unsure = {word for word in doubtful if word not in right or known[right[word]].total * SELDOM < len(visible)}
    alike = _alike([word for word in unsure if not doubtful[word]])
    written = Written([*right.values(), *(name for some in alike.values() for name in some)], visible)
    for word, some in alike.items():
        if names := [name for name in some if name in written.known]:
            most = max(written.known[name].total for name in names)
            usual = [name for name in names if written.known[name].total * AS_FREQUENT >= most]
            best = max(usual, key=lambda name: (some[name], written.known[name].total))
            if word not in right or written.known[best].total >= AS_FREQUENT * known[right[word]].total:
                right[word] = best
    return {word: written.form(best) for word, best in right.items()}


class Known(NamedTuple):
    """In how many visible works a word is written: in all, and in Spanish, in English."""

    total: int
    es: int
    en: int

    def in_language(self, language: str) -> int:
        return self.es if language == "es" else self.en


def _known(keys: Iterable[str], visible: BitMap) -> dict[str, Known]:
    """{word: how well known} for the spellings that stand in any visible work."""
    columns: dict[str, Column] = {}
    for key, data in store.postings(keys):
        word = key.split(":", 1)[1]
        columns[word] = bitmaps.highest(columns.get(word, []), bitmaps.unpack(data))
    return {word: known for word, column in columns.items() if (known := _count(column, visible)).total}


def _count(column: Column, visible: BitMap) -> Known:
    es, en = (plane.intersection_cardinality(visible) for plane in bitmaps.padded(column, 2)[:2])
    return Known(bitmaps.count(column, visible), es, en)


def _best(near: set[str], known: dict[str, Known], times: int, language: str) -> str:
    """The most frequent of these words, those of the page's language before all but far more frequent ones."""
    some = [word for word in near if word in known]
    if not some:
        return ""
    most = max(known[word].total for word in some)
    own = [word for word in some if known[word].in_language(language) * MUCH_MORE >= most]
    best = max(own or some, key=lambda word: (known[word].total, word))
    return best if known[best].total >= AS_FREQUENT * times else ""


def edits(word: str) -> set[str]:
    """Every spelling one letter away: dropped, swapped with the next, changed, added."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    out = {first + rest[1:] for first, rest in cuts if rest}
    out |= {first + rest[1] + rest[0] + rest[2:] for first, rest in cuts if len(rest) > 1}
    out |= {first + letter + rest[1:] for first, rest in cuts if rest for letter in LETTERS}
    out |= {first + letter + rest for first, rest in cuts for letter in LETTERS}
    return out - {word}


def _alike(words: list[str]) -> dict[str, dict[str, float]]:
    """{word: {a word most alike by its pairs of letters: how much}}, of those that begin with the same two letters."""
    beginnings = {f"{Kind.SPELLING}:{word[:2]}" for word in words}
    names = [key.split(":", 1)[1] for key in store.keys_starting(beginnings)] if words else []
    out = {}
    for word in words:
        own = _bigrams(word)
        near = [name for name in names if name[:2] == word[:2] and abs(len(name) - len(word)) <= 2 and name != word]
        ranked = sorted(((_likeness(own, _bigrams(name)), name) for name in near), reverse=True)
        out[word] = {name: likeness for likeness, name in ranked[:MOST_ALIKE] if likeness >= LIKENESS}
    return out


def _bigrams(word: str) -> set[str]:
    word = f" {word} "
    return {word[at : at + 2] for at in range(len(word) - 1)}


def _likeness(one: set[str], other: set[str]) -> float:
    """Dice's coefficient."""
    return 2 * len(one & other) / (len(one) + len(other))


class Written:
    """How some folded words are written where the reader may see them, with their accents."""

    def __init__(self, words: list[str], visible: BitMap) -> None:
        keys = [f"{Kind.SPELLING}:{word}" for word in words]
        beginnings = [f"{Kind.ACCENTED}:{word}|" for word in words]
        columns: dict[str, Column] = {}
        for key, data in store.postings(keys, beginnings) if words else ():
            columns[key] = bitmaps.highest(columns.get(key, []), bitmaps.unpack(data))
        counted = {key: known for key, column in columns.items() if (known := _count(column, visible)).total}
        self.known = {key[2:]: known for key, known in counted.items() if key[0] == Kind.SPELLING}
        self.forms: dict[str, dict[str, int]] = {}
        for key, known in counted.items():
            if key[0] == Kind.ACCENTED:
                folded, form = key[2:].split("|", 1)
                self.forms.setdefault(folded, {})[form] = known.total

    def form(self, folded: str) -> str:
        """The accented form where it is the usual one."""
        forms = self.forms.get(folded, {})
        best = max(forms, key=lambda form: (forms[form], form), default=folded)
        return best if 2 * forms.get(best, 0) >= self.known[folded].total else folded


def _replaced(text: str, right: dict[str, str]) -> str:
    """The text as it was typed, with these folded words replaced."""

    def put(found: re.Match[str]) -> str:
        return right.get(analysis.fold(found[0]), found[0])

    return analysis.WORD.sub(put, analysis.tidy(text))
