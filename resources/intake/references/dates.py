"""Dates as reference files write them. Only what is certain: 03/04/2019 is a year, no more."""

import re
from functools import lru_cache

from babel import Locale

from resources.dates import Parts, sound_date

from .texts import fold

MAX_LENGTH = 60
# Whatever follows has no letters in it, but for the time of day.
ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?!\d)(?=T\d|[\W\d_]*$)")
ISO_COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)")
NUMERIC = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d|21\d\d)(?!\d)")
DAY = re.compile(r"(?<!\d)([0-2]?\d|3[01])(?!\d)")


def parse(text: str) -> Parts:
    """(year, month, day) as far as the text surely says them."""
    text = text.strip()[:MAX_LENGTH]
    if found := ISO_COMPACT.fullmatch(text) or ISO.match(text):
        return whole(*found.groups())
    if found := NUMERIC.fullmatch(text):
        return _numeric(*map(int, found.groups()))
    return _in_words(text)


def whole(year: object, month: object = None, day: object = None) -> Parts:
    """As much of these numbers, written however, as can be true."""
    numbers = [_number(part) for part in (year, month, day)]
    return sound_date(*numbers)


def _number(part: object) -> int | None:
    text = str(part).strip() if part is not None else ""
    return int(text) or None if text.isdecimal() and len(text) <= 4 else None


def _numeric(first: int, second: int, year: int) -> Parts:
    if first > 12 or first == second:
        return sound_date(year, second or None, first or None)
    return sound_date(year, first or None, second) if second > 12 else sound_date(year, None, None)


def _in_words(text: str) -> Parts:
    years = set(YEAR.findall(text))
    if len(years) != 1:
        return (None, None, None)
    year = years.pop()
    named = {months()[word] for word in fold(text).split() if word in months()}
    days = DAY.findall(text.replace(year, " "))
    if len(named) != 1:
        return sound_date(int(year), None, None)
    return sound_date(int(year), named.pop(), int(days[0]) or None if len(days) == 1 else None)


@lru_cache
def months() -> dict[str, int]:
    """Names of months and their usual short forms, in the languages references are written in."""
    found = {"sept": 9, "set": 9, "setiembre": 9}
    for language in ("es", "en", "pt", "fr"):
        for width in ("wide", "abbreviated"):
            for number, name in Locale(language).months["format"][width].items():
                found.setdefault(fold(name), number)
    return found
