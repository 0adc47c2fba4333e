"""Excel workbooks as rows: values as they were last computed, dates as dates, merged cells told apart."""

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext_noop as _

from resources.intake.child.document import Damaged, TooHeavy
from resources.intake.child.package import Attributes, Listener, Package
from resources.intake.child.xlsx import MAX_STRING, Sheets, Strings

from .rows import MAX_COLUMNS, MAX_ROWS, Row, Sheet

MAX_MERGED = 10_000
MAX_SHEETS = 50
MAX_STRINGS = 1_500_000
MAX_CELLS = 3_000_000
MERGED = re.compile(rb'<(?:\w{1,20}:)?mergeCell\s[^<>]{0,100}?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
# A format of days or years, once its quoted words, colours and escaped signs are taken out.
LITERAL = re.compile(r'"[^"]{0,200}"|\[[^\]]{0,50}\]|\\.|_.')

NOT_COMPUTED = _(
    "This cell holds a formula without a computed value: open and save the file once in a spreadsheet program."
)
ERROR = _("This cell shows an error instead of a value.")

Broken = (Damaged, TooHeavy)
"""What reading may raise: the file is no whole workbook, or one larger than any honest one."""


def sheets(data: bytes) -> Iterator[Sheet]:
    """The sheets in their order; each one's rows are to be read before the next is asked for. Raises Broken."""
    package = Package(Held(data))
    relations = package.relations("")
    main = next((name for kind, name in relations.values() if kind == "officeDocument"), "xl/workbook.xml")
    if main not in package.names:
        raise Damaged("no main part")
    parts = package.relations(main)
    book = package.parse(main, Book())
    named = dict(parts.values())
    strings = shared_strings(package, named.get("sharedStrings", ""))
    dated = package.parse(named.get("styles", ""), Styles()).dated()
    listed = [(title, parts[key][1]) for title, key in book.sheets if parts.get(key, ("",))[0] == "worksheet"]
    for title, name in listed[:MAX_SHEETS]:
        if name in package.names:
            grid = Grid(strings, dated, book.epoch)
            yield Sheet(title if len(listed) > 1 else "", rows(package, name, grid))


def shared_strings(package: Package, name: str) -> list[str]:
    listener = Strings()
    for _pause in package.events(name, listener) if name in package.names else ():
        if len(listener.strings) > MAX_STRINGS:
            raise TooHeavy("too many strings")
    return listener.strings


class Held:
    """Bytes in place of a file: all that a package does with its path is to open it."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def open(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self.data)


def rows(package: Package, name: str, grid: "Grid") -> Iterator[Row]:
    merged = merged_down(package, name)
    held: dict[int, tuple[int, str]] = {}
    for _pause in package.events(name, grid):
        if grid.cells > MAX_CELLS:
            raise TooHeavy("too many cells")
        for row in grid.drain():
            if row.number > MAX_ROWS:
                return
            repeat(row, merged, held)
            yield row


def repeat(row: Row, merged: dict[tuple[int, int], int], held: dict[int, tuple[int, str]]) -> None:
    """Give the row what merged cells further up say for it, and remember those that begin in it."""
    for column, (last, text) in list(held.items()):
        if row.number > last:
            del held[column]
        elif column not in row.cells:
            row.cells[column] = text
            row.repeated.add(column)
    for column, text in row.cells.items():
        if last := merged.get((column, row.number)):
            held[column] = (last, text)


def merged_down(package: Package, name: str) -> dict[tuple[int, int], int]:
    """(column, first row) -> last row of the cells merged over several rows. They stand behind all the values."""
    found: dict[tuple[int, int], int] = {}
    rest = b""
    for chunk in package.chunks(name, limit=500 * 1024 * 1024):
        text = rest + chunk
        for left, top, _right, bottom in MERGED.findall(text):
            if int(bottom) > int(top) and len(found) < MAX_MERGED:
                found[column_of(left.decode()), int(top)] = int(bottom)
        rest = text[-300:]
    return found


def column_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


class Book(Sheets):
    """The sheets, and the day that dates are counted from."""

    epoch = date(1899, 12, 30)

    def start(self, name: str, attributes: Attributes) -> None:
        super().start(name, attributes)
        if name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            self.epoch = date(1904, 1, 1)


class Styles(Listener):
    """Which cell styles show a number as a date."""

    def __init__(self) -> None:
        self.formats: dict[str, str] = {}
        self.used: list[str] = []
        self.in_cells = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "numFmt":
            self.formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:300]
        elif name == "cellXfs":
            self.in_cells = True
        elif name == "xf" and self.in_cells:
            self.used.append(attributes.get("numFmtId", ""))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self.in_cells = False

    def dated(self) -> frozenset[str]:
        return frozenset(str(number) for number, key in enumerate(self.used) if self._is_date(key))

    def _is_date(self, key: str) -> bool:
        if key in self.formats:
            return bool(re.search("[yd]|mmm", LITERAL.sub("", self.formats[key]).lower()))
        return key.isdecimal() and int(key[:4]) in BUILT_IN_DATES


class Grid(Listener):
    """Rows as they come, until somebody drains them."""

    def __init__(self, strings: list[str], dated: frozenset[str], epoch: date) -> None:
        self.strings, self.dated, self.epoch = strings, dated, epoch
        self.ready: list[Row] = []
        self.row = Row(0)
        self.column = -1
        self.kind = self.style = ""
        self.value: list[str] = []
        self.length = self.cells = 0
        self.is_value = self.is_formula = self.in_phonetic = False

    def drain(self) -> list[Row]:
        ready, self.ready = self.ready, []
        return ready

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            number = attributes.get("r", "")
            self.row = Row(int(number) if number.isdecimal() and len(number) < 8 else self.row.number + 1)
            self.column = -1
        elif name == "c":
            self.cells += 1
            place = CELL.fullmatch(attributes.get("r", ""))
            self.column = column_of(place[1]) if place else self.column + 1
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
            self.value, self.length, self.is_formula = [], 0, False
        elif name == "f":
            self.is_formula = True
        elif name == "rPh":
            self.in_phonetic = True
        self.is_value = name == "v" or (name == "t" and self.kind == "inlineStr" and not self.in_phonetic)

    def end(self, name: str) -> None:
        self.is_value = False
        if name == "rPh":
            self.in_phonetic = False
        elif name == "c" and 0 <= self.column < MAX_COLUMNS:
            self._keep("".join(self.value))
        elif name == "row":
            self.ready.append(self.row)

    def data(self, text: str) -> None:
        if self.is_value and self.length < MAX_STRING:
            self.value.append(text)
            self.length += len(text)

    def _keep(self, value: str) -> None:
        if self.kind == "e":
            self.row.problems[self.column] = ERROR
        elif self.is_formula and not value and self.kind != "str":
            self.row.problems[self.column] = NOT_COMPUTED
        elif text := self._text(value):
            self.row.cells[self.column] = text

    def _text(self, value: str) -> str:
        if self.kind == "s":
            number = int(value) if value.strip().isdecimal() and len(value) < 10 else -1
            return self.strings[number] if 0 <= number < len(self.strings) else ""
        if self.kind == "n" and value:
            return self._number(value.strip())
        return value

    def _number(self, value: str) -> str:
        """A date where the style says so, a whole number without its fraction of zeros, else as it stands."""
        try:
            number = float(value)
        except ValueError:
            return value
        if self.style in self.dated and 0 < number < 200_000:
            return (self.epoch + timedelta(days=int(number))).isoformat()
        return str(int(number)) if number.is_integer() and abs(number) < 10**15 else value
