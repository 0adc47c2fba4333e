"""What the bytes of a file say it is: first bytes for most, the parts inside for containers."""

import re
from typing import BinaryIO
from zipfile import ZipFile

from . import archive

HEAD = 4096
PDF_WITHIN = 1024  # readers accept the header anywhere in the first 1,024 bytes (ISO 32000-1, annex H)
PART_LIMIT = 2 * 1024 * 1024

IMAGES = ((b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"II*\0", "tiff"), (b"MM\0*", "tiff"))
# What a PDF further down may not hide behind, and what is no plain text though it is made of letters.
FOREIGN = (
    b"MZ", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"BM",
    b"PK\x05\x06", b"PK\x07\x08", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"SQLite format 3",
)  # fmt: skip
PROGRAMS = (b"#!", b"%!", b"GIF8", b"\xc5\xd0\xd3\xc6")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UTF_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

OOXML_MAIN = {
    b"wordprocessingml.document.main+xml": "docx",
    b"presentationml.presentation.main+xml": "pptx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
}
MIMETYPES = {b"application/vnd.oasis.opendocument.text": "odt", b"application/epub+zip": "epub"}
# The names of streams in an OLE directory are UTF-16.
OLE_STREAMS = (
    ("EncryptedPackage", "password"),
    ("WordDocument", "word97"),
    ("PowerPoint Document", "powerpoint97"),
    ("Workbook", "excel97"),
)
MARKUP = re.compile(rb"<(html|!doctype\s+html|head|body|title|meta|p|div|h1|table)[\s>/]", re.IGNORECASE)
ARTICLE = re.compile(r"(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!doctype article\b[^>\[]{0,500}>\s*)?<article[\s>]")
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def find(file: BinaryIO) -> str:
    """The name of a kind, "text" for plain text, a reason to refuse ("macros", "password", "unsafe_container",
    "word97" and the like, "rtf"), or "" for anything else."""
    file.seek(0)
    head = file.read(HEAD)
    if head.startswith(b"PK\x03\x04"):
        return _container(file)
    if head.startswith(OLE):
        return _ole(file)
    for signature, name in IMAGES:
        if head.startswith(signature):
            return name
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith(PROGRAMS):
        return ""
    if b"%PDF-" in head[: PDF_WITHIN + 5]:
        return "" if head.startswith(FOREIGN) or MARKUP.search(head.split(b"%PDF-")[0]) else "pdf"
    return _text(file, head)


def _text(file: BinaryIO, head: bytes) -> str:
    """ "html", "jats", "text" or ""; other XML and SVG are neither."""
    encoding = next((name for bom, name in UTF_BOMS if head.startswith(bom)), "")
    if encoding == "utf-16":
        head = head.decode("utf-16", "replace").encode()
    elif CONTROLS.search(head) or not _is_without_nul(file):
        return ""
    start = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n").lower()
    start = re.sub(r"\A(<!--.{0,2000}?-->\s*)+", "", start, flags=re.DOTALL)
    is_markup = MARKUP.search(head) is not None
    if is_article(start):
        return "jats"
    if start.startswith("<?xml"):
        return "html" if "<html" in start and "<svg" not in start.split("<html")[0] else ""
    if start.startswith("<svg") or (start.startswith("<!doctype") and "html" not in start[:40]):
        return ""
    if start.startswith("<") and is_markup:
        return "html"
    return "" if re.match(r"<[a-z!?]", start) else "text"


def is_article(start: str) -> bool:
    """Whether a text in small letters begins as a journal article in JATS; HTML has an element of the same name."""
    root = ARTICLE.match(start)
    return root is not None and any(sign in start for sign in ("jats", "//nlm//dtd", "article-type=", "dtd-version="))


def _is_without_nul(file: BinaryIO) -> bool:
    file.seek(0)
    return not any(b"\0" in block for block in iter(lambda: file.read(1024 * 1024), b""))


def _ole(file: BinaryIO) -> str:
    """Which old Office program wrote this, or "password" for a new document inside an encrypted shell."""
    file.seek(0)
    blocks = iter(lambda: file.read(1024 * 1024), b"")
    seen, before = set(), b""
    for block in blocks:
        window = before + block
        seen.update(found for stream, found in OLE_STREAMS if stream.encode("utf-16-le") in window)
        before = block[-64:]
    return next((found for _stream, found in OLE_STREAMS if found in seen), "ole")


def _container(file: BinaryIO) -> str:
    """The kind of a zip by the parts inside, once the zip itself is found harmless."""
    try:
        with archive.open_safely(file) as opened:
            if any(member.flag_bits & 1 for member in opened.infolist()):
                return "password"
            return _office(opened) or _by_mimetype(opened)
    except archive.Unsafe:
        return "unsafe_container"


def _office(opened: ZipFile) -> str:
    if "[Content_Types].xml" not in opened.namelist():
        return ""
    types = archive.read(opened, "[Content_Types].xml", PART_LIMIT)
    names = [name.casefold() for name in opened.namelist()]
    if b"macroenabled" in types.lower() or any(name.rsplit("/", 1)[-1].startswith("vbaproject") for name in names):
        return "macros"
    found = {kind for marker, kind in OOXML_MAIN.items() if marker in types}
    return found.pop() if len(found) == 1 else ""


def _by_mimetype(opened: ZipFile) -> str:
    """OpenDocument and EPUB name themselves in a part called mimetype."""
    if "mimetype" not in opened.namelist():
        return ""
    kind = MIMETYPES.get(archive.read(opened, "mimetype", 200).strip(), "")
    if kind == "odt":
        if any(name.startswith(("Basic/", "Scripts/")) for name in opened.namelist()):
            return "macros"
        if b"encryption-data" in archive.read(opened, "META-INF/manifest.xml", PART_LIMIT):
            return "password"
    return kind


def hides_zip(file: BinaryIO, kind: str) -> bool:
    """Whether a document that is no zip ends as one: a second file behind the first."""
    return kind in ("pdf", "jpeg", "png", "webp", "tiff", "html", "txt") and archive.end_record(file) is not None
