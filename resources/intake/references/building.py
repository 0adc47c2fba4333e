"""From what a format says of one work, in its own words, to a clean Record."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_noop as _

from resources.dates import Parts
from resources.identifiers import DOI, clean_doi, clean_isbn, is_isbn
from resources.intake.records import Fault, Record
from resources.models import Resource

from . import dates, kinds, languages, texts

MAX_TITLE = 2_000
MAX_ABSTRACT = 20_000
MAX_NAME = 300
MAX_AUTHORS = 5_000
MAX_SUBJECTS = 300
MAX_SUBJECT = 100
MAX_URL = 500
MAX_KEY = 200
MAX_DOI = 200

UNTITLED = _("This record has neither a title nor an identifier.")
CROWDED = _("This record names too many authors; only the first of them were taken.")

DOI_INSIDE = re.compile(r"10\.\d{4,9}/[^\s\"<>]{1,180}", re.ASCII)
BOOKS_DOI = re.compile(r"10\.\d{4,9}/(?:b\w{0,20}/)?([\dx-]{10,17})")
NOBODY = {"", "et al", "and others", "others", "n a", "sin autor", "no author"}
WEB = URLValidator(schemes=["http", "https"])


@dataclass
class Draft:
    """One work as a format gives it. `language` and `kind` are still its own words, dates in order of trust."""

    where: str
    title: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    abstract: str = ""
    abstracts: dict[str, str] = field(default_factory=dict)
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    publishers: list[str] = field(default_factory=list)
    dates: list[str | Parts] = field(default_factory=list)
    language: str = ""
    type: str = ""
    dois: list[str] = field(default_factory=list)
    isbns: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    licence: str = ""
    key: str = ""
    in_proceedings: bool = False

    def finish(self) -> list[Record | Fault]:
        """The record, with what could not be kept of it; a fault alone when nothing tells which work it is."""
        language = languages.code_of(self.language)
        titles = by_language(self.title, self.titles, language, texts.title, MAX_TITLE)
        identifiers = identified(self)
        if not titles and not identifiers:
            return [Fault(self.where, UNTITLED)]
        names = people(self.authors) or (people(self.editors) if self.type in EDITED else ())
        year, month, day = best_date(self.dates)
        record = Record(
            self.where,
            titles=titles,
            abstracts=by_language(self.abstract, self.abstracts, language, texts.without_markup, MAX_ABSTRACT),
            authors=names[:MAX_AUTHORS],
            publisher=next(filter(None, (texts.without_markup(name, MAX_NAME) for name in self.publishers)), ""),
            year=year,
            month=month,
            day=day,
            language=language,
            type=str(self.type),
            identifiers=identifiers,
            subjects=distinct(texts.without_markup(word, MAX_SUBJECT) for word in self.subjects)[:MAX_SUBJECTS],
            countries=distinct(self.countries),
            licence=str(kinds.licence(self.licence)),
            key=texts.one_line(self.key, MAX_KEY),
        )
        return [record, Fault(self.where, CROWDED)] if len(names) > MAX_AUTHORS else [record]


EDITED = (Resource.Type.BOOK, Resource.Type.REPORT, Resource.Type.GUIDELINE)
"""Works whose editors stand where others have authors."""


def by_language(main: str, others: dict[str, str], language: str, clean: object, limit: int) -> dict[str, str]:
    """Each text under its language; the main one under that of the work, unless a text is there already."""
    found = {code: clean(text, limit) for code, text in others.items()}
    found = {code: text for code, text in found.items() if text}
    if text := clean(main, limit):
        place = language if language not in found else ""
        found = {place: text} | found
    return found


def people(names: list[str]) -> tuple[str, ...]:
    cleaned = (texts.without_markup(name, MAX_NAME).strip(" ,;") for name in names)
    return distinct(name for name in cleaned if texts.fold(name) not in NOBODY)


def distinct(words: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))


def best_date(written: list[str | Parts]) -> Parts:
    """The first date that has a year, made more precise by the others of the same year."""
    found = [date if isinstance(date, tuple) else dates.parse(date) for date in written if date]
    known = [date for date in found if date[0]]
    return max((date for date in known if date[0] == known[0][0]), key=_precision, default=(None, None, None))


def _precision(date: Parts) -> int:
    return sum(part is not None for part in date)


def identified(draft: Draft) -> dict[str, str]:
    """What names this very work: the ISBN of the book and the DOI of the book are no names of its chapter."""
    is_part = draft.in_proceedings or draft.type in (Resource.Type.CHAPTER, Resource.Type.ARTICLE)
    doi = next(filter(None, map(doi_in, draft.dois)), "") or next(filter(None, map(doi_of_address, draft.urls)), "")
    if draft.type == Resource.Type.CHAPTER and is_of_a_book(doi):
        doi = ""
    isbn = "" if is_part else next(filter(None, map(isbn_in, draft.isbns)), "")
    addresses = (address(url) for url in draft.urls if not (doi and doi_of_address(url) == doi))
    found = {"doi": doi, "isbn": isbn, "source_url": next(filter(None, addresses), "")}
    return {kind: value for kind, value in found.items() if value}


def doi_in(text: str) -> str:
    """The DOI in a field meant for one, however it is wrapped; "" where there is none."""
    found = DOI_INSIDE.search(unquote(clean_doi(text[:1_000])))
    doi = trimmed(found[0]) if found else ""
    return doi if DOI.fullmatch(doi) and len(doi) <= MAX_DOI else ""


def trimmed(text: str) -> str:
    """Without the punctuation of the sentence around it; a bracket stays where it was opened inside."""
    while text and (text[-1] in ".,;:'\"]}>" or (text[-1] == ")" and text.count("(") < text.count(")"))):
        text = text[:-1]
    return text


def doi_of_address(url: str) -> str:
    """The DOI an address of the DOI system leads to; "" for other addresses."""
    return doi_in(url) if re.match(r"\s*https?://(?:dx\.|www\.)?doi\.org/", url, re.IGNORECASE) else ""


def is_of_a_book(doi: str) -> bool:
    """Is the DOI built of nothing but an ISBN, as publishers name whole books?"""
    found = BOOKS_DOI.fullmatch(doi)
    return bool(found) and is_isbn(clean_isbn(found[1]))


def isbn_in(text: str) -> str:
    """The first valid ISBN of a field that may hold several, or an ISSN."""
    text = text[:500]
    candidates = [clean_isbn(text), *(clean_isbn(part) for part in re.split(r"[\s,;()]+", text))]
    return next(filter(is_isbn, candidates), "")


def address(text: str) -> str:
    """A web address anybody can open, as written; "" for everything else."""
    url = text.strip()
    if len(url) > MAX_URL or not url.lower().startswith(("http://", "https://")):
        return ""
    try:
        WEB(url)
        return url if "@" not in urlsplit(url).netloc else ""
    except (ValidationError, ValueError):
        return ""
