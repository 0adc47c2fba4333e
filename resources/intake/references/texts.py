"""Words of a reference made fit to keep: one line, no markup, nothing unreadable."""

import html
import re
import unicodedata
from html.entities import html5

from resources.intake.child.text import UNWANTED

INLINE = "a|abbr|b|bold|em|font|i|inf|ital|italic|sc|scp|small|span|strong|sub|sup|sub-title|tt|u|underline"
BLOCK = "br|div|h[1-6]|label|li|list|list-item|ol|p|sec|section|table|tbody|td|th|title|tr|ul"
# Only the names of tags: "p < 0.05 and n > 3" is no markup.
TAG = re.compile(
    rf"</?(?:jats:|mml:)?(?:(?P<block>{BLOCK})|{INLINE})(?:\s[^<>=]{{1,40}}=[^<>]{{1,300}})?\s?/?>", re.IGNORECASE
)
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
STOP = re.compile(r"(?<=[^\W\d_]{3})\.$")


def one_line(text: str, limit: int = 0) -> str:
    """Composed, without controls, whitespace as single spaces; cut at `limit` characters where one is given."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", UNWANTED.sub("", text.replace("\x85", " ")))
    text = " ".join(text.split())
    return text[:limit].rstrip() if limit else text


def without_markup(text: str, limit: int = 0) -> str:
    """One line without HTML or JATS tags, character references read. Doing it twice changes nothing more."""
    for _round in range(4):
        if "&" in text:
            text = ENTITY.sub(_character, text)
        if "<" not in text:
            break
        stripped = TAG.sub(lambda found: " " if found["block"] else "", text)
        if stripped == text:
            break
        text = stripped
    return one_line(text, limit)


def _character(found: re.Match[str]) -> str:
    """What a character reference stands for. Python's own takes `&notanything;` for `&not` and letters."""
    return html.unescape(found[0]) if found[0][1] == "#" else html5.get(found[0][1:], found[0])


def title(text: str, limit: int = 0) -> str:
    """A title without the full stop that databases set after it."""
    return STOP.sub("", without_markup(text, limit))


def keywords(text: str) -> list[str]:
    """Words parted by semicolons, bars or lines; by commas where no other sign parts them."""
    return re.split(r"[;|\n]" if re.search(r"[;|\n]", text) else ",", text)


def fold(text: str) -> str:
    """Words in lower case without accents, parted by one space: how names are compared here."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", bare.casefold()))
