"""OpenDocument text without properties, comments and tracked changes."""

from pathlib import Path

from ..package import Package
from .clean_zipped import Tree, all_of, attribute, local, parse, remove, rewrite, serialized

KEPT_PROPERTIES = {"title", "language"}
TRACES = ("tracked-changes", "change", "change-start", "change-end", "annotation", "annotation-end")
PRINTER = {"PrinterName", "PrinterSetup", "PrintFaxName", "CurrentDatabaseDataSource"}


def clean(path: Path, to: Path, *, drop_hidden: bool) -> None:
    rewrite(Package(path), to, change)


def change(name: str, data: bytes) -> bytes | None:
    if name == "META-INF/documentsignatures.xml":
        return None  # it signed other bytes
    changes = {
        "meta.xml": without_properties,
        "content.xml": accept,
        "styles.xml": accept,
        "settings.xml": without_printer,
    }
    if name not in changes:
        return data
    root = parse(data)
    changes[name](root)
    return serialized(root)


def without_properties(root: Tree) -> None:
    for meta in all_of(root, "meta"):
        for element in list(meta):
            if local(element) not in KEPT_PROPERTIES:
                remove(element)


def accept(root: Tree) -> None:
    """The text already stands as changed; only the record of it goes."""
    for element in all_of(root, *TRACES):
        remove(element)


def without_printer(root: Tree) -> None:
    for element in all_of(root, "config-item"):
        if attribute(element, "name") in PRINTER:
            element.text = ""
