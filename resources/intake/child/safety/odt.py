"""OpenDocument text: changes, comments, hidden text, embedded objects."""

from pathlib import Path

from ..package import Attributes, Listener, Package
from . import office, properties
from .notes import Notes

CHANGES = ("insertion", "deletion", "format-change")
MAX_TEXT = 400


def inspect(path: Path, head: str, notes: Notes) -> None:
    package = Package(path)
    properties.office(package, ["meta.xml"], head, notes)
    template = package.parse("meta.xml", Template()).address
    if match := properties.FOLDER.search(template):
        notes.add("file_path", "properties", excerpt=match[0], cleans=True)
    package.parse("content.xml", Content(notes))
    for name in sorted(package.names):
        folder, _slash, rest = name.partition("/")
        if folder.startswith("Object ") and rest in ("", "content.xml"):
            notes.add("embedded_file", "part", folder)
    office.images(package, head, notes)


class Template(Listener):
    address = ""

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "template":
            self.address = attributes.get("href", "")


class Content(Listener):
    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.kind = ""  # of what is open: "tracked_change" or "comment"
        self.author = ""
        self.text: list[str] = []
        self.in_author = self.in_date = False
        self.style = ""
        self.hidden_styles: set[str] = set()
        self.hidden: list[str] = []  # elements open inside hidden text
        self.hidden_parts: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "changed-region" or name == "annotation":
            self.kind = "comment" if name == "annotation" else "tracked_change"
            self.author, self.text = "", []
        self.in_author, self.in_date = name == "creator", name in ("date", "sender-initials", "creator-initials")
        if name == "style":
            self.style = attributes.get("name", "")
        elif name == "text-properties" and attributes.get("display") == "none":
            self.hidden_styles.add(self.style)
        if name == "hidden-text":
            self.notes.add("hidden_text", "text", excerpt=attributes.get("string-value", ""))
        elif self.hidden or (attributes.get("style-name", "") in self.hidden_styles and name in ("span", "p", "h")):
            self.hidden.append(name)
        elif name == "hidden-paragraph":
            self.notes.add("hidden_text", "text")

    def end(self, name: str) -> None:
        self.in_author = self.in_date = False
        if (name == "changed-region" and self.kind) or name == "annotation":
            place = "comment_by" if name == "annotation" else "change_by"
            self.notes.add(self.kind, place, self.author, excerpt="".join(self.text), cleans=True)
            self.kind = ""
        if self.hidden:
            self.hidden.pop()
            if not self.hidden and (text := "".join(self.hidden_parts)).strip():
                self.notes.add("hidden_text", "text", excerpt=text)
                self.hidden_parts = []

    def data(self, text: str) -> None:
        if self.in_author:
            self.author += text[:200]
        elif self.kind and not self.in_date and len(self.text) < MAX_TEXT:
            self.text.append(text)
        elif self.hidden and len(self.hidden_parts) < MAX_TEXT:
            self.hidden_parts.append(text)
