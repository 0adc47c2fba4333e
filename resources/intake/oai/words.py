"""What sources write in their fields, in the words of this library. What is not sure stays empty."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from babel import Locale
from babel.core import get_global

from portal.core import languages
from resources.dates import WRITTEN, Parts, sound_date
from resources.identifiers import DOI, clean_doi, clean_isbn, is_isbn

MAX_TITLE = 500
MAX_ABSTRACT = 10_000
MAX_NAME = 300
MAX_PUBLISHER = 200
MAX_URL = 500
MAX_VALUES = 200  # of one field of one record

TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*+)[^<>]*+>")
ENDLESS_REFERENCE = re.compile(r"&#[0-9]{8,};?")  # no letter has so high a number, and Python refuses to read it
BLOCKS = {"p", "br", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"}
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20|21)\d\d(?!\d)", re.ASCII)
DOI_HOST = re.compile(r"https?://(dx\.)?doi\.org/", re.IGNORECASE)
LIFE_DATES = re.compile(r",\s*\d{4}\s*-\s*(?:\d{4})?\.?$", re.ASCII)
SEPARATORS = re.compile(r"--|[;,|/>]")


def plain(text: str, limit: int) -> str:
    """The words of a text that may be HTML, written once or twice over as entities; cut after a word."""
    text = unescaped(text[: 4 * limit])
    text = TAG.sub(lambda tag: "\n" if tag[2].lower() in BLOCKS else "", text)
    text = CONTROLS.sub("", unescaped(text))
    lines = (" ".join(line.split()) for line in text.splitlines())
    text = "\n".join(line for line in lines if line)
    return text if len(text) <= limit else text[:limit].rpartition(" ")[0] or text[:limit]


def unescaped(text: str) -> str:
    return html.unescape(ENDLESS_REFERENCE.sub("", text))


def one_line(text: str, limit: int) -> str:
    return " ".join(plain(text, limit).split())


def folded(text: str) -> str:
    """Without capitals, accents and punctuation: for comparing words of different hands."""
    decomposed = unicodedata.normalize("NFKD", text[:500].casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in bare).split())


def distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))[:MAX_VALUES]


# --- Languages -------------------------------------------------------------------------------------------------------


@cache
def _language_names() -> dict[str, str]:
    """Names of languages in Spanish, English and Portuguese."""
    names = {
        folded(name): code
        for locale in ("pt", "en", "es")
        for code, name in Locale(locale).languages.items()
        if code.isalpha() and len(code) <= 3
    }
    return names | {"castellano": "es"}


def language(text: str) -> str:
    """The code of "es", "spa", "es-MX", "Español", "Spanish" and the like; empty for what names no language."""
    text = text.strip().rpartition("/")[2][:60]
    primary = re.split(r"[-_]", text.casefold(), maxsplit=1)[0]
    code = get_global("language_aliases").get(primary, primary)
    if code in languages.CODES or (len(code) <= 3 and code in Locale("en").languages):
        return "" if code in ("und", "mul", "zxx", "mis") else code
    return _language_names().get(folded(text), "")


def original_language(texts: Iterable[str], titles: dict[str, str]) -> str:
    """
    The language where all say the same; of a work in several that of its main title, the first of more than one.

    Empty where that title does not tell its own or has no other beside it: then nobody knows.
    """
    found = {code for text in texts for part in re.split(r"[;,|]", text) if (code := language(part))}
    main = next(iter(titles)) if len(titles) > 1 else ""
    return found.pop() if len(found) == 1 else main if main in found else ""


# --- Dates -----------------------------------------------------------------------------------------------------------


def parts_of(text: str) -> Parts:
    """Year, month and day of a date as precise as it is written: 2014, 2014-05, 2014-05-03T…, 20140503, c2014."""
    text = text.strip()[:60]
    if "embargo" in text.lower():
        return (None, None, None)
    text = text.rpartition("date/")[2]  # info:eu-repo/date/publication/2014-05
    text = text.rpartition("publication/")[2]
    if re.fullmatch(r"\d{8}", text, re.ASCII):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if written := WRITTEN.fullmatch(text.partition("T")[0].strip()):
        return sound_date(*(int(part) if part else None for part in written.groups()))
    years = set(YEAR.findall(text))
    return sound_date(int(years.pop()), None, None) if len(years) == 1 else (None, None, None)


def published(texts: Iterable[str]) -> Parts:
    """The day of publication among dates that do not say what they are: repositories add those of their own work,
    with the time of day, and all of them later."""
    texts = [text for text in texts if parts_of(text)[0]]
    without_time = [text for text in texts if "T" not in text.strip()[4:]]
    found = [parts_of(text) for text in without_time or texts]
    return min(found, key=lambda parts: (parts[0], parts[1] or 13, parts[2] or 32), default=(None, None, None))


# --- Identifiers -----------------------------------------------------------------------------------------------------


def doi(text: str) -> str:
    """The bare DOI, or nothing."""
    text = re.sub(r"^(info:doi/|urn:doi:|doi\s*:?\s+)", "", text.strip()[:300], flags=re.IGNORECASE)
    bare = clean_doi(text)
    return bare if DOI.fullmatch(bare) else ""


def isbn(text: str) -> str:
    """The digits of "ISBN: 978-…", "urn:isbn:…" or a bare number; a bare one of ten digits may be anything."""
    text = text.strip()[:60]
    rest = re.sub(r"^(urn:)?isbn(-1[03])?[\s:]*", "", text, flags=re.IGNORECASE)
    if not re.fullmatch(r"[\dXx\s–-]{10,20}", rest, re.ASCII):
        return ""
    digits = clean_isbn(rest)
    return digits if is_isbn(digits) and (rest != text or len(digits) == 13) else ""


def web_address(text: str) -> str:
    """An address on the web that is no DOI, not even a broken one; or nothing."""
    text = text.strip()
    is_sound = text.startswith(("http://", "https://")) and len(text) <= MAX_URL and not re.search(r"[\s<>\"]", text)
    return text if is_sound and not DOI_HOST.match(text) else ""


def identifiers(texts: Iterable[str]) -> dict[str, str]:
    """The first DOI, ISBN and web address. A landing page is better than the address of a file."""
    texts = list(texts)[:MAX_VALUES]
    addresses = sorted(
        filter(None, map(web_address, texts)), key=lambda url: url.lower().endswith((".pdf", ".doc", ".docx"))
    )
    found = {
        "doi": next(filter(None, map(doi, texts)), ""),
        "isbn": next(filter(None, map(isbn, texts)), ""),
        "source_url": next(iter(addresses), ""),
    }
    return {kind: text for kind, text in found.items() if text}


# --- Names and subjects ----------------------------------------------------------------------------------------------


def names(texts: Iterable[str]) -> tuple[str, ...]:
    """Authors as printed, without the years of their lives that library catalogues add."""
    return distinct(LIFE_DATES.sub("", one_line(text, MAX_NAME)) for text in texts)


def subjects(texts: Iterable[str]) -> tuple[str, ...]:
    """Free words, one by one; codes and addresses of classifications are none."""
    parts = (one_line(part, 100) for text in texts for part in text[:2_000].split(";"))
    return distinct(part for part in parts if not part.startswith(("http://", "https://", "info:")))


class Countries:
    """Finds countries by the names somebody passed in."""

    def __init__(self, by_name: Mapping[str, str]) -> None:
        self._by_name = {folded(name): code for name, code in by_name.items()}
        self._codes = set(by_name.values())

    def named_in(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Codes of the countries that a value, or a part of it between separators, names exactly."""
        return distinct(code for text in texts for code in self._in(text[:1_000]))

    def _in(self, text: str) -> Iterator[str]:
        for part in [text, *SEPARATORS.split(text)]:
            if code := self._by_name.get(folded(part)):
                yield code
            elif (bare := part.strip()) in self._codes:
                yield bare
