"""BibTeX and BibLaTeX, entry by entry."""

import logging
import re
from collections.abc import Iterator

import bibtexparser
from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.model import Block, DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, ParsingFailedBlock, String
from django.utils.translation import gettext_noop as _

from resources.intake.records import Fault, Record

from . import kinds, texts
from .building import MAX_AUTHORS, Draft
from .latex import decode, verbatim
from .source import Source

BLOCK = re.compile(r"\s{0,100}@[ \t]{0,20}(\w{1,60})[ \t]{0,20}[{(]")
WORD = re.compile(r'[^\s#{"]+')
ENCLOSING = re.compile(r'(?<!\\)[{}"]')
MAX_BLOCK = 1_000_000  # characters
MAX_FIELD = 500_000
MAX_STRING = 2_000
MAX_STRINGS = 5_000
MAX_NAME = 1_000

BROKEN = _("This entry can't be read: its braces, quotes or commas don't match.")
TWICE = _("An entry with this key stands further up in the file; this one was left out.")
FIELD_TWICE = _("A field stands twice in this entry; the first one was taken.")
TOO_LONG = _("This entry is too long to be read.")

# Every broken entry is told to the person who brought the file; it is no matter for the server's log.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)


def read(source: Source) -> Iterator[Record | Fault]:
    file = _File()
    for number, text in blocks(source):
        if len(text) > MAX_BLOCK:
            yield Fault(f"line {number}", TOO_LONG)
            continue
        for block in bibtexparser.parse_string(text, parse_stack=[]).blocks:
            yield from file.take(block, f"line {number + block.start_line}")


def blocks(source: Source) -> Iterator[tuple[int, str]]:
    """(line, text) from one line that opens an entry to the next: what is broken inside ends there."""
    start, held, length = 0, [], 0
    for number, line in source.lines():
        if BLOCK.match(line):
            if held:
                yield start, "\n".join(held)
            start, held, length = number, [], 0
        if start:
            length += len(line) + 1
            if length <= 2 * MAX_BLOCK:
                held.append(line)
    if held:
        yield start, "\n".join(held)


class _File:
    """What one file says for all its entries: its abbreviations, and the keys that are taken."""

    def __init__(self) -> None:
        self.strings: dict[str, str] = {}
        self.keys: set[str] = set()

    def take(self, block: Block, where: str) -> Iterator[Record | Fault]:
        if isinstance(block, String):
            if len(self.strings) < MAX_STRINGS:
                self.strings[block.key.lower()] = resolved(block.value, self.strings)[:MAX_STRING]
        elif isinstance(block, DuplicateBlockKeyBlock):
            yield Fault(where, TWICE)
        elif isinstance(block, DuplicateFieldKeyBlock):
            yield Fault(where, FIELD_TWICE)
            yield from self.entry(block.ignore_error_block, where)
        elif isinstance(block, ParsingFailedBlock):
            yield Fault(where, BROKEN)
        elif isinstance(block, Entry):
            yield from self.entry(block, where)

    def entry(self, entry: Entry, where: str) -> Iterator[Record | Fault]:
        if entry.key and entry.key in self.keys:
            yield Fault(where, TWICE)
            return
        self.keys.add(entry.key)
        values: dict[str, str] = {}
        for field in entry.fields:
            values.setdefault(field.key.lower(), resolved(field.value[:MAX_FIELD], self.strings))
        yield from draft(entry.entry_type.lower(), entry.key, values, where).finish()


def resolved(value: str, strings: dict[str, str]) -> str:
    """A value without what encloses it; abbreviations replaced, pieces joined at the `#`."""
    pieces, at = [], 0
    while at < len(value):
        if value[at] in '{"':
            end = closing(value, at)
            pieces.append(value[at + 1 : end])
            at = end + 1
        elif value[at].isspace() or value[at] == "#":
            at += 1
        else:
            word = WORD.match(value, at)[0]
            pieces.append(strings.get(word.lower(), word))
            at += len(word)
    return "".join(pieces)


def closing(value: str, start: int) -> int:
    """Where the brace or quote opened at `start` closes; the end of the value if nowhere."""
    is_quoted, level = value[start] == '"', 0
    for found in ENCLOSING.finditer(value, start + 1):
        sign = found[0]
        if level == 0 and sign == ('"' if is_quoted else "}"):
            return found.start()
        level += (sign == "{") - (sign == "}")
    return len(value)


def draft(kind: str, key: str, values: dict[str, str], where: str) -> Draft:
    said = {name: decode(value) for name, value in values.items() if name in TEXTS}
    type_ = kinds.refined(kinds.BIBTEX.get(kind, ""), said.get("type", ""))
    title = said.get("title", "") or (said.get("booktitle", "") if type_ == kinds.Type.BOOK else "")
    subtitle = said.get("subtitle", "")
    date = " ".join(said.get(part, "") for part in ("day", "month", "year"))
    return Draft(
        where,
        in_proceedings=kind in ("inproceedings", "conference"),
        title=f"{title}: {subtitle}" if title and subtitle else title,
        abstract=said.get("abstract", ""),
        authors=names(values.get("author", "")),
        editors=names(values.get("editor", "")),
        publishers=[said.get(name, "") for name in PUBLISHERS],
        dates=[said.get("date", ""), numeric(said) or date, said.get("year", "")],
        language=said.get("langid", "") or said.get("language", "") or said.get("hyphenation", ""),
        type=type_,
        dois=[verbatim(values.get("doi", ""))],
        isbns=[values.get("isbn", "")],
        urls=[verbatim(values.get("url", "")).removeprefix(r"\url{").removesuffix("}")],
        subjects=texts.keywords(said.get("keywords", "")),
        licence=said.get("rights", "") or said.get("copyright", ""),
        key=key,
    )


PUBLISHERS = ("publisher", "institution", "school", "organization")
TEXTS = {
    *("title", "subtitle", "booktitle", "abstract", "year", "month", "day", "date", "type", "keywords"),
    *("language", "langid", "hyphenation", "rights", "copyright", *PUBLISHERS),
}


def numeric(said: dict[str, str]) -> str:
    """year, month and day that are all numbers, as ISO 8601 has them: 3 and 5 are not to be guessed apart."""
    parts = [said.get(part, "").strip() for part in ("year", "month", "day")]
    parts = [part for part in parts if part]
    return "-".join(parts) if len(parts) > 1 and all(part.isdecimal() for part in parts) else ""


def names(text: str) -> list[str]:
    """Authors as "Family, Given"; a name in braces is a body's and stays whole."""
    found = []
    for name in split_multiple_persons_names(" ".join(text.split())) if text.strip() else []:
        if len(found) > MAX_AUTHORS:
            break
        found.append(one_name(name.strip()[:MAX_NAME]))
    return [name for name in found if name]


def one_name(name: str) -> str:
    if "family=" in name:
        return extended_name(name)
    try:
        parts = parse_single_name_into_parts(name, strict=False)
    except (ValueError, IndexError):
        return decode(name)
    family = decode(" ".join(parts.von + parts.last + parts.jr))
    given = decode(" ".join(parts.first))
    return ", ".join(part for part in (family, given) if part)


def extended_name(name: str) -> str:
    """BibLaTeX's `family=Gogh, given=Vincent, prefix=van, useprefix=true`."""
    pairs = (part.partition("=") for part in re.split(r",\s{0,9}", name))
    said = {key.strip(): decode(value.strip().strip('"')) for key, _sign, value in pairs}
    family = " ".join(filter(None, (said.get("prefix"), said.get("family"), said.get("suffix"))))
    return ", ".join(filter(None, (family, said.get("given"))))
