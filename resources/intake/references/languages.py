"""Languages as people and programs name them, as the codes we keep."""

import re
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from django.utils import translation

from portal.core import languages

from .texts import fold

NO_LANGUAGE = {"mis", "mul", "und", "zxx"}
# What LaTeX packages and older catalogues call them, where the Unicode CLDR has no such name.
OTHER_NAMES = {
    "es": "castellano castilian mexican spa",
    "en": "american australian british canadian newzealand ukenglish usenglish",
    "pt": "brazil brazilian portuges",
    "de": "austrian germanb naustrian ngerman nswissgerman swissgerman",
    "fr": "acadian canadien francais frenchb",
}


def code_of(text: str) -> str:
    """The ISO 639 code of a language's name or code; "" for none, an unknown one or several."""
    found = {_one(part) for part in re.split(r"[;,/|]", text[:100]) if part.strip()}
    return found.pop() if len(found) == 1 else ""


def _one(text: str) -> str:
    primary = re.split(r"[-_]", text.strip(), maxsplit=1)[0].lower()
    if re.fullmatch(r"[a-z]{2,3}", primary):
        code = get_global("language_aliases").get(primary, primary)
        if code in codes():
            return code
    return names().get(fold(text), "")


@lru_cache
def codes() -> frozenset[str]:
    known = {code for code in Locale("en").languages if len(code) <= 3}
    return frozenset((known | set(languages.CODES)) - NO_LANGUAGE)


@lru_cache
def names() -> dict[str, str]:
    found: dict[str, str] = {}
    for spoken in ("es", "en", "fr", "pt", "de"):
        for code, name in Locale(spoken).languages.items():
            if code in codes():
                found.setdefault(fold(name), code)
    for spoken in ("es", "en"):
        with translation.override(spoken):
            found |= {fold(languages.name_of(code)): code for code in languages.REGIONAL}
    return found | {name: code for code, listed in OTHER_NAMES.items() for name in listed.split()}
