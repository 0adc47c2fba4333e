"""What a web page says of the work it is about, in its head: Highwire's tags, Dublin Core, Open Graph, its title."""

import re
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext_noop as _
from lxml import etree

from resources.intake.child.plain import decode
from resources.intake.oai import kinds as repository_kinds
from resources.intake.records import Record
from resources.intake.references import kinds, languages, texts
from resources.intake.references.building import Draft
from resources.models import Resource

from .answers import NotFound, Said

MEDIA_TYPES = ("text/html", "application/xhtml+xml")
MAX_BYTES = 1_000_000
"""Of a page; what describes it stands in its head."""
MAX_TAGS = 500
CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{2,30})", re.IGNORECASE)
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

CITED, CATALOGUED, SHARED, NAMED = 95, 90, 60, 50
"""How sure a value is that stands in tags for citation, in Dublin Core, in those for sharing, in the page's title."""

NOTHING = _("The page at this address does not say what it is about.")
GONE = _("The page says that there is nothing at this address, or that one has to sign in.")

NO_WORK = re.compile(
    r"\W*(4\d\d\b|5\d\d\b|error\b|(page |página |p[aá]gina |document |documento )?(not found|no encontrad[ao])|"
    r"access denied|acceso denegado|forbidden|just a moment|attention required|are you a robot|captcha|"
    r"(log|sign) ?in\b|iniciar sesi[oó]n|inicie sesi[oó]n|ingresar$)",
    re.IGNORECASE,
)
TITLES = ("citation_title", "dcterms.title", "dc.title", "og:title", "")
ISSUED = ("citation_publication_date", "citation_date", "citation_online_date", "citation_year", "dcterms.issued",
          "dc.date.issued", "dc.date", "article:published_time")  # fmt: skip
PUBLISHERS = ("citation_publisher", "citation_technical_report_institution", "citation_dissertation_institution",
              "citation_journal_title", "dcterms.publisher", "dc.publisher", "og:site_name")  # fmt: skip
ABSTRACTS = ("citation_abstract", "dcterms.abstract", "dc.description.abstract", "dc.description")
AUTHORS = ("citation_author", "citation_authors", "dcterms.creator", "dc.creator")
KEYWORDS = ("citation_keywords", "dcterms.subject", "dc.subject")
IDENTIFIERS = ("citation_doi", "citation_isbn", "dcterms.identifier", "dc.identifier")
LANGUAGES = ("citation_language", "dcterms.language", "dc.language", "og:locale", "lang")
RIGHTS = ("dcterms.license", "dcterms.rights", "dc.rights")


@dataclass(frozen=True)
class Page:
    """A page: what it says of a work, and the address of the file it names ("" for none).

    `is_catalogued` when it says so in tags that are made for works, so that it is surely about one.
    """

    said: Said
    file: str
    is_catalogued: bool


class Head:
    """The tags of a page by their name, each (content, language); the title of the window stands under ""."""

    def __init__(self, data: bytes, charset: str) -> None:
        declared = CHARSET.search(data[:4096])
        text = decode(data[:MAX_BYTES], charset or (declared[1].decode("ascii") if declared else ""))
        parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
        try:
            root = etree.fromstring(text.encode("utf-8", "replace"), parser)
        except etree.XMLSyntaxError:
            root = None
        self.tags: dict[str, list[tuple[str, str]]] = defaultdict(list)
        if root is not None:
            self._read(root)

    def _read(self, root: etree._Element) -> None:
        self._add("lang", root.get("lang") or root.get(LANG) or "", "")
        self._add("", root.findtext(".//title") or "", "")
        for number, each in enumerate(root.iter("meta", "link")):
            if number == MAX_TAGS:
                break
            name = (each.get("name") or each.get("property") or "").strip().lower()
            language = each.get("lang") or each.get(LANG) or each.get("xml:lang") or ""
            self._add(name.replace("dc:", "dc."), each.get("content") or "", language)

    def _add(self, name: str, content: str, language: str) -> None:
        if content.strip() and name != "viewport":
            self.tags[name].append((content, languages.code_of(language) if language else ""))

    def every(self, *names: str) -> list[tuple[str, str]]:
        """(content, language) under the first of these names that has any."""
        return next((self.tags[name] for name in names if name in self.tags), [])

    def texts(self, *names: str) -> list[str]:
        return [content for content, _language in self.every(*names)]

    def first(self, *names: str) -> str:
        return next(iter(self.texts(*names)), "")

    def certainty(self, *names: str) -> int:
        """How sure what `every` gives for these names is."""
        name = next((name for name in names if name in self.tags), "")
        if name.startswith("citation_"):
            return CITED
        return CATALOGUED if name.startswith("dc") else SHARED if name else NAMED


