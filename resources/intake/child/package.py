"""Office packages: a zip whose parts are XML, read as a stream of events, so that no part is ever whole in memory."""

import posixpath
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from resources.intake import archive

from .document import Damaged, TooHeavy

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PART = 100 * 1024 * 1024
MAX_PICTURE = 5 * 1024 * 1024

Attributes = dict[str, str]


class Target(Protocol):
    """What hears the events of one part. Names come without their namespace."""

    def start(self, name: str, attributes: Attributes) -> None: ...
    def end(self, name: str) -> None: ...
    def data(self, text: str) -> None: ...


class Listener:
    """A target that hears nothing; subclasses say what they listen to."""

    def start(self, name: str, attributes: Attributes) -> None: ...
    def end(self, name: str) -> None: ...
    def data(self, text: str) -> None: ...


class Locally:
    """Takes the namespaces off: the transitional and the strict form of Office files differ in nothing else here."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.data = target.data

    def start(self, tag: str, attributes: Attributes) -> None:
        self.target.start(local(tag), {local(name): value for name, value in attributes.items()})

    def end(self, tag: str) -> None:
        self.target.end(local(tag))

    def close(self) -> None: ...


def local(name: str) -> str:
    return name.rpartition("}")[2]


class Package:
    """The parts of an office file. Raises Damaged for a broken one, TooHeavy for one that inflates too far."""

    def __init__(self, path: Path) -> None:
        try:
            self.archive = archive.open_safely(path.open("rb"))
        except archive.TooMuch as error:
            raise TooHeavy(str(error)) from error
        except archive.Unsafe as error:
            raise Damaged(str(error)) from error
        self.names = set(self.archive.namelist())

    def read(self, name: str, limit: int = MAX_PART) -> bytes:
        return b"".join(self.chunks(name, limit))

    def chunks(self, name: str, limit: int = MAX_PART) -> Iterator[bytes]:
        try:
            yield from archive.chunks(self.archive, name, limit)
        except archive.TooMuch as error:
            raise TooHeavy(str(error)) from error
        except archive.Unsafe as error:
            raise Damaged(str(error)) from error

    def events(self, name: str, target: Target) -> Iterator[None]:
        """Send the part to the target, piece by piece; a pause after each piece. No DOCTYPE, so no entities."""
        parser = DefusedXMLParser(target=Locally(target), forbid_dtd=True)
        try:
            for chunk in self.chunks(name):
                parser.feed(chunk)
                yield
            parser.close()
        except (ParseError, DefusedXmlException) as error:
            raise Damaged(f"{name}: {error!r}") from error

    def parse[T: Target](self, name: str, target: T) -> T:
        """Send the part to the target whole. A part that is not there is an empty one."""
        if name in self.names:
            for _pause in self.events(name, target):
                pass
        return target

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """What the part refers to inside the package: id -> (last word of the type, name of the part)."""
        folder, file = posixpath.split(name)
        found = self.parse(posixpath.join(folder, "_rels", file + ".rels"), Relations())
        return {key: (kind, resolve(folder, target)) for key, (kind, target) in found.items.items()}

    def picture(self, *names: str) -> "Image | None":
        """The first of these parts that is a small picture."""
        from .image import open_picture

        for name in names:
            if name in self.names and self.archive.getinfo(name).file_size <= MAX_PICTURE:
                image = open_picture(BytesIO(self.read(name, MAX_PICTURE)))
                is_blank = all(low == high for low, high in image.getextrema())  # left there by a template
                return None if is_blank else image
        return None


def resolve(folder: str, target: str) -> str:
    """The name of a part from a reference relative to a folder."""
    return posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")


class Relations(Listener):
    def __init__(self) -> None:
        self.items: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.items[attributes.get("Id", "")] = kind, attributes.get("Target", "")
