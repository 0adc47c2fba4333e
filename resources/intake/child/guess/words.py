"""Ways of looking at words that several guesses share."""

import re
import unicodedata
from collections import Counter
from functools import lru_cache


@lru_cache(maxsize=512)
def norm(text: str) -> str:
    """Small letters without accents, every run of other signs one space."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


def plain(text: str) -> str:
    """Small letters without accents; all other signs stay."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def similarity(one: str, other: str) -> float:
    """F1 of the words of two texts."""
    a, b = Counter(norm(one).split()), Counter(norm(other).split())
    shared = sum((a & b).values())
    return 2 * shared / (a.total() + b.total()) if shared else 0.0


def in_small_letters(text: str, running: str) -> str:
    """The same words as the running text has them in mixed case, when `text` is all capitals; else `text`."""
    if not text.isupper():
        return text
    words = re.findall(r"\w+", text)
    if not 2 <= len(words) <= 60:
        return text
    for match in re.finditer(r"\W{1,4}".join(map(re.escape, words)) + r"\)?", running, re.IGNORECASE):
        if not match[0].isupper() and match[0][0].isupper():
            return " ".join(match[0].split())
    return text
