"""Sources in the admin: set up, checked, harvested and decided by coordinators alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from network.models import Organisation, User
from resources import actions, harvesting
from resources.models import Gathered, Resource, Source
from tests.answering import Asked
from tests.conftest import signed_in
from tests.resources.harvesting.repository import Repository, served
from tests.resources.intake.oai.provider import answer

LIST = "/admin/resources/source/proposals/"


@pytest.fixture(autouse=True)
def _loopback(settings) -> None:
    settings.OUTGOING_ALLOW_LOOPBACK = True


@pytest.fixture
def repository() -> Repository:
    found = Repository()
    for n in range(3):
        found.put(f"r{n}", identifier=f"https://repo.example.org/handle/{n}")
    return found


@pytest.fixture
def source(oim: Organisation, repository: Repository) -> Source:
    with served(repository, oim) as source:
        yield source


def propose(source: Source, repository: Repository, by: User, number: int, first: int = 0) -> None:
    """So many proposals: a new title upstream for published works."""
    names = [f"p{n}" for n in range(first, first + number)]
    for name in names:
        repository.put(name, f"Título viejo de {name}")
    harvesting.harvest(source, pause=0)
    for name in names:
        work = Resource.objects.get(gathered__key=f"oai:x:{name}", gathered__outcome="new")
        actions.publish(work, by=by)
        repository.put(name, f"Título nuevo de {name}", creator="OPS", type="law")
    harvesting.harvest(source, pause=0)


FORM = {"name": "Y", "slug": "y", "url": "https://repo.example.org/oai", "prefix": "oai_dc", "set": "", "mapping": "{}"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, ""),
        ({"url": "http://127.0.0.1:22/"}, ""),
        ({"url": "https://ana:clave@repo.example.org/oai"}, "nombre de usuario o una contraseña"),
        ({"mapping": '{"tipo": {}}'}, "tipo"),
        ({"mapping": '{"type": {"Informe": "informe"}}'}, "informe"),
        ({"mapping": '{"topic": {"Migración": "nada"}}'}, "nada"),
        ({"mapping": '{"type": {"Informe": 3}}'}, ""),
        ({"mapping": '["x"]'}, ""),
    ],
)
def test_a_source_is_set_up(coordinator: User, oim, changes: dict, problem: str) -> None:
    client = signed_in(coordinator)
    page = client.post("/admin/resources/source/add/", {**FORM, "organisation": oim.pk, **changes})
    if problem or (changes and "url" not in changes):
        assert page.status_code == 200
        assert "errorlist" in page.text
        assert problem in page.text
        assert not Source.objects.exists()
    else:
        assert page.status_code == 302
        assert Source.objects.get().url


def test_a_changed_name_keeps_the_place_and_a_changed_address_does_not(coordinator: User, oim, source: Source) -> None:
    Source.objects.update(harvested_until="2026-01-01")
    client = signed_in(coordinator)
    data = {**FORM, "url": source.url, "organisation": oim.pk, "active": "on"}
    address = f"/admin/resources/source/{source.pk}/change/"
    assert client.post(address, data).status_code == 302
    source.refresh_from_db()
    assert (source.name, source.harvested_until) == ("Y", "2026-01-01")
    assert client.post(address, {**data, "url": "https://repo.example.org/oai"}).status_code == 302
    source.refresh_from_db()
    assert source.harvested_until == ""


def test_harvest_now(coordinator: User, source: Source) -> None:
    client = signed_in(coordinator)
    page = client.get(f"/admin/resources/source/{source.pk}/change/")
    assert 'value="harvest_now"' in page.text
    prefix = page.context["action_form"]["action"].html_name
    data = {prefix: "harvest_now", "_selected_action": source.pk}
    assert client.post(f"/admin/resources/source/{source.pk}/change/", data).status_code == 302
    assert Resource.objects.count() == 3
    assert source.gatherings.get().by == coordinator
    assert (
        source.gatherings.get().get_state_display() in client.get(f"/admin/resources/source/{source.pk}/change/").text
    )


def identify(asked: Asked) -> bool:
    bodies = {
        "Identify": "<Identify><repositoryName>Repositorio Único</repositoryName><granularity>YYYY-MM-DD</granularity>"
        "<deletedRecord>no</deletedRecord></Identify>",
        "ListMetadataFormats": "<ListMetadataFormats><metadataFormat><metadataPrefix>oai_dc</metadataPrefix>"
        "</metadataFormat></ListMetadataFormats>",
        "ListSets": "<ListSets><set><setSpec>salud</setSpec><setName>Salud &lt;b&gt;</setName></set></ListSets>",
    }
    if body := bodies.get(asked.query.get("verb", "")):
        asked.reply(answer(body))
    return bool(body)


def test_an_address_is_checked(coordinator: User, source: Source, repository: Repository) -> None:
    client = signed_in(coordinator)
    address = f"/admin/resources/source/{source.pk}/check/"
    repository.answer = identify
    page = client.get(address).text
    for word in ("Repositorio Único", "<code>oai_dc</code>", "<code>salud</code>", "Salud &lt;b&gt;"):
        assert word in page
    repository.answer = lambda asked: asked.reply(b"<html>Hola</html>") or True
    page = client.get(address)
    assert page.status_code == 200
    assert "OAI-PMH" in page.text
    assert address in client.get(f"/admin/resources/source/{source.pk}/change/").text


def test_proposals_are_shown_side_by_side_and_decided(coordinator: User, source: Source, repository) -> None:
    propose(source, repository, coordinator, 2)
    client = signed_in(coordinator)
    page = client.get(LIST).text
    for word in ("Título viejo de p0", "Título nuevo de p0", "Ley o reglamento", "OPS"):
        assert word in page
    first, second = Gathered.objects.proposals()
    assert client.post(f"{LIST}{first.pk}/", {"decision": "accept"}).status_code == 302
    assert client.post(f"{LIST}{second.pk}/", {"decision": "leave"}).status_code == 302
    assert client.post(f"{LIST}{second.pk}/", {"decision": "accept"}, follow=True).status_code == 200  # twice
    assert {work.title_es for work in Resource.objects.published()} == {"Título nuevo de p0", "Título viejo de p1"}
    assert not Gathered.objects.proposals().exists()


def test_others_find_nothing_there(client, committee_member, contributor, source, repository, coordinator) -> None:
    propose(source, repository, coordinator, 1)
    line = Gathered.objects.proposals().get()
    for user in (committee_member, contributor):
        theirs = signed_in(user)
        for address in (LIST, f"/admin/resources/source/{source.pk}/check/"):
            assert theirs.get(address).status_code in (302, 404), address
        assert theirs.post(f"{LIST}{line.pk}/", {"decision": "accept"}).status_code in (302, 404)
    assert client.get(LIST).status_code == 302
    assert signed_in(coordinator).get(f"{LIST}{line.pk}/").status_code == 405
    assert Gathered.objects.proposals().count() == 1


def test_as_many_queries_for_one_proposal_as_for_ten(coordinator: User, source: Source, repository) -> None:
    client = signed_in(coordinator)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(LIST).status_code == 200
        return len(seen)

    propose(source, repository, coordinator, 1)
    queries()
    few = queries()
    propose(source, repository, coordinator, 10, first=1)
    assert Gathered.objects.proposals().count() == 11
    assert queries() == few


def refused(client, source: Source, **given: object):
    return client.get(f"/admin/resources/source/{source.pk}/refused/", given)


def test_what_was_not_taken_is_listed_with_the_reason_in_the_readers_language(
    coordinator: User, source: Source, repository: Repository
) -> None:
    client = signed_in(coordinator)
    with translation.override(None):  # as the worker does
        first = harvesting.harvest(source, pause=0)
        repository.put_raw("malo", "<x xmlns='urn:x'/>")
        repository.put("r1", "Título", rights="x" * 10)
        harvesting.harvest(source, pause=0)
        repository.answer = lambda asked: asked.reply(b"", 404) or True
        stopped = harvesting.harvest(source, pause=0)
    page = refused(client, source)
    assert "oai:x:malo" in page.text
    assert "El registro está en un formato que no se reconoce." in page.text
    assert "El servidor respondió con el error 404." in page.text
    change = client.get(f"/admin/resources/source/{source.pk}/change/").text
    assert "El servidor respondió con el error 404." in change
    run = Gathered.objects.get(outcome="refused").gathering_id
    assert f"/admin/resources/source/{source.pk}/refused/?harvest={run}" in change
    assert "oai:x:malo" in refused(client, source, harvest=run).text
    assert "oai:x:malo" not in refused(client, source, harvest=first.pk).text
    assert refused(client, source, harvest="9" * 30, page="x").status_code == 200
    client.cookies["django_language"] = "en"
    page = refused(client, source).text
    assert "The record is in a format that is not understood." in page
    assert "The server answered with error 404." in page
    assert stopped.words == {"status": 404}


def test_others_do_not_see_what_was_not_taken(client, committee_member, contributor, source: Source) -> None:
    for user in (committee_member, contributor):
        assert refused(signed_in(user), source).status_code in (302, 404)
    assert refused(client, source).status_code == 302


def test_as_many_queries_for_one_refused_line_as_for_ten(coordinator: User, source: Source) -> None:
    client = signed_in(coordinator)
    gathering = harvesting.harvest(source, pause=0)

    def queries(number: int) -> int:
        for n in range(number):
            gathering.lines.create(
                position=1000 + gathering.lines.count() + n, where="x", outcome="refused", reason="y"
            )
        with CaptureQueriesContext(connection) as seen:
            assert refused(client, source).status_code == 200
        return len(seen)

    queries(1)
    assert queries(0) == queries(9)