def read(data: bytes, url: str, *, where: str, charset: str = "") -> Page:
    """What the page at this address says. `where` is its place in the person's list. Raises NotFound."""
    head = Head(data, charset)
    titles = head.every(*TITLES)
    is_catalogued = head.certainty(*TITLES) >= CATALOGUED
    if not titles or not texts.fold(titles[0][0]):
        raise NotFound(NOTHING)
    if not is_catalogued and NO_WORK.match(titles[0][0].strip()):
        raise NotFound(GONE)
    found = _draft(head, where).finish()[0]
    if not isinstance(found, Record):
        raise NotFound(NOTHING)
    names = {
        "title": TITLES, "abstract": ABSTRACTS, "authors": AUTHORS, "publisher": PUBLISHERS, "date": ISSUED,
        "language": LANGUAGES, "tags": KEYWORDS, "identifiers": IDENTIFIERS, "licence": RIGHTS,
    }  # fmt: skip
    certainty = {name: head.certainty(*wanted) for name, wanted in names.items()}
    said = Said(found, urlsplit(url).hostname or "", certainty)
    return Page(said, _joined(url, head.first("citation_pdf_url").strip()), is_catalogued)


def _joined(url: str, other: str) -> str:
    """The other address as seen from this one. One that is none stays as it is: the door says so."""
    try:
        return urljoin(url, other) if other else ""
    except ValueError:
        return other


def _draft(head: Head, where: str) -> Draft:
    draft = Draft(where)
    draft.language = head.first(*LANGUAGES).replace("_", "-")
    draft.title, draft.titles = _worded(head.every(*TITLES))
    draft.abstract, draft.abstracts = _worded(head.every(*ABSTRACTS))
    draft.authors = [name for text in head.texts(*AUTHORS) for name in text.split(";")]
    draft.publishers = head.texts(*PUBLISHERS)
    draft.dates = [text for name in ISSUED for text in head.texts(name)]
    draft.type = _type(head)
    identifiers = [text for name in IDENTIFIERS for text in head.texts(name)]
    draft.dois = [text for text in identifiers if "10." in text]
    draft.isbns = [text for text in identifiers if "10." not in text]
    draft.subjects = [word for text in head.texts(*KEYWORDS) for word in texts.keywords(text)]
    draft.licence = next(filter(None, (str(kinds.licence(text)) for text in head.texts(*RIGHTS))), "")
    return draft


def _worded(found: list[tuple[str, str]]) -> tuple[str, dict[str, str]]:
    """The first of the texts, and those in a language of their own."""
    own = {language: text for text, language in reversed(found) if language}
    main = next((text for text, language in found if not language), "")
    return main, own


def _type(head: Head) -> str:
    """By the tag that only one kind of work has; else by the word for it."""
    kinds_of_tags = {
        "citation_dissertation_institution": Resource.Type.THESIS,
        "citation_inbook_title": Resource.Type.CHAPTER,
        "citation_technical_report_institution": Resource.Type.REPORT,
        "citation_technical_report_number": Resource.Type.REPORT,
        "citation_journal_title": Resource.Type.ARTICLE,
    }
    word = repository_kinds.type_of(head.texts("dcterms.type", "dc.type"))
    return word or next((str(kind) for name, kind in kinds_of_tags.items() if name in head.tags), "")
