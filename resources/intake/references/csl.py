"""References in JSON: CSL-JSON as citation programs write it, and Zotero's own items."""

import json
import re
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from resources.dates import Parts
from resources.intake.records import Fault, Record

from . import dates, kinds, texts
from .building import MAX_AUTHORS, Draft
from .source import Source

MAX_ITEM = 2_000_000  # characters
MAX_TRIES = 200
LISTS = {"items", "references", "articles", "data"}
NEXT = re.compile(r"\}\s{0,200},\s{0,200}(?=\{)")
BLANK = re.compile(r"[\s,]*")
EXTRA_DOI = re.compile(r"\bDOI:\s{0,9}(\S{1,200})", re.IGNORECASE)

BROKEN = _("This record can't be read: its JSON is damaged.")
ENDS = _("The file ends in the middle of its list.")
STRANGE = _("This is no reference in CSL-JSON or in Zotero's JSON.")

Item = dict[str, object]


def read(source: Source) -> Iterator[Record | Fault]:
    for where, item in items(source.text()):
        if isinstance(item, Fault):
            yield item
            continue
        item = item["data"] if isinstance(item.get("data"), dict) else item
        if isinstance(item.get("itemType"), str):
            if item["itemType"] not in ("attachment", "note", "annotation"):
                yield from zotero(item, where).finish()
        elif item.keys() & {"type", "issued", "author", "DOI", "container-title"}:
            yield from csl(item, where).finish()
        else:
            yield Fault(where, STRANGE)


def items(text: str) -> Iterator[tuple[str, Item | Fault]]:
    """(place, object) of the list the file holds, each decoded by itself; a damaged one is a fault."""
    place, number = _Place(text), 0
    at, is_list = beginning(text)
    tries = MAX_TRIES
    while at < len(text):
        at = BLANK.match(text, at).end()
        if at >= len(text):
            if is_list:
                yield (where := place.of(at, number)), Fault(where, ENDS)
            return
        if text[at] == "]" and is_list:
            return
        number += 1
        where = place.of(at, number)
        value, end = decoded(text, at)
        if isinstance(value, dict):
            yield where, value
        else:
            yield where, Fault(where, BROKEN if end < 0 else STRANGE)
        if not is_list:
            return
        if end < 0:
            end, tries = resumed(text, at + 1, tries)
        at = end


def resumed(text: str, at: int, tries: int) -> tuple[int, int]:
    """(where the next whole record begins after damage, tries left); the end of the text for none."""
    for found in NEXT.finditer(text, at):
        if not tries:
            break
        tries -= 1
        value, _end = decoded(text, found.end())
        if isinstance(value, dict) and value.keys() & {"type", "itemType", "title", "data"}:
            return found.end(), tries
    return len(text), 0


def decoded(text: str, at: int) -> tuple[object, int]:
    """(the value that begins there, where it ends); an end of -1 for none."""
    for size in (20_000, MAX_ITEM):
        piece = text[at : at + size]
        try:
            value, end = json.JSONDecoder().raw_decode(piece)
        except (ValueError, RecursionError):
            continue
        if end < len(piece) or len(piece) < size:
            return value, at + end
    return None, -1


def beginning(text: str) -> tuple[int, bool]:
    """Where the records begin, and whether they stand in a list: at the top, or under one of the usual names."""
    at = BLANK.match(text).end()
    if text[at : at + 1] == "[":
        return at + 1, True
    start, inside = at, at + 1
    while text[at : at + 1] == "{":
        inside = BLANK.match(text, inside).end()
        key, end = decoded(text, inside)
        if not isinstance(key, str):
            break
        colon = BLANK.match(text, end).end()
        value = BLANK.match(text, colon + 1).end()
        if text[colon : colon + 1] != ":":
            break
        if key in LISTS and text[value : value + 1] == "[":
            return value + 1, True
        _value, inside = decoded(text, value)
        if inside < 0:
            break
    return start, False


class _Place:
    """Counts lines as it goes."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.line = text, 0, 1

    def of(self, at: int, number: int) -> str:
        self.line += self.text.count("\n", self.at, at)
        self.at = at
        return f"line {self.line}, record {max(number, 1)}"


def text_of(item: Item, *names: str) -> str:
    """The first of these that says anything, as text."""
    for name in names:
        value = item.get(name)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and str(value).strip():
            return str(value)
    return ""


def objects(item: Item, name: str) -> list[Item]:
    value = item.get(name)
    return [part for part in value[: 2 * MAX_AUTHORS] if isinstance(part, dict)] if isinstance(value, list) else []


def csl(item: Item, where: str) -> Draft:
    return Draft(
        where,
        in_proceedings=text_of(item, "type") == "paper-conference",
        title=text_of(item, "title"),
        abstract=text_of(item, "abstract"),
        authors=[csl_name(name) for name in objects(item, "author")],
        editors=[csl_name(name) for name in objects(item, "editor")],
        publishers=[text_of(item, "publisher")],
        dates=[issued(item.get("issued"))],
        language=text_of(item, "language"),
        type=kinds.refined(kinds.CSL.get(text_of(item, "type"), ""), text_of(item, "genre")),
        dois=[text_of(item, "DOI")],
        isbns=[text_of(item, "ISBN")],
        urls=[text_of(item, "URL")],
        subjects=texts.keywords(text_of(item, "keyword")),
        licence=text_of(item, "license"),
        key=text_of(item, "id", "citation-key"),
    )


def csl_name(name: Item) -> str:
    if literal := text_of(name, "literal"):
        return literal
    family = " ".join(filter(None, (text_of(name, part) for part in ("non-dropping-particle", "family", "suffix"))))
    given = " ".join(filter(None, (text_of(name, part) for part in ("given", "dropping-particle"))))
    return ", ".join(filter(None, (family, given)))


def issued(value: object) -> str | Parts:
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        return ""
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        return dates.whole(*(parts[0] + [None] * 3)[:3])
    return text_of(value, "raw", "literal")


def zotero(item: Item, where: str) -> Draft:
    kind = kinds.ZOTERO.get(text_of(item, "itemType").lower(), "")
    extra = item.get("extra", "")
    extra = "\n".join(str(line) for line in extra) if isinstance(extra, list) else str(extra)
    return Draft(
        where,
        in_proceedings=text_of(item, "itemType") == "conferencePaper",
        title=text_of(item, "title", "caseName", "nameOfAct", "subject"),
        abstract=text_of(item, "abstractNote"),
        authors=creators(item, "author", "presenter", "programmer", "artist", "sponsor"),
        editors=creators(item, "editor"),
        publishers=[text_of(item, "publisher", "institution", "university", "company")],
        dates=[text_of(item, "date", "dateEnacted")],
        language=text_of(item, "language"),
        type=kinds.refined(kind, text_of(item, "reportType", "type")),
        dois=[text_of(item, "DOI"), *EXTRA_DOI.findall(extra[:5_000])[:1]],
        isbns=[text_of(item, "ISBN")],
        urls=[text_of(item, "url")],
        subjects=[text_of(tag, "tag") for tag in objects(item, "tags")],
        licence=text_of(item, "rights"),
        key=text_of(item, "key", "citationKey", "itemKey", "itemID"),
    )


def creators(item: Item, *roles: str) -> list[str]:
    chosen = [person for person in objects(item, "creators") if person.get("creatorType") in roles]
    parts = [(text_of(person, "name", "lastName"), text_of(person, "firstName")) for person in chosen]
    return [", ".join(filter(None, part)) for part in parts]
