"""Word, PowerPoint and Excel without properties, comments and tracked changes; hidden things only where asked."""

import posixpath
import re
from pathlib import Path

from ..package import Package, resolve
from . import slides, word
from .clean_word import accept_changes, drop_hidden_runs, without_comments
from .clean_zipped import Tree, all_of, local, parse, remove, rewrite, serialized

KEPT_PROPERTIES = {"title", "language"}
APP_PROPERTIES = {"Company", "Manager", "Template", "HyperlinkBase"}
DROPPED = re.compile(
    r"^(?:word/(?:comments[^/]*|people)\.xml|ppt/(?:comments/.*|commentAuthors\.xml|authors\.xml)"
    r"|xl/(?:comments[^/]*\.xml|comments/.*|threadedComments/.*|persons/.*)|_xmlsignatures/.*|docProps/custom\.xml)$"
)
NOTE_BOX = re.compile(rb'ObjectType="(\w+)"')


def clean(path: Path, to: Path, *, drop_hidden: bool) -> None:
    Cleaner(Package(path), drop_hidden=drop_hidden).write(to)


class Cleaner:
    """Knows which parts go, and mends every part that speaks of them."""

    def __init__(self, package: Package, *, drop_hidden: bool) -> None:
        self.package = package
        self.drop_hidden = drop_hidden
        self.stories = set(word.stories(package))
        self.hidden_styles = package.parse("word/styles.xml", word.HiddenStyles()).hidden
        self.dropped = {name for name in package.names if DROPPED.match(name)}
        self.dropped |= {name for name in package.names if self.holds_note_boxes(name)}
        self.emptied: set[str] = set()
        if drop_hidden:
            self.drop_slides()
            self.empty_sheets()

    def holds_note_boxes(self, name: str) -> bool:
        """Excel draws the frames of comments in a part of their own, which may hold buttons as well."""
        if not re.match(r"xl/drawings/[^/]*\.vml$", name):
            return False
        kinds = {kind.lower() for kind in NOTE_BOX.findall(self.package.read(name))}
        return kinds == {b"note"}

    def drop_slides(self) -> None:
        for name in sorted(self.package.names):
            if not re.match(r"ppt/slides/[^/]*\.xml$", name):
                continue
            if self.package.parse(name, slides.Root()).attributes.get("show") in ("0", "false"):
                self.dropped.add(name)
            related = self.package.relations(name).values()
            self.dropped |= {part for kind, part in related if kind == "notesSlide"}

    def empty_sheets(self) -> None:
        from .sheets import HIDDEN, Book, main_part

        main = main_part(self.package)
        parts = self.package.relations(main)
        for _name, state, key in self.package.parse(main, Book()).sheets:
            if state in HIDDEN and key in parts:
                self.emptied.add(parts[key][1])

    def write(self, to: Path) -> None:
        rewrite(self.package, to, self.change)

    def change(self, name: str, data: bytes) -> bytes | None:
        if name in self.dropped or self.belongs_to_dropped(name):
            return None
        if not name.endswith((".xml", ".rels")):
            return data
        changes = self.changes(name)
        if not changes:
            return data
        root = parse(data)
        for change in changes:
            change(root)
        return serialized(root)

    def belongs_to_dropped(self, name: str) -> bool:
        """Whether it is the list of relations of a part that goes."""
        folder, file = posixpath.split(name)
        parent, last = posixpath.split(folder)
        return last == "_rels" and posixpath.join(parent, file.removesuffix(".rels")) in self.dropped

    def changes(self, name: str) -> list:
        if name.endswith(".rels"):
            return [lambda root: self.mend_relations(root, name)]
        if name in self.stories:
            hidden = [lambda root: drop_hidden_runs(root, self.hidden_styles)] if self.drop_hidden else []
            return [accept_changes, without_comments, *hidden]
        if name in self.emptied:
            return [lambda root: [list(map(remove, data)) for data in all_of(root, "sheetData")]]
        if name == "xl/sharedStrings.xml" and self.emptied:
            return [self.blank_unused]
        if re.match(r"xl/worksheets/[^/]*\.xml$", name):
            return [lambda root: self.forget(root, name, "legacyDrawing")]
        return {
            "[Content_Types].xml": [self.mend_types],
            "docProps/core.xml": [only_title_and_language],
            "docProps/app.xml": [without_company],
            "word/settings.xml": [lambda root: list(map(remove, all_of(root, "attachedTemplate", "rsids")))],
            "xl/workbook.xml": [without_folder],
            "ppt/presentation.xml": [lambda root: self.forget(root, name, "sldId")],
        }.get(name, [])

    def mend_types(self, root: Tree) -> None:
        for element in all_of(root, "Override"):
            if resolve("", element.get("PartName", "")) in self.dropped:
                remove(element)

    def mend_relations(self, root: Tree, name: str) -> None:
        folder = posixpath.dirname(posixpath.dirname(name))
        for element in all_of(root, "Relationship"):
            is_outside = element.get("TargetMode") == "External"
            if (is_outside and element.get("Type", "").endswith("/attachedTemplate")) or (
                not is_outside and resolve(folder, element.get("Target", "")) in self.dropped
            ):
                remove(element)

    def forget(self, root: Tree, name: str, element: str) -> None:
        """Take out the elements that point to a part that goes; sections list slides by another number."""
        relations = self.package.relations(name)
        gone = {key for key, (_kind, part) in relations.items() if part in self.dropped}
        numbers = set()
        for found in all_of(root, element):
            key = next(
                (value for attr, value in found.attrib.items() if attr.startswith("{") and attr.endswith("}id")), ""
            )
            if key in gone:
                numbers.add(found.get("id"))
                remove(found)
        for found in all_of(root, element):
            if found.get("id") in numbers and numbers != {None}:
                remove(found)

    def blank_unused(self, root: Tree) -> None:
        """Texts that only emptied sheets showed; the others keep their numbers."""
        used = set()
        for name in self.package.names:
            if re.match(r"xl/worksheets/[^/]*\.xml$", name) and name not in self.emptied:
                cells = all_of(parse(self.package.read(name)), "c")
                used |= {v.text for cell in cells if cell.get("t") == "s" for v in all_of(cell, "v")}
        for number, item in enumerate(all_of(root, "si")):
            if str(number) not in used:
                for child in list(item):
                    item.remove(child)


def only_title_and_language(root: Tree) -> None:
    for element in list(root):
        if local(element) not in KEPT_PROPERTIES:
            remove(element)


def without_company(root: Tree) -> None:
    for element in list(root):
        if local(element) in APP_PROPERTIES:
            remove(element)


def without_folder(root: Tree) -> None:
    """Excel notes the folder in which it last saved, wrapped in a choice for programs that know the note."""
    for element in all_of(root, "absPath"):
        wrapper = next((up for up in element.iterancestors() if local(up) == "AlternateContent"), element)
        remove(wrapper)
