"""PowerPoint: speaker's notes, slides that are skipped, comments."""

import re
from pathlib import Path

from ..package import Attributes, Listener
from ..pptx import Pptx, Slide
from . import office
from .notes import Notes
from .sheets import People
from .word import Comments


def inspect(path: Path, head: str, notes: Notes) -> None:
    package = office.common(path, head, notes)
    for number, name in enumerate(Pptx(package).slides, 1):
        if package.parse(name, Root()).attributes.get("show") in ("0", "false"):
            notes.add("hidden_slide", "slide", number, excerpt=text_of(package.parse(name, Slide())), cleans=True)
        for kind, part in package.relations(name).values():
            text = spoken(package.parse(part, Slide())) if kind == "notesSlide" else ""
            if text:
                notes.add("speaker_notes", "slide", number, excerpt=text, cleans=True)
    authors: dict[str, str] = {}
    for name in ("ppt/commentAuthors.xml", "ppt/authors.xml"):
        authors |= package.parse(name, People()).names
    for name in sorted(package.names):
        if re.search(r"^ppt/comments/[^/]*\.xml$", name):
            package.parse(name, Comments(notes, authors))


def text_of(slide: Slide) -> str:
    return " ".join(line.text for line in slide.lines)


def spoken(slide: Slide) -> str:
    """What the speaker wrote; the page also carries its number and the like."""
    return " ".join(line.text for line in slide.lines if line.role == "body")


class Root(Listener):
    """The attributes of the outermost element."""

    def __init__(self) -> None:
        self.attributes: Attributes = {}
        self.is_open = False

    def start(self, name: str, attributes: Attributes) -> None:
        if not self.is_open:
            self.is_open, self.attributes = True, attributes
