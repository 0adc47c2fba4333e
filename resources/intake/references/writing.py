"""Records as files other programs read: RIS, BibTeX, CSL-JSON, CSV and Excel."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable

import bibtexparser
import rispy
from bibtexparser.model import Entry, Field
from django.utils.translation import gettext as _
from openpyxl import Workbook

from portal.core.tables import harmless
from resources.authors import kind_of
from resources.dates import written
from resources.intake.records import Record
from resources.models import Author, Resource

Type = Resource.Type

RIS_TYPES = {
    Type.ARTICLE: "JOUR",
    Type.BOOK: "BOOK",
    Type.CHAPTER: "CHAP",
    Type.REPORT: "RPRT",
    Type.LAW: "STAT",
    Type.THESIS: "THES",
    Type.DATASET: "DATA",
    Type.PRESENTATION: "SLIDE",
    Type.TOOL: "COMP",
}
BIBTEX_TYPES = {
    Type.ARTICLE: "article",
    Type.BOOK: "book",
    Type.CHAPTER: "incollection",
    Type.REPORT: "techreport",
    Type.LAW: "legislation",
    Type.THESIS: "thesis",
    Type.DATASET: "dataset",
    Type.TOOL: "software",
    Type.GUIDELINE: "manual",
}
CSL_TYPES = {
    Type.ARTICLE: "article-journal",
    Type.BOOK: "book",
    Type.CHAPTER: "chapter",
    Type.REPORT: "report",
    Type.LAW: "legislation",
    Type.TREATY: "treaty",
    Type.THESIS: "thesis",
    Type.DATASET: "dataset",
    Type.PRESENTATION: "speech",
    Type.TOOL: "software",
}
SPECIAL = str.maketrans(
    {sign: "\\" + sign for sign in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)
IN_ADDRESS = str.maketrans({"\\": "%5C", "{": "%7B", "}": "%7D"})


def write(records: Iterable[Record], format: str) -> bytes:
    """A whole file in one of `WRITERS`. What the format has no place for is left out. Raises KeyError for others."""
    return WRITERS[format](list(records))


def main_text(texts: dict[str, str], language: str) -> str:
    """The text in the language of the work, else the first there is."""
    return texts.get(language) or next(iter(texts.values()), "")


def other_title(record: Record) -> str:
    main = main_text(record.titles, record.language)
    return next((title for title in record.titles.values() if title != main), "")


def ris(records: list[Record]) -> bytes:
    return ("\ufeff" + rispy.dumps([_filled(ris_entry(record)) for record in records])).encode()


def ris_entry(record: Record) -> dict[str, object]:
    kind = RIS_TYPES.get(record.type, "GEN")
    return {
        "type_of_reference": kind,
        "type_of_work": "" if record.type in RIS_TYPES else record.type,
        "title": main_text(record.titles, record.language),
        "translated_title": other_title(record) if record.language else "",
        "authors": [name.replace(";", ",") for name in record.authors],
        "year": str(record.year or ""),
        "date": written(record.year, record.month, record.day).replace("-", "/") if record.month else "",
        "publisher": record.publisher,
        "language": record.language,
        "abstract": main_text(record.abstracts, record.language),
        "keywords": [word.replace(";", ",") for word in record.subjects],
        "doi": record.identifiers.get("doi", ""),
        "issn": record.identifiers.get("isbn", ""),
        "urls": [record.identifiers.get("source_url", "")],
        "id": record.key,
    }


def _filled(entry: dict) -> dict:
    return {name: value for name, value in entry.items() if value and value != [""]}


def bibtex(records: list[Record]) -> bytes:
    library = bibtexparser.Library()
    taken: set[str] = set()
    for number, record in enumerate(records, 1):
        key = citation_key(record.key, number, taken)
        fields = [Field(name, value) for name, value in _filled(bibtex_fields(record)).items()]
        library.add(Entry(BIBTEX_TYPES.get(record.type, "misc"), key, fields))
    return bibtexparser.write_string(library).encode()


def citation_key(key: str, number: int, taken: set[str]) -> str:
    """The record's own key where BibTeX can hold it and nobody has it yet."""
    if not re.fullmatch(r"[^\s\"#%'(),={}~\\@]{1,200}", key) or key in taken:
        key = f"record{number}"
    while key in taken:
        key += "x"
    taken.add(key)
    return key


