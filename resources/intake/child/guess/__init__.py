"""What a document says about itself, read off its first pages. Nothing is invented: not sure means empty."""

from dataclasses import replace

from ..document import Document, Line
from ..metadata import Metadata
from ..text import one_line
from .abstracts import find_abstract
from .authors import find_authors, find_bodies
from .countries import find_countries
from .dates import find_date
from .identifiers import find_doi, find_isbn
from .language import find_language
from .places import find_places
from .titles import find_title
from .types import find_type

# Guesses look at this much: enough for any title page, little enough for any pattern.
MAX_PAGE = 20_000
MAX_LINE = 1_000
MAX_LINES = 1_500


def describe(document: Document, pages: list[str], kind: str = "") -> Metadata:
    """`pages` are the cleaned texts of the first pages, `kind` that of the file."""
    if known := document.metadata():
        return known
    pages = [page[:MAX_PAGE] for page in pages]
    lines = document.lines() or [
        Line(one_line(line), 0, page=number) for number, page in enumerate(pages[:3]) for line in page.split("\n")
    ]
    lines = [replace(line, text=line.text[:MAX_LINE]) for line in lines[:MAX_LINES]]
    embedded = document.embedded()
    title = find_title(lines, embedded, pages)
    date = find_date(lines, title, embedded, pages)
    language = find_language(pages)
    authors = find_authors(lines, title, embedded, pages)
    abstract = find_abstract(pages, embedded, language)
    doi = find_doi(lines, pages, embedded)
    found_type = find_type(title, pages, doi, kind)
    about = Metadata(
        title=title,
        authors=authors,
        year=date.year if date else None,
        month=date.month if date else None,
        day=date.day if date else None,
        language=language,
        abstract=abstract,
        doi=doi,
        isbn=find_isbn(pages, embedded),
        bodies=find_bodies(lines, title, authors),
        type=found_type,
        countries=[] if found_type == "treaty" else find_countries([title], [abstract], pages),
    )
    return replace(about, places=find_places(about, pages, embedded))
