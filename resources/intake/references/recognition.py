"""Which format a file has: by what stands in it first, by its name only where that leaves it open."""

import re
from itertools import islice
from pathlib import PurePath

from .separated import DELIMITERS
from .source import Source

LOOKED_AT = 200_000  # bytes
LINES = 400
ENDINGS = {
    "ris": ("ris",),
    "nbib": ("nbib",),
    "isi": ("isi", "ciw"),
    "bibtex": ("bib", "bibtex", "biblatex"),
    "csl": ("json",),
    "endnote": (),
    "pubmed": (),
    "mods": ("mods",),
    "csv": ("csv", "tsv"),
    "xlsx": ("xlsx", "xlsm"),
}
"""Formats and the endings of file names that stand for them."""

XML_ROOTS = (
    ("pubmed", re.compile(r"<Pubmed(?:Book)?Article[\s>]")),
    ("mods", re.compile(r"<(?:\w{1,20}:)?mods[\s>]")),
    ("endnote", re.compile(r"<record[\s>]")),
)
FIRST_LINES = (
    ("ris", re.compile(r"TY  -")),
    ("nbib", re.compile(r"PMID- ?\d")),
    ("isi", re.compile(r"(?:FN|PT) \w")),
    ("bibtex", re.compile(r"\s{0,20}@[ \t]{0,9}\w{1,40}[ \t]{0,9}[{(]")),
)


def recognised(data: bytes, name: str = "") -> str:
    """One of the formats, or "" for none of them."""
    if data.startswith(b"PK\x03\x04"):
        return "xlsx" if b"xl/" in data else ""
    if not data.strip() or (b"\0" in data[:LOOKED_AT] and not data.startswith((b"\xff\xfe", b"\xfe\xff"))):
        return ""
    lines = [line for _number, line in islice(Source(data[:LOOKED_AT]).lines(), LINES)]
    return by_content(lines) or by_name(name) or by_columns(lines)


def by_content(lines: list[str]) -> str:
    text = "\n".join(lines)
    begin = text.lstrip()[:1]
    if begin == "<":
        return next((name for name, pattern in XML_ROOTS if pattern.search(text)), "")
    if begin in ("[", "{") and re.match(r'[\[{]\s*[\[{"\]]', text.lstrip()[:500]):
        return "csl"
    for line in lines:
        for name, pattern in FIRST_LINES:
            if pattern.match(line):
                return name
    return ""


def by_name(name: str) -> str:
    ending = PurePath(name).suffix.lower().lstrip(".")
    return next((kind for kind, endings in ENDINGS.items() if ending in endings and kind != "xlsx"), "")


def by_columns(lines: list[str]) -> str:
    """A table, if the first lines are parted alike."""
    filled = [line for line in lines if line.strip()][:5]
    is_table = len(filled) > 1 and any(all(line.count(sign) for line in filled) for sign in DELIMITERS[1:])
    return "csv" if is_table else ""
