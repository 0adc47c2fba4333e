"""The library as a source: the six verbs by the letter, and nothing but what everybody may read."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core import signing
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree

from resources import actions
from resources.exchange.oai import answering, asking
from resources.models import Offered, OfferedIn, Resource
from tests import factories

pytestmark = pytest.mark.django_db

NS = {
    "o": "http://www.openarchives.org/OAI/2.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "d": "http://datacite.org/schema/kernel-4",
    "r": "http://namespace.openaire.eu/schema/oaire/",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(autouse=True)
def _public_address(settings) -> None:
    settings.SITE_URL = "https://portal.example.org"
    settings.ADMINS = ["secretaria@example.org"]


def ask(**arguments: str) -> etree._Element:
    """The answer, which is always XML with status 200."""
    given = {name.rstrip("_"): value for name, value in arguments.items()}
    answer = Client().get("/oai", given)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    return etree.fromstring(answer.content)


def code(**arguments: str) -> str:
    root = ask(**arguments)
    return root.find("o:error", NS).get("code")


def all_of(root: etree._Element, path: str) -> list[str]:
    return [each.text for each in root.findall(f".//{path}", NS)]


def listed(**arguments: str) -> dict[int, str]:
    """{number: status} over every page of a list."""
    found: dict[int, str] = {}
    asked = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", **arguments}
    while True:
        root = ask(**asked)
        for header in root.findall(".//o:header", NS):
            number = int(header.findtext("o:identifier", namespaces=NS).rpartition(":")[2])
            assert number not in found
            found[number] = header.get("status", "")
        token = root.findtext(".//o:resumptionToken", namespaces=NS)
        if not token:
            return found
        asked = {"verb": asked["verb"], "resumptionToken": token}


def identifier(work: Resource) -> str:
    return f"oai:portal.example.org:{work.pk}"


def at(work: Resource, moment: datetime) -> None:
    """As if harvesters had been told of its last change then."""
    Offered.objects.tell()
    Offered.objects.filter(number=work.pk).update(stamp=moment)


@pytest.fixture
def rich(oim) -> Resource:
    """A work with everything there is to say."""
    work = factories.resource(
        oim,
        title_es="Salud & migración <2020>",
        title_en="Health and migration",
        abstract_es="Lo que\x01 se sabe.",
        abstract_en="What is known.",
        year=2020,
        month=3,
        publisher="OPS",
        doi="10.1234/abc",
        isbn="978-92-75-32004-4",
        source_url="https://example.org/a?b=1&c=2",
        licence="cc-by-nc-sa-igo",
        countries=(factories.country("HN", "Honduras"), factories.country("MX", "México", "Mexico")),
        topics=(factories.topic("vih", "VIH", "HIV", mesh="D015658"),),
        tags=("albergues",),
        text="x",
    )
    work.authors.create(name="Paz, Ana")
    work.authors.create(name="Ministerio de Salud", kind="body", position=1)
    factories.file_of(work, language="en", kind="docx")
    return work


# --- What the library says of itself ---------------------------------------------------------------------------------


def test_identify(rich: Resource) -> None:
    root = ask(verb="Identify")
    assert root.findtext("o:request", namespaces=NS) == "http://testserver/oai"
    about = {etree.QName(each).localname: each.text for each in root.find("o:Identify", NS)}
    assert about["baseURL"] == "http://testserver/oai"
    assert about["adminEmail"] == "secretaria@example.org"
    assert (about["protocolVersion"], about["deletedRecord"]) == ("2.0", "persistent")
    assert about["granularity"] == "YYYY-MM-DDThh:mm:ssZ"
    stamp = Offered.objects.get().stamp
    assert about["earliestDatestamp"] == f"{stamp:%Y-%m-%dT%H:%M:%SZ}"
    [sample] = root.xpath("//*[local-name()='sampleIdentifier']/text()")
    assert sample == identifier(rich)


@pytest.mark.parametrize(
    ("admins", "sender", "mail"),
    [
        ([], "Portal <portal@example.org>", "portal@example.org"),
        ([], "portal@localhost", "admin@portal.example.org"),
        (["a@b.org"], "portal@localhost", "a@b.org"),
    ],
)
def test_whom_to_write_to(settings, admins: list[str], sender: str, mail: str) -> None:
    settings.ADMINS, settings.DEFAULT_FROM_EMAIL = admins, sender
    assert all_of(ask(verb="Identify"), "o:adminEmail") == [mail]


def test_an_empty_library_answers_too(settings) -> None:
    settings.SITE_URL = "http://localhost:8000"
    assert not ask(verb="Identify").xpath("//*[local-name()='oai-identifier']")
    assert code(verb="ListRecords", metadataPrefix="oai_dc") == "noRecordsMatch"


def test_formats_and_sets(rich: Resource) -> None:
    formats = ["oai_dc", "oai_openaire"]
    assert all_of(ask(verb="ListMetadataFormats"), "o:metadataPrefix") == formats
    assert all_of(ask(verb="ListMetadataFormats", identifier=identifier(rich)), "o:metadataPrefix") == formats
    root = ask(verb="ListSets")
    specs = all_of(root, "o:setSpec")
    assert {"organisation", "organisation:oim", "country:HN", "topic", "topic:vih"} <= set(specs)
    assert len(specs) == len(set(specs))
    assert "VIH · HIV" in all_of(root, "o:setName")


def test_robots_may_ask(client) -> None:
    assert b"Allow: /oai" in client.get("/robots.txt").content


# --- Records ----------------------------------------------------------------------------------------------------------


def test_a_record_in_dublin_core_says_everything_in_both_languages(rich: Resource) -> None:
    root = ask(verb="GetRecord", identifier=identifier(rich), metadataPrefix="oai_dc")
    titles = {each.get(LANG): each.text for each in root.findall(".//dc:title", NS)}
    assert titles == {"es": "Salud & migración <2020>", "en": "Health and migration"}
    assert {each.get(LANG): each.text for each in root.findall(".//dc:description", NS)} == {
        "es": "Lo que se sabe.",
        "en": "What is known.",
    }
    assert all_of(root, "dc:creator") == ["Paz, Ana", "Ministerio de Salud"]
    assert all_of(root, "dc:subject") == ["VIH", "HIV", "albergues"]
    assert set(all_of(root, "dc:coverage")) == {"Honduras", "México", "Mexico"}
    assert all_of(root, "dc:date") == ["2020-03"]
    assert all_of(root, "dc:language") == ["es", "en"]
    assert all_of(root, "dc:type") == ["report", "Informe", "Report"]
    assert all_of(root, "dc:identifier") == [
        f"https://portal.example.org/es/recursos/{rich.pk}/",
        "https://doi.org/10.1234/abc",
        "urn:isbn:978-92-75-32004-4",
    ]
    assert all_of(root, "dc:source") == ["https://example.org/a?b=1&c=2"]
    assert all_of(root, "dc:rights")[1] == "https://creativecommons.org/licenses/by-nc-sa/3.0/igo/"
    file = rich.files.first()
    assert f"https://portal.example.org/files/{file.pk}/{file.name}" in all_of(root, "dc:relation")
    assert all_of(root, "o:setSpec") == sorted(
        ["country", "country:HN", "country:MX", "organisation", "organisation:oim", "topic", "topic:vih"]
    )


def test_a_record_as_openaire_gathers_it(rich: Resource) -> None:
    root = ask(verb="GetRecord", identifier=identifier(rich), metadataPrefix="oai_openaire")
    titles = [(each.get(LANG), each.get("titleType"), each.text) for each in root.findall(".//d:title", NS)]
    assert titles == [("es", None, "Salud & migración <2020>"), ("en", "TranslatedTitle", "Health and migration")]
    assert [each.get("nameType") for each in root.findall(".//d:creatorName", NS)] == ["Personal", "Organizational"]
    [named] = root.findall(".//d:identifier", NS)
    assert (named.get("identifierType"), named.text) == ("DOI", "https://doi.org/10.1234/abc")
    [kind] = root.findall(".//r:resourceType", NS)
    assert (kind.get("uri"), kind.get("resourceTypeGeneral")) == (
        "http://purl.org/coar/resource_type/c_93fc", "literature",
    )  # fmt: skip
    [licence] = root.findall(".//r:licenseCondition", NS)
    assert licence.get("uri") == "https://creativecommons.org/licenses/by-nc-sa/3.0/igo/"
    assert root.find(".//r:file", NS).get("mimeType") == "application/pdf"
    assert root.find(".//d:subject", NS).get("valueURI") == "http://id.nlm.nih.gov/mesh/D015658"


@pytest.mark.parametrize("kind", Resource.Type.values)
def test_every_kind_of_work_has_a_place_in_both_formats(oim, kind: str) -> None:
    work = factories.resource(oim, type=kind, title_es=None, original_title="Saúde", original_language="pt")
    for prefix in ("oai_dc", "oai_openaire"):
        root = ask(verb="GetRecord", identifier=identifier(work), metadataPrefix=prefix)
        assert "Saúde" in etree.tostring(root, encoding="unicode")
    [right] = root.findall(".//d:rights", NS)
    assert right.text == "metadata only access"


def test_only_what_everybody_may_read_is_offered(oim) -> None:
    shown = factories.resource(oim)
    hidden = [
        factories.resource(oim, published=False),
        factories.resource(oim, audience="members"),
        factories.resource(oim, audience="committee"),
        factories.resource(oim, status="withdrawn"),
    ]
    assert listed() == {shown.pk: ""}
    for work in hidden:
        assert code(verb="GetRecord", identifier=identifier(work), metadataPrefix="oai_dc") == "idDoesNotExist"


def test_what_is_gone_is_told_for_good(oim, coordinator) -> None:
    works = [factories.resource(oim) for _ in range(4)]
    assert set(listed().values()) == {""}
    for work in works:
        at(work, timezone.now() - timedelta(days=2))
    withdrawn, deleted, hidden, kept = works
    actions.withdraw(withdrawn, by=coordinator, reason="x")
    number = deleted.pk
    actions.delete(deleted)
    Resource.objects.filter(pk=hidden.pk).update(audience="members")
    actions.saved(hidden)
    today = f"{timezone.now():%Y-%m-%d}"
    assert listed(from_=today) == {withdrawn.pk: "deleted", number: "deleted", hidden.pk: "deleted"}
    assert listed()[kept.pk] == ""
    root = ask(verb="GetRecord", identifier=f"oai:portal.example.org:{number}", metadataPrefix="oai_dc")
    assert root.find(".//o:header", NS).get("status") == "deleted"
    assert root.find(".//o:metadata", NS) is None
    assert listed(set="organisation:oim")[number] == "deleted"
    actions.publish(withdrawn, by=coordinator, looked=True)
    assert listed(from_=today)[withdrawn.pk] == ""


def test_a_work_that_nobody_may_read_any_more_is_never_shown_whatever_is_noted(oim) -> None:
    work = factories.resource(oim)
    Resource.objects.update(audience="members")  # behind our back
    assert listed() == {work.pk: "deleted"}


@pytest.mark.parametrize("change", ["title", "topic", "country", "author", "file", "name"])
def test_every_change_gives_a_new_stamp(oim, coordinator, change: str) -> None:
    topic = factories.topic("vih", "VIH", "HIV")
    work = factories.resource(oim, topics=(topic,) if change == "name" else ())
    at(work, datetime(2020, 1, 1, tzinfo=UTC))

    def save() -> None:
        match change:
            case "title":
                work.title_es = "Otro"
                work.save()
            case "topic":
                work.topics.add(topic)
            case "country":
                work.countries.add(factories.country())
            case "author":
                work.authors.create(name="Paz, Ana")

    if change == "file":
        actions.remove_file(factories.file_of(work))
    elif change == "name":
        actions.renamed(Resource.objects.filter(topics=topic))
    else:
        actions.describe(work, by=coordinator, save=save)
    assert listed(from_="2020-01-02") == {work.pk: ""}


def test_a_change_that_is_rolled_back_was_none(oim) -> None:
    work = factories.resource(oim)
    at(work, datetime(2020, 1, 1, tzinfo=UTC))
    with transaction.atomic():
        actions.saved(work)
        transaction.set_rollback(True)
    assert code(verb="ListRecords", metadataPrefix="oai_dc", from_="2020-01-02") == "noRecordsMatch"


# --- Spans and sets ---------------------------------------------------------------------------------------------------


@pytest.fixture
def dated(oim) -> list[Resource]:
    """Four works, told of at four moments."""
    works = [factories.resource(oim) for _ in range(4)]
    told = ["2020-01-01T00:00:00", "2020-01-01T23:59:59", "2020-01-02T00:00:00", "2020-03-01"]
    for work, text in zip(works, told, strict=True):
        at(work, datetime.fromisoformat(text).replace(tzinfo=UTC))
    return works


@pytest.mark.parametrize(
    ("span", "places"),
    [
        ({}, [0, 1, 2, 3]),
        ({"from_": "2020-01-01"}, [0, 1, 2, 3]),
        ({"from_": "2020-01-02"}, [2, 3]),
        ({"until": "2020-01-01"}, [0, 1]),
        ({"from_": "2020-01-01", "until": "2020-01-01"}, [0, 1]),
        ({"from_": "2020-01-01T23:59:59Z"}, [1, 2, 3]),
        ({"until": "2020-01-01T23:59:58Z"}, [0]),
        ({"from_": "2020-01-01T23:59:59Z", "until": "2020-01-02T00:00:00Z"}, [1, 2]),
        ({"until": "9999-12-31"}, [0, 1, 2, 3]),
        ({"from_": "0001-01-01"}, [0, 1, 2, 3]),
    ],
)
def test_spans_include_both_ends(dated: list[Resource], span: dict[str, str], places: list[int]) -> None:
    assert list(listed(**span)) == [dated[place].pk for place in places]


def test_sets_hold_what_lies_below_them(oim, insp) -> None:
    above = factories.topic("infecciones", "Infecciones", "Infections")
    below = factories.topic("vih", "VIH", "HIV", parent=above)
    one = factories.resource(oim, topics=(below,), countries=(factories.country("HN"),))
    two = factories.resource(insp, topics=(above,))
    asked = {spec: list(listed(set=spec)) for spec in ("topic", "topic:infecciones", "topic:infecciones:vih")}
    assert asked == {
        "topic": [one.pk, two.pk],
        "topic:infecciones": [one.pk, two.pk],
        "topic:infecciones:vih": [one.pk],
    }
    assert list(listed(set="organisation:insp")) == [two.pk]
    assert list(listed(set="country:HN")) == [one.pk]
    one.topics.clear()
    actions.saved(one)
    assert list(listed(set="topic")) == [two.pk]


# --- Page after page --------------------------------------------------------------------------------------------------


def test_a_long_list_comes_page_by_page(oim, monkeypatch) -> None:
    monkeypatch.setattr(answering, "PAGE", 3)
    works = [factories.resource(oim) for _ in range(7)]
    pages, asked = [], {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    for _number in range(3):
        root = ask(**asked)
        token = root.find(".//o:resumptionToken", NS)
        pages.append((len(root.findall(".//o:record", NS)), token.get("cursor"), token.get("completeListSize")))
        asked = {"verb": "ListRecords", "resumptionToken": token.text or ""}
    assert pages == [(3, "0", "7"), (3, "3", "7"), (1, "6", "7")]
    assert token.text is None
    assert token.get("expirationDate") is None
    assert list(listed()) == [work.pk for work in works]


def test_a_list_stays_whole_while_the_library_changes(oim, monkeypatch) -> None:
    monkeypatch.setattr(answering, "PAGE", 2)
    works = [factories.resource(oim) for _ in range(6)]
    for number, work in enumerate(works):
        at(work, datetime(2020, 1, 1 + number, tzinfo=UTC))
    root = ask(verb="ListIdentifiers", metadataPrefix="oai_dc")
    token = root.findtext(".//o:resumptionToken", namespaces=NS)
    first, changed, deleted = works[0].pk, works[3], works[4]
    new = factories.resource(oim)
    actions.saved(changed)
    gone = deleted.pk
    actions.delete(deleted)
    again = all_of(ask(verb="ListIdentifiers", resumptionToken=token), "o:identifier")
    assert again == all_of(ask(verb="ListIdentifiers", resumptionToken=token), "o:identifier")
    rest: list[int] = []
    while token:
        root = ask(verb="ListIdentifiers", resumptionToken=token)
        rest += [int(name.rpartition(":")[2]) for name in all_of(root, "o:identifier")]
        token = root.findtext(".//o:resumptionToken", namespaces=NS)
    assert first not in rest
    assert sorted(rest) == sorted([works[2].pk, works[5].pk, changed.pk, gone, new.pk])


def test_a_token_lasts_two_days_and_is_ours_alone(oim, monkeypatch) -> None:
    monkeypatch.setattr(answering, "PAGE", 1)
    for _ in range(3):
        factories.resource(oim)
    root = ask(verb="ListRecords", metadataPrefix="oai_dc")
    token = root.findtext(".//o:resumptionToken", namespaces=NS)
    assert root.find(".//o:resumptionToken", NS).get("expirationDate") > f"{timezone.now() + timedelta(hours=24):%Y}"
    assert code(verb="ListIdentifiers", resumptionToken=token) == "badResumptionToken"
    assert code(verb="ListRecords", resumptionToken=token[:-1]) == "badResumptionToken"
    assert (
        code(verb="ListRecords", resumptionToken=signing.dumps(["ListRecords", {}, [1, 2, 3, 4]]))
        == "badResumptionToken"
    )
    monkeypatch.setattr(asking, "LASTS", timedelta(seconds=-1))
    assert code(verb="ListRecords", resumptionToken=token) == "badResumptionToken"


def test_what_has_moved_beyond_until_ends_the_list(oim, monkeypatch) -> None:
    monkeypatch.setattr(answering, "PAGE", 1)
    works = [factories.resource(oim) for _ in range(2)]
    for work in works:
        at(work, datetime(2020, 1, 1, tzinfo=UTC))
    root = ask(verb="ListRecords", metadataPrefix="oai_dc", until="2020-01-02")
    actions.saved(works[1])
    token = root.findtext(".//o:resumptionToken", namespaces=NS)
    assert code(verb="ListRecords", resumptionToken=token) == "noRecordsMatch"


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
@pytest.mark.parametrize("prefix", ["oai_dc", "oai_openaire"])
def test_the_same_number_of_queries_for_one_record_and_for_ten(oim, verb: str, prefix: str) -> None:
    def queries() -> int:
        Offered.objects.tell()
        with CaptureQueriesContext(connection) as asked:
            ask(verb=verb, metadataPrefix=prefix)
        return len(asked)

    hn, topic = factories.country(), factories.topic("vih", "VIH", "HIV")
    for number in range(10):
        work = factories.resource(oim, countries=(hn,), topics=(topic,), tags=("a",), text="x")
        work.authors.create(name="Paz, Ana")
        if number == 0:
            one = queries()
    assert queries() == one <= 12


def test_a_page_of_a_list_is_found_by_the_index(oim) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL rightly reads a table of three rows whole")
    factories.resource(oim)
    rows = Offered.objects.told().between(timezone.now(), None).beyond(timezone.now(), 1)
    assert "offered_in_order" in rows[:101].explain()


# --- What is wrong ----------------------------------------------------------------------------------------------------

LONG = "x" * 10_000
RECORDS = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
GET = {"verb": "GetRecord", "metadataPrefix": "oai_dc"}
OURS = "oai:portal.example.org"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "badVerb"),
        ({"verb": ""}, "badVerb"),
        ({"verb": "junk"}, "badVerb"),
        ({"verb": "identify"}, "badVerb"),
        ({"verb": "\0"}, "badVerb"),
        ({"verb": LONG}, "badVerb"),
        ({"verb": "Identify", "x": "1"}, "badArgument"),
        ({"verb": "Identify", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "GetRecord"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "GetRecord", "identifier": "oai:portal.example.org:1"}, "badArgument"),
        (GET | {"identifier": 'invalid"id'}, "badArgument"),
        (GET | {"identifier": "oai:x:\0"}, "badArgument"),
        (GET | {"identifier": f"oai:x:{LONG}"}, "badArgument"),
        (GET | {"identifier": "oai:x:1"}, "idDoesNotExist"),
        (
            GET | {"identifier": f"{OURS}:01"},
            "idDoesNotExist",
        ),
        (
            GET | {"identifier": f"{OURS}:{10**40}"},
            "idDoesNotExist",
        ),
        (
            GET | {"identifier": f"{OURS}:-1"},
            "idDoesNotExist",
        ),
        (
            {"verb": "GetRecord", "metadataPrefix": "marc", "identifier": "oai:portal.example.org:1"},
            "cannotDisseminateFormat",
        ),
        ({"verb": "ListMetadataFormats", "identifier": "oai:portal.example.org:999"}, "idDoesNotExist"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "metadataPrefix": "á é"}, "badArgument"),
        (RECORDS | {"from": "junk"}, "badArgument"),
        (RECORDS | {"until": "junk"}, "badArgument"),
        (RECORDS | {"from": ""}, "badArgument"),
        (RECORDS | {"from": "2002-02-30"}, "badArgument"),
        (RECORDS | {"from": "0000-01-01"}, "badArgument"),
        (RECORDS | {"from": "2002-02-05T25:00:00Z"}, "badArgument"),
        (RECORDS | {"from": "2002-02-05T10:00:00"}, "badArgument"),
        (RECORDS | {"from": "2002-02-05T10:00:00+01:00"}, "badArgument"),
        (RECORDS | {"from": "2002-02-05T10:00:00.5Z"}, "badArgument"),
        (RECORDS | {"from": "٢٠٠٢-02-05"}, "badArgument"),
        (RECORDS | {"from": "2002-02-05", "until": "2002-02-06T05:35:00Z"}, "badArgument"),
        (RECORDS | {"from": "2003-01-01", "until": "2002-01-01"}, "badArgument"),
        (RECORDS | {"until": "1969-01-01"}, "noRecordsMatch"),
        (RECORDS | {"from": "2999-01-01"}, "noRecordsMatch"),
        (RECORDS | {"set": "no:such:set"}, "noRecordsMatch"),
        (RECORDS | {"set": "a b"}, "badArgument"),
        (RECORDS | {"set": ":"}, "badArgument"),
        (RECORDS | {"set": LONG}, "badArgument"),
        (RECORDS | {"set": "x\0"}, "badArgument"),
        ({"verb": "ListRecords", "resumptionToken": "junk"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": ""}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "\0"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": LONG}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "ñ:ñ:ñ"}, "badResumptionToken"),
        (RECORDS | {"resumptionToken": "junk"}, "badArgument"),
        ({"verb": "ListSets", "resumptionToken": "junk"}, "badResumptionToken"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_bad_questions_get_the_error_the_protocol_has_for_them(
    oim, asked: dict[str, str], expected: str, method
) -> None:
    factories.resource(oim)
    answer = getattr(Client(), method)("/oai", asked)
    assert answer.status_code == 200
    root = etree.fromstring(answer.content)
    [error] = root.findall("o:error", NS)
    assert error.get("code") == expected
    request = root.find("o:request", NS)
    if expected in ("badVerb", "badArgument"):
        assert not request.attrib
    elif expected != "badResumptionToken":
        assert dict(request.attrib) == asked


@pytest.mark.parametrize(
    "query", ["verb=Identify&verb=Identify", "verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc"]
)
def test_a_repeated_argument(query: str) -> None:
    root = etree.fromstring(Client().get(f"/oai?{query}").content)
    assert root.find("o:error", NS).get("code") in ("badVerb", "badArgument")


def test_thousands_of_arguments() -> None:
    query = "&".join(f"a{number}=1" for number in range(5_000))
    for answer in (Client().get(f"/oai?{query}"), Client().post("/oai", query, "application/x-www-form-urlencoded")):
        assert answer.status_code == 200
        assert b'code="bad' in answer.content


@pytest.mark.parametrize("raw", ["%ff%fe", "%ed%a0%80", "%00", "%0b", "%ef%bf%be"])
def test_bytes_that_are_no_text(raw: str) -> None:
    for name in ("verb", "x", "verb=ListRecords&resumptionToken"):
        answer = Client().get(f"/oai?{name}={raw}")
        assert answer.status_code == 200
        etree.fromstring(answer.content)


def test_post_answers_what_get_answers(rich: Resource) -> None:
    asked = {"verb": "GetRecord", "identifier": identifier(rich), "metadataPrefix": "oai_dc"}
    got, posted = (
        etree.fromstring(ask("/oai", asked).content) for ask in (Client().get, Client(enforce_csrf_checks=True).post)
    )
    for root in (got, posted):
        root.find("o:responseDate", NS).text = ""
    assert etree.tostring(got) == etree.tostring(posted)
    assert Client().put("/oai").status_code == 405


def test_a_database_that_is_away_makes_harvesters_wait(monkeypatch) -> None:
    def away(*_arguments: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(answering, "read", away)
    answer = Client().get("/oai?verb=Identify")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


@pytest.mark.parametrize("table", [Offered, OfferedIn])
def test_migration_offers_what_was_public_before(oim, table: type) -> None:
    """The step of the migration over rows that came before it gives what the actions give."""
    topic = factories.topic("infecciones", "Infecciones", "Infections")
    factories.resource(
        oim, topics=(factories.topic("vih", "VIH", "HIV", parent=topic),), countries=(factories.country(),)
    )
    factories.resource(oim, published=False)
    gone = factories.resource(oim)
    actions.withdraw(gone, by=None, reason="x")

    def rows() -> list:
        return sorted(table.objects.values_list(*FIELDS[table]))

    before = rows()
    Offered.objects.all().delete()
    import_module("resources.migrations.0008_offered").offer_what_is_public(apps, None)
    assert rows() == before


FIELDS = {Offered: ("number", "gone"), OfferedIn: ("spec", "offered_id")}
