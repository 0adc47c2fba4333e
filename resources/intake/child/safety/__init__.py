"""What should not become public with a document, and a copy of it without. Runs in the child, on one file."""

import shutil
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from ..answer import Answer
from . import people
from .notes import Notes

# The formats that carry more than their text.
INSPECTORS = {
    "pdf": "pdf", "docx": "word", "xlsx": "sheets", "pptx": "slides", "odt": "odt", "epub": "book",
    "jpeg": "pictures", "png": "pictures", "webp": "pictures", "tiff": "pictures",
}  # fmt: skip
CLEANERS = {
    "pdf": "pdf", "docx": "office", "xlsx": "office", "pptx": "office", "odt": "odf",
    "epub": "zipped", "jpeg": "pictures", "png": "pictures", "webp": "pictures",
}  # fmt: skip
PLACES = {"pptx": "slide", "xlsx": "sheet", "epub": "chapter", "html": "file"}
HEAD_PAGES = 5
MAX_HEAD = 50_000


class NotCleanable(Exception):
    """There is no way to make a cleaned copy of this kind of file."""


def check(path: Path, kind: str, pages: Iterable[str], answer: Answer) -> None:
    """Write a note per finding. The text comes first: what is hidden is measured against what is printed."""
    notes, head, has_text = Notes(), "", False
    place = PLACES.get(kind, "page")
    for number, text in enumerate(pages, 1):
        # A sheet is called by its name, which stands on the first line of its text.
        name = text.partition("\n")[0] if place == "sheet" else number
        people.look(text, place, "" if place == "file" else name, notes)
        has_text = has_text or bool(text.strip())
        if number <= HEAD_PAGES:
            head += text[:MAX_HEAD] + "\n"
        notes.tell(answer)
    if kind == "pdf" and not has_text:
        notes.add("unchecked", "text")  # a scan, and nobody here to read it
    if kind in INSPECTORS:
        import_module(f".{INSPECTORS[kind]}", __package__).inspect(path, head, notes)
        notes.tell(answer)
    left_out = getattr(pages, "left_out", "")
    answer.state("too_heavy" if left_out else "read", left_out)


def clean(path: Path, kind: str, to: Path, *, drop_hidden: bool) -> None:
    """Write a cleaned copy. Raises NotCleanable, or what the libraries raise at a broken file."""
    if kind not in CLEANERS:
        raise NotCleanable(kind)
    part = to.with_name(to.name + ".part")
    import_module(f".clean_{CLEANERS[kind]}", __package__).clean(path, part, drop_hidden=drop_hidden)
    shutil.move(part, to)
