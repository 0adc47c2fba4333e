"""Our own harvester at our own door: everything comes, a kill costs nothing, changes and deletions follow."""

import pytest

from network.models import Organisation
from resources import actions, description, harvesting
from resources.exchange.oai import answering
from resources.intake import oai
from resources.intake.oai import source as oai_source
from resources.models import Gathered, Gathering, Resource, Source
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
Outcome, State = Gathered.Outcome, Gathering.State


@pytest.fixture
def door(live_server, settings, monkeypatch) -> str:
    settings.OUTGOING_ALLOW_LOOPBACK = True
    settings.SITE_URL = live_server.url
    monkeypatch.setattr(answering, "PAGE", 3)
    return f"{live_server.url}/oai"


@pytest.fixture
def library(oim: Organisation) -> list[Resource]:
    """Seven works; their harvested twins belong to somebody else and differ by address, not by DOI."""
    hn = factories.country("HN", "Honduras")
    vih = factories.topic("vih", "VIH", "HIV")
    works = []
    for number in range(7):
        work = factories.resource(
            oim,
            title_es=f"Salud de las personas migrantes, número {number}",
            title_en=f"Health of migrants, number {number}" if number % 2 else None,
            abstract_es="Lo que se sabe.",
            year=2015 + number,
            publisher="OPS",
            type="guideline",
            licence="cc-by",
            countries=(hn,),
            topics=(vih,),
        )
        work.authors.create(name="Paz, Ana")
        actions.saved(work)
        works.append(work)
    return works


@pytest.fixture
def source(door: str, insp: Organisation) -> Source:
    mapping = {"topic": {"VIH": "vih", "HIV": "vih"}}
    return Source.objects.create(name="Nosotros", slug="n", url=door, organisation=insp, mapping=mapping)


def taken(gathering: Gathering) -> list[str]:
    return [line.outcome for line in gathering.lines.all()]


def test_everything_comes_with_all_it_says(source: Source, library: list[Resource]) -> None:
    gathering = harvesting.harvest(source, pause=0)
    assert (gathering.state, gathering.reason, taken(gathering)) == (State.DONE, "", [Outcome.NEW] * 7)
    twins = Resource.objects.filter(organisation=source.organisation).order_by("pk")
    for work, twin in zip(library, twins, strict=True):
        said, have = description.of_work(work), description.of_work(twin)
        assert have["source_url"].endswith(f"/es/recursos/{work.pk}/")
        for name in ("title_es", "title_en", "abstract_es", "year", "publisher", "type", "licence", "authors"):
            assert have[name] == said[name], name
        assert (have["countries"], have["topics"]) == (["HN"], ["vih"])


def test_a_kind_of_no_name_and_the_languages_of_a_work_come_too(source: Source, oim: Organisation) -> None:
    three = {"title_es": "Migração e saúde (resumen)", "title_en": "Migration and health", "original_title": "Migração"}
    works = [
        factories.resource(oim, type="other", original_language="en", title_en="Health of migrants"),
        factories.resource(oim, type="campaign", original_language="pt", **three),
    ]
    for work, languages in zip(works, (["es", "en"], ["es", "pt"]), strict=True):
        for language in languages:
            factories.file_of(work, language=language)
        actions.saved(work)
    harvesting.harvest(source, pause=0)
    twins = Resource.objects.filter(organisation=source.organisation).order_by("pk")
    for work, twin in zip(works, twins, strict=True):
        for name in ("type", "original_language", "titles"):
            assert getattr(twin, name) == getattr(work, name), name
            assert {origin.certainty for origin in twin.origins.all()} == {100}


def test_a_harvest_that_is_stopped_midway_goes_on(source: Source, library: list[Resource]) -> None:
    def stop(seen: int, size: int | None) -> None:
        assert size == 7
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        harvesting.harvest(source, pause=0, progress=stop)
    assert Gathered.objects.count() == 3
    gathering = harvesting.harvest(source, pause=0)
    assert (gathering.state, taken(gathering)) == (State.DONE, [Outcome.NEW] * 7)
    assert Resource.objects.filter(organisation=source.organisation).count() == 7


def test_the_next_harvest_sees_a_change_and_a_deletion(source: Source, library: list[Resource], coordinator) -> None:
    harvesting.harvest(source, pause=0)
    changed, gone = library[2], library[5]

    def save() -> None:
        changed.publisher = "OIM"
        changed.save()

    actions.describe(changed, by=coordinator, save=save)
    actions.withdraw(gone, by=coordinator, reason="x")
    gathering = harvesting.harvest(source, pause=0)
    assert sorted(taken(gathering)) == sorted([Outcome.CHANGED, Outcome.GONE])
    assert harvesting.harvest(source, pause=0).lines.count() == 0


def test_what_the_admin_asks_of_a_source(door: str, library: list[Resource]) -> None:
    assert oai.identify(door).deleted_record == "persistent"
    assert {"oai_dc", "oai_openaire"} == {each.prefix for each in oai.list_formats(door)}
    assert "topic:vih" in {each.spec for each in oai.list_sets(door)}


@pytest.mark.parametrize("verb", ["list_records", "list_identifiers"])
def test_the_library_that_asks_for_us_finds_the_same(door: str, library: list[Resource], verb: str) -> None:
    with oai_source.Source(door) as scythe:
        found = list(getattr(scythe, verb)(metadata_prefix="oai_dc"))
        headers = [getattr(each, "header", each) for each in found]
    assert [int(header.identifier.rpartition(":")[2]) for header in headers] == [work.pk for work in library]
