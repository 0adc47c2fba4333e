"""Reading a document: a child process does it, within limits; whatever happens to it, a Reading comes back."""

import errno
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from resources import scratch

from . import ocr
from .child.answer import DISK_FULL, FILE_NAME, THUMBNAIL_NAME
from .child.document import MAX_PAGE_TEXT, MAX_PAGES, MAX_TEXT
from .child.metadata import Metadata
from .kinds import Kind
from .sandbox import OUT_OF_LIMITS, items, run

__all__ = ["Metadata", "Reading", "State", "read"]

MAX_FIELD = 2_000
MAX_AUTHORS = 50
MAX_LANGUAGES = 10
MAX_PLACES = 20
MAX_TEXTS = 10_000  # characters of an abstract in one language
MAX_THUMBNAIL = 100_000


class State(StrEnum):
    READ = "read"
    NO_TEXT = "no_text"  # opened, but a scan or an image
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TOO_HEAVY = "too_heavy"  # beyond the limits of time, memory or size


@dataclass
class Reading:
    """What was read. `pages` holds what there was before a sudden end, too."""

    state: State
    pages: list[str] = field(default_factory=list)
    page_count: int | None = None
    metadata: Metadata = field(default_factory=Metadata)
    thumbnail: bytes | None = None  # WebP
    confidence: dict[int, float] = field(default_factory=dict)  # of OCR, 0 to 100, by number of the page from 1
    detail: str = ""  # for the log, in the words of the parser


def read(
    path: Path,
    kind: Kind,
    *,
    first_pages: int | None = None,
    thumbnail: bool = True,
    seconds: float = 60,
    ocr_seconds: float = 0,
) -> Reading:
    """Text, metadata and thumbnail of a document. Never raises for a bad one.

    With `ocr_seconds`, pages that are pictures are read by OCR for as long, where an engine is installed; what is still
    unread then has no text. `first_pages` stops after that many pages; NO_TEXT then speaks of those pages alone.
    Raises OSError when this machine cannot do its part: no room for temporary files, no new process.
    """
    with scratch.folder("intake") as folder:
        options = [first_pages or 0, int(thumbnail), *ocr.options(ocr_seconds)]
        code = run("read", path, kind.name, folder, *options, seconds=seconds, waiting=ocr_seconds)
        if code == DISK_FULL:
            raise OSError(errno.ENOSPC, "no room for the text of a document")
        return gather(Path(folder), code)


def gather(folder: Path, code: int | None) -> Reading:
    """The answer so far. It comes from a process that read a stranger's file: nothing in it is taken on trust."""
    reading = Reading(state_after(code), detail=f"exit {code}" if code is not None else "out of time")
    room = MAX_TEXT
    for item in items(folder / FILE_NAME):
        match item:
            case {"page": str(text)} if len(reading.pages) < MAX_PAGES and room > 0:
                reading.pages.append(text[: min(room, MAX_PAGE_TEXT)])
                room -= len(text)
            case {"recognised": int(page), "confidence": int() | float() as sure} if (
                page <= MAX_PAGES and 0 <= sure <= 100
            ):
                reading.confidence[page] = float(sure)
            case {"page_count": int(count)} if 0 <= count < 10_000_000:
                reading.page_count = count
            case {"metadata": dict(values)}:
                reading.metadata = as_metadata(values)
            case {"state": str(state), "detail": str(detail)} if state in set(State):
                reading.state, reading.detail = State(state), detail[:500]
    reading.thumbnail = picture(folder / THUMBNAIL_NAME)
    return reading


def state_after(code: int | None) -> State:
    """The state when the child ended without naming one."""
    return State.TOO_HEAVY if code is None or -code in OUT_OF_LIMITS else State.DAMAGED


def as_metadata(values: dict[str, Any]) -> Metadata:
    """The values that have the type and a sane length; the rest stays empty."""
    metadata = Metadata()
    for name in ("title", "language", "abstract", "doi", "isbn", "publisher", "type"):
        if isinstance(value := values.get(name), str):
            setattr(metadata, name, value[:MAX_FIELD])
    for name, low, high in (("year", 1000, 2100), ("month", 1, 12), ("day", 1, 31)):
        if isinstance(value := values.get(name), int) and low <= value <= high:
            setattr(metadata, name, value)
    for name in ("authors", "bodies", "issns", "countries", "keywords"):
        if isinstance(value := values.get(name), list):
            setattr(metadata, name, [item[:300] for item in value[:MAX_AUTHORS] if isinstance(item, str) and item])
    for name in ("titles", "abstracts"):
        if isinstance(value := values.get(name), dict):
            setattr(metadata, name, by_language(value))
    if isinstance(value := values.get("places"), dict):
        metadata.places = places(value)
    return metadata


def places(values: dict[str, Any]) -> dict[str, int]:
    pairs = list(values.items())[:MAX_PLACES]
    return {name: page for name, page in pairs if isinstance(page, int) and 0 <= page <= MAX_PAGES}


def by_language(values: dict[str, Any]) -> dict[str, str]:
    pairs = [(key, text) for key, text in values.items() if isinstance(text, str) and len(key) == 2 and key.isalpha()]
    return {key: text[:MAX_TEXTS] for key, text in pairs[:MAX_LANGUAGES]}


def picture(path: Path) -> bytes | None:
    """The thumbnail, when it is a small WebP and nothing else."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_THUMBNAIL + 1)
    except FileNotFoundError:
        return None
    is_whole = data[:4] == b"RIFF" and data[8:12] == b"WEBP" and int.from_bytes(data[4:8], "little") + 8 == len(data)
    return data if is_whole and len(data) <= MAX_THUMBNAIL else None
