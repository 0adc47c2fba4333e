"""Word: pages as Word last laid them out, with tables, text boxes, notes and running heads."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from . import properties
from .document import Damaged, Document, Embedded, Line
from .package import Attributes, Listener, Package
from .word_styles import Style, Styles

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_LINES = 300
MAX_NOTE = 20_000
DISPLAY = 18  # points
# Taken away, moved elsewhere, or the old copy of a drawing that stands beside the new one.
SKIPPED = {"del", "moveFrom", "Fallback"}
TRUE = ("1", "true", "on", None)


def open_document(path: Path) -> Document:
    return Docx(Package(path))


class Docx(Document):
    counts_while_reading = True

    def __init__(self, package: Package) -> None:
        self.package = package
        relations = package.relations("")
        self.main = next((name for kind, name in relations.values() if kind == "officeDocument"), "word/document.xml")
        if self.main not in package.names:
            raise Damaged("no main part")
        self.body = Body(self.notes(), package.parse(self.related("styles") or "word/styles.xml", Styles()))

    def related(self, kind: str) -> str:
        return next(iter(self.all_related(kind)), "")

    def all_related(self, kind: str) -> list[str]:
        return [name for found, name in self.package.relations(self.main).values() if found == kind]

    def notes(self) -> dict[tuple[str, str], str]:
        parts = [(kind, name) for kind in ("footnote", "endnote") for name in self.all_related(kind + "s")]
        return {
            (kind, key): text for kind, name in parts for key, text in self.package.parse(name, Notes()).texts.items()
        }

    def pages(self) -> Iterator[str]:
        """Running heads and feet come once, behind the first page."""
        for _pause in self.package.events(self.main, self.body):
            while len(self.body.finished) > 1:
                yield self.body.finished.pop(0) + self.take_heads()
        self.body.turn_page()
        for page in self.body.finished:
            yield page + self.take_heads()
        if self.body.turned > 1:
            self.page_count = self.body.turned

    def take_heads(self) -> str:
        if self.body.has_heads:
            return ""
        self.body.has_heads = True
        parts = sorted(set(self.all_related("header") + self.all_related("footer")))
        texts = ["\n".join(self.package.parse(name, Body({}, Styles())).text) for name in parts]
        return "".join("\n" + text.strip() for text in dict.fromkeys(texts) if text.strip())

    def lines(self) -> list[Line]:
        return self.body.lines

    def embedded(self) -> Embedded:
        return properties.embedded(self.package, "docProps/core.xml")

    def picture(self) -> "Image | None":
        return self.package.picture("docProps/thumbnail.jpeg", "docProps/thumbnail.png")


class Paragraph:
    def __init__(self) -> None:
        self.text: list[str] = []
        self.style = Style()
        self.sizes: list[float] = []
        self.is_bold: bool | None = None


class Body(Listener):
    """Gathers the text of pages; keeps the first paragraphs with their looks for the guesses."""

    def __init__(self, notes: dict[tuple[str, str], str], styles: Styles) -> None:
        self.note_texts = notes
        self.styles = styles
        self.finished: list[str] = []
        self.turned = 0
        self.text: list[str] = []
        self.page_notes: list[str] = []
        self.lines: list[Line] = []
        self.paragraphs: list[Paragraph] = []  # a text box puts paragraphs inside a paragraph
        self.skipping = 0
        self.is_text = False
        self.has_heads = False

    def start(self, name: str, attributes: Attributes) -> None:
        if self.skipping or name in SKIPPED:
            self.skipping += 1
            return
        match name:
            case "p":
                self.paragraphs.append(Paragraph())
            case "t":
                self.is_text = True
            case "tab" | "ptab" | "cr":
                self.add(" ")
            case "noBreakHyphen":
                self.add("-")
            case "br":
                self.turn_page() if attributes.get("type") == "page" else self.add("\n")
            case "lastRenderedPageBreak":
                # Word notes a break of its own behind each hard one, too.
                if any(part.strip() for part in self.text) or self.has_open_text():
                    self.turn_page()
            case "footnoteReference" | "endnoteReference":
                key = name.removesuffix("Reference"), attributes.get("id", "")
                if note := self.note_texts.pop(key, ""):
                    self.page_notes.append(note)
            case _ if self.paragraphs:
                self.look(name, attributes.get("val"))

    def look(self, name: str, value: str | None) -> None:
        """Style, size and weight of the paragraph that is open."""
        paragraph = self.paragraphs[-1]
        if name == "pStyle":
            paragraph.style = self.styles.style(value or "")
        elif name == "sz" and value and value.isdigit() and not paragraph.text:
            paragraph.sizes.append(int(value) / 2)
        elif name == "b" and paragraph.is_bold is None:
            paragraph.is_bold = value in TRUE

    def end(self, name: str) -> None:
        if self.skipping:
            self.skipping -= 1
        elif name == "t":
            self.is_text = False
        elif name == "p" and self.paragraphs:
            self.close_paragraph(self.paragraphs.pop())

    def data(self, text: str) -> None:
        if self.is_text and not self.skipping:
            self.add(text)

    def add(self, text: str) -> None:
        if self.paragraphs:
            self.paragraphs[-1].text.append(text)

    def has_open_text(self) -> bool:
        return any(part.strip() for paragraph in self.paragraphs for part in paragraph.text)

    def close_paragraph(self, paragraph: Paragraph) -> None:
        text = "".join(paragraph.text)
        self.text.append(text)
        if text.strip() and len(self.lines) < MAX_LINES:
            self.lines.append(self.as_line(text, paragraph))

    def as_line(self, text: str, paragraph: Paragraph) -> Line:
        style = paragraph.style
        size = paragraph.sizes[-1] if paragraph.sizes else style.size or self.styles.default_size
        is_bold = style.is_bold if paragraph.is_bold is None else paragraph.is_bold
        line = Line(" ".join(text.split()), size, is_bold, self.turned, True, style.role)
        line.starts_block = not (self.lines and goes_on(self.lines[-1], line))
        return line

    def turn_page(self) -> None:
        """Close the page; what stands before the break in an open paragraph still belongs to it."""
        for paragraph in self.paragraphs:
            self.close_paragraph(paragraph)
            paragraph.text = []
        self.finished.append("\n".join([*self.text, *self.page_notes]))
        self.text, self.page_notes = [], []
        self.turned += 1


def goes_on(before: Line, line: Line) -> bool:
    """Whether a title that was broken into paragraphs goes on."""
    is_display = line.role == "title" or line.size >= DISPLAY
    return is_display and (before.role, before.size, before.bold) == (line.role, line.size, line.bold)


class Notes(Listener):
    """The text of each footnote or endnote by its id."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.id = ""
        self.is_text = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name in ("footnote", "endnote"):
            self.id = attributes.get("id", "")
        self.is_text = name == "t"

    def end(self, name: str) -> None:
        self.is_text = False
        if name == "p" and self.id:
            self.texts[self.id] = self.texts.get(self.id, "") + "\n"

    def data(self, text: str) -> None:
        before = self.texts.get(self.id, "")
        if self.is_text and self.id and len(before) < MAX_NOTE:
            self.texts[self.id] = before + text
