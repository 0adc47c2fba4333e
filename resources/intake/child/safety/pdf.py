"""PDF: properties, comments, attached files, actions, and what earlier savings of the file still hold."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
from defusedxml.ElementTree import fromstring
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from . import pictures, properties
from .notes import Notes

MAX_FILE = 100 * 1024 * 1024
MAX_PAGES = 5_000
MAX_ANNOTATIONS = 2_000  # per page
MAX_XMP = 1024 * 1024
MAX_REVISIONS = 8
COMPARED_PAGES = 100
COMMENTS = {"/Text", "/FreeText", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Caret", "/Stamp", "/Ink"}
ACTIONS = {"/JavaScript": "script", "/Launch": "launch", "/ImportData": "launch"}
INFO = {"/Author": "creator", "/Company": "Company", "/Manager": "Manager"}
LINEARIZED = re.compile(rb"/Linearized\b[^>]{0,200}?/L\s+(\d{1,12})")


def inspect(path: Path, head: str, notes: Notes) -> None:
    reader = PdfReader(path, strict=False)
    if reader.is_encrypted:
        reader.decrypt("")
    root = value(reader.trailer["/Root"])
    for part in (
        lambda: info(reader, head, notes),
        lambda: xmp(root, head, notes),
        lambda: attachments(root, notes),
        lambda: document_actions(root, notes),
        lambda: annotations(reader, notes),
        lambda: revisions(path, notes),
    ):
        try:
            part()
        except (MemoryError, RecursionError, OSError):
            raise
        except Exception:  # one broken corner of the file hides nothing in the others
            notes.add("unchecked", "file")


def value(found: Any) -> Any:
    """The object behind a reference, or the thing itself."""
    return found.get_object() if isinstance(found, IndirectObject) else found


def dictionary(found: Any) -> DictionaryObject:
    found = value(found)
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def array(found: Any) -> ArrayObject:
    found = value(found)
    return found if isinstance(found, ArrayObject) else ArrayObject()


def written(found: Any) -> str:
    found = value(found)
    return str(found)[:2_000] if isinstance(found, str) else ""


def info(reader: PdfReader, head: str, notes: Notes) -> None:
    for key, item in dictionary(reader.trailer.get("/Info")).items():
        properties.look(INFO.get(key, key), written(item), head, notes)


def xmp(root: DictionaryObject, head: str, notes: Notes) -> None:
    if "/Metadata" not in root:
        return
    data = value(root["/Metadata"]).get_data()[:MAX_XMP]
    try:
        tree = fromstring(data, forbid_dtd=True)
    except Exception:  # a packet no program can read tells nobody anything, except for paths in plain sight
        if match := properties.FOLDER.search(data.decode("utf-8", "replace")):
            notes.add("file_path", "properties", excerpt=match[0], cleans=True)
        return
    for key, item in pictures.named_values(tree):
        properties.look(key, item, head, notes)


def attachments(root: DictionaryObject, notes: Notes) -> None:
    names = dictionary(dictionary(root.get("/Names")).get("/EmbeddedFiles"))
    for name in leaves(names):
        notes.add("embedded_file", "part", name, cleans=True)


def leaves(node: DictionaryObject, depth: int = 0) -> Iterator[str]:
    """The names in a name tree (ISO 32000-1, 7.9.6)."""
    entries = array(node.get("/Names"))
    for key, spec in zip(entries[:1000:2], entries[1:1000:2], strict=False):
        spec = dictionary(spec)
        yield written(spec.get("/UF")) or written(spec.get("/F")) or written(key)
    if depth < 10:
        for kid in array(node.get("/Kids"))[:1000]:
            yield from leaves(dictionary(kid), depth + 1)


def document_actions(root: DictionaryObject, notes: Notes) -> None:
    for action in [root.get("/OpenAction"), *dictionary(root.get("/AA")).values()]:
        act(action, "file", "", notes)
    for name in leaves(dictionary(dictionary(root.get("/Names")).get("/JavaScript"))):
        notes.add("script", "file", excerpt=name, cleans=True)


def act(action: Any, place: str, name: object, notes: Notes) -> None:
    action = dictionary(action)
    if what := ACTIONS.get(str(action.get("/S", ""))):
        excerpt = (
            written(action.get("/JS")) or written(dictionary(action.get("/F")).get("/F")) or written(action.get("/F"))
        )
        notes.add(what, place, name, excerpt=excerpt, cleans=True)


def annotations(reader: PdfReader, notes: Notes) -> None:
    for number, page in enumerate(reader.pages, 1):
        if number > MAX_PAGES:
            notes.add("unchecked", "file")
            return
        for action in dictionary(page.get("/AA")).values():
            act(action, "page", number, notes)
        for item in array(page.get("/Annots"))[:MAX_ANNOTATIONS]:
            annotation(dictionary(item), number, notes)


def annotation(item: DictionaryObject, number: int, notes: Notes) -> None:
    kind = str(item.get("/Subtype", ""))
    contents = written(item.get("/Contents")).strip()
    if kind in COMMENTS and contents:
        # Typed onto the page, a free text is part of what the reader sees: it stays.
        is_typed = kind == "/FreeText"
        notes.add("typed_text" if is_typed else "comment", "page", number, excerpt=contents, cleans=not is_typed)
    elif kind == "/FileAttachment":
        spec = dictionary(item.get("/FS"))
        notes.add(
            "embedded_file", "page", number, excerpt=written(spec.get("/UF")) or written(spec.get("/F")), cleans=True
        )
    for action in (item.get("/A"), *dictionary(item.get("/AA")).values()):
        act(action, "page", number, notes)
        target = written(dictionary(action).get("/URI")) or written(dictionary(action).get("/F"))
        if match := properties.FOLDER.match(target):
            notes.add("file_path", "page", number, excerpt=match[0])


def revisions(path: Path, notes: Notes) -> None:
    """Each saving that was added behind the last leaves the former pages in the file: tell it where they differ."""
    data = path.read_bytes()[:MAX_FILE]
    ends = former_ends(data)
    if not ends:
        return
    last = page_texts(data)
    for end in ends[-MAX_REVISIONS:]:
        before = page_texts(data[:end])
        for number, text in enumerate(before, 1):
            now = last[number - 1] if number <= len(last) else ""
            if words(text) != words(now):
                notes.add("old_revision", "page", number, excerpt=difference(text, now), cleans=True)
                break


def former_ends(data: bytes) -> list[int]:
    """Where an earlier saving ended; the first of the two end marks of a linearized file is none."""
    ends = [match.end() for match in re.finditer(rb"%%EOF", data)]
    if match := LINEARIZED.search(data[:1024]):
        ends = [end for end in ends if end >= int(match[1]) - 8]
    return [end for end in ends[:-1] if len(data) - end > 32]


def page_texts(data: bytes) -> list[str]:
    """The text of the first pages; [] when these bytes are no document."""
    try:
        opened = pypdfium2.PdfDocument(data)
        return [" ".join(page_text(opened, number).split()) for number in range(min(len(opened), COMPARED_PAGES))]
    except pypdfium2.PdfiumError:
        return []


def page_text(opened: pypdfium2.PdfDocument, number: int) -> str:
    page = opened[number]
    try:
        return page.get_textpage().get_text_bounded(errors="replace")
    finally:
        page.close()


def words(text: str) -> list[str]:
    """Without points and blanks, which a program that saves anew sets otherwise."""
    return re.findall(r"\w+", text)


def difference(before: str, now: str) -> str:
    """The first words of the former text that the page no longer holds."""
    known = set(words(now))
    gone = [word for word in words(before) if word not in known]
    return " ".join(gone[:20]) or before
