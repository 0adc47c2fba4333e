"""The countries a document is about, as far as it names them where that counts."""

import re
from collections import Counter
from functools import cache

HEAD_PAGES = 3
MENTIONS = 3
SHARE = 0.8  # of all mentions, so that one country stands out
LANGUAGES = ("es", "en", "pt")
# Also towns, persons or common words.
AMBIGUOUS = {
    "GD",
    "GE",
    "JE",
    "TD",
    "GG",
    "IM",
    "MO",
    "NE",
    "RE",
    "TK",
    "TO",
    "CC",
    "CX",
    "NU",
    "NF",
    "SJ",
    "BV",
    "HM",
    "AQ",
}
OTHER_NAMES = {
    "Estados Unidos Mexicanos": "MX", "EE. UU.": "US", "EE.UU.": "US", "EUA": "US", "USA": "US", "U.S.": "US",
    "UK": "GB",     "República Mexicana": "MX", "Great Britain": "GB", "Gran Bretaña": "GB",
}  # fmt: skip


def find_countries(titles: list[str], abstracts: list[str], pages: list[str]) -> list[str]:
    """Those in the title; else the only one in the abstract; else the one of which the first pages speak."""
    if named := mentions(titles):
        return sorted(named)
    if len(named := mentions(abstracts)) == 1:
        return list(named)
    counted = mentions(pages[:HEAD_PAGES])
    for code, count in counted.most_common(1):
        if count >= MENTIONS and count >= SHARE * counted.total():
            return [code]
    return []


def mentions(texts: list[str]) -> Counter[str]:
    names, pattern = known()
    return Counter(names[" ".join(match[0].split())] for text in texts for match in pattern.finditer(text))


@cache
def known() -> tuple[dict[str, str], re.Pattern[str]]:
    """{name: code} in the languages of the documents, and the pattern that finds the longest of them."""
    from babel import Locale

    names = dict(OTHER_NAMES)
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in AMBIGUOUS | {"ZZ", "EU", "EZ", "UN", "QO", "XA", "XB"}:
                names.setdefault(name, code)
    longest_first = sorted(names, key=len, reverse=True)
    alternatives = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in longest_first)
    return names, re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-])")
