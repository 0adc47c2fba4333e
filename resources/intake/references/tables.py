"""Spreadsheets of references: a heading row in Spanish or English, then one work in each row."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from itertools import chain, islice

from babel import Locale
from django.utils.translation import gettext_noop as _

from resources.intake.records import Fault, Record

from . import columns, dates, kinds, languages, separated, texts, workbook
from .building import Draft, address, doi_in, isbn_in
from .rows import Row, Sheet
from .source import Source

MAX_PARTS = 5_000

NO_HEADINGS = _("No row of headings was recognised: one column must be called Title, Título, DOI, ISBN or URL.")
UNKNOWN_COLUMN = _("This column is not known here and was left out.")
UNREADABLE = {
    "year": _("This is not a year."),
    "date": _("This date can't be read: write it as 2016, 2016-10 or 2016-10-12."),
    "language": _("This language is not known: write its name or its ISO code."),
    "type": _("This type of document is not known."),
    "doi": _("This is not a DOI: it looks like 10.2471/BLT.07.046979."),
    "isbn": _("This is not an ISBN: check its digits."),
    "source_url": _("This is not a web address."),
    "licence": _("This licence is not known."),
}
UNKNOWN_COUNTRY = _("This country is not known: write its name or its ISO code.")
BROKEN = _("This spreadsheet is damaged: it can't be read from here on.")

LISTED = re.compile(r"'([^'\n]*)'|\"([^\"\n]*)\"")
ESCAPED = re.compile(r"'(?='*[=+\-@\t\r])")
SERIAL = re.compile(r"[2-6]\d{4}")
FRACTION = re.compile(r"(\d{1,15})\.0{1,9}")

Countries = Mapping[str, str]


def read_separated(source: Source, countries: Countries) -> Iterator[Record | Fault]:
    table = Table(countries)
    yield from table.read(Sheet("", separated.rows(source, columns.score)))
    if not table.headings:
        yield Fault("row 1", NO_HEADINGS)


def read_workbook(source: Source, countries: Countries) -> Iterator[Record | Fault]:
    """Every sheet that has headings. Sheets without are notes and the like, unless there is no other."""
    is_known = False
    try:
        for sheet in workbook.sheets(source.data):
            table = Table(countries)
            yield from table.read(sheet)
            is_known = is_known or bool(table.headings)
    except workbook.Broken:
        yield Fault("file", BROKEN)
        return
    if not is_known:
        yield Fault("row 1", NO_HEADINGS)


class Table:
    """One sheet with its headings."""

    def __init__(self, countries: Countries) -> None:
        self.countries = countries
        self.columns: columns.Columns = {}
        self.headings: dict[int, str] = {}
        self.name = ""

    def read(self, sheet: Sheet) -> Iterator[Record | Fault]:
        """Nothing at all for a sheet without headings."""
        self.name = sheet.name
        beginning = list(islice(sheet.rows, columns.HEADER_ROWS))
        header = columns.header(beginning)
        if header is None:
            return
        self.columns = columns.order(header, columns.recognised(header))
        self.headings = {at: texts.one_line(text, 80) for at, text in header.cells.items()}
        for at, heading in self.headings.items():
            if at not in self.columns and heading:
                yield Fault(self.place(header), UNKNOWN_COLUMN, heading)
        for row in chain((row for row in beginning if row.number > header.number), sheet.rows):
            if not row.is_empty:
                yield from self.row(row)

    def place(self, row: Row) -> str:
        return f"{self.name}, row {row.number}" if self.name else f"row {row.number}"

    def row(self, row: Row) -> Iterator[Record | Fault]:
        where, faults = self.place(row), []
        for column, reason in row.problems.items():
            if column in self.columns or not row.cells:
                faults.append(Fault(where, reason, self.headings.get(column, "")))
        if not row.cells:
            yield from faults
            return

        def problem(column: int, reason: str) -> None:
            faults.append(Fault(where, reason, self.headings[column]))

        record = self.draft(row, where, problem).finish()
        yield from faults
        yield from record

    def draft(self, row: Row, where: str, problem: Callable[[int, str], None]) -> Draft:
        found = Draft(where)
        for column, field in self.columns.items():
            name, _colon, language = field.partition(":")
            text = restored(row.cells.get(column, ""))
            if not text or (name == "title" and column in row.repeated):
                continue
            if name in ("title", "abstract"):
                _set_text(found, name, language, text)
            elif name == "countries":
                found.countries += self.countries_in(text, lambda column=column: problem(column, UNKNOWN_COUNTRY))
            elif not SETTERS[name](found, text):
                problem(column, UNREADABLE[name])
        if found.dates and (parts := self._parted(row)):
            found.dates.insert(0, dates.whole(found.dates[0][0], *parts))
        return found

    def _parted(self, row: Row) -> list[str]:
        """Month and day where they have columns of their own."""
        by_field = {field: row.cells.get(column, "") for column, field in self.columns.items()}
        month = by_field.get("month", "").strip()
        month = str(dates.months().get(texts.fold(month), "")) or month
        return [unfractioned(month), unfractioned(by_field.get("day", ""))] if month else []

    def countries_in(self, text: str, problem: Callable[[], None]) -> list[str]:
        """Codes of the countries named. A name may hold a comma, so that is tried as a whole before it parts."""
        found = []
        for part in listed(text):
            codes = [self.country(part)] if self.country(part) else [self.country(piece) for piece in part.split(",")]
            if "" in codes:
                problem()
            found += [code for code in codes if code]
        return found

    def country(self, name: str) -> str:
        code = name.strip().upper()
        known = set(self.countries.values()) or Locale("en").territories
        if re.fullmatch("[A-Z]{2}", code) and code in known:
            return code
        return self.countries.get(texts.fold(name), "")


def restored(text: str) -> str:
    """A cell as it was before we (or a spreadsheet program) set an apostrophe before a sign that begins a formula."""
    return ESCAPED.sub("", text, count=1).strip() if text.startswith("'") else text.strip()


def listed(text: str) -> list[str]:
    """Several values of one cell, parted by semicolons, bars or lines; or written as a list in brackets."""
    if text.startswith("[") and text.endswith("]") and (quoted := LISTED.findall(text)):
        return [single or double for single, double in quoted[:MAX_PARTS]]
    return [part.strip() for part in re.split(r"[;|\n]", text, maxsplit=MAX_PARTS) if part.strip()]


def words(text: str) -> list[str]:
    return listed(text) if text.startswith("[") else texts.keywords(text)


def unfractioned(text: str) -> str:
    """2019.0 is how a number that was a cell of text comes back."""
    found = FRACTION.fullmatch(text.strip())
    return found[1] if found else text.strip()


def _set_text(found: Draft, name: str, language: str, text: str) -> None:
    by_language = found.titles if name == "title" else found.abstracts
    if language:
        by_language.setdefault(language, text)
    elif not getattr(found, name):
        setattr(found, name, text)


def _year(found: Draft, text: str) -> bool:
    year = dates.parse(unfractioned(text))
    found.dates += [year] if year[0] else []
    return bool(year[0])


def _date(found: Draft, text: str) -> bool:
    text = unfractioned(text)
    if SERIAL.fullmatch(text):  # days since 1900: the cell lost its format
        text = (date(1899, 12, 30) + timedelta(days=int(text))).isoformat()
    return _year(found, text)


def _language(found: Draft, text: str) -> bool:
    found.language = found.language or text
    return bool(languages.code_of(text)) or len(listed(text.replace(",", ";"))) > 1


def _type(found: Draft, text: str) -> bool:
    found.type = found.type or kinds.named(text)
    return bool(kinds.named(text)) or text.upper() in ("GEN", "MISC")


def _doi(found: Draft, text: str) -> bool:
    found.dois.append(text)
    return bool(doi_in(text))


def _isbn(found: Draft, text: str) -> bool:
    found.isbns.append(unfractioned(text))
    return bool(isbn_in(unfractioned(text)))


def _url(found: Draft, text: str) -> bool:
    urls = text.split()
    found.urls += urls
    return any(address(url.rstrip(";,")) for url in urls)


def _licence(found: Draft, text: str) -> bool:
    found.licence = found.licence or text
    return bool(kinds.licence(text))


def _take(name: str, split: Callable[[str], list[str]]) -> Callable[[Draft, str], bool]:
    def take(found: Draft, text: str) -> bool:
        getattr(found, name).extend(split(text))
        return True

    return take


def _key(found: Draft, text: str) -> bool:
    found.key = found.key or unfractioned(text)
    return True


SETTERS: dict[str, Callable[[Draft, str], bool]] = {
    "authors": _take("authors", listed),
    "publisher": _take("publishers", lambda text: [text]),
    "subjects": _take("subjects", words),
    "year": _year,
    "date": _date,
    "month": lambda found, text: True,
    "day": lambda found, text: True,
    "language": _language,
    "type": _type,
    "doi": _doi,
    "isbn": _isbn,
    "source_url": _url,
    "licence": _licence,
    "key": _key,
}
