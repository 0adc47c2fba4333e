"""Excel: sheets, rows and columns that are there but not shown, comments, and where the file lay."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from .. import xlsx
from ..package import Attributes, Listener, Package
from ..xlsx import Strings
from . import office, properties
from .notes import MAX_EXCERPT, Notes
from .word import Comments

TRUE = ("1", "true")
HIDDEN = ("hidden", "veryHidden")
MAX_PLACES = 50


def inspect(path: Path, head: str, notes: Notes) -> None:
    package = office.common(path, head, notes)
    main = main_part(package)
    book = package.parse(main, Book())
    parts = package.relations(main)
    if match := properties.FOLDER.search(book.saved_in):
        notes.add("file_path", "properties", excerpt=match[0], cleans=True)
    shared = next((part for kind, part in parts.values() if kind == "sharedStrings"), "")
    strings = package.parse(shared, Strings()).strings
    for name, state, key in book.sheets:
        part = parts.get(key, ("", ""))[1]
        cells = package.parse(part, Cells())
        if state in HIDDEN:
            notes.add("hidden_sheet", "sheet", name, excerpt=text_of(package, part, strings), cleans=True)
        elif cells.hidden_rows or cells.hidden_columns:
            notes.add("hidden_rows", "sheet", name, excerpt=", ".join(cells.places()))
    comments(package, notes)


def main_part(package: Package) -> str:
    relations = package.relations("").values()
    return next((name for kind, name in relations if kind == "officeDocument"), "xl/workbook.xml")


def text_of(package: Package, part: str, strings: list[str]) -> str:
    cells = xlsx.Cells(strings)
    for _pause in package.events(part, cells) if part in package.names else ():
        if cells.length > MAX_EXCERPT:
            break
    return "".join(cells.text)


def comments(package: Package, notes: Notes) -> None:
    people: dict[str, str] = {}
    for name in sorted(package.names):
        if name.startswith("xl/persons/") and name.endswith(".xml"):
            people |= package.parse(name, People()).names
    for name in sorted(package.names):
        if re.search(r"^xl/(?:comments|threadedComments/)[^/]*\.xml$|^xl/comments/[^/]*\.xml$", name):
            authors = package.parse(name, Authors()).names
            package.parse(name, Comments(notes, people | authors))


class Book(Listener):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []
        self.saved_in = ""

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "sheet":
            self.sheets.append((attributes.get("name", ""), attributes.get("state", ""), attributes.get("id", "")))
        elif name == "absPath":
            self.saved_in = attributes.get("url", "")


@dataclass
class Cells(Listener):
    """Which rows and columns with something in them are hidden."""

    filled: int = 0
    hidden_rows: list[str] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    ranges: list[tuple[int, int]] = field(default_factory=list)
    row: str = ""
    is_row_hidden: bool = False
    cell: str = ""

    def start(self, name: str, attributes: Attributes) -> None:
        match name:
            case "col" if attributes.get("hidden") in TRUE:
                low, high = attributes.get("min", ""), attributes.get("max", "")
                if low.isdecimal() and high.isdecimal() and len(low) < 6 and len(high) < 6 and len(self.ranges) < 1000:
                    self.ranges.append((int(low), int(high)))
            case "row":
                self.row, self.is_row_hidden = attributes.get("r", "?"), attributes.get("hidden") in TRUE
            case "c":
                self.cell = re.sub(r"\d", "", attributes.get("r", ""))[:3]
            case "v" | "is":
                self.fill()

    def fill(self) -> None:
        self.filled += 1
        if self.is_row_hidden:
            remember(self.hidden_rows, self.row)
        column = number_of(self.cell)
        if column and any(low <= column <= high for low, high in self.ranges):
            remember(self.hidden_columns, self.cell)

    def places(self) -> list[str]:
        return [*self.hidden_columns, *self.hidden_rows]


def remember(places: list[str], place: str) -> None:
    if place not in places and len(places) < MAX_PLACES:
        places.append(place)


def number_of(letters: str) -> int:
    """A is 1, AA is 27."""
    total = 0
    for letter in letters.upper():
        total = 26 * total + ord(letter) - 64 if "A" <= letter <= "Z" else 0
    return total


class Authors(Listener):
    """Authors of the older kind of comments, by their place in the list."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.is_author = False

    def start(self, name: str, attributes: Attributes) -> None:
        self.is_author = name == "author"
        if self.is_author:
            self.names[str(len(self.names))] = ""

    def end(self, name: str) -> None:
        self.is_author = False

    def data(self, text: str) -> None:
        if self.is_author:
            self.names[str(len(self.names) - 1)] += text[:200]


class People(Listener):
    """Authors of the newer kind, by their id."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        if name in ("person", "cmAuthor", "author"):
            self.names[attributes.get("id", "")] = attributes.get("displayName", "") or attributes.get("name", "")
