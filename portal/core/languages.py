"""Languages a document may be in, named in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from babel import Locale
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

REGIONAL = {
    "bzj": _("Belizean Creole"),
    "bzk": _("Nicaraguan Creole"),
    "cab": _("Garifuna"),
    "gym": _("Ngäbere"),
    "kek": _("Qʼeqchiʼ"),
    "mam": _("Mam"),
    "miq": _("Miskito"),
    "nah": _("Nahuatl"),
    "tzh": _("Tzeltal"),
    "tzo": _("Tzotzil"),
    "yua": _("Yucatec Maya"),
}
"""Languages of the region that the Unicode CLDR does not name in Spanish."""

CODES = ["es", "en", "pt", "fr", "ht", "ar", "zh", "ru", "de", "it", "quc", *REGIONAL]
"""ISO 639 codes, the most frequent first."""


def name_of(code: str) -> str:
    """The language's name in the active language; the code itself for one nobody named."""
    if code in REGIONAL:
        return str(REGIONAL[code])
    return _names(get_language() or "es").get(code, code)


@cache
def _names(language: str) -> Mapping[str, str]:
    return Locale(language).languages


def choices() -> list[tuple[str, str]]:
    return [(code, name_of(code)) for code in CODES]


@dataclass(frozen=True)
class Worded:
    """A text, the language it is in, and whether that is the language the reader asked for."""

    text: str
    language: str
    asked: bool = True

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


def worded(texts: dict[str, str | None], *, order: list[str]) -> Worded:
    """The first of `texts` (by language) that is not empty, in the order given; the first language was asked for."""
    for language in order:
        if text := texts.get(language):
            return Worded(text, language, language == order[0])
    return Worded("", order[0])


def of_row(row: object, field: str) -> Worded:
    """A bilingual field of a row in the reader's language; where it is empty, in the other one."""
    order = list(dict.fromkeys([get_language() or "es", "es", "en"]))
    return worded({code: getattr(row, f"{field}_{code}") for code in ("es", "en")}, order=order)
