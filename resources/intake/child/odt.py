"""OpenDocument text."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from . import properties
from .document import Damaged, Document, Embedded, Encrypted, Line
from .package import Attributes, Listener, Package

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_LINES = 300
MAX_SPACES = 1_000
SKIPPED = {"tracked-changes", "annotation", "settings", "forms"}
HEADING_SIZES = {1: 18.0, 2: 14.0}  # what the usual template makes of them; only their order matters
BODY_SIZE = 12.0


def open_document(path: Path) -> Document:
    return Odt(Package(path))


class Odt(Document):
    counts_while_reading = True

    def __init__(self, package: Package) -> None:
        self.package = package
        if "content.xml" not in package.names:
            raise Damaged("no content")
        if b"encryption-data" in package.read("META-INF/manifest.xml"):
            raise Encrypted
        self.body = Body()

    def pages(self) -> Iterator[str]:
        has_heads = False
        for _pause in self.package.events("content.xml", self.body):
            while len(self.body.finished) > 1:
                yield self.body.finished.pop(0) + ("" if has_heads else self.heads())
                has_heads = True
        self.body.turn_page()
        for page in self.body.finished:
            yield page + ("" if has_heads else self.heads())
            has_heads = True
        if self.body.turned > 1:
            self.page_count = self.body.turned

    def heads(self) -> str:
        return "\n" + "\n".join(self.package.parse("styles.xml", Heads()).text)

    def lines(self) -> list[Line]:
        return self.body.lines

    def embedded(self) -> Embedded:
        return properties.embedded(self.package, "meta.xml")

    def picture(self) -> "Image | None":
        return self.package.picture("Thumbnails/thumbnail.png")


class Body(Listener):
    """The text of pages, as far as soft page breaks and styles tell them apart."""

    def __init__(self) -> None:
        self.finished: list[str] = []
        self.turned = 0
        self.text: list[str] = []
        self.open: list[list[str]] = []  # notes and frames put paragraphs inside a paragraph
        self.lines: list[Line] = []
        self.looks: list[tuple[float, str]] = []
        self.breaking: set[str] = set()
        self.titles = {"Title"}
        self.style = ""
        self.skipping = 0

    def start(self, name: str, attributes: Attributes) -> None:
        if self.skipping or name in SKIPPED:
            self.skipping += 1
            return
        match name:
            case "style":
                self.style = attributes.get("name", "")
                if attributes.get("parent-style-name") == "Title":
                    self.titles.add(self.style)
            case "paragraph-properties" if attributes.get("break-before") == "page":
                self.breaking.add(self.style)
            case "p" | "h":
                self.open_paragraph(name, attributes)
            case "s":
                count = attributes.get("c", "1")
                self.data(" " * min(int(count) if count.isdecimal() else 1, MAX_SPACES))
            case "tab":
                self.data(" ")
            case "line-break":
                self.data("\n")
            case "soft-page-break":
                self.turn_page()

    def open_paragraph(self, name: str, attributes: Attributes) -> None:
        style = attributes.get("style-name", "")
        if style in self.breaking and any(self.text):
            self.turn_page()
        level = attributes.get("outline-level", "1")
        size = HEADING_SIZES.get(int(level) if level.isdecimal() else 9, BODY_SIZE) if name == "h" else BODY_SIZE
        self.open.append([])
        self.looks.append((size, "title" if style in self.titles else ""))

    def end(self, name: str) -> None:
        if self.skipping:
            self.skipping -= 1
        elif name in ("p", "h") and self.open:
            text = "".join(self.open.pop())
            size, role = self.looks.pop()
            self.text.append(text)
            if text.strip() and len(self.lines) < MAX_LINES:
                self.lines.append(Line(" ".join(text.split()), size, False, self.turned, True, role))

    def data(self, text: str) -> None:
        if self.open and not self.skipping:
            self.open[-1].append(text)

    def turn_page(self) -> None:
        self.finished.append("\n".join([*self.text, *("".join(parts) for parts in self.open)]))
        self.text, self.open = [], [[] for _paragraph in self.open]
        self.turned += 1


class Heads(Body):
    """The running heads and feet, which stand in the styles."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = 0

    def start(self, name: str, attributes: Attributes) -> None:
        self.inside += name in ("header", "footer")
        if self.inside:
            super().start(name, attributes)

    def end(self, name: str) -> None:
        if self.inside:
            super().end(name)
        self.inside -= name in ("header", "footer")
