"""References in tagged lines: RIS, PubMed's NBIB and the Web of Science's own format."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_noop as _
from rispy import RisParser, WokParser

from resources.intake.records import Fault, Record

from . import kinds
from .building import Draft
from .languages import code_of
from .source import Source

MAX_RECORD = 2_000_000  # characters

STRAY = _("These lines belong to no record: its first line is missing.")
TOO_LONG = _("This record is too long; only its beginning was read.")

Tags = dict[str, list[str]]


class NbibParser(RisParser):
    """Four letters, a hyphen, a blank; continued lines begin with blanks."""

    DEFAULT_MAPPING: ClassVar[dict] = {}

    def parse_line(self, line: str) -> tuple[str | None, str]:
        tag = line[:4].rstrip()
        is_tagged = line[4:6] in ("- ", "-") and tag.isalnum() and tag.isupper()
        return (tag, line[6:].strip()) if is_tagged else (None, line.strip())


class LenientRisParser(RisParser):
    """As rispy reads it, and without the blank behind the hyphen too."""

    def parse_line(self, line: str) -> tuple[str | None, str]:
        tag, content = super().parse_line(line)
        return (tag, line[5:].strip()) if tag else (None, content)


@dataclass(frozen=True)
class Layout:
    """How records stand in lines: what opens and closes one, where each continued line is a value of its own,
    and the tags that outside of a record tell that its beginning is lost."""

    parser: RisParser
    start: str
    end: str
    draft: Callable[[Tags, str], Draft]
    apart: frozenset[str] = frozenset()
    telling: frozenset[str] = frozenset()


def read(source: Source, layout: Layout) -> Iterator[Record | Fault]:
    for where, tags in records(source, layout):
        yield from layout.draft(tags, where).finish() if tags else [Fault(where, STRAY)]
        if tags.get(""):
            yield Fault(where, TOO_LONG)


def records(source: Source, layout: Layout) -> Iterator[tuple[str, Tags]]:
    """(place, values by tag) of each record, whether its end mark is there or not; no tags for stray lines."""
    held: _Held | None = None
    is_stray = False
    for number, line in source.lines():
        tag, content = layout.parser.parse_line(line)
        if tag == layout.start:
            if held:
                yield held.result()
            held, is_stray = _Held(f"line {number}", layout), False
            held.add(tag, content)
        elif held and tag and tag == layout.end:
            yield held.result()
            held = None
        elif held:
            held.add(tag, content)
        elif tag in layout.telling and not is_stray:
            is_stray = True
            yield f"line {number}", {}
    if held:
        yield held.result()


class _Held:
    """The record being read."""

    def __init__(self, where: str, layout: Layout) -> None:
        self.where = where
        self.layout = layout
        self.pieces: dict[str, list[list[str]]] = {}
        self.last = ""
        self.length = 0

    def add(self, tag: str | None, content: str) -> None:
        self.length += len(content)
        if self.length > MAX_RECORD:
            return
        self.last = tag or self.last
        values = self.pieces.setdefault(self.last, [])
        if tag or not values or self.last in self.layout.apart:
            values.append([content])
        elif content:
            values[-1].append(content)

    def result(self) -> tuple[str, Tags]:
        tags = {tag: [text for text in map(" ".join, values) if text] for tag, values in self.pieces.items()}
        return self.where, tags | ({"": ["too long"]} if self.length > MAX_RECORD else {})


def first(tags: Tags, *names: str) -> str:
    return next((tags[name][0] for name in names if tags.get(name)), "")


def every(tags: Tags, *names: str, parted_by: str = "") -> list[str]:
    values = [value for name in names for value in tags.get(name, [])]
    return [part for value in values for part in value.split(parted_by)] if parted_by else values


def ris(tags: Tags, where: str) -> Draft:
    kind = first(tags, "TY").upper()
    return Draft(
        where,
        in_proceedings=kind in ("CONF", "CPAPER"),
        title=first(tags, "TI", "T1", "BT", "CT"),
        titles={"": first(tags, "TT")} if tags.get("LA") else {},
        abstract=first(tags, "AB", "N2"),
        authors=every(tags, "AU", "A1", parted_by=";"),
        editors=every(tags, "A2", "ED", parted_by=";"),
        publishers=every(tags, "PB"),
        dates=every(tags, "PY", "Y1", "DA"),
        language="; ".join(every(tags, "LA")),
        type=kinds.refined(kinds.RIS.get(kind, ""), first(tags, "M3")),
        dois=every(tags, "DO", "DI"),
        isbns=every(tags, "SN"),
        urls=[part.rstrip(";") for value in every(tags, "UR") for part in value.split()],
        subjects=every(tags, "KW", parted_by=";"),
        key=first(tags, "ID", "AN"),
    )


def isi(tags: Tags, where: str) -> Draft:
    year = first(tags, "PY")
    return Draft(
        where,
        title=first(tags, "TI"),
        abstract=first(tags, "AB"),
        authors=every(tags, "AF") or every(tags, "AU"),
        publishers=every(tags, "PU"),
        dates=[year, f"{year} {first(tags, 'PD')}"],
        language="; ".join(every(tags, "LA")),
        type=kinds.named(first(tags, "DT").split(";")[0]) or kinds.ISI.get(first(tags, "PT"), ""),
        dois=every(tags, "DI"),
        isbns=every(tags, "BN"),
        subjects=every(tags, "DE", "ID", parted_by=";"),
        key=first(tags, "UT"),
    )


def nbib(tags: Tags, where: str) -> Draft:
    """PubMed gives titles and abstracts in English, and the title in the language of the work as TT."""
    languages = "; ".join(every(tags, "LA"))
    vernacular = languages.split(";")[0] if tags.get("TT") else ""
    title = first(tags, "TI", "BTI")
    return Draft(
        where,
        **pubmed_texts(title, first(tags, "TT"), first(tags, "AB"), vernacular or languages),
        authors=[*(every(tags, "FAU") or every(tags, "AU")), *every(tags, "CN")],
        editors=every(tags, "FED"),
        publishers=every(tags, "PB"),
        dates=every(tags, "DP"),
        language=languages,
        type=pubmed_type(every(tags, "PT")),
        dois=[value[:-5] for value in every(tags, "LID", "AID") if value.endswith("[doi]")],
        isbns=every(tags, "ISBN"),
        subjects=[term.replace("*", "").split("/")[0] for term in every(tags, "MH")] + every(tags, "OT"),
        key=first(tags, "PMID"),
    )


def pubmed_texts(title: str, vernacular: str, abstract: str, language: str) -> dict[str, object]:
    title = title.strip().removesuffix(".")
    title = title[1:-1] if title.startswith("[") and title.endswith("]") else title
    code = code_of(language)
    own = {code: vernacular} if vernacular and code != "en" else {}
    return {"titles": own | {"en": title}, "abstracts": {"en": abstract}}


def pubmed_type(listed: list[str]) -> str:
    """The most telling of PubMed's types: nearly everything is a journal article as well."""
    found = [kinds.named(name) for name in listed]
    return next((kind for kind in found if kind not in ("", kinds.Type.ARTICLE)), next(filter(None, found), ""))


TELLING = frozenset({"TI", "T1", "AU", "A1", "DO"})
RIS = Layout(LenientRisParser(), "TY", "ER", ris, telling=TELLING)
NBIB = Layout(NbibParser(), "PMID", "", nbib)
ISI = Layout(WokParser(), "PT", "ER", isi, apart=frozenset({"AU", "AF", "CR"}), telling=TELLING)
