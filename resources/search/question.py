"""
What was asked, taken apart: words, "quoted phrases", -without, title:word.

Nothing typed is an error: a sign that opens no phrase, field or exclusion is a space between words.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from resources.search import analysis
from resources.search.models import Kind

MOST_WORDS = 32
"""Words of a question that are looked up; a longer one is a page somebody pasted."""
MOST_CHARACTERS = 5_000

FIELDS = {
    **dict.fromkeys(["titulo", "title"], Kind.TITLE),
    **dict.fromkeys(["autor", "autora", "author", "entidad", "body"], Kind.AUTHOR),
    **dict.fromkeys(["tema", "topic", "subject", "etiqueta", "tag", "palabra", "keyword"], Kind.SUBJECT),
}
"""Field words, folded, and the kind of posting that knows the answer."""
PIECE = re.compile(r'(?<!\S)(-?)(?:([^\W\d_]+):)?(?:"([^"]*)"|([^\s"]+))|"([^"]*)"|([^\s"]+)')


@dataclass(frozen=True)
class Word:
    """
    One word of a question and the forms under which the index may hold it.

    `spread` are the words of a compound (socio-económico), which a work may hold instead; `tilde` the forms with ñ.
    """

    text: str
    kind: str = Kind.WORD
    variants: tuple[str, ...] = ()
    spread: tuple["Word", ...] = ()
    tilde: tuple[str, ...] = ()

    @property
    def keys(self) -> list[str]:
        """Everything to fetch for this word."""
        own = [f"{self.kind}:{stem}" for stem in (*self.variants, *self.tilde)]
        return own + [key for part in self.spread for key in part.keys]


@dataclass(frozen=True)
class Question:
    """
    `words` are to be found, the `required` ones whatever the rule, and the `phrases` as they stand. None of `without`
    may be found, nor any phrase of `without_phrases`.

    `is_sentence`: asked as one asks a person, so that not every word need stand in the answer.
    """

    words: tuple[Word, ...] = ()
    required: frozenset[Word] = frozenset()
    phrases: tuple[str, ...] = ()
    without: tuple[Word, ...] = ()
    without_phrases: tuple[tuple[str, tuple[Word, ...]], ...] = ()
    is_sentence: bool = False


@lru_cache(maxsize=512)
def ask(text: str, language: str) -> Question:
    """Take a question apart for a page in this language."""
    words: dict[Word, bool] = {}
    phrases, without, without_phrases = [], [], []
    for minus, name, quoted, plain in _pieces(analysis.tidy(text[:MOST_CHARACTERS])):
        kind = FIELDS.get(analysis.fold(name), "")
        written = quoted or plain if kind else f"{name} {quoted or plain}"
        found = words_of(written, kind or Kind.WORD, language)
        is_phrase = bool(quoted) and len(found) > 1
        if minus and is_phrase:
            without_phrases.append((written, found))
        elif minus:
            without += found
        else:
            phrases += [written] if is_phrase else []
            words.update({word: is_phrase or bool(kind) or words.get(word, False) for word in found})
    kept = dict(list(words.items())[:MOST_WORDS])
    return Question(
        tuple(kept),
        frozenset(word for word, required in kept.items() if required),
        tuple(phrases[:MOST_WORDS]),
        tuple(without[:MOST_WORDS]),
        tuple(without_phrases[:MOST_WORDS]),
        "?" in text,
    )


def _pieces(text: str) -> list[tuple[str, str, str, str]]:
    """[(minus, field name, quoted text, plain text)]"""
    found = PIECE.findall(text)
    return [(minus, name, quoted or odd, plain or rest) for minus, name, quoted, plain, odd, rest in found]


def words_of(text: str, kind: str, language: str) -> tuple[Word, ...]:
    """The words of a piece, without those that say nothing."""
    out: list[Word] = []
    at = 0
    for compound in analysis.COMPOUND.finditer(text):
        out += _simple(text[at : compound.start()], kind, language)
        out.append(_compound(compound[0], kind, language))
        at = compound.end()
    return tuple(out + _simple(text[at:], kind, language))


def _simple(text: str, kind: str, language: str) -> list[Word]:
    kept = [word for word in analysis.words(text) if word not in analysis.DROPPED[language]]
    return [Word(word, kind, analysis.variants(word), (), _tilde(word)) for word in kept if analysis.variants(word)]


def _tilde(word: str) -> tuple[str, ...]:
    return tuple({stem for other in analysis.with_tilde(word) for stem in analysis.variants(other)})


def _compound(text: str, kind: str, language: str) -> Word:
    """COVID-19 and 3.8 are looked for whole; socio-económico also as two words."""
    whole = analysis.whole(text)[: analysis.LONGEST]
    has_digit = any(letter.isdigit() for letter in whole)
    variants = {whole} if has_digit or "." in text else {whole, *analysis.variants(whole)}
    parts = [] if has_digit or "." in text else _simple(text, kind, language)
    # What an apostrophe cuts off (women's, l'accès, isn't) is no word.
    spread = tuple(part for part in parts if len(part.text) > 2 or "'" not in text)
    return Word(whole, kind, tuple(sorted(variants)), spread)


def pair_key(pair: int) -> str:
    """
    Where titles, topics and keywords hold this pair. Few keys for all pairs: most stand in one title only, and would be
    most of the index. That two pairs share a key lifts a wrong work now and then, which is all that these keys do.
    """
    return f"{Kind.PAIR}:{pair % 8192}"


def neighbours(words: tuple[Word, ...]) -> list[tuple[int, list[str]]]:
    """[(place, keys)]: where a title, topic or keyword may hold the words at `place` and `place` + 1 side by side."""
    return [
        (place, [pair_key(pair) for pairs in analysis.phrase_pairs(f"{first.text} {second.text}") for pair in pairs])
        for place, (first, second) in enumerate(pairwise(words))
        if first.kind == second.kind == Kind.WORD
    ]
