"""Where in the document each value stands, so that a person can look it up."""

from ..document import Embedded
from ..metadata import Metadata
from .words import norm

PROPERTIES = 0
MOST = 200
"""Characters of a long value that are looked for: where its beginning stands, the rest does."""


def find_places(about: Metadata, pages: list[str], embedded: Embedded) -> dict[str, int]:
    """The page (from 1) each value was read on; 0 where only the properties of the file say it."""
    said = (embedded.title, *embedded.authors, embedded.created, embedded.year, embedded.doi, embedded.isbn)
    claimed = f" {norm(' '.join(str(value) for value in (*said, embedded.description[:MOST]) if value))} "
    plain = [f" {norm(page)} " for page in pages]
    values = {
        "title": about.title,
        "authors": about.authors[0] if about.authors else "",
        "date": str(about.year or ""),
        "abstract": about.abstract,
        "doi": about.doi,
        "isbn": about.isbn,
        "publisher": about.publisher or next(iter(about.bodies), ""),
    }
    found = {name: _page(norm(value[:MOST]), plain, claimed) for name, value in values.items() if value}
    read = {"language": about.language, "type": about.type, "countries": about.countries}
    return found | {name: 1 for name, value in read.items() if value}


def _page(value: str, pages: list[str], claimed: str) -> int:
    """A value may be cut within a word; one that was put together from several lines counts as of the first page."""
    wanted = f" {value.rpartition(' ')[0] or value} "
    found = next((number for number, page in enumerate(pages, 1) if wanted in page), None)
    return found or (PROPERTIES if wanted in claimed else 1)
