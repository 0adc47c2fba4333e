"""PDF: text, layout and first page by PDFium, embedded metadata by PDFium and, for XMP, pypdf."""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium

from . import ocr, pdf_lines, xmp
from .document import MAX_PAGE_TEXT, Damaged, Document, Embedded, Encrypted, Line

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH = 480
MAX_HEIGHT = 960
LAYOUT_PAGES = 3
MAX_OBJECTS = 200  # looked at for a picture on a page without text
MIN_LETTERS = 10
PASSWORD_ERRORS = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)


def open_document(path: Path) -> Document:
    """Raises Encrypted or Damaged."""
    try:
        return Pdf(path, pypdfium2.PdfDocument(path))
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in PASSWORD_ERRORS:
            raise Encrypted from error
        raise Damaged(str(error)) from error


class Pdf(Document):
    def __init__(self, path: Path, opened: pypdfium2.PdfDocument) -> None:
        self.path = path
        self.opened = opened
        self.page_count = len(opened)
        if not self.page_count:
            raise Damaged("no pages")

    def pages(self) -> Iterator[str]:
        """A page that cannot be loaded counts as one without text; none at all means a damaged file."""
        failed = 0
        for number in range(len(self.opened)):
            try:
                text = self.text(number)
                yield text if self.ocr is None or has_letters(text) else self.recognised(number, text)
            except pypdfium2.PdfiumError:
                failed += 1
                yield ""
        if failed == self.page_count:
            raise Damaged("no page can be loaded")

    def text(self, number: int) -> str:
        page = self.opened[number]
        try:
            textpage = page.get_textpage()
            length = min(textpage.count_chars(), MAX_PAGE_TEXT + 1)
            return textpage.get_text_range(0, length, errors="replace") if length > 0 else ""
        finally:
            page.close()

    def recognised(self, number: int, text: str) -> str:
        """The text of a page that is a picture; `text` stays where there is no picture or nothing to read in it."""
        page = self.opened[number]
        try:
            kinds = islice((found.type for found in page.get_objects(max_depth=2)), MAX_OBJECTS)
            if pdfium.FPDF_PAGEOBJ_IMAGE not in kinds:
                return text
            scale = ocr.scale_for(*page.get_size())
            image = page.render(scale=scale, grayscale=True).to_pil()
        finally:
            page.close()
        return self.ocr.read(image, number, dpi=72 * scale) or text

    def lines(self) -> list[Line]:
        if self.ocr and self.ocr.lines:
            return self.ocr.lines
        return [
            line
            for number in range(min(LAYOUT_PAGES, len(self.opened)))
            for line in pdf_lines.lines(self.opened[number], number)
        ]

    def embedded(self) -> Embedded:
        info = self.opened.get_metadata_dict(skip_empty=True)
        year = re.search(r"(?:19|20)\d\d", info.get("CreationDate", "")[:8])
        author = info.get("Author", "")
        return Embedded(
            title=info.get("Title", ""),
            authors=[author] if author else [],
            created=int(year[0]) if year else None,
            doi=xmp.doi(self.path),
        )

    def picture(self) -> "Image":
        page = self.opened[0]
        width, height = page.get_size()
        scale = min(WIDTH / max(width, 1), MAX_HEIGHT / max(height, 1))
        return page.render(scale=scale).to_pil().convert("RGB")


def has_letters(text: str) -> bool:
    """Whether a page has text; a stamp or a page number over a scan is none."""
    return sum(character.isalnum() for character in text[:1_000]) >= MIN_LETTERS
