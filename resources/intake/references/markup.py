"""References in XML: EndNote, PubMed's (MEDLINE) and MODS. Each record is parsed by itself, without entities."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext_noop as _

from resources.intake.records import Fault, Record

from . import kinds, tagged
from .building import Draft
from .languages import code_of
from .source import Source

MAX_RECORD = 2_000_000  # characters
ROOT = re.compile(r"<([A-Za-z][\w:.-]{0,60})(\s[^<>]{0,4000})?>")

BROKEN = _("This record can't be read: its XML is damaged.")


@dataclass(frozen=True)
class Layout:
    elements: str
    draft: Callable[[Element, str], Draft]


def read(source: Source, layout: Layout) -> Iterator[Record | Fault]:
    for where, text in records(source.text(), layout.elements):
        try:
            root = fromstring(text) if text else None
        except (ParseError, DefusedXmlException, ValueError, RecursionError):
            root = None
        if root is None or len(root) != 1:
            yield Fault(where, BROKEN)
        else:
            yield from layout.draft(without_namespaces(root[0]), where).finish()


def records(text: str, elements: str) -> Iterator[tuple[str, str]]:
    """(place, the record inside its file's root element); no text for one that does not end."""
    begin = re.compile(rf"<((?:\w{{1,20}}:)?(?:{elements}))(?=[\s>])")
    opened, closed = root_of(text, begin)
    line, counted = 1, 0
    found = begin.search(text)
    while found:
        line, counted = line + text.count("\n", counted, found.start()), found.start()
        following = begin.search(text, found.end())
        end = text.find(f"</{found[1]}>", found.end(), following.start() if following else len(text))
        record = text[found.start() : end + len(found[1]) + 3] if end >= 0 else ""
        yield f"line {line}", f"{opened}{record}{closed}" if 0 < len(record) <= MAX_RECORD else ""
        found = following


def root_of(text: str, begin: re.Pattern[str]) -> tuple[str, str]:
    """The tags of the file's root, which names the prefixes that records use; a bare one for a record alone."""
    root = ROOT.search(text[:20_000])
    if not root or begin.match(text, root.start()) or root[0].endswith("/>"):
        return "<records>", "</records>"
    return root[0], f"</{root[1]}>"


def without_namespaces(record: Element) -> Element:
    for element in record.iter():
        element.tag = str(element.tag).rpartition("}")[2]
        for name in [name for name in element.attrib if "}" in name]:
            element.set(name.rpartition("}")[2], element.attrib.pop(name))
    return record


def text_of(element: Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def first(record: Element, *paths: str) -> str:
    return next(filter(None, (text_of(record.find(path)) for path in paths)), "")


def every(record: Element, path: str) -> list[str]:
    return [text_of(element) for element in record.iterfind(path)]


def endnote(record: Element, where: str) -> Draft:
    kind = record.find("ref-type")
    named = kinds.named(kind.get("name", "")) if kind is not None else ""
    year = first(record, "dates/year")
    return Draft(
        where,
        title=first(record, "titles/title"),
        abstract=first(record, "abstract"),
        authors=every(record, "contributors/authors/author"),
        editors=every(record, "contributors/secondary-authors/author"),
        publishers=[first(record, "publisher")],
        dates=[year, f"{year} {first(record, 'dates/pub-dates/date')}"],
        language=first(record, "language"),
        type=kinds.refined(named, first(record, "work-type")),
        dois=every(record, "electronic-resource-num"),
        isbns=every(record, "isbn"),
        urls=every(record, "urls/related-urls/url") + every(record, "urls/web-urls/url"),
        subjects=[word.replace("*", "") for word in every(record, "keywords/keyword")],
        key=first(record, "rec-number", "accession-num"),
    )


def pubmed(record: Element, where: str) -> Draft:
    book = record.find("BookDocument")
    cited = record.find("MedlineCitation")
    cited = record if cited is None else cited
    article = cited.find("Article") if book is None else book
    article = Element("Article") if article is None else article
    language = "; ".join(every(article, "Language"))
    return Draft(
        where,
        **tagged.pubmed_texts(
            first(article, "ArticleTitle", "Book/BookTitle"),
            first(article, "VernacularTitle"),
            " ".join(labelled(part) for part in article.iterfind("Abstract/AbstractText")),
            language,
        ),
        authors=[medline_name(author) for author in article.iterfind("AuthorList/Author")],
        publishers=[first(article, "Book/Publisher/PublisherName")],
        dates=[pubmed_date(article, "Journal/JournalIssue/PubDate"), pubmed_date(article, "Book/PubDate")],
        language=language,
        type=tagged.pubmed_type(every(article, "PublicationTypeList/PublicationType")),
        dois=every(article, "ELocationID[@EIdType='doi']")
        + every(record, "PubmedData/ArticleIdList/ArticleId[@IdType='doi']"),
        isbns=every(article, "Book/Isbn"),
        subjects=every(cited, "MeshHeadingList/MeshHeading/DescriptorName") + every(cited, "KeywordList/Keyword"),
        key=first(cited, "PMID") or first(article, "PMID"),
    )


def labelled(part: Element) -> str:
    label = part.get("Label", "")
    return f"{label}: {text_of(part)}" if label else text_of(part)


def medline_name(author: Element) -> str:
    if body := first(author, "CollectiveName"):
        return body
    return ", ".join(filter(None, (first(author, "LastName"), first(author, "ForeName", "Initials"))))


def pubmed_date(article: Element, path: str) -> str:
    return " ".join(first(article, f"{path}/{part}") for part in ("MedlineDate", "Year", "Month", "Day"))


def mods(record: Element, where: str) -> Draft:
    plain = [title for title in record.iterfind("titleInfo") if not title.get("type")]
    translated = [title for title in record.iterfind("titleInfo") if title.get("type") == "translated"]
    return Draft(
        where,
        title=mods_title(plain[0]) if plain else "",
        titles={language_of(title): mods_title(title) for title in translated if language_of(title)},
        abstract=first(record, "abstract"),
        authors=[mods_name(name) for name in record.iterfind("name") if is_author(name)],
        publishers=every(record, "originInfo/publisher"),
        dates=every(record, "originInfo/dateIssued") + every(record, "part/date"),
        language="; ".join(every(record, "language/languageTerm") or every(record, "language")),
        type=mods_type(record),
        dois=every(record, "identifier[@type='doi']"),
        isbns=every(record, "identifier[@type='isbn']"),
        urls=every(record, "location/url") + every(record, "identifier[@type='uri']"),
        subjects=[word.strip("_") for word in every(record, "subject/topic")],
        licence=first(record, "accessCondition"),
        key=record.get("ID", "") or first(record, "recordInfo/recordIdentifier"),
    )


def mods_type(record: Element) -> str:
    """As its genre says. A record that stands in a periodical is an article."""
    named = next(filter(None, map(kinds.named, every(record, "genre"))), "")
    host = record.find("relatedItem[@type='host']")
    is_in_periodical = host is not None and host.find("identifier[@type='issn']") is not None
    return named or (kinds.Type.ARTICLE if is_in_periodical else "")


def language_of(title: Element) -> str:
    return code_of(title.get("lang", ""))


def mods_title(title: Element) -> str:
    whole = " ".join(filter(None, (first(title, "nonSort"), first(title, "title"))))
    return ": ".join(filter(None, (whole, first(title, "subTitle"))))


def is_author(name: Element) -> bool:
    roles = {role.lower() for role in every(name, "role/roleTerm")}
    return not roles or bool(roles & {"author", "creator", "aut", "cre"})


def mods_name(name: Element) -> str:
    parts = {part.get("type", ""): text_of(part) for part in name.iterfind("namePart")}
    if "family" in parts:
        return ", ".join(filter(None, (parts["family"], parts.get("given", ""))))
    return parts.get("", "")


ENDNOTE = Layout("record", endnote)
PUBMED = Layout("PubmedArticle|PubmedBookArticle", pubmed)
MODS = Layout("mods", mods)
