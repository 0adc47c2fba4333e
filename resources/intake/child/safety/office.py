"""What the three kinds of Office files have in common: properties, pictures, embedded files, outside references."""

from pathlib import Path, PurePosixPath

from ..document import Damaged, TooHeavy
from ..package import Attributes, Listener, Package
from . import pictures, properties
from .notes import Notes

MAX_PICTURES = 300
MAX_PICTURE = 30 * 1024 * 1024
PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"}
# What is fetched when the document opens; a hyperlink waits for the reader's click.
FETCHED = {
    "attachedTemplate",
    "image",
    "oleObject",
    "frame",
    "subDocument",
    "externalLinkPath",
    "video",
    "audio",
    "mailMergeSource",
}


def common(path: Path, head: str, notes: Notes) -> Package:
    """Note what any Office file may hold; the opened package, for what is peculiar to one kind."""
    package = Package(path)
    parts = [name for name in package.names if name.startswith("docProps/") and name.endswith(".xml")]
    properties.office(package, sorted(parts), head, notes)
    embedded(package, notes)
    references(package, notes)
    images(package, head, notes)
    return package


def embedded(package: Package, notes: Notes) -> None:
    for name in sorted(package.names):
        if "/embeddings/" in name and not name.endswith("/"):
            notes.add("embedded_file", "part", PurePosixPath(name).name)


def references(package: Package, notes: Notes) -> None:
    """Parts outside the file, from every list of relations."""
    for name in sorted(package.names):
        if not name.endswith(".rels"):
            continue
        for kind, target in package.parse(name, Outside()).targets:
            if match := properties.FOLDER.search(target):
                notes.add("file_path", "reference", excerpt=match[0], cleans=kind == "attachedTemplate")
            elif kind in FETCHED and "://" in target:
                notes.add("external_link", "reference", excerpt=target, cleans=kind == "attachedTemplate")


class Outside(Listener):
    def __init__(self) -> None:
        self.targets: list[tuple[str, str]] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("TargetMode") == "External":
            self.targets.append((attributes.get("Type", "").rpartition("/")[2], attributes.get("Target", "")))


def images(package: Package, head: str, notes: Notes) -> None:
    names = [name for name in sorted(package.names) if PurePosixPath(name).suffix.lower() in PICTURES]
    for name in names[:MAX_PICTURES]:
        try:
            data = package.read(name, MAX_PICTURE)
        except (TooHeavy, Damaged):
            notes.add("unchecked", "picture", PurePosixPath(name).name)
            continue
        pictures.look(data, "picture", PurePosixPath(name).name, head, notes)
