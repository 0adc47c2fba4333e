"""Extracted text made fit to keep: no byte a database refuses, no glyph without meaning, words whole again."""

import re
import unicodedata

# PDFium marks a hyphen it took away at the end of a line with U+0002 (U+FFFE in other versions).
LINE_END_HYPHEN = re.compile(r"(?<=\w)(?:[\x02\ufffe][^\S\n]*\n?|[-\u2010\u00ad][^\S\n]*\n)[^\S\n]*(?=\w)")
SOFT_HYPHEN = "\u00ad"
UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # controls
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # zero widths and marks of direction
    "\ud800-\udfff"  # lone surrogates
    "\ue000-\uf8ff\U000f0000-\U0010ffff"  # private use: glyphs of a font, not letters
    "\ufdd0-\ufdef\ufff9-\uffff]"  # no characters, and the sign for "unknown"
)
LIGATURES = {code: unicodedata.normalize("NFKD", chr(code)) for code in range(0xFB00, 0xFB07)}
# "C O M I S I Ó N": at least five capitals, one by one, each with one space between.
SPACED_OUT = re.compile(r"(?<![^\W_])(?:[^\W\d_a-z] ){4,}[^\W\d_a-z](?![^\W_])")
BLANKS = re.compile(r"[^\S\n]+")
NEWLINES = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def clean(text: str) -> str:
    """The text for keeping, indexing and reading: line breaks stay, other whitespace is one space."""
    text = NEWLINES.sub("\n", text)
    text = LINE_END_HYPHEN.sub(rejoin, text)
    text = UNWANTED.sub("", text.replace(SOFT_HYPHEN, ""))
    text = unicodedata.normalize("NFC", text.translate(LIGATURES))
    text = SPACED_OUT.sub(lambda match: match[0].replace(" ", ""), text)
    text = BLANKS.sub(" ", text)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" ?\n ?", "\n", text)).strip()


def rejoin(match: re.Match[str]) -> str:
    """Small letters on both sides: one word, parted by the printer. COVID-19 keeps its hyphen."""
    before, after = match.string[match.start() - 1], match.string[match.end()]
    return "" if before.islower() and after.islower() else "-"


def one_line(text: str) -> str:
    return " ".join(clean(text).split())
