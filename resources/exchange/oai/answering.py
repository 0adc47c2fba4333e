"""The six verbs."""

import re
from collections.abc import Callable, Iterable
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone, translation
from lxml import etree

from resources.models import Resource
from resources.models.offered import Offered, OfferedIn, OfferedQuerySet

from . import dublin_core, openaire, sets, works
from .asking import Place, Question, Refused, expires, read
from .xml import OAI, XSI, add, stamp

NS = f"{{{OAI}}}"
PAGE = 100
FORMATS = {each.PREFIX: each for each in (dublin_core, openaire)}
REPOSITORY = "Salud y Migración"
SETS = Prefetch("sets", OfferedIn.objects.order_by("spec"))
NUMBER = re.compile(r"[1-9]\d{0,17}", re.ASCII)
MAIL = re.compile(r"\S+@(\S+\.)+\S+")
IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"


def answer(arguments: Iterable[tuple[str, list[str]]], address: str) -> bytes:
    """The answer to a request with these arguments, each with all its values; `address` is where it came to."""
    root = etree.Element(f"{NS}OAI-PMH", nsmap={None: OAI, "xsi": XSI})
    root.set(f"{{{XSI}}}schemaLocation", f"{OAI} {OAI}OAI-PMH.xsd")
    add(root, f"{NS}responseDate", stamp(timezone.now()))
    request = add(root, f"{NS}request", address)
    try:
        question = read(arguments)
        # Bad arguments are not told back: they may be no XML, and a harvester would read them as its own.
        for name, text in {"verb": question.verb, **question.given}.items():
            request.set(name, text)
        with translation.override("en"):
            VERBS[question.verb](root, question, address)
    except Refused as refused:
        add(root, f"{NS}error", refused.words, code=refused.code)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


# --- About the library ------------------------------------------------------------------------------------------------


def identify(root: etree._Element, question: Question, address: str) -> None:
    Offered.objects.tell()
    first = Offered.objects.told().first()
    about = add(root, f"{NS}Identify")
    add(about, f"{NS}repositoryName", REPOSITORY)
    add(about, f"{NS}baseURL", address)
    add(about, f"{NS}protocolVersion", "2.0")
    add(about, f"{NS}adminEmail", mail())
    add(about, f"{NS}earliestDatestamp", stamp(first.stamp if first else timezone.now()))
    add(about, f"{NS}deletedRecord", "persistent")
    add(about, f"{NS}granularity", "YYYY-MM-DDThh:mm:ssZ")
    if "." in host():
        described = etree.SubElement(
            add(about, f"{NS}description"), f"{{{IDENTIFIER}}}oai-identifier", nsmap={None: IDENTIFIER}
        )
        described.set(f"{{{XSI}}}schemaLocation", f"{IDENTIFIER} {IDENTIFIER}.xsd")
        add(described, f"{{{IDENTIFIER}}}scheme", "oai")
        add(described, f"{{{IDENTIFIER}}}repositoryIdentifier", host())
        add(described, f"{{{IDENTIFIER}}}delimiter", ":")
        add(described, f"{{{IDENTIFIER}}}sampleIdentifier", identifier_of(first.number if first else 1))


def mail() -> str:
    """Whom to write to: the schema wants a name with a dot behind the sign."""
    given = [*settings.ADMINS, parseaddr(settings.DEFAULT_FROM_EMAIL)[1], f"admin@{host()}"]
    return next((address for address in given if MAIL.fullmatch(address)), "admin@example.invalid")


def host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def identifier_of(number: int) -> str:
    return f"oai:{host()}:{number}"


def list_metadata_formats(root: etree._Element, question: Question, address: str) -> None:
    if question.identifier:
        _offered(question.identifier)
    formats = add(root, f"{NS}ListMetadataFormats")
    for prefix, each in FORMATS.items():
        described = add(formats, f"{NS}metadataFormat")
        add(described, f"{NS}metadataPrefix", prefix)
        add(described, f"{NS}schema", each.SCHEMA)
        add(described, f"{NS}metadataNamespace", each.NAMESPACE)


