"""The library as a source: what it says of itself and its works, and nothing but what everybody may read."""

import threading
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone
from lxml import etree

from resources import actions, deposits
from resources.models import Offered, OfferedIn, Resource
from tests import factories
from tests.resources.exchange.harvester import LANG, NS, all_of, ask, at, code, identifier, listed

pytestmark = pytest.mark.django_db


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
    assert all_of(root, "dc:type") == ["report", "Informe", "Report", "http://purl.org/coar/resource_type/c_93fc"]
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
    actions.delete(deleted, by=None)
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
        deposits.remove(factories.file_of(work), by=None)
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


@pytest.mark.django_db(transaction=True)
def test_a_harvester_does_not_wait_for_a_change_that_is_under_way(oim) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: the harvester waits for it, at most 20 seconds")
    one, two = factories.resource(oim), factories.resource(oim)
    begun, told = threading.Event(), threading.Event()

    def change() -> None:
        with transaction.atomic():
            actions.saved(one)
            begun.set()
            told.wait(10)
        connection.close()

    writer = threading.Thread(target=change)
    writer.start()
    begun.wait(10)
    assert listed() == {two.pk: ""}
    told.set()
    writer.join()
    assert listed() == {two.pk: "", one.pk: ""}


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
    import_module("resources.migrations.0009_offered").offer_what_is_public(apps, None)
    assert rows() == before


FIELDS = {Offered: ("number", "gone"), OfferedIn: ("spec", "offered_id")}
