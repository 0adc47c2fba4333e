"""
From text to the words the index holds: fold accents, split, drop stop words, stem by language.

Accents fold, ñ stays: it parts *año* from *ano*. Spanish is stemmed until nothing changes and a final -z becomes the
-c of its plural, because one pass of Snowball parts *mujer* from *mujeres* and *luz* from *luces*; English gets its
irregular plurals. Other languages are not stemmed. Folding keeps the length of a text, so that a place found in the
folded text is the same place in the text.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import Stemmer

LONGEST = 48
"""Letters kept of a stem: nothing longer is typed."""

STOP_WORDS = {
    "es": (
        "de la que el en y a los del se las por un para con no una su al lo como más pero sus le ya o este sí porque "
        "esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante todos uno les ni "
        "contra otros ese eso ante ellos e esto antes algunos qué unos otro otras otra"
    ),
    "en": (
        "the of and to in a is that for it as was with be by on not he his but at are this have from or had an they "
        "which one you were all her she there would their we him been has when who will no more if out so what up "
        "said its about than into them can only other time new some could these two may"
    ),
}
FUNCTION_WORDS = {
    "es": "de la el los las y en del que para por con una un",
    "en": "the of and in to for with on by from is are what how",
}
"""Stop words that mean nothing in the other language either: dropped from a query whatever the page's language."""

IRREGULAR = {
    "children": "child",
    "women": "woman",
    "men": "man",
    "people": "person",
    "feet": "foot",
    "mice": "mouse",
    "crises": "crisis",
    "analyses": "analysis",
    "diagnoses": "diagnosis",
    "hypotheses": "hypothesis",
    "criteria": "criterion",
    "data": "datum",
}

TYPOGRAPHY = {
    **dict.fromkeys("‘’ʼ‛′ꞌ", "'"),
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", ""),
    **dict.fromkeys("\u00a0\u2007\u202f\u2009", " "),
    "…": "...",
    "•": "·",
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
}
BROKEN_LINE = re.compile(r"(?:-(?<=[^\W\d_]-)[ \t]*\r?\n\s*|[\u00ad\u0002\ufffe]\s*)(?=[a-zß-öø-ÿ])")
"""A word broken at the end of a line: a hyphen there, or what PDF readers put in its place."""
UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\u00ad\ud800-\udfff\ufffe\uffff]")
"""What no database and no page takes: controls, and halves of surrogate pairs."""

WORD = re.compile(r"[^\W_]+")
HAN = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])")
COMPOUND = re.compile(r"(?<![^\W_])(?:[^\W_]++(?:[-'][^\W_]++)+'?|\d++(?:\.\d++)+|(?:[^\W\d_]\.){2,}|WHO\b)")
"""Each part is taken whole or not at all (++): a line of 100,000 letters must not be tried from each of them."""


COMPOUND_SIGN = re.compile(r"[-'](?=\w)|\.(?:(?<=\d\.)\d|[^\W\d_]\.)|WHO")
"""What a text without compounds lacks, found five times quicker than the compounds themselves."""


def tidy(text: str) -> str:
    """The text as it is indexed and shown: composed, plain quotes and dashes, words whole, nothing unreadable."""
    if "\n" in text or "\xad" in text or "\x02" in text or "\ufffe" in text:
        text = BROKEN_LINE.sub("", text)
    try:
        return text.encode("latin-1").translate(_READABLE).decode("latin-1")
    except UnicodeEncodeError:
        return UNREADABLE.sub(" ", _without_typography(unicodedata.normalize("NFC", text)))


def _without_typography(text: str) -> str:
    for odd, plain in TYPOGRAPHY.items():
        if odd in text:
            text = text.replace(odd, plain)
    return text


_READABLE = bytes(32 if UNREADABLE.match(chr(code)) or code == 0xA0 else code for code in range(256))


class _Fold(dict[int, int]):
    """Code point -> its base letter in lower case, one for one; ñ stays."""

    def __missing__(self, code: int) -> int:
        letter = chr(code).lower()
        base = [part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)]
        self[code] = ord(letter) if letter == "ñ" else ord(base[0]) if len(base) == 1 else ord(letter[0])
        return self[code]


_FOLD = _Fold()
_LATIN = bytes(min(_FOLD[code], 255) for code in range(256))
"""The same map for Latin-1 text: some thirty times quicker, and nearly every text here is Latin-1 once tidied."""
_SPLIT = bytes(code if chr(code).isalnum() else 32 for code in _LATIN)


def fold(text: str) -> str:
    """Lower case without accents, of the same length."""
    try:
        return text.encode("latin-1").translate(_LATIN).decode("latin-1")
    except UnicodeEncodeError:
        return text.translate(_FOLD)


def words(text: str) -> list[str]:
    """The folded words of a tidy text, in order."""
    try:
        return text.encode("latin-1").translate(_SPLIT).decode("latin-1").split()
    except UnicodeEncodeError:
        return WORD.findall(HAN.sub(r" \1 ", text.translate(_FOLD)))


