"""Excel: a sheet is a page, its rows are lines."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from . import properties
from .document import MAX_PAGE_TEXT, Damaged, Document, Embedded
from .package import Attributes, Listener, Package

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_STRING = 32_767  # what Excel itself allows in a cell


def open_document(path: Path) -> Document:
    return Xlsx(Package(path))


class Xlsx(Document):
    def __init__(self, package: Package) -> None:
        self.package = package
        relations = package.relations("")
        self.main = next((name for kind, name in relations.values() if kind == "officeDocument"), "xl/workbook.xml")
        if self.main not in package.names:
            raise Damaged("no main part")
        parts = package.relations(self.main)
        sheets = package.parse(self.main, Sheets()).sheets
        self.sheets = [(title, parts[key][1]) for title, key in sheets if parts.get(key, ("",))[0] == "worksheet"]
        self.shared_name = next((name for kind, name in parts.values() if kind == "sharedStrings"), "")
        self.page_count = len(self.sheets)

    def pages(self) -> Iterator[str]:
        strings = self.package.parse(self.shared_name, Strings()).strings
        for title, name in self.sheets:
            yield self.sheet(title, name, strings)

    def sheet(self, title: str, name: str, strings: list[str]) -> str:
        """Read only as far as a page may be long: a small file can name one long string a million times."""
        cells = Cells(strings)
        if name in self.package.names:
            for _pause in self.package.events(name, cells):
                if cells.length > MAX_PAGE_TEXT:
                    break
        return title + "\n" + "".join(cells.text)

    def embedded(self) -> Embedded:
        return properties.embedded(self.package, "docProps/core.xml")

    def picture(self) -> "Image | None":
        return self.package.picture("docProps/thumbnail.jpeg", "docProps/thumbnail.png")


class Sheets(Listener):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "sheet":
            self.sheets.append((attributes.get("name", ""), attributes.get("id", "")))


class Strings(Listener):
    """The texts that cells refer to by number. Readings of Japanese words (rPh) are not part of them."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self.is_text = False
        self.in_phonetic = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "si":
            self.strings.append("")
        elif name == "rPh":
            self.in_phonetic = True
        self.is_text = name == "t" and not self.in_phonetic

    def end(self, name: str) -> None:
        self.is_text = False
        if name == "rPh":
            self.in_phonetic = False

    def data(self, text: str) -> None:
        if self.is_text and self.strings and len(self.strings[-1]) < MAX_STRING:
            self.strings[-1] += text


class Cells(Listener):
    """The text of the cells, row by row; formulas are left out, their results kept."""

    def __init__(self, strings: list[str]) -> None:
        self.strings = strings
        self.text: list[str] = []
        self.length = 0
        self.kind = ""
        self.value: list[str] = []
        self.is_value = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self.kind, self.value = attributes.get("t", "n"), []
        self.is_value = name == "v" or (name == "t" and self.kind == "inlineStr")

    def end(self, name: str) -> None:
        self.is_value = False
        if name == "c":
            self.add(self.cell() + "\t")
        elif name == "row":
            self.add("\n")

    def add(self, text: str) -> None:
        if self.length <= MAX_PAGE_TEXT and text.strip(" \t"):
            self.text.append(text)
            self.length += len(text)

    def cell(self) -> str:
        value = "".join(self.value)
        if self.kind != "s":
            return value
        number = int(value) if value.strip().isdecimal() and len(value) < 10 else -1
        return self.strings[number] if 0 <= number < len(self.strings) else ""

    def data(self, text: str) -> None:
        if self.is_value:
            self.value.append(text)
