"""Open one document and answer. Reading gives pages first, then what is known about it, then its picture."""

import errno
import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from .answer import DISK_FULL, Answer
from .document import MAX_PAGE_TEXT, MAX_PAGES, MAX_TEXT, Document, Encrypted, TooHeavy
from .guess import describe as describe_document
from .ocr import Ocr
from .text import clean

FORMATS = {
    "pdf": "pdf", "docx": "docx", "pptx": "pptx", "xlsx": "xlsx", "odt": "odt", "epub": "epub",
    "html": "webpage", "jats": "jats",
    "txt": "plain", "jpeg": "image", "png": "image", "webp": "image", "tiff": "image",
}  # fmt: skip
HEAD_PAGES = 8  # what the guesses look at


class Job(NamedTuple):
    path: Path
    kind: str
    folder: Path  # for the answer
    options: list[str]


def main(arguments: list[str]) -> None:
    """Arguments: task, seconds (see `__main__`), path, kind, folder, and what the task asks for besides."""
    task, _seconds, path, kind, folder, *options = arguments
    job = Job(Path(path), kind, Path(folder), options)
    answer = Answer(job.folder)
    try:
        TASKS[task](job, answer)
    except Encrypted as error:
        answer.state("encrypted", str(error))
    except (TooHeavy, MemoryError, RecursionError) as error:
        answer.state("too_heavy", repr(error))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            os._exit(DISK_FULL)
        answer.state("too_heavy" if error.errno == errno.EFBIG else "damaged", repr(error))
    except Exception as error:  # parsers raise anything at a broken file
        answer.state("damaged", repr(error))


def opened(job: Job) -> Document:
    """Each format brings its own libraries: only those of this one are loaded."""
    return import_module(f".{FORMATS[job.kind]}", __package__).open_document(job.path)


class Pages:
    """The cleaned pages of a document within the limits; afterwards, `left_out` says what they do not hold."""

    def __init__(self, document: Document, wanted: int | None) -> None:
        self.document = document
        self.wanted = wanted
        self.left_out = ""
        self.is_cut = False

    def __iter__(self) -> Iterator[str]:
        room = MAX_TEXT
        for number, raw in enumerate(self.raw_pages()):
            if self.wanted is not None and number >= self.wanted:
                if not self.document.counts_while_reading:
                    return
                continue
            if number >= MAX_PAGES or room <= 0:
                self.is_cut, self.left_out = True, "more text or pages than the limit"
                return
            text = clean(raw)[:room]
            room -= len(text)
            yield text

    def raw_pages(self) -> Iterator[str]:
        """A text without pages of its own is divided where it gets too long; a page or sheet is cut."""
        for raw in self.document.pages():
            if len(raw) <= MAX_PAGE_TEXT:
                yield raw
            elif self.document.page_count is None:
                yield from (raw[start : start + MAX_PAGE_TEXT] for start in range(0, len(raw), MAX_PAGE_TEXT))
            else:
                self.left_out = "the end of very long pages"
                yield raw[:MAX_PAGE_TEXT]


def recogniser(job: Job, seconds: str, program: str, languages: str) -> Ocr | None:
    return Ocr(program, languages, float(seconds), job.folder) if program else None


def read(job: Job, answer: Answer) -> None:
    """Options: number of pages (0 for all), thumbnail (0 or 1), seconds for OCR, its program and languages."""
    first_pages, thumbnail, *ocr = job.options
    document = opened(job)
    document.ocr = recogniser(job, *ocr)
    answer.page_count(document.page_count)
    pages, head, has_text = Pages(document, int(first_pages) or None), [], False
    for number, text in enumerate(pages):
        answer.page(text)
        if document.ocr and number in document.ocr.confidence:
            answer.write(recognised=number + 1, confidence=document.ocr.confidence[number])
        has_text = has_text or any(character.isalnum() for character in text)
        if len(head) < HEAD_PAGES:
            head.append(text)
            if len(head) == HEAD_PAGES:
                describe(document, head, job.kind, answer)
    if len(head) < HEAD_PAGES:
        describe(document, head, job.kind, answer)
    answer.page_count(document.page_count)
    state = "too_heavy" if pages.is_cut else "read" if has_text else "no_text"
    answer.state(state, pages.left_out)
    if thumbnail == "1":
        draw(document, answer)


def describe(document: Document, head: list[str], kind: str, answer: Answer) -> None:
    """Metadata are a help: whatever goes wrong here costs them alone."""
    try:
        answer.metadata(describe_document(document, head, kind))
    except Exception as error:
        answer.write(note=repr(error)[:500])


def draw(document: Document, answer: Answer) -> None:
    """So is the picture; only images too large to open say so as a state."""
    try:
        if picture := document.picture():
            answer.thumbnail(picture)
    except Exception as error:
        answer.write(note=repr(error)[:500])


def look_through(job: Job, answer: Answer) -> None:
    """Whatever should not become public with the document, one note after the other. Options: as for OCR above."""
    from . import safety

    document = opened(job)
    document.ocr = recogniser(job, *job.options)
    safety.check(job.path, job.kind, Pages(document, None), answer)


def make_copy(job: Job, answer: Answer) -> None:
    """Options: where the cleaned copy goes, what is hidden goes too (0 or 1)."""
    from . import safety

    copy, drop_hidden = Path(job.options[0]), job.options[1] == "1"
    before = words(opened(job))
    safety.clean(job.path, job.kind, copy, drop_hidden=drop_hidden)
    after = words(opened(job._replace(path=copy)))
    is_same = after == before or drop_hidden
    answer.state("read" if is_same else "damaged", "" if is_same else "the text would not be the same")


def words(document: Document) -> list[str]:
    return [word for text in Pages(document, None) for word in text.split()]


TASKS = {"read": read, "check": look_through, "clean": make_copy}