def bibtex_fields(record: Record) -> dict[str, str]:
    return {
        "title": escaped(main_text(record.titles, record.language)),
        "author": " and ".join(bibtex_name(name) for name in record.authors),
        "year": str(record.year or ""),
        "month": str(record.month or ""),
        "day": str(record.day or ""),
        "publisher": escaped(record.publisher),
        "language": record.language,
        "type": "" if record.type in BIBTEX_TYPES else record.type,
        "doi": record.identifiers.get("doi", "").translate(SPECIAL),
        "isbn": record.identifiers.get("isbn", ""),
        "url": record.identifiers.get("source_url", "").translate(IN_ADDRESS),
        "keywords": escaped(_joined(record.subjects, always=True)),
        "abstract": escaped(main_text(record.abstracts, record.language)),
        "rights": record.licence,
    }


def escaped(text: str) -> str:
    """As BibTeX reads it back: signs with a meaning of their own, and those that two of make a dash or a quote."""
    return re.sub(r"(?<=([-`']))(?=\1)", "{}", text.translate(SPECIAL))


def bibtex_name(name: str) -> str:
    """A person as it stands; in braces what BibTeX would take apart."""
    text = escaped(name)
    is_person = name.count(",") == 1 and kind_of(name) == Author.Kind.PERSON and not re.search(r"\band\b", name)
    return text if is_person else f"{{{text}}}"


def csl(records: list[Record]) -> bytes:
    return json.dumps([_filled(csl_item(record)) for record in records], ensure_ascii=False, indent=1).encode()


def csl_item(record: Record) -> dict[str, object]:
    date = [part for part in (record.year, record.month, record.day) if part]
    return {
        "id": record.key,
        "type": CSL_TYPES.get(record.type, "document"),
        "genre": "" if record.type in CSL_TYPES else record.type,
        "title": main_text(record.titles, record.language),
        "author": [csl_name(name) for name in record.authors],
        "issued": {"date-parts": [date]} if date else {},
        "publisher": record.publisher,
        "language": record.language,
        "abstract": main_text(record.abstracts, record.language),
        "DOI": record.identifiers.get("doi", ""),
        "ISBN": record.identifiers.get("isbn", ""),
        "URL": record.identifiers.get("source_url", ""),
        "keyword": _joined(record.subjects, always=True),
        "license": record.licence,
    }


def csl_name(name: str) -> dict[str, str]:
    family, comma, given = name.partition(", ")
    if not comma or kind_of(name) == Author.Kind.BODY:
        return {"literal": name}
    return {"family": family, "given": given}


def separated(records: list[Record]) -> bytes:
    """With a byte-order mark, by which Excel knows UTF-8."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([harmless(cell) for cell in row] for row in table(records))
    return ("\ufeff" + out.getvalue()).encode()


def workbook(records: list[Record]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Resources"))
    for row in table(records):
        sheet.append([harmless(cell) or None for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(records: list[Record]) -> list[list[str]]:
    """Headings, then a row for each record; a column of its own for each language of a title or abstract."""
    columns: dict[str, Callable[[Record], str]] = {"id": lambda record: record.key}
    for name in ("titles", "abstracts"):
        for language in _languages(records, name):
            heading = f"{name[:-1]}_{language}" if language else name[:-1]
            columns[heading] = lambda record, name=name, language=language: getattr(record, name).get(language, "")
    columns |= {
        "authors": lambda record: _joined(record.authors),
        "year": lambda record: str(record.year or ""),
        "month": lambda record: str(record.month or ""),
        "day": lambda record: str(record.day or ""),
        "language": lambda record: record.language,
        "type": lambda record: record.type,
        "countries": lambda record: _joined(record.countries),
        "subjects": lambda record: _joined(record.subjects, always=True),
        "publisher": lambda record: record.publisher,
        "doi": lambda record: record.identifiers.get("doi", ""),
        "isbn": lambda record: record.identifiers.get("isbn", ""),
        "url": lambda record: record.identifiers.get("source_url", ""),
        "licence": lambda record: record.licence,
    }
    return [list(columns), *([column(record) for column in columns.values()] for record in records)]


def _languages(records: list[Record], name: str) -> list[str]:
    """Those of the records; a template without any has Spanish and English."""
    return sorted({language for record in records for language in getattr(record, name)}) or ["es", "en"]


def _joined(values: Iterable[str], *, always: bool = False) -> str:
    """Parted by semicolons; one value that holds a comma ends with one, lest it be taken for several."""
    parts = [re.sub("[;|]", ",", value) for value in values]
    return "; ".join(parts) + (";" if always and len(parts) == 1 and "," in parts[0] else "")


WRITERS: dict[str, Callable[[list[Record]], bytes]] = {
    "ris": ris,
    "bibtex": bibtex,
    "csl": csl,
    "csv": separated,
    "xlsx": workbook,
}
