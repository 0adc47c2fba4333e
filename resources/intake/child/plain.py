"""Plain text, in one of the few encodings in which it reaches us."""

import codecs
from collections.abc import Iterator
from pathlib import Path

from .document import MAX_TEXT, Document

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Never what a page says about itself alone: utf-7 and the like turn harmless bytes into markup, others run long.
ACCEPTED = {"utf-8", "iso8859-1", "iso8859-15", "cp1252", "ascii", "utf-16"}


def open_document(path: Path) -> Document:
    with path.open("rb") as file:
        return PlainText(decode(file.read(4 * MAX_TEXT)))


class PlainText(Document):
    def __init__(self, text: str) -> None:
        self.text = text

    def pages(self) -> Iterator[str]:
        """A form feed turns the page."""
        yield from self.text.split("\f")


def decode(data: bytes, declared: str = "") -> str:
    """By its byte-order mark, as declared, as UTF-8, or else as Windows wrote it in our countries."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    for encoding in (accepted(declared), "utf-8"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", "replace")


def accepted(declared: str) -> str:
    """What browsers take a declared encoding for; "utf-8" when we do not take it."""
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        return "utf-8"
    if name in ("iso8859-1", "ascii"):
        return "cp1252"
    return name if name in ACCEPTED else "utf-8"
