"""Which kind of document a file is: its name, its first bytes and what its container holds must agree."""

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from . import signatures

MAX_BYTES = 100 * 1024 * 1024
MAX_NAME = 150
MAX_EXTENSION = 10


@dataclass(frozen=True)
class Kind:
    """A kind of document the library takes. `media_type` is what we say it is, whatever the uploader said."""

    name: str
    label: str
    media_type: str
    extensions: tuple[str, ...]
    inline: bool = False  # a browser may show it in its own page: PDF and raster images, nothing else


OOXML = "application/vnd.openxmlformats-officedocument."
KINDS = (
    Kind("pdf", "PDF", "application/pdf", (".pdf",), inline=True),
    Kind("docx", "Word", OOXML + "wordprocessingml.document", (".docx",)),
    Kind("pptx", "PowerPoint", OOXML + "presentationml.presentation", (".pptx",)),
    Kind("xlsx", "Excel", OOXML + "spreadsheetml.sheet", (".xlsx",)),
    Kind("odt", "OpenDocument", "application/vnd.oasis.opendocument.text", (".odt",)),
    Kind("epub", "EPUB", "application/epub+zip", (".epub",)),
    Kind("html", "HTML", "text/html", (".html", ".htm", ".xhtml")),
    Kind("jats", "JATS", "application/xml", (".xml",)),
    Kind("txt", "TXT", "text/plain", (".txt",)),
    Kind("jpeg", "JPEG", "image/jpeg", (".jpg", ".jpeg"), inline=True),
    Kind("png", "PNG", "image/png", (".png",), inline=True),
    Kind("webp", "WebP", "image/webp", (".webp",), inline=True),
    Kind("tiff", "TIFF", "image/tiff", (".tif", ".tiff")),
)
ACCEPT = ",".join(extension for kind in KINDS for extension in kind.extensions)

_BY_NAME = {kind.name: kind for kind in KINDS}
_BY_EXTENSION = {extension: kind for kind in KINDS for extension in kind.extensions}

_MACROS = (".docm", ".xlsm", ".pptm", ".dotm", ".xltm", ".potm", ".ppsm", ".xlsb", ".xlam", ".ppam")
_SAVE_AS = {
    ".doc": ".docx", ".dot": ".docx", ".rtf": ".docx", ".wps": ".docx", ".pages": ".docx",
    ".xls": ".xlsx", ".ods": ".xlsx", ".numbers": ".xlsx",
    ".ppt": ".pptx", ".pps": ".pptx", ".ppsx": ".pptx", ".odp": ".pptx", ".key": ".pptx",
}  # fmt: skip
_FORMER_OFFICE = {"word97": ".docx", "excel97": ".xlsx", "powerpoint97": ".pptx", "ole": ".docx", "rtf": ".docx"}

MESSAGES: dict[str, Promise] = {
    "empty": _("The file is empty: choose the file again, or save the document once more and upload that copy."),
    "too_large": _("The file is larger than 100 MB: upload a smaller copy, for example with compressed images."),
    "not_accepted": _(
        "This type of file is not accepted: upload it as PDF, Word, PowerPoint, Excel, OpenDocument text, EPUB, HTML, "
        "plain text or an image."
    ),
    "macros": _(
        "The file contains macros, which are not accepted: save a copy without macros, or as PDF, and upload that."
    ),
    "old_format": _("This is an older format: open it, save it as {extension} or as PDF, and upload that copy."),
    "password": _("The file is protected with a password: remove the password, save it and upload it again."),
    "mislabelled": _("Its name says {claimed} but it is {actual}: rename it so that it ends in {extension}."),
    "unrecognised": _(
        "Its name says {claimed} but its content is something else or damaged: open it, save it again as {claimed} and "
        "upload that copy."
    ),
    "no_extension": _("Its name has no ending, but it is {actual}: rename it so that it ends in {extension}."),
    "two_in_one": _("The file holds a second, hidden file: open it, save it as a new copy and upload that copy."),
    "unsafe_container": _(
        "The inside of the file is damaged or unsafe: open it, save it as a new copy and upload that copy."
    ),
}


class Refused(Exception):
    """A file we do not take. `message` is one sentence for the uploader, translated when it is shown."""

    def __init__(self, code: str, **words: str) -> None:
        super().__init__(code)
        self.code, self.words = code, words
        self.message = format_lazy(MESSAGES[code], **words)


def by_name(name: str) -> Kind:
    """The kind of that name. Raises KeyError."""
    return _BY_NAME[name]


def identify(file: BinaryIO, name: str) -> Kind:
    """The kind of document this is. Raises Refused, with words for the uploader. Leaves the file at its beginning."""
    try:
        return _identify(file, _extension(name))
    finally:
        file.seek(0)


def _identify(file: BinaryIO, extension: str) -> Kind:
    size = file.seek(0, 2)
    if size == 0:
        raise Refused("empty")
    if size > MAX_BYTES:
        raise Refused("too_large")
    if extension in _MACROS:
        raise Refused("macros")
    found = signatures.find(file)
    claimed = _BY_EXTENSION.get(extension)
    if extension == ".xml" and found != "jats":
        claimed = None  # most XML is no article, and its name does not claim to be one
    _refuse_by_content(found, claimed, extension)
    actual = _actual_kind(found, claimed)
    if actual is None:
        raise Refused("unrecognised", claimed=claimed.label) if claimed else Refused("not_accepted")
    if claimed is None:
        if extension:
            raise Refused("not_accepted")
        raise Refused("no_extension", actual=actual.label, extension=actual.extensions[0])
    if actual != claimed:
        raise Refused("mislabelled", claimed=claimed.label, actual=actual.label, extension=actual.extensions[0])
    if signatures.hides_zip(file, actual.name):
        raise Refused("two_in_one")
    return actual


def _refuse_by_content(found: str, claimed: Kind | None, extension: str) -> None:
    """Raise Refused for what is never taken, whatever its name says."""
    if found in ("macros", "password", "unsafe_container"):
        raise Refused(found)
    if found in _FORMER_OFFICE:
        target = _SAVE_AS.get(extension) or (claimed.extensions[0] if claimed else _FORMER_OFFICE[found])
        raise Refused("old_format", extension=target)
    if claimed is None and extension in _SAVE_AS:
        raise Refused("old_format", extension=_SAVE_AS[extension])


def _actual_kind(found: str, claimed: Kind | None) -> Kind | None:
    """The kind the content shows. Plain text has no signature: only its name can say that it is text."""
    if found == "text":
        return _BY_NAME["txt"] if claimed is None or claimed.name == "txt" else None
    return _BY_NAME.get(found)


def _extension(name: str) -> str:
    return PurePosixPath(clean_name(name)).suffix.lower()


def clean_name(name: str) -> str:
    """The name to show and to give back on download: no folders, controls or bidi marks; at most 150 characters."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(" " if character.isspace() else character for character in name)
    # Category C holds controls, bidi marks, zero widths, lone surrogates, private and unassigned characters.
    name = "".join(character for character in name if not unicodedata.category(character).startswith("C"))
    name = " ".join(name.split()).strip(". ")
    if not name:
        return "document"
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > MAX_EXTENSION:
        return name[:MAX_NAME].strip(". ")
    return stem[: MAX_NAME - len(extension) - 1].rstrip(". ") + "." + extension.strip()
