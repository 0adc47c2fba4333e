"""A zip written anew, part by part: its pictures cleaned, its times and comments gone."""

import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from lxml import etree

from ..document import Damaged, TooHeavy
from ..package import MAX_PART, Package
from .clean_pictures import cleaned

MAX_TREE = 40 * 1024 * 1024  # bytes of XML held as a tree, which takes many times as much
PICTURES = {".jpg", ".jpeg", ".png", ".webp"}
EPOCH = (1980, 1, 1, 0, 0, 0)

Change = Callable[[str, bytes], bytes | None]
Tree = etree._Element


def clean(path: Path, to: Path, *, drop_hidden: bool) -> None:
    rewrite(Package(path), to, lambda _name, data: data)


def rewrite(package: Package, to: Path, change: Change) -> None:
    """Write every part that `change` gives back; None leaves it out."""
    with zipfile.ZipFile(to, "w") as target:
        for member in package.archive.infolist():
            name = member.filename
            if member.is_dir():
                continue
            data = package.read(name, MAX_PART)
            if PurePosixPath(name).suffix.lower() in PICTURES:
                data = picture(data)
            if (data := change(name, data)) is not None:
                info = zipfile.ZipInfo(name, EPOCH)
                info.compress_type = member.compress_type
                target.writestr(info, data)


def picture(data: bytes) -> bytes:
    """Without its side data where its format is understood."""
    try:
        return cleaned(data)
    except Damaged:
        return data


def parse(data: bytes) -> Tree:
    """The tree of a part; no DOCTYPE, so no entities, and nothing is fetched."""
    if len(data) > MAX_TREE:
        raise TooHeavy("too large a part to rewrite")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Damaged(str(error)) from error
    if root.getroottree().docinfo.doctype:
        raise Damaged("a document type in an office part")
    return root


def serialized(root: Tree) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def local(element: Tree) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def all_of(root: Tree, *names: str) -> list[Tree]:
    """Every element of one of these local names, whatever its namespace."""
    return [element for element in root.iter("{*}*") if local(element) in names]


def remove(element: Tree) -> None:
    """Take it out with all it holds; the text behind it stays."""
    parent, tail = element.getparent(), element.tail
    if parent is None:
        return
    if tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
    parent.remove(element)


def unwrap(element: Tree) -> None:
    """Put what it holds in its place. Only for elements between which no text stands."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    for child in reversed(list(element)):
        parent.insert(at, child)
    parent.remove(element)


def attribute(element: Tree, name: str) -> str | None:
    """The value of the attribute of that local name."""
    return next((value for key, value in element.attrib.items() if etree.QName(key).localname == name), None)
