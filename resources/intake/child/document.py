"""What every format offers the program, and what can go wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

    from .metadata import Metadata
    from .ocr import Ocr

MAX_PAGES = 5_000
MAX_PAGE_TEXT = 200_000
MAX_TEXT = 20_000_000


class Encrypted(Exception):
    """The document opens with a password only."""


class Damaged(Exception):
    """The document cannot be opened."""


class TooHeavy(Exception):
    """The document asks for more than an honest one does."""


@dataclass
class Line:
    """One line (or paragraph) of the first pages as the reader sees it."""

    text: str
    size: float
    bold: bool = False
    page: int = 0  # counted from 0
    starts_block: bool = False  # parted from the line above by space, font or style
    role: str = ""  # "title" where the format says so


@dataclass
class Embedded:
    """What the file says about itself: a claim to be weighed, since templates and login names end up here too."""

    title: str = ""
    authors: list[str] = field(default_factory=list)
    created: int | None = None  # the year
    doi: str = ""
    isbn: str = ""
    description: str = ""
    # A publisher filled these in (EPUB, articles), not an office program by itself.
    is_catalogued: bool = False
    year: int | None = None


class Document:
    """An opened document. Pages come one by one, so that what was read survives what comes after."""

    page_count: int | None = None
    ocr: "Ocr | None" = None  # for pages that are pictures
    counts_while_reading = False  # the number of pages is known only when all were read

    def pages(self) -> Iterator[str]:
        """The raw text of each page, slide, sheet or chapter."""
        raise NotImplementedError

    def lines(self) -> list[Line]:
        """The first pages as laid out, for guesses; asked for after the first pages were read."""
        return []

    def embedded(self) -> Embedded:
        return Embedded()

    def metadata(self) -> "Metadata | None":
        """The whole record, where the format holds one that needs no guessing."""
        return None

    def picture(self) -> "Image | None":
        """The first page or cover, if there is a cheap one."""
        return None
