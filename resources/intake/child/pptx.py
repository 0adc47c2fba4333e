"""PowerPoint: a slide is a page. Notes of the speaker are not meant for readers and stay out."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from . import properties
from .document import Damaged, Document, Embedded, Line
from .package import Attributes, Listener, Package

if TYPE_CHECKING:
    from PIL.Image import Image

TITLES = ("title", "ctrTitle")


def open_document(path: Path) -> Document:
    return Pptx(Package(path))


class Pptx(Document):
    def __init__(self, package: Package) -> None:
        self.package = package
        relations = package.relations("")
        main = next((name for kind, name in relations.values() if kind == "officeDocument"), "ppt/presentation.xml")
        order = package.parse(main, Order())
        parts = package.relations(main)
        self.slides = [parts[key][1] for key in order.ids if key in parts and parts[key][1] in package.names]
        if main not in package.names:
            raise Damaged("no main part")
        self.page_count = len(self.slides)
        self.first: list[Line] = []

    def pages(self) -> Iterator[str]:
        for number, name in enumerate(self.slides):
            slide = self.package.parse(name, Slide())
            diagrams = [part for kind, part in self.package.relations(name).values() if kind == "diagramData"]
            extra = [line.text for part in diagrams for line in self.package.parse(part, Slide()).lines]
            if number == 0:
                self.first = slide.lines
            yield "\n".join([line.text for line in slide.lines] + extra)

    def lines(self) -> list[Line]:
        return self.first

    def embedded(self) -> Embedded:
        return properties.embedded(self.package, "docProps/core.xml")

    def picture(self) -> "Image | None":
        return self.package.picture("docProps/thumbnail.jpeg", "docProps/thumbnail.png")


class Order(Listener):
    """The relations of the slides, in the order in which they are shown."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.in_list = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "sldIdLst":
            self.in_list = True
        elif name == "sldId" and self.in_list:
            # Two attributes are called id; that of the relation comes with a namespace and so last.
            self.ids.append(attributes.get("id", ""))

    def end(self, name: str) -> None:
        self.in_list = self.in_list and name != "sldIdLst"


class Slide(Listener):
    """The paragraphs of a slide; those of its title placeholder are marked."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.text: list[str] = []
        self.role = ""
        self.size = 0.0
        self.skipping = 0
        self.is_text = False

    def start(self, name: str, attributes: Attributes) -> None:
        if self.skipping or name == "Fallback":
            self.skipping += 1
        elif name == "sp":
            self.role = ""
        elif name == "ph":
            self.role = "title" if attributes.get("type") in TITLES else attributes.get("type", "body")
        elif name == "rPr":
            self.size = int(size) / 100 if (size := attributes.get("sz", "")).isdigit() else 0.0
        elif name == "br":
            self.text.append("\n")
        elif name == "t":
            self.is_text = True

    def end(self, name: str) -> None:
        if self.skipping:
            self.skipping -= 1
        elif name == "t":
            self.is_text = False
        elif name == "p" and (text := "".join(self.text).strip()):
            before = self.lines[-1] if self.lines else None
            self.lines.append(Line(text, self.size, starts_block=not before or before.role != "title", role=self.role))
        if name == "p":
            self.text, self.size = [], 0.0

    def data(self, text: str) -> None:
        if self.is_text and not self.skipping:
            self.text.append(text)
