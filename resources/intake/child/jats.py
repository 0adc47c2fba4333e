"""Journal articles as XML (JATS, ANSI/NISO Z39.96): their record is made by hand, so it is believed as it stands."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from .document import Damaged, Document, TooHeavy
from .guess.abstracts import shorten
from .guess.countries import find_countries
from .metadata import Metadata
from .text import one_line

MAX_BYTES = 30 * 1024 * 1024
MAX_DEPTH = 60
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# The year of the volume before the day of putting it on the web.
DATES = ("collection", "ppub", "epub-ppub", "pub", "epub")
ARTICLES = {
    "research-article",
    "review-article",
    "brief-report",
    "case-report",
    "rapid-communication",
    "letter",
    "editorial",
}
SILENT = {"xref", "fn", "label", "ref-list", "inline-formula", "disp-formula", "tex-math", "math", "graphic", "media"}
BLOCKS = {
    "p",
    "title",
    "sec",
    "tr",
    "list-item",
    "td",
    "th",
    "caption",
    "disp-quote",
    "table-wrap",
    "fig",
    "abstract",
    "kwd",
}


def open_document(path: Path) -> Document:
    if path.stat().st_size > MAX_BYTES:
        raise TooHeavy("too long an article")
    try:
        # A document type is part of the standard; entities and what lies outside are refused.
        root = fromstring(path.read_bytes().lstrip(), forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Damaged(repr(error)) from error
    if root.tag != "article":
        raise Damaged("no article")
    return Article(root)


class Article(Document):
    """A page is the front matter, then each of the body's sections; a translation follows in the same way."""

    counts_while_reading = True

    def __init__(self, root: Element) -> None:
        self.root = root
        self.language = root.get(LANGUAGE, "")[:2].lower()

    def pages(self) -> Iterator[str]:
        for article in [self.root, *self.translations()]:
            yield "\n".join(self.front(article))
            for body in article.findall("body"):
                yield from sections(body)

    def front(self, article: Element) -> Iterator[str]:
        meta = front_of(article)
        for path in (
            ".//article-title",
            ".//trans-title",
            ".//contrib//name",
            ".//abstract",
            ".//trans-abstract",
            ".//kwd",
        ):
            yield from (full_name(found) if found.tag == "name" else text_of(found) for found in meta.findall(path))

    def translations(self) -> list[Element]:
        return [part for part in self.root.findall("sub-article") if part.get("article-type") == "translation"]

    def metadata(self) -> Metadata:
        meta = front_of(self.root)
        titles, abstracts = self.by_language("title"), self.by_language("abstract")
        journal = line(self.root.find("front/journal-meta//journal-title"))
        publisher = line(self.root.find("front/journal-meta/publisher/publisher-name"))
        year, month, day = date_of(meta)
        about = [*titles.values()], [*abstracts.values()]
        return Metadata(
            title=titles.get(self.language, ""),
            authors=[name for contrib in meta.findall(".//contrib") if (name := author(contrib))],
            year=year,
            month=month,
            day=day,
            language=self.language,
            abstract=shorten(abstracts.get(self.language, "")),
            doi=next((line(i).lower() for i in meta.findall("article-id") if i.get("pub-id-type") == "doi"), ""),
            issns=list(dict.fromkeys(map(line, self.root.findall("front/journal-meta/issn")))),
            titles=titles,
            abstracts=abstracts,
            bodies=[name for name in (journal, publisher) if name],
            publisher=journal,
            type="article" if self.root.get("article-type") in ARTICLES else "",
            countries=find_countries(*about, []),
            keywords=list(dict.fromkeys(filter(None, map(line, meta.findall(".//kwd"))))),
        )

    def by_language(self, what: str) -> dict[str, str]:
        """The title or abstract in each language: the article's own, its translated fields, whole translations."""
        find = {"title": title_of, "abstract": abstract_of}[what]
        found = {self.language: find(front_of(self.root))}
        for element in front_of(self.root).iter(f"trans-{what}-group" if what == "title" else "trans-abstract"):
            text = titled(element, "trans-title", "trans-subtitle") if what == "title" else running(element)
            found.setdefault(element.get(LANGUAGE, "")[:2].lower(), text)
        for part in self.translations():
            found.setdefault(part.get(LANGUAGE, "")[:2].lower(), find(front_of(part)))
        return {language: text for language, text in found.items() if language and text}


def front_of(article: Element) -> Element:
    """Where the record of an article or of its translation stands."""
    for path in ("front/article-meta", "front-stub", "front"):
        if (found := article.find(path)) is not None:
            return found
    return Element("article-meta")


def title_of(meta: Element) -> str:
    group = meta.find("title-group")
    return titled(group if group is not None else meta, "article-title", "subtitle")


def titled(group: Element, title: str, subtitle: str) -> str:
    return ": ".join(filter(None, [line(group.find(title)).rstrip(": "), line(group.find(subtitle))]))


def abstract_of(meta: Element) -> str:
    """The plain abstract, not the one in pictures or in key points."""
    return next((running(found) for found in meta.findall("abstract") if not found.get("abstract-type")), "")


def running(abstract: Element) -> str:
    """Without the heading that says that it is one."""
    parts = [text_of(child) for child in abstract if child.tag != "title"]
    return one_line(" ".join(parts)) or line(abstract)


def author(contrib: Element) -> str:
    if contrib.get("contrib-type", "author") != "author":
        return ""
    name = contrib.find("name") if contrib.find("name") is not None else contrib.find("name-alternatives/name")
    return full_name(name) if name is not None else line(contrib.find("collab"))


def full_name(name: Element) -> str:
    """Given names first, as the other formats print them."""
    return one_line(" ".join(line(name.find(part)) for part in ("given-names", "surname", "suffix")))


def date_of(meta: Element) -> tuple[int | None, int | None, int | None]:
    found = {(date.get("date-type") or date.get("pub-type") or ""): date for date in reversed(meta.findall("pub-date"))}
    date = next((found[kind] for kind in DATES if kind in found), None)
    if date is None:
        return None, None, None
    year, month, day = (number(line(date.find(part))) for part in ("year", "month", "day"))
    return year, month if year else None, day if month else None


def number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 5 else None


def sections(body: Element) -> Iterator[str]:
    """What stands before the first section is one, too."""
    loose = [text_of(child) for child in body if child.tag != "sec"]
    if any(loose):
        yield "\n".join(loose)
    for section in body.findall("sec"):
        yield text_of(section)


def line(element: Element | None) -> str:
    return "" if element is None else one_line(text_of(element))


def text_of(element: Element) -> str:
    return "".join(pieces(element, 0)).strip()


def pieces(element: Element, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        return
    yield element.text or ""
    for child in element:
        if child.tag not in SILENT:
            yield "\n" if child.tag in BLOCKS else ""
            yield from pieces(child, depth + 1)
            yield "\n" if child.tag in BLOCKS else ""
        yield child.tail or ""
