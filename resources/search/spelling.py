"""Did you mean: words that nobody wrote, put right from the words of titles, abstracts and topics."""

import re
from collections.abc import Iterable

from django.db.models import QuerySet

from resources.search import analysis, bitmaps
from resources.search.bitmaps import BitMap
from resources.search.models import Kind, Posting
from resources.search.question import Question, Word

LETTERS = "abcdefghijklmnñopqrstuvwxyz"
SHORTEST, LONGEST = 4, 24
SELDOM = 1_000
"""A word in fewer than one of so many works may be a slip."""
AS_FREQUENT = 100
"""How much more frequent the right spelling has to be than the slip."""
LIKENESS = 0.6
MOST_WORDS = 3
"""Unknown words of a question that may be slips; more of them are another language, and each costs queries."""


def correction(text: str, question: Question, holders: list[BitMap], visible: BitMap) -> str:
    """The question with its slips put right, from what the reader may see; "" where nothing looks wrong."""
    seldom = len(visible) // SELDOM
    doubtful = [
        (word, len(held))
        for word, held in zip(question.words, holders, strict=False)
        if len(held) <= seldom and _may_be_wrong(word)
    ]
    right = {}
    for word, known in doubtful if len(doubtful) <= MOST_WORDS else ():
        if better := correct(word.text, known, visible):
            right[word.text] = written(better, visible)
    return _replaced(text, right) if right else ""


def _may_be_wrong(word: Word) -> bool:
    return word.kind == Kind.WORD and SHORTEST <= len(word.text) <= LONGEST and word.text.isalpha()


def correct(word: str, known: int, visible: BitMap) -> str:
    """The likeliest word for a folded one that `known` works hold: one letter away, else most alike; "" for none."""
    counts = _counts(f"{Kind.SPELLING}:{near}" for near in edits(word))
    counts = _seen(counts, visible)
    if counts:
        best = max(counts, key=lambda near: (counts[near], near))
        if counts[best] >= AS_FREQUENT * known:
            return best
    return "" if known else _alike(word, visible)


def edits(word: str) -> set[str]:
    """Every spelling one letter away: dropped, swapped with the next, changed, added."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    out = {first + rest[1:] for first, rest in cuts if rest}
    out |= {first + rest[1] + rest[0] + rest[2:] for first, rest in cuts if len(rest) > 1}
    out |= {first + letter + rest[1:] for first, rest in cuts if rest for letter in LETTERS}
    out |= {first + letter + rest for first, rest in cuts for letter in LETTERS}
    return out - {word}


def _counts(keys: Iterable[str]) -> dict[str, BitMap]:
    """{word: works} for the keys there are."""
    out: dict[str, BitMap] = {}
    for key, data in Posting.objects.filter(key__in=list(keys)).values_list("key", "data"):
        word = key.split(":", 1)[1]
        out[word] = out.get(word, bitmaps.NONE) | bitmaps.unpack(data)[0]
    return out


def _seen(words: dict[str, BitMap], visible: BitMap) -> dict[str, int]:
    """{word: number of visible works} for those that stand in any."""
    return {word: times for word, works in words.items() if (times := works.intersection_cardinality(visible))}


def _alike(word: str, visible: BitMap) -> str:
    """The word most alike by its pairs of letters, among those that begin with the same two."""
    keys = starting(f"{Kind.SPELLING}:{word[:2]}")
    names = {key.split(":", 1)[1] for key in keys.values_list("key", flat=True)}
    own = _bigrams(word)
    ranked = sorted(((_likeness(own, _bigrams(n)), n) for n in names if abs(len(n) - len(word)) <= 2), reverse=True)
    near = {name: likeness for likeness, name in ranked[:10] if likeness >= LIKENESS and name != word}
    counts = _seen(_counts(f"{Kind.SPELLING}:{name}" for name in near), visible)
    return max(counts, key=lambda name: (near[name], counts[name]), default="")


def starting(prefix: str) -> QuerySet[Posting]:
    """Postings whose key begins so; keys are kept in the order of their code points."""
    return Posting.objects.filter(key__gte=prefix, key__lt=prefix + "\U0010ffff")


def _bigrams(word: str) -> set[str]:
    word = f" {word} "
    return {word[at : at + 2] for at in range(len(word) - 1)}


def _likeness(one: set[str], other: set[str]) -> float:
    """Dice's coefficient."""
    return 2 * len(one & other) / (len(one) + len(other))


def written(folded: str, visible: BitMap) -> str:
    """A folded word as it is mostly written, with its accents."""
    works: dict[str, BitMap] = {}
    for key, data in starting(f"{Kind.ACCENTED}:{folded}|").values_list("key", "data"):
        form = key.split("|", 1)[1]
        works[form] = works.get(form, bitmaps.NONE) | bitmaps.unpack(data)[0]
    counts = _seen(works, visible)
    best = max(counts, key=lambda form: (counts[form], form), default=folded)
    return best if 2 * counts.get(best, 0) >= len(_plain(folded) & visible) else folded


def _plain(folded: str) -> BitMap:
    return bitmaps.union(_counts([f"{Kind.SPELLING}:{folded}"]).values())


def _replaced(text: str, right: dict[str, str]) -> str:
    """The text as it was typed, with these folded words replaced."""

    def put(found: re.Match[str]) -> str:
        return right.get(analysis.fold(found[0]), found[0])

    return analysis.WORD.sub(put, analysis.tidy(text))
