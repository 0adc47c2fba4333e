"""One answer of a source, read as XML that may be damaged or hostile."""

import io
import re
import sys
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

OAI = "{http://www.openarchives.org/OAI/2.0/}"
MAX_TAGS = 500_000  # honest answers hold some thousands; each costs memory many times its bytes
SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


class NotOai(Exception):
    """The answer is no answer of the protocol: a web page, another kind of XML, or nothing."""


class TooMuch(Exception):
    """The answer would cost far more memory than it has bytes."""


@dataclass(frozen=True)
class Page:
    """The items of one answer and where the next lies. `damaged` are places in `items` whose XML is broken.

    `is_whole` is false where the answer breaks off, so that nobody knows what would have followed.
    """

    items: list[etree._Element]
    damaged: frozenset[int] = frozenset()
    token: str = ""
    size: int | None = None
    is_whole: bool = True


def expect_oai(content: bytes) -> None:
    """Raise NotOai unless these bytes look like an answer of the protocol, TooMuch for one of endless tags.

    A document type is refused: no answer needs one, and entities are declared there. So is an error whose code is no
    word: the library looks codes up among its own names, and "__delattr__" is one of them.
    """
    if content.count(b"<") > MAX_TAGS:
        raise TooMuch
    try:
        begun = etree.iterparse(io.BytesIO(content), events=("start",), recover=True, **SAFE)
        _event, root = next(begun)
    except (StopIteration, etree.XMLSyntaxError):
        raise NotOai from None
    if root.tag != f"{OAI}OAI-PMH" or root.getroottree().docinfo.internalDTD is not None:
        raise NotOai
    whole = etree.fromstring(content, etree.XMLParser(recover=True, **SAFE))
    if not all(re.fullmatch(r"[A-Za-z]*", error.get("code", "")) for error in whole.iterfind(f"{OAI}error")):
        raise NotOai


def read(content: bytes, item: str) -> Page:
    """The items (`record`, `set`, `metadataFormat`, `Identify`) of an answer that passed `expect_oai`."""
    tag = OAI + item
    try:
        root = etree.fromstring(content, etree.XMLParser(remove_comments=True, remove_pis=True, **SAFE))
        damaged, is_whole = frozenset[int](), True
        items = root.findall(f"*/{tag}") if item != "Identify" else root.findall(tag)
    except etree.XMLSyntaxError:
        # One bad letter must not cost the whole page: read what can be read, and say which items are hurt.
        parser = etree.XMLParser(recover=True, remove_comments=True, remove_pis=True, **SAFE)
        lines = content.replace(b"<record>", b"\n<record>").replace(b"</ListRecords>", b"\n</ListRecords>")
        root = etree.fromstring(lines, parser)
        items = list(root.iter(tag))
        before, closing, _rest = lines.rpartition(b"</ListRecords>")
        end = before.count(b"\n") + 1 if closing else sys.maxsize
        damaged = frozenset(_hurt(items, end, [entry.line for entry in parser.error_log]))
        # Damage may have swallowed the rest of the list: its end has to be seen to be believed.
        is_whole = bool(items) and content.rstrip().endswith(b"OAI-PMH>")
    token = next(root.iter(f"{OAI}resumptionToken"), None)
    if token is None:
        is_lost = re.search(rb"[<:]resumptionToken\b", content) is not None
        return Page(items, damaged, is_whole=is_whole and not is_lost)
    size = token.get("completeListSize", "")
    return Page(
        items,
        damaged,
        token="".join(token.itertext()).strip(),
        size=int(size) if size.isdecimal() and len(size) < 10 else None,
        is_whole=is_whole,
    )


def _hurt(items: list[etree._Element], end: int, errors: list[int]) -> Iterator[int]:
    """The places of the items in whose lines an error lies; the last one reaches to line `end`."""
    begins = [item.sourceline for item in items]
    ends = [*begins[1:], max(end, begins[-1] + 1)] if items else []
    errors = sorted(errors)
    for place, (begin, past) in enumerate(zip(begins, ends, strict=True)):
        at = bisect_left(errors, begin)
        if at < len(errors) and errors[at] < past:
            yield place


def text_of(element: etree._Element, name: str) -> str:
    """The text of the first child of that name in the protocol's namespace, trimmed; empty without one."""
    return (element.findtext(OAI + name) or "").strip()