def list_sets(root: etree._Element, question: Question, address: str) -> None:
    listed = add(root, f"{NS}ListSets")
    for spec, name in sets.every():
        each = add(listed, f"{NS}set")
        add(each, f"{NS}setSpec", spec)
        add(each, f"{NS}setName", name)


# --- Records ----------------------------------------------------------------------------------------------------------


def get_record(root: etree._Element, question: Question, address: str) -> None:
    describe, offered = _format(question), _offered(question.identifier)
    work = works.prepared([offered]).get(offered.number)
    _record(add(root, f"{NS}GetRecord"), offered, work, describe)


def list_records(root: etree._Element, question: Question, address: str) -> None:
    describe = _format(question)
    some, token = _page(question)
    listed = add(root, f"{NS}ListRecords")
    found = works.prepared(some)
    for offered in some:
        _record(listed, offered, found.get(offered.number), describe)
    listed.extend(token)


def list_identifiers(root: etree._Element, question: Question, address: str) -> None:
    _format(question)
    some, token = _page(question)
    listed = add(root, f"{NS}ListIdentifiers")
    here = set(works.readable(some).values_list("pk", flat=True))
    for offered in some:
        _header(listed, offered, is_gone=offered.number not in here)
    listed.extend(token)


VERBS: dict[str, Callable[[etree._Element, Question, str], None]] = {
    "Identify": identify,
    "ListMetadataFormats": list_metadata_formats,
    "ListSets": list_sets,
    "GetRecord": get_record,
    "ListIdentifiers": list_identifiers,
    "ListRecords": list_records,
}


def _format(question: Question) -> Callable[[etree._Element, Resource], None]:
    if question.prefix not in FORMATS:
        raise Refused("cannotDisseminateFormat", f"There are: {', '.join(FORMATS)}.")
    return FORMATS[question.prefix].describe


def _offered(identifier: str) -> Offered:
    """The one of that name. Raises Refused."""
    Offered.objects.tell()
    number = identifier.rpartition(":")[2]
    is_ours = NUMBER.fullmatch(number) and identifier == identifier_of(int(number))
    found = Offered.objects.told().prefetch_related(SETS).filter(number=number).first() if is_ours else None
    if found is None:
        raise Refused("idDoesNotExist", "There is no such record.")
    return found


def _page(question: Question) -> tuple[list[Offered], list[etree._Element]]:
    """Some records of a list, and the element that leads to the next ones, if there was or is more than one page."""
    Offered.objects.tell()
    place = question.place
    every = _asked(question)
    rest = every.beyond(place.stamp, place.number) if place else every
    some = list(rest.prefetch_related(SETS)[: PAGE + 1])
    if not some:  # behind a place, too: what followed may have changed since and lie beyond `until` now
        raise Refused("noRecordsMatch", "Nothing (more) in the library matches.")
    shown, has_more = some[:PAGE], len(some) > PAGE
    if not place and not has_more:
        return shown, []
    begun = place or Place(shown[0].stamp, 0, 0, every.count())
    token = etree.Element(f"{NS}resumptionToken")
    token.set("completeListSize", str(max(begun.size, begun.cursor + len(shown))))
    token.set("cursor", str(begun.cursor))
    if has_more:
        last = shown[-1]
        token.text = question.token(Place(last.stamp, last.number, begun.cursor + len(shown), begun.size))
        token.set("expirationDate", stamp(expires()))
    return shown, [token]


def _asked(question: Question) -> OfferedQuerySet:
    every = Offered.objects.told().between(question.since, question.until)
    return every.in_set(question.set) if question.set else every


def _record(
    parent: etree._Element,
    offered: Offered,
    work: Resource | None,
    describe: Callable[[etree._Element, Resource], None],
) -> None:
    record = add(parent, f"{NS}record")
    _header(record, offered, is_gone=work is None)
    if work:
        describe(add(record, f"{NS}metadata"), work)


def _header(parent: etree._Element, offered: Offered, *, is_gone: bool) -> None:
    header = add(parent, f"{NS}header")
    if is_gone:
        header.set("status", "deleted")
    add(header, f"{NS}identifier", identifier_of(offered.number))
    add(header, f"{NS}datestamp", stamp(offered.stamp))
    for each in offered.sets.all():
        add(header, f"{NS}setSpec", each.spec)
