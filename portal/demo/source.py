"""Reads the demonstration's text sources into a title, a cover and blocks.

A source is plain text in a tiny fixed subset of Markdown: one `# title`, `## headings`, paragraphs,
`- lists` and `| tables |`, with `**strong words**` as the only mark inside a line. The paragraphs before
the first heading are the cover, in this order: subtitle, byline ("Body · Month year"), notice.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from itertools import groupby
from typing import Literal

WORDS = {
    "es": {"contents": "Contenido", "demo": "Documento de demostración", "sheet": "Presentación", "table": "Tabla"},
    "en": {"contents": "Contents", "demo": "Demonstration document", "sheet": "About", "table": "Table"},
}
LONG = 1_800  # words; a longer document gets a list of contents and starts every section on a new page


@dataclass(frozen=True)
class Block:
    """One heading, paragraph, list or table; `lines` holds its text, `rows` the cells of a table."""

    kind: Literal["heading", "paragraph", "list", "table"]
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def text(self) -> str:
        return " ".join(self.lines)


@dataclass(frozen=True)
class Document:
    """A source, read: the cover's four texts and the blocks after it."""

    title: str
    subtitle: str
    byline: str
    notice: str
    blocks: tuple[Block, ...]
    language: str

    @property
    def author(self) -> str:
        return self.byline.partition(" · ")[0]

    @property
    def published(self) -> datetime:
        """The first day of the year the byline names: the only date that goes into a file."""
        years = re.findall(r"\b20\d\d\b", self.byline)
        return datetime(int(years[-1]) if years else 2000, 1, 1, 12)

    @property
    def is_long(self) -> bool:
        return sum(len(block.text.split()) for block in self.blocks) > LONG

    def word(self, key: str) -> str:
        """A fixed word of the frame (running foot, contents) in the document's language."""
        return WORDS[self.language][key]


def read_source(source: str, language: str) -> Document:
    """Title, cover and blocks of a source. Raises ValueError when the title or part of the cover is missing."""
    title, *blocks = _blocks(source)
    if title.kind != "heading" or [block.kind for block in blocks[:3]] != ["paragraph"] * 3:
        raise ValueError("a source starts with its title, subtitle, byline and notice")
    subtitle, byline, notice = (block.text for block in blocks[:3])
    return Document(title.text, subtitle, byline, notice, tuple(blocks[3:]), language)


def _blocks(source: str) -> Iterator[Block]:
    for blank, lines in groupby(source.splitlines(), key=lambda line: not line.strip()):
        if not blank:
            for kind, run in groupby(lines, key=_kind):
                yield _block(kind, [line.strip() for line in run])


def _kind(line: str) -> str:
    kinds = {"#": "heading", "-": "list", "|": "table"}
    return kinds.get(line.lstrip()[0], "paragraph")


def _block(kind: str, lines: list[str]) -> Block:
    match kind:
        case "table":
            rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
            kept = tuple(row for row in rows if set("".join(row)) - set("-:"))
            return Block("table", tuple(cell for row in kept for cell in row), kept)
        case "list":
            return Block("list", tuple(line.removeprefix("- ") for line in lines))
        case "heading":
            return Block("heading", tuple(line.lstrip("# ") for line in lines))
        case _:
            return Block("paragraph", (" ".join(lines),))


def plain(text: str) -> str:
    """Text without its marks."""
    return text.replace("**", "")


def marked(text: str, tag: str) -> str:
    """Escaped text with its strong words inside `tag`."""
    return re.sub(r"\*\*(.+?)\*\*", rf"<{tag}>\1</{tag}>", escape(text, quote=False))