def compounds(text: str) -> list[str]:
    """Words to keep whole: COVID-19 as covid19, K'iche' as kiche, V.I.H. as vih, 3.8, WHO though it is a stop word."""
    return [whole(found) for found in COMPOUND.findall(text)] if COMPOUND_SIGN.search(text) else []


def whole(compound: str) -> str:
    """One compound as one word; a number keeps its point, lest 3.8 be 38."""
    folded = fold(compound)
    return folded if folded[0].isdigit() and "." in folded else re.sub(r"[-'.]", "", folded)


@lru_cache(maxsize=200_000)
def stem_es(word: str) -> str:
    """Step by step until nothing changes; words share their last steps, which are remembered."""
    shorter = _SPANISH(word[:-1] + "c" if word.endswith("z") else word)
    return word if shorter == word else stem_es(shorter)


def stem_en(word: str) -> str:
    return _ENGLISH(IRREGULAR.get(word, word))


# Without a memo of their own; threads may share them, since they never let go of the interpreter.
_SPANISH = Stemmer.Stemmer("spanish", 0).stemWord
_ENGLISH = Stemmer.Stemmer("english", 0).stemWord
STOP = {language: frozenset(fold(text).split()) for language, text in STOP_WORDS.items()}
FUNCTION = {language: frozenset(fold(text).split()) for language, text in FUNCTION_WORDS.items()}
DROPPED = {"es": STOP["es"] | FUNCTION["en"], "en": STOP["en"] | FUNCTION["es"]}
"""What a query loses, by the language of the page."""


class Stems(dict[str, str]):
    """Folded word -> stem, "" for a stop word. A bounded memo: 99 words of 100 are in it."""

    def __init__(self, stem: Callable[[str], str], stop: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.stem, self.stop = stem, stop

    def __missing__(self, word: str) -> str:
        if len(self) > 300_000:
            self.clear()
        self[word] = "" if word in self.stop else self.stem(word[:LONGEST])
        return self[word]


STEMS = {"es": Stems(stem_es, STOP["es"]), "en": Stems(stem_en, STOP["en"]), "": Stems(str)}


def stems(text: str, language: str) -> list[str]:
    """The stems of a tidy text in order, "" where a stop word stood; a language without a stemmer keeps its words."""
    return list(map(STEMS.get(language, STEMS[""]).__getitem__, words(text)))


def count(text: str, language: str) -> tuple[Counter[str], set[int]]:
    """How often each stem stands in a text, compounds included, and the pairs of neighbours."""
    text = tidy(text)
    found = words(text)
    stemmed = list(map(STEMS[spoken(found, language)].__getitem__, found))
    out = Counter(stemmed)
    del out[""]
    out.update(word[:LONGEST] for word in compounds(text))
    return out, pairs(stemmed)


def spoken(found: Iterable[str], declared: str) -> str:
    """The stemmer for a page: the declared language, unless its function words say it is the other of the two.

    A Spanish report opens with an English abstract. It takes three of them, and more than twice as many as of the
    declared language; other languages have no stemmer.
    """
    if declared not in STOP:
        return ""
    other = "en" if declared == "es" else "es"
    present = set(found)
    votes = {language: len(FUNCTION[language] & present) for language in STOP}
    return other if votes[other] >= 3 and votes[other] > 2 * votes[declared] else declared


def variants(word: str) -> tuple[str, ...]:
    """The forms under which the index may hold a query's folded word: its Spanish stem, its English stem, itself."""
    return tuple(sorted({table[word] for table in STEMS.values()} - {""}))


def forms(text: str) -> list[tuple[str, ...]]:
    """The words of any text that mean something, in order, each with the forms of `variants`."""
    meant = [word for word in words(tidy(text)) if not any(word in function for function in FUNCTION.values())]
    return [found for word in meant if (found := variants(word))]


def with_tilde(word: str) -> list[str]:
    """What a keyboard without ñ leaves of a word: *nino* may be niño, so every n between vowels may be ñ."""
    if word in KEPT_APART or len(word) > LONGEST:
        return []
    places = [at.start() for at in re.finditer(r"(?<=[aeiou])n(?=[aeiou])", word)]
    return [word[:at] + "ñ" + word[at + 1 :] for at in places]


KEPT_APART = frozenset(["ano", "anos", "pena", "penas", "cana", "canas", "cuna", "cunas", "mono", "monos"])
"""Words in their own right without the tilde."""


class Codes(dict[str, int]):
    """Stem -> a number, the same in every process; a bounded memo."""

    def __missing__(self, stem: str) -> int:
        if len(self) > 300_000:
            self.clear()
        self[stem] = crc32(stem.encode())
        return self[stem]


CODES = Codes()
PAIRS = 1 << 32
"""Numbers for pairs of stems."""


def pairs(found: Iterable[str]) -> set[int]:
    """The numbers of the stems that stand next to each other, stop words between them left out of account."""
    codes = [CODES[stem] for stem in found if stem]
    return {(31 * first + second) % PAIRS for first, second in pairwise(codes)}


def phrase_pairs(text: str) -> list[set[int]]:
    """The pairs of a phrase, by each of the stemmers it may have been indexed with."""
    return list(filter(None, (pairs(stems(text, language)) for language in STEMS)))
