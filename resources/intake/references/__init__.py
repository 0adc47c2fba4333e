"""References and spreadsheets as records: RIS, BibTeX, CSL-JSON and the like, and what a person pastes.

Nothing here touches the database. What cannot be taken is a `Fault` with its place; the rest goes on.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from django.utils.translation import gettext_noop as _

from resources.intake.records import Fault, Record

from . import bibtex, csl, markup, pasting, tables, tagged
from .recognition import ENDINGS, recognised
from .source import Source
from .texts import fold
from .writing import WRITERS, write

__all__ = ["MAX_BYTES", "MAX_RECORDS", "WRITERS", "fold", "formats", "paste", "read", "recognised", "write"]

logger = logging.getLogger(__name__)

MAX_BYTES = 256 * 1024 * 1024
MAX_RECORDS = 100_000
MAX_FAULTS = 1_000

UNKNOWN = _("This is no reference file or spreadsheet that can be read here.")
TOO_LARGE = _("This file is too large.")
TOO_MANY = _("This file holds more records than can be taken at once; the rest was left out.")
MORE_FAULTS = _("There is more that can't be taken than is listed here.")
LOST = _("Some characters of this line can't be read: the file's encoding is damaged.")
UNREADABLE = _("The file can't be read from here on.")

formats = ENDINGS
"""Formats that `read` takes, with the endings of file names that stand for them."""

READERS: dict[str, Callable[[Source, Mapping[str, str]], Iterator[Record | Fault]]] = {
    "ris": lambda source, _countries: tagged.read(source, tagged.RIS),
    "nbib": lambda source, _countries: tagged.read(source, tagged.NBIB),
    "isi": lambda source, _countries: tagged.read(source, tagged.ISI),
    "bibtex": lambda source, _countries: bibtex.read(source),
    "csl": lambda source, _countries: csl.read(source),
    "endnote": lambda source, _countries: markup.read(source, markup.ENDNOTE),
    "pubmed": lambda source, _countries: markup.read(source, markup.PUBMED),
    "mods": lambda source, _countries: markup.read(source, markup.MODS),
    "csv": tables.read_separated,
    "xlsx": tables.read_workbook,
}


def read(
    data: bytes, name: str = "", format: str = "", countries: Mapping[str, str] | None = None
) -> Iterator[Record | Fault]:
    """Every record of a reference file or spreadsheet, one by one, and what of it can't be taken. Never raises.

    `countries` are alpha-2 codes by folded name (see `fold`); only the columns of a table name countries. A cell that
    can't be read is a fault and leaves its field empty; the record of the row comes all the same.
    """
    format = format or recognised(data, name)
    if format not in READERS:
        yield Fault("file", UNKNOWN)
        return
    if len(data) > MAX_BYTES:
        yield Fault("file", TOO_LARGE)
        return
    source = Source(data)
    yield from bounded(guarded(partial(READERS[format], source, countries or {})))
    yield from (Fault(f"line {line}", LOST) for line in dict.fromkeys(source.lost))


def paste(text: str) -> Iterator[Record | Fault]:
    """What somebody pasted: references in one of the formats, else a bibliography, DOIs or addresses. Never raises."""
    data = text.encode("utf-8", "replace")
    if (format := recognised(data)) and format != "csv":
        yield from read(data, format=format)
    else:
        yield from bounded(guarded(partial(pasting.read, text)))


def guarded(reader: Callable[[], Iterator[Record | Fault]]) -> Iterator[Record | Fault]:
    """A file nobody thought of may break a reader: the person is told, and so is the log."""
    where = "file"
    try:
        for found in reader():
            where = found.where
            yield found
    except Exception:
        logger.exception("A reference file broke its reader after %s", where)
        yield Fault(where, UNREADABLE)


def bounded(found: Iterator[Record | Fault]) -> Iterator[Record | Fault]:
    """No more records and faults than anybody can look through."""
    records = faults = 0
    for one in found:
        is_fault = isinstance(one, Fault)
        faults += is_fault
        records += not is_fault
        if records > MAX_RECORDS:
            yield Fault(one.where, TOO_MANY)
            return
        if is_fault and faults > MAX_FAULTS:
            if faults == MAX_FAULTS + 1:
                yield Fault(one.where, MORE_FAULTS)
            continue
        yield one
