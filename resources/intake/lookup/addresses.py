"""What lies at an address: a page that describes a work, a file, or a page and the file it names."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_noop as _

from portal.core import outgoing
from portal.core.outgoing import Answer, Limits
from resources.intake import kinds, signatures

from . import webpage
from .answers import NotFound, Said, reasons

LIMITS = Limits(size=kinds.MAX_BYTES, seconds=180, read_seconds=20, retries=2, longest_wait=30)

NO_FILE = _("The address should lead to a file, but a web page came instead.")
MAX_ENDING = 6


@dataclass
class Fetched:
    """`said` is None where a file alone lies there. `file` is open at its beginning; `name` bears the right ending.

    `missing` says why the file that the page names did not come.
    """

    said: Said | None = None
    file: BinaryIO | None = None
    name: str = ""
    missing: NotFound | None = None


@contextmanager
def fetched(url: str, where: str) -> Iterator[Fetched]:
    """What lies at the address, while the block lasts. `where` is its place in the person's list. Raises NotFound."""
    with tempfile.NamedTemporaryFile(prefix="fetched-") as file:
        answer = _download(url, file)
        if not _is_page(answer, file):
            yield Fetched(file=file, name=_name(answer, file))
            return
        page = _page(answer, file, where)
        if not page.is_catalogued and _claims_file(url):
            raise NotFound(NO_FILE)
        found = Fetched(page.said)
        if page.file:
            _fetch_named(page.file, file, found)
        yield found


def _page(answer: Answer, file: BinaryIO, where: str) -> webpage.Page:
    return webpage.read(file.read(webpage.MAX_BYTES), answer.url, charset=answer.charset, where=where)


def _fetch_named(url: str, file: BinaryIO, found: Fetched) -> None:
    """The file that a page names, in the place of the page; a page in its stead is a note to the reader."""
    try:
        answer = _download(url, file)
        if _is_page(answer, file):
            raise NotFound(NO_FILE)
    except NotFound as problem:
        found.missing = problem
    else:
        found.file, found.name = file, _name(answer, file)


def _download(url: str, file: BinaryIO) -> Answer:
    file.seek(0)
    file.truncate()
    with reasons():
        answer = outgoing.download(url, file, limits=LIMITS)
    file.flush()
    file.seek(0)
    return answer


def _is_page(answer: Answer, file: BinaryIO) -> bool:
    """By what came; a page that begins oddly, by what the server calls it."""
    kind = signatures.find(file)
    file.seek(0)
    return kind == "html" or (kind in ("", "text") and answer.media_type in webpage.MEDIA_TYPES)


def _claims_file(url: str) -> bool:
    ending = PurePosixPath(urlsplit(url).path).suffix.lower()
    return any(ending in kind.extensions for kind in kinds.KINDS if kind.name != "html")


def _name(answer: Answer, file: BinaryIO) -> str:
    """As the server or the address names the file, with the ending of what it is: addresses end in anything."""
    path = PurePosixPath(unquote(urlsplit(answer.url).path))
    name = kinds.clean_name(answer.name or path.name or urlsplit(answer.url).hostname or "")
    found = signatures.find(file)
    file.seek(0)
    if found == "text" and answer.media_type == "text/plain":
        found = "txt"
    endings = next((kind.extensions for kind in kinds.KINDS if kind.name == found), ())
    given = PurePosixPath(name)
    if not endings or given.suffix.lower() in endings:
        return name
    has_other = 1 < len(given.suffix) <= MAX_ENDING
    return (given.stem if has_other else name) + endings[0]
