"""Word: changes still tracked, comments, text set to be hidden."""

from pathlib import Path, PurePosixPath

from ..package import Attributes, Listener, Package
from . import office
from .notes import Notes

CHANGES = {"ins", "del", "moveFrom", "moveTo"}
FALSE = ("0", "false", "off", "none")
MAX_TEXT = 400
STORIES = ("document", "header", "footer", "footnotes", "endnotes")


def inspect(path: Path, head: str, notes: Notes) -> None:
    package = office.common(path, head, notes)
    hidden = package.parse("word/styles.xml", HiddenStyles()).hidden
    for name in stories(package):
        package.parse(name, Story(notes, hidden))
    for name in sorted(package.names):
        if (
            PurePosixPath(name).name.startswith("comments")
            and name.startswith("word/comments")
            and name.endswith(".xml")
        ):
            package.parse(name, Comments(notes))


def stories(package: Package) -> list[str]:
    """The parts that hold text: body, running heads, notes."""
    return [
        name
        for name in sorted(package.names)
        if name.startswith("word/")
        and name.endswith(".xml")
        and PurePosixPath(name).stem.rstrip("0123456789") in STORIES
    ]


class HiddenStyles(Listener):
    """The styles whose text is hidden."""

    def __init__(self) -> None:
        self.hidden: set[str] = set()
        self.style = ""

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "style":
            self.style = attributes.get("styleId", "")
        elif name == "vanish" and self.style and attributes.get("val") not in FALSE:
            self.hidden.add(self.style)

    def end(self, name: str) -> None:
        if name == "style":
            self.style = ""


class Story(Listener):
    """Changes by author, and hidden runs."""

    def __init__(self, notes: Notes, hidden_styles: set[str]) -> None:
        self.notes = notes
        self.hidden_styles = hidden_styles
        self.changes: list[tuple[str, list[str]]] = []
        self.run: list[str] = []
        self.in_run = self.is_text = self.is_hidden = self.is_paragraph_hidden = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name in CHANGES:
            self.changes.append((attributes.get("author", ""), []))
        elif name == "p":
            self.is_paragraph_hidden = False
        elif name == "r":
            self.in_run, self.is_hidden, self.run = True, self.is_paragraph_hidden, []
        elif name == "pStyle":
            self.is_paragraph_hidden = attributes.get("val", "") in self.hidden_styles
        elif name == "rStyle" and self.in_run:
            self.is_hidden = self.is_hidden or attributes.get("val", "") in self.hidden_styles
        elif name == "vanish":
            self.is_hidden = attributes.get("val") not in FALSE
        self.is_text = name in ("t", "delText")

    def end(self, name: str) -> None:
        self.is_text = False
        if name in CHANGES and self.changes:
            author, text = self.changes.pop()
            self.notes.add("tracked_change", "change_by", author, excerpt="".join(text), cleans=True)
        elif name == "r":
            text = "".join(self.run)
            if self.is_hidden and text.strip():
                self.notes.add("hidden_text", "text", excerpt=text, cleans=True)
            self.in_run = False

    def data(self, text: str) -> None:
        if not self.is_text:
            return
        for _author, parts in self.changes:
            if sum(map(len, parts)) < MAX_TEXT:
                parts.append(text)
        if len(self.run) < MAX_TEXT:
            self.run.append(text)


class Comments(Listener):
    """Comments of a text, of sheets or slides: whoever wrote them and how they begin."""

    def __init__(self, notes: Notes, authors: dict[str, str] | None = None) -> None:
        self.notes = notes
        self.authors = authors or {}
        self.author = ""
        self.text: list[str] = []
        self.is_text = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name in ("comment", "cm", "threadedComment"):
            key = attributes.get("authorId", "") or attributes.get("personId", "")
            self.author = attributes.get("author", "") or self.authors.get(key, "")
            self.text = []
        self.is_text = name in ("t", "text")

    def end(self, name: str) -> None:
        self.is_text = False
        if name in ("comment", "cm", "threadedComment"):
            self.notes.add("comment", "comment_by", self.author, excerpt="".join(self.text), cleans=True)

    def data(self, text: str) -> None:
        if self.is_text and len(self.text) < MAX_TEXT:
            self.text.append(text)
