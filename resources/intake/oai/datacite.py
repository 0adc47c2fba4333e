"""Records in the DataCite schema (`datacite`, `oai_datacite`), which says more than Dublin Core."""

from collections.abc import Iterator

from lxml import etree

from resources.intake.records import Record

from . import kinds, words
from .dublin_core import LANG, texts

KERNELS = [f"{{http://datacite.org/schema/kernel-{version}}}" for version in ("4", "3", "2.2", "2.1")]
WRAPPERS = [f"{{http://schema.datacite.org/oai/oai-{version}/}}" for version in ("1.0", "1.1")]
ROOTS = [f"{namespace}resource" for namespace in KERNELS] + [f"{namespace}oai_datacite" for namespace in WRAPPERS]


def read(body: etree._Element, where: str, countries: words.Countries) -> Record:
    """One `resource` element, alone or in the wrapper of `oai_datacite`; `where` is its identifier in the source."""
    body = resource_in(body)
    ns = str(etree.QName(body).namespace or "")
    parts = issued(body, ns)
    named = titles(body, ns)
    return Record(
        where=where,
        key=where,
        titles=named,
        abstracts=abstracts(body, ns),
        authors=words.names(creators(body, ns)),
        publisher=next((words.one_line(text, words.MAX_PUBLISHER) for text in texts(body, f"{{{ns}}}publisher")), ""),
        year=parts[0],
        month=parts[1],
        day=parts[2],
        language=words.original_language(texts(body, f"{{{ns}}}language"), named),
        type=kinds.type_of(type_words(body, ns)),
        identifiers=words.identifiers(identifier_texts(body, ns)),
        subjects=words.subjects(group(body, ns, "subjects")),
        countries=countries.named_in([*places(body, ns), *group(body, ns, "subjects")]),
        licence=kinds.licence_of(rights(body, ns)),
        type_words=words.distinct(words.one_line(text, words.MAX_NAME) for text in type_words(body, ns)),
    )


def resource_in(body: etree._Element) -> etree._Element:
    """The resource itself: `oai_datacite` carries it in a payload."""
    if etree.QName(body).localname == "resource":
        return body
    return next((each for each in body.iter(*ROOTS) if etree.QName(each).localname == "resource"), body)


def members(body: etree._Element, ns: str, name: str) -> list[etree._Element]:
    """The elements in a container: `members(…, "titles")` are its `title` elements. A bounded number of them."""
    return list(body.iterfind(f"{{{ns}}}{name}/*"))[: words.MAX_VALUES]


def group(body: etree._Element, ns: str, name: str) -> Iterator[str]:
    return (text for each in members(body, ns, name) if (text := "".join(each.itertext()).strip()))


def titles(body: etree._Element, ns: str) -> dict[str, str]:
    """The main title, and translated ones whose language is told."""
    found: dict[str, str] = {}
    for each in members(body, ns, "titles"):
        kind, code = each.get("titleType", ""), words.language(each.get(LANG, ""))
        text = words.plain("".join(each.itertext()), words.MAX_TITLE)
        is_wanted = not kind or (kind == "TranslatedTitle" and code)
        if text and is_wanted and code not in found:
            found[code] = text
    return found


def abstracts(body: etree._Element, ns: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in members(body, ns, "descriptions"):
        code = words.language(each.get(LANG, ""))
        text = words.plain("".join(each.itertext()), words.MAX_ABSTRACT)
        if text and each.get("descriptionType") == "Abstract" and code not in found:
            found[code] = text
    return found


def creators(body: etree._Element, ns: str) -> Iterator[str]:
    """Names as "Family, Given" where the parts are told, else as printed."""
    for each in members(body, ns, "creators"):
        family = (each.findtext(f"{{{ns}}}familyName") or "").strip()
        given = (each.findtext(f"{{{ns}}}givenName") or "").strip()
        printed = (each.findtext(f"{{{ns}}}creatorName") or "").strip()
        yield f"{family}, {given}" if family and given and "," not in printed else printed


def issued(body: etree._Element, ns: str) -> words.Parts:
    """The date of issue where it lies in the year of publication, which says more than any date; else that year."""
    year = next(iter(texts(body, f"{{{ns}}}publicationYear")), "")
    dates = [each for each in members(body, ns, "dates") if each.get("dateType") == "Issued"]
    found = [words.parts_of("".join(each.itertext())) for each in dates]
    known = words.parts_of(year)
    return next((parts for parts in found if parts[0] and known[0] in (None, parts[0])), known)


def type_words(body: etree._Element, ns: str) -> list[str]:
    """What the source calls it, before the general word."""
    each = body.find(f"{{{ns}}}resourceType")
    if each is None:
        return []
    return [each.get("uri", ""), "".join(each.itertext()), each.get("resourceTypeGeneral", "")]


def identifier_texts(body: etree._Element, ns: str) -> Iterator[str]:
    """Its own identifiers, each with its kind in front where it needs one. Those of related works are not its own."""
    yield from texts(body, f"{{{ns}}}identifier")
    for each in members(body, ns, "alternateIdentifiers"):
        kind = each.get("alternateIdentifierType", "").strip().upper()
        text = "".join(each.itertext()).strip()
        yield f"ISBN {text}" if kind == "ISBN" else text


def places(body: etree._Element, ns: str) -> list[str]:
    found = body.iterfind(f"{{{ns}}}geoLocations/{{{ns}}}geoLocation/{{{ns}}}geoLocationPlace")
    return [each.text for each in list(found)[: words.MAX_VALUES] if each.text]


def rights(body: etree._Element, ns: str) -> Iterator[str]:
    for each in members(body, ns, "rightsList"):
        yield each.get("rightsURI", "")
        yield each.get("rightsIdentifier", "")
        yield "".join(each.itertext())
