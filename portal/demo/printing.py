"""Turns the demonstration's text sources into the files a reader downloads: PDF, Word, Excel and web page.

The same source always gives the same bytes, so that loading the demo twice finds the files unchanged.
"""

from collections.abc import Callable

from portal.demo.office import print_docx, print_xlsx
from portal.demo.paper import print_pdf
from portal.demo.source import Document, read_source
from portal.demo.web import print_html

PRINTERS: dict[str, Callable[[Document], bytes]] = {
    "pdf": print_pdf,
    "docx": print_docx,
    "xlsx": print_xlsx,
    "html": print_html,
}


class UnknownFormatError(ValueError):
    """A format this module does not print."""


def print_document(source: str, format: str, language: str) -> bytes:
    """The file a source becomes. Same source, same bytes. Raises UnknownFormatError."""
    if format not in PRINTERS:
        raise UnknownFormatError(format)
    return PRINTERS[format](read_source(source, language))
