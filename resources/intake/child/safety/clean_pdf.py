"""PDF written anew from what its last saving shows: former savings, properties, comments and scripts stay behind."""

from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from .pdf import ACTIONS, COMMENTS, MAX_ANNOTATIONS, array, dictionary, value, written

# Marks that stand beside the page, as against drawn on it.
BESIDE = {"/Text", "/Popup", "/Caret", "/FileAttachment"}
TOLD = ("/T", "/Contents", "/RC", "/Subj", "/Popup", "/CreationDate", "/M", "/NM", "/IRT")
PRIVATE = ("/Metadata", "/PieceInfo", "/LastModified")


def clean(path: Path, to: Path, *, drop_hidden: bool) -> None:
    """Objects are changed before they are copied: what nothing refers to any more is not copied."""
    reader = PdfReader(path, strict=False)
    if reader.is_encrypted:
        reader.decrypt("")
    root = value(reader.trailer["/Root"])
    title = written(dictionary(reader.trailer.get("/Info")).get("/Title"))
    forget(root, *PRIVATE)
    without_actions(root, "/OpenAction", "/AA")
    names = dictionary(root.get("/Names"))
    forget(names, "/JavaScript")
    if drop_hidden:
        forget(names, "/EmbeddedFiles")
        forget(root, "/AF")
    for page in reader.pages:
        # What `pages` gives is a copy of the object that will be written.
        clean_page(dictionary(page.indirect_reference), drop_hidden=drop_hidden)
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    writer.add_metadata({"/Title": title} if title else {})
    with to.open("wb") as file:
        writer.write(file)


def forget(found: DictionaryObject, *keys: str) -> None:
    for key in keys:
        found.pop(NameObject(key), None)


def clean_page(page: DictionaryObject, *, drop_hidden: bool) -> None:
    forget(page, *PRIVATE)
    without_actions(page, "/AA")
    for picture in dictionary(dictionary(page.get("/Resources")).get("/XObject")).values():
        forget(dictionary(picture), *PRIVATE)
    if "/Annots" not in page:
        return
    kept = ArrayObject()
    for item in array(page["/Annots"])[:MAX_ANNOTATIONS]:
        annotation = dictionary(item)
        kind = str(annotation.get("/Subtype", ""))
        is_file = kind == "/FileAttachment"
        if kind in BESIDE and (not is_file or drop_hidden):
            continue
        without_actions(annotation, "/A", "/AA")
        if kind in COMMENTS:
            mute(annotation, kind)
        kept.append(item)
    page[NameObject("/Annots")] = kept


def mute(annotation: DictionaryObject, kind: str) -> None:
    """A mark on the page stays as drawn; who made it, when and with what remark does not."""
    words = written(annotation.get("/Contents"))
    forget(annotation, *TOLD)
    if kind == "/FreeText" and words:
        annotation[NameObject("/Contents")] = TextStringObject(words)


def without_actions(holder: DictionaryObject, *keys: str) -> None:
    """Take out what would run a program; where a link leads stays."""
    for key in keys:
        found = holder.get(key)
        actions = dictionary(found).values() if key == "/AA" else [found]
        if key == "/AA" or any(str(dictionary(action).get("/S", "")) in ACTIONS for action in actions):
            forget(holder, key)
