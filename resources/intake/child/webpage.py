"""HTML: the visible text. Nothing that the page refers to is fetched."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from .document import Document, Embedded, Line, TooHeavy
from .plain import decode

MAX_BYTES = 20 * 1024 * 1024
MAX_LINES = 300
HIDDEN = {"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "head"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "cite",
    "code",
    "em",
    "font",
    "i",
    "mark",
    "q",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
}
SIZES = {"h1": 24.0, "h2": 18.0, "h3": 14.0}
BODY_SIZE = 12.0
CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{2,30})|<\?xml[^>]{0,100}encoding=[\"']([\w-]{2,30})", re.IGNORECASE
)


def open_document(path: Path) -> Document:
    if path.stat().st_size > MAX_BYTES:
        raise TooHeavy("too long a page")
    return WebPage(path.read_bytes())


class WebPage(Document):
    def __init__(self, data: bytes) -> None:
        self.page = parse(data)

    def pages(self) -> Iterator[str]:
        yield "".join(self.page.text)

    def lines(self) -> list[Line]:
        return self.page.lines

    def embedded(self) -> Embedded:
        meta = self.page.meta
        author = meta.get("author", "") or meta.get("citation_author", "") or meta.get("dc.creator", "")
        return Embedded(
            title=meta.get("citation_title", "") or self.page.title.strip(),
            authors=[author] if author else [],
            doi=meta.get("citation_doi", "") or meta.get("dc.identifier", ""),
            isbn=meta.get("citation_isbn", ""),
        )


def parse(data: bytes) -> "VisibleText":
    match = CHARSET.search(data[:4096])
    charset = (match[1] or match[2]).decode("ascii") if match else ""
    page = VisibleText()
    page.feed(decode(data, charset))
    page.close()
    return page


class VisibleText(HTMLParser):
    """The text between tags, one line per block; the title and <meta> aside."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.lines: list[Line] = []
        self.line: list[str] = []
        self.title = ""
        self.meta: dict[str, str] = {}
        self.hidden: list[str] = []
        self.in_title = False
        self.size = BODY_SIZE

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            values = dict(attrs)
            name = (values.get("name") or values.get("property") or "").lower()
            self.meta.setdefault(name, values.get("content") or "")
        elif tag == "title" and "svg" not in self.hidden:
            self.in_title = not self.title
        elif tag == "body":
            self.hidden = []  # whatever was left open in the head
        elif tag in HIDDEN:
            self.hidden.append(tag)
        elif tag not in INLINE:
            self.end_line()
            self.size = SIZES.get(tag, self.size if tag in VOID else BODY_SIZE)

    def handle_endtag(self, tag: str) -> None:
        self.in_title = self.in_title and tag != "title"
        if tag in self.hidden:
            del self.hidden[self.hidden.index(tag) :]
        elif tag not in INLINE:
            self.end_line()
            self.size = BODY_SIZE

    def handle_data(self, data: str) -> None:
        if self.in_title:
            self.title += data
        elif not self.hidden:
            self.line.append(data)

    def end_line(self) -> None:
        text = " ".join("".join(self.line).split())
        self.line = []
        if not text:
            return
        self.text.append(text + "\n")
        if len(self.lines) < MAX_LINES:
            is_title = self.size == SIZES["h1"]
            self.lines.append(Line(text, self.size, starts_block=True, role="title" if is_title else ""))

    def close(self) -> None:
        super().close()
        self.end_line()
