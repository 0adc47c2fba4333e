"""Whether two titles are the same one: misread, cut before its subtitle, or in the other language."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import product

from resources.search import STEMS, tidy, words
from resources.suggestions.reading import Passage, Place
from resources.suggestions.topics import Vocabulary

EDITION = re.compile(
    r"[\s.,:;(\[-]{1,5}(?:(?:primera|segunda|tercera|cuarta|quinta|nueva|\d{1,2}\.?(?:ª|a|er|da|ra|ta))\s{1,3}"
    r"(?:edici[oó]n|ed\.)|(?:first|second|third|fourth|fifth|new|revised|\d{1,2}(?:st|nd|rd|th))\s{1,3}"
    r"(?:edition|ed\.)|(?:versi[oó]n|version|v\.)\s{0,3}\d{1,2}(?:\.\d{1,2})?)[\s)\].]{0,5}$",
    re.IGNORECASE,
)
"""An edition named at the end of a title."""
SUBTITLE = re.compile(r"\s*(?::|\.|;|\s[-–—])\s+")
ALIKE = 0.72
"""Of the letters of two words, so that the one may be the other misread."""
LEAST_MAIN = 3
"""Words a title needs to stand for itself without its subtitle."""
MOST_WORDS = 80


def bare(title: str) -> str:
    """Without a named edition."""
    return EDITION.sub("", title[:1000].strip())


def names_edition(title: str) -> bool:
    return bool(EDITION.search(title[:1000].strip()))


def same(one: str, other: str) -> bool:
    """The same title, but for misread words or a missing subtitle. One other word makes another law."""
    one, other = bare(one), bare(other)
    if _same_words(_words(one), _words(other)):
        return True
    short, long = sorted((_words(one), _words(other)), key=len)
    mains = [_words(main) for main in (*_mains(one), *_mains(other))]
    return len(short) >= LEAST_MAIN and len(short) < len(long) and any(_same_words(short, main) for main in mains)


def _mains(title: str) -> Iterator[str]:
    """The title up to each sign that may begin a subtitle."""
    for at in list(SUBTITLE.finditer(title))[:5]:
        yield title[: at.start()]


def _words(title: str) -> list[str]:
    return words(tidy(title))[:MOST_WORDS]


def _same_words(one: list[str], other: list[str]) -> bool:
    """Word for word; one in four may be misread, none of three letters or with a digit."""
    if not one or len(one) != len(other):
        return "".join(one) == "".join(other) != ""
    differing = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    return len(differing) <= max(1, len(one) // 4) and all(_misread(*pair) for pair in differing)


def _misread(one: str, other: str) -> bool:
    """One or two letters wrong in a longer word. A changed ending may be another form, and so another title."""
    if min(len(one), len(other)) <= 3:
        return False
    if any(sign.isdigit() for sign in one) and any(sign.isdigit() for sign in other):
        return False
    if STEMS["es"][one] == STEMS["es"][other] or STEMS["en"][one] == STEMS["en"][other]:
        return True
    wrong = abs(len(one) - len(other)) <= 1 and SequenceMatcher(None, one, other, autojunk=False).ratio()
    return wrong >= ALIKE and one[0] == other[0]


def translated(one: dict[str, str], other: dict[str, str], vocabulary: Vocabulary) -> float:
    """How much two works' titles in different languages mean the same, 0 to 1: topics, figures, names and cognates."""
    pairs = [(a, b) for a, b in product(one.items(), other.items()) if a[0] != b[0]]
    return max((_overlap(concepts(a, vocabulary), concepts(b, vocabulary)) for a, b in pairs), default=0.0)


def concepts(title: tuple[str, str], vocabulary: Vocabulary) -> frozenset[str]:
    """What a title in a language speaks of: topics by number, other words by their first letters."""
    language, text = title[0], tidy(title[1][:1000])
    passage = Passage(text, Place.TITLE, language if language in ("es", "en") else "")
    hits = list(vocabulary.hits(passage))
    rest = text
    for _, start, end in hits:
        rest = rest[:start] + " " * (end - start) + rest[end:]
    dropped = STEMS["es"].stop | STEMS["en"].stop
    others = {word[:4] for word in words(rest) if word not in dropped and (len(word) > 4 or word.isdigit())}
    return frozenset({f"topic {term.topic}" for term, _, _ in hits} | others)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Common concepts by the longer title; nothing for a single one in common."""
    common = len(one & other)
    return common / max(len(one), len(other)) if common > 1 or one == other != frozenset() else 0.0
