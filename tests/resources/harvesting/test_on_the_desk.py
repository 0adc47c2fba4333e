"""A coordinator names a repository on the gathering desk; what it brings is corrected and sent on like everything."""

import pytest
from django.test import Client
from django.urls import reverse

from network.models import Organisation, User
from resources import actions, harvesting
from resources.models import Gathering, Resource, Source
from tests.answering import serving
from tests.conftest import signed_in
from tests.resources.harvesting.repository import Repository
from tests.resources.harvesting.test_sources_in_the_admin import identify
from tests.resources.test_gathering import page_of

GATHER = "/es/mi-mesa/reunir/"
HARVEST = f"{GATHER}recolectar/"


@pytest.fixture
def address(repository: Repository) -> str:
    repository.answer = identify
    with serving(repository) as url:
        yield url


@pytest.fixture
def desk(coordinator: User) -> Client:
    return signed_in(coordinator)


def name(desk: Client, address: str, organisation: Organisation, **more: str) -> Gathering:
    desk.post(HARVEST, {"url": address, "organisation": organisation.pk, **more})
    return Gathering.objects.latest("pk")


def table_of(gathering: Gathering) -> str:
    return reverse("resources:gathering_files", args=[gathering.pk])


def test_a_repository_is_named_and_its_drafts_are_sent_on(desk: Client, address: str, oim: Organisation) -> None:
    gathering = name(desk, address, oim)
    source = Source.objects.get()
    assert (source.name, source.slug, source.url) == ("Repositorio Único", "repositorio-unico", address)
    assert page_of(gathering) in desk.get(GATHER).text
    page = desk.get(page_of(gathering)).text
    assert "Salud mental de migrantes" in page
    assert table_of(gathering) in page
    assert page_of(gathering, "deshacer/") not in page
    table = desk.get(table_of(gathering))
    assert table.context["rows"][0].work.title_es == "Salud mental de migrantes"
    assert "Repositorio Único · oai:x:uno" in table.text
    assert reverse("resources:gather_file", args=[gathering.pk]) not in table.text
    assert desk.post(reverse("resources:gather_file", args=[gathering.pk])).status_code == 404


def test_a_draft_is_corrected_in_its_place_and_sent_on(desk: Client, address: str, oim: Organisation) -> None:
    gathering = name(desk, address, oim)
    line = gathering.lines.get(key="oai:x:dos")
    said = {"title": "Rutas", "year": 2020, "language": "es"}
    step = desk.post(reverse("resources:gathered_correct", args=[line.pk]), said, headers={"HX-Request": "true"})
    assert "Rutas" in step.text
    send = reverse("resources:gather_send", args=[gathering.pk])
    step = desk.post(send, {"line": line.pk}, headers={"HX-Request": "true"})
    assert step.status_code == 200
    work = Resource.objects.get(gathered=line)
    assert (work.title_es, work.year, work.status) == ("Rutas", 2020, "submitted")
    assert line.pk not in [row.line.pk for row in desk.get(table_of(gathering)).context["rows"]]
    desk.post(send, {"all": ""})
    assert Resource.objects.filter(status="submitted").count() == 2  # the other two say no year


def test_named_twice_it_is_one_source_and_nobody_has_a_twin(desk: Client, address: str, oim: Organisation) -> None:
    for _twice in range(2):
        name(desk, address, oim)
    assert Source.objects.count() == 1
    assert Resource.objects.count() == 4
    name(desk, address, oim, set="salud")
    assert list(Source.objects.values_list("slug", flat=True)) == ["repositorio-unico", "repositorio-unico-2"]


def test_progress_is_shown_while_it_comes(desk: Client, source: Source, coordinator: User) -> None:
    with pytest.raises(KeyboardInterrupt):
        harvesting.harvest(source, pause=0, progress=interrupt)
    page = desk.get(page_of(Gathering.objects.get())).text
    assert "Han llegado 3 registros" in page
    assert 'hx-trigger="every 2s"' in page
    harvesting.harvest(source, pause=0)
    assert 'hx-trigger="every 2s"' not in desk.get(page_of(Gathering.objects.get())).text


def interrupt(seen: int, size: int | None) -> None:
    raise KeyboardInterrupt


def test_where_it_stopped_and_what_waits_is_said(desk: Client, source: Source, repository: Repository) -> None:
    harvesting.harvest(source, pause=0)
    actions.publish_all(Resource.objects.all(), by=None)
    repository.put("uno", "Otro título")
    page = desk.get(page_of(harvesting.harvest(source, pause=0))).text
    assert "1 cambio espera una decisión" in page
    repository.answer = lambda asked: asked.reply(b"<html>") or True
    assert "lo que llegó hasta entonces" in desk.get(page_of(harvesting.harvest(source, pause=0))).text.lower()


@pytest.mark.parametrize("wrong", ["", "no es", "https://10.0.0.1/oai", "nothing there", "a web page"])
def test_a_wrong_address_is_told_in_a_sentence(
    desk: Client, address: str, oim: Organisation, settings, repository, wrong: str
) -> None:
    if wrong == "https://10.0.0.1/oai":
        settings.OUTGOING_ALLOW_LOOPBACK = False
    if wrong == "a web page":
        repository.answer = lambda asked: asked.reply(b"<html>Hola</html>") or True
        wrong = address
    given = {"url": "http://127.0.0.1:1/oai" if wrong == "nothing there" else wrong, "organisation": oim.pk}
    page = desk.post(HARVEST, given)
    assert page.status_code == 422
    assert "errorlist" in page.text
    assert not Source.objects.exists()


def test_coordinators_alone_name_repositories(contributor: User, client: Client, desk, oim) -> None:
    member = signed_in(contributor)
    assert HARVEST not in member.get(GATHER).text
    assert member.post(HARVEST, {"url": "https://example.org/oai", "organisation": oim.pk}).status_code == 404
    assert client.post(HARVEST).url.startswith("/es/cuenta/entrar/")
    assert desk.get(HARVEST).status_code == 405


def test_a_member_sees_what_was_harvested_for_them_alone(
    source: Source, contributor: User, stranger: User, oim
) -> None:
    gathering = harvesting.harvest(source, pause=0)
    assert signed_in(contributor).get(table_of(gathering)).status_code == 200
    for address in (table_of(gathering), page_of(gathering)):
        assert signed_in(stranger).get(address).status_code == 404


def test_a_long_harvest_is_shown_a_part_at_a_time(source: Source, desk: Client, monkeypatch) -> None:
    from resources import gathering as gatherings

    monkeypatch.setattr(gatherings, "MOST_IN_A_TABLE", 2)
    gathering = harvesting.harvest(source, pause=0)
    Resource.objects.update(year=2020)
    desk.post(reverse("resources:gather_send", args=[gathering.pk]), {"all": ""})
    assert Resource.objects.filter(status="submitted").count() == 2
    assert len(desk.get(table_of(gathering)).context["rows"]) == 2
