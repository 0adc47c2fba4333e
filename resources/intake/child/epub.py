"""EPUB: a chapter of the spine is a page. Its catalogue record is made by hand, so it is believed."""

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from . import webpage
from .document import Damaged, Document, Embedded, Encrypted, Line
from .package import Attributes, Package, resolve
from .properties import Properties

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_CHAPTER = 20 * 1024 * 1024
CHAPTERS = ("application/xhtml+xml", "text/html", "text/x-oeb1-document")
IDENTIFIER_ISBN = re.compile(r"(?:97[89][\s-]?)?\d[\d\s-]{7,14}[\dXx]")


def open_document(path: Path) -> Document:
    return Epub(Package(path))


class Epub(Document):
    def __init__(self, package: Package) -> None:
        self.package = package
        root = package.parse("META-INF/container.xml", Root())
        if root.path not in package.names:
            raise Damaged("no package document")
        self.opf = package.parse(root.path, Opf(posixpath.dirname(root.path)))
        chapters = [self.opf.items[key] for key in self.opf.spine if key in self.opf.items]
        self.chapters = [name for name, kind in chapters if kind in CHAPTERS and name in package.names]
        if self.is_locked():
            raise Encrypted
        self.first: list[Line] = []

    def is_locked(self) -> bool:
        """Fonts may be scrambled in a free book; chapters are only in a locked one."""
        locked = self.package.parse("META-INF/encryption.xml", Locked()).names
        return bool(locked & set(self.chapters))

    def pages(self) -> Iterator[str]:
        for number, name in enumerate(self.chapters):
            page = webpage.parse(self.package.read(name, MAX_CHAPTER))
            if number < 2:
                self.first += page.lines
            yield "".join(page.text)

    def lines(self) -> list[Line]:
        return self.first

    def embedded(self) -> Embedded:
        opf = self.opf
        identifiers = opf.values.get("identifier", [])
        isbn = next((value for value in identifiers if IDENTIFIER_ISBN.fullmatch(bare(value))), "")
        year = re.match(r"(?:19|20)\d\d", opf.first("date"))
        description = webpage.parse(opf.first("description").encode())
        return Embedded(
            title=opf.first("title"),
            authors=[name.strip() for name in opf.values.get("creator", []) if name.strip()],
            year=int(year[0]) if year else None,
            doi=next((value for value in identifiers if "10." in value), ""),
            isbn=bare(isbn),
            description=" ".join("".join(description.text).split()),
            is_catalogued=bool(opf.first("title")),
        )

    def picture(self) -> "Image | None":
        cover = next((name for key, (name, _kind) in self.opf.items.items() if key in self.opf.covers), "")
        return self.package.picture(cover)


def bare(identifier: str) -> str:
    return re.sub(r"^(?:urn:)?isbn:?\s*", "", identifier.strip(), flags=re.IGNORECASE)


class Root(Properties):
    path = ""

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "rootfile" and not self.path:
            self.path = attributes.get("full-path", "")


class Locked(Properties):
    """The parts that are encrypted."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "CipherReference":
            self.names.add(resolve("", attributes.get("URI", "")))


class Opf(Properties):
    """Manifest, spine and Dublin Core record of a book."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder
        self.items: dict[str, tuple[str, str]] = {}
        self.spine: list[str] = []
        self.covers: set[str] = set()

    def start(self, name: str, attributes: Attributes) -> None:
        super().start(name, attributes)
        if name == "item":
            key = attributes.get("id", "")
            self.items[key] = resolve(self.folder, attributes.get("href", "")), attributes.get("media-type", "")
            if "cover-image" in attributes.get("properties", ""):
                self.covers.add(key)
        elif name == "itemref":
            self.spine.append(attributes.get("idref", ""))
        elif name == "meta" and attributes.get("name") == "cover":
            self.covers.add(attributes.get("content", ""))
