"""A later harvest: what changed or went upstream, and what a person decides of it."""

import pytest

from network.models import User
from resources import actions, description, harvesting
from resources.models import FieldOrigin, Gathered, Resource, Source
from tests import factories
from tests.resources.harvesting.harvested import Decision, Outcome, harvest, outcomes, taken
from tests.resources.harvesting.repository import Repository, served


def test_a_change_upstream_is_written_into_an_untouched_draft(source: Source, repository: Repository) -> None:
    harvest(source)
    repository.put("uno", "Salud mental de las personas migrantes", date="2021-06", subject="VIH")
    gathering = harvest(source)
    assert outcomes(gathering) == [("uno", Outcome.CHANGED, Decision.TAKEN)]
    line = gathering.lines.get()
    assert line.before["title_es"] == "Salud mental de migrantes"
    assert line.before["authors"] == ["Pérez, Ana", "OPS"]
    work = taken("uno")
    assert (work.title_es, work.month, work.authors.count()) == ("Salud mental de las personas migrantes", 6, 0)
    assert work.type == "report"  # a record that no longer names its type does not unsay it


def test_what_a_person_wrote_in_a_draft_is_never_overwritten(source, repository: Repository, coordinator: User) -> None:
    harvest(source)
    work = taken("uno")
    description.write(work, {"title_es": "Título de la curadora"}, origin=FieldOrigin.Origin.PERSON, by=coordinator)
    description.note(work, ["type"], origin=FieldOrigin.Origin.PERSON)  # confirmed as it is
    Resource.objects.filter(pk=work.pk).update(publisher="OIM")  # by a form that notes nothing
    repository.put("uno", "Otro título", creator="Pérez, Ana", date="2022", publisher="OPS", type="law")
    gathering = harvest(source)
    assert outcomes(gathering) == [
        ("uno", Outcome.CHANGED, Decision.TAKEN),
        ("uno", Outcome.CHANGED, Decision.WAITING),
    ]
    work.refresh_from_db()
    assert (work.title_es, work.publisher, work.year) == ("Título de la curadora", "OIM", 2022)
    line = gathering.lines.last()
    assert line.values == {"title_es": "Otro título", "publisher": "OPS", "type": "law"}
    assert line.before == {"title_es": "Título de la curadora", "publisher": "OIM", "type": "report"}
    harvesting.accept(line, by=coordinator)
    work.refresh_from_db()
    assert (work.title_es, work.publisher) == ("Otro título", "OPS")


def test_a_published_work_changes_only_by_a_decision(source: Source, repository: Repository, coordinator: User) -> None:
    harvest(source)
    work = taken("uno")
    actions.publish(work, by=coordinator)
    repository.put("uno", "Salud mental de migrantes", creator="Pérez, Ana|OPS", date="2023", subject="vih")
    line = harvest(source).lines.get()
    assert (line.outcome, line.decision) == (Outcome.CHANGED, Decision.WAITING)
    assert line.values == {"year": 2023, "month": None}
    work.refresh_from_db()
    assert work.year == 2021
    harvesting.leave(line, by=coordinator)
    repository.put("siete")
    assert outcomes(harvest(source)) == [("siete", Outcome.NEW, Decision.TAKEN)]
    repository.put("uno", "Salud mental de migrantes", creator="Pérez, Ana|OPS", date="2023", subject="vih", rights="x")
    assert outcomes(harvest(source)) == []  # what was left is not proposed again
    repository.put("uno", "Salud mental de migrantes", creator="Pérez, Ana|OPS", date="2024", subject="vih")
    assert harvest(source).lines.get().values == {"year": 2024}


def test_a_newer_proposal_takes_the_place_of_an_older_one(source: Source, repository: Repository, coordinator) -> None:
    harvest(source)
    actions.publish(taken("dos"), by=coordinator)
    address = "https://repo.example.org/handle/dos"
    repository.put("dos", "Primero", identifier=address)
    first = harvest(source).lines.get()
    repository.put("dos", "Primero", identifier=address, date="2020")
    second = harvest(source).lines.get()
    assert second.values == {"title_es": "Primero", "year": 2020}
    assert list(Gathered.objects.proposals()) == [second]
    with pytest.raises(actions.WrongState):
        harvesting.accept(first, by=coordinator)
    repository.put("dos", identifier=address)
    harvest(source)
    assert not Gathered.objects.proposals().exists()


def test_a_decision_is_taken_once(source: Source, repository: Repository, coordinator: User) -> None:
    harvest(source)
    actions.publish(taken("dos"), by=coordinator)
    repository.put("dos", "Nuevo", identifier="https://repo.example.org/handle/dos")
    line = harvest(source).lines.get()
    harvesting.accept(line, by=coordinator)
    for decide in (harvesting.accept, harvesting.leave):
        with pytest.raises(actions.WrongState):
            decide(line, by=coordinator)
    line.refresh_from_db()
    assert line.decision == Decision.TAKEN


def test_a_deletion_upstream_is_a_proposal_once(source: Source, repository: Repository, coordinator: User) -> None:
    harvest(source)
    published, draft = taken("dos"), taken("tres")
    actions.publish(published, by=coordinator)
    for name in ("dos", "tres", "nunca-visto"):
        repository.delete(name)
    gathering = harvest(source)
    assert outcomes(gathering) == [(name, Outcome.GONE, Decision.WAITING) for name in ("dos", "tres")]
    assert Resource.objects.count() == 4
    assert outcomes(harvest(source)) == []
    for line in gathering.lines.all():
        harvesting.accept(line, by=coordinator)
    published.refresh_from_db()
    assert (published.status, published.last_reason) == (Resource.Status.WITHDRAWN, "Retirado en su fuente.")
    assert not Resource.objects.filter(pk=draft.pk).exists()
    repository.put("tres")
    assert outcomes(harvest(source)) == [("tres", Outcome.NEW, Decision.TAKEN)]


def test_a_record_that_comes_back_takes_its_proposal_with_it(source: Source, repository: Repository) -> None:
    harvest(source)
    address = "https://repo.example.org/handle/dos"
    repository.delete("dos")
    harvest(source)
    repository.put("dos", identifier=address)
    harvest(source)
    assert not Gathered.objects.proposals().exists()
    repository.delete("dos")
    assert outcomes(harvest(source)) == [("dos", Outcome.GONE, Decision.WAITING)]


def test_what_a_person_took_out_does_not_come_back_by_itself(source: Source, repository: Repository) -> None:
    harvest(source)
    actions.delete(taken("tres"), by=None)
    repository.put("tres", "Otra vez")
    assert outcomes(harvest(source)) == []
    assert Resource.objects.count() == 3


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"doi": "10.1234/abc"}, "https://doi.org/10.1234/ABC"),
        ({"isbn": "9789275316207"}, "urn:isbn:9789275316207"),
        ({"source_url": "http://www.repo.example.org/handle/9/"}, "https://repo.example.org/handle/9"),
    ],
)
def test_a_work_that_is_here_already_gets_a_proposal_and_no_twin(oim, coordinator, mine: dict, theirs: str) -> None:
    work = factories.resource(oim, title_es="Mi título", **mine)
    repository = Repository()
    repository.put("nueve", "Su título", identifier=theirs, date="2020")
    with served(repository, oim) as source:
        line = harvest(source).lines.last()
        assert (line.outcome, line.decision, line.resource) == (Outcome.CHANGED, Decision.WAITING, work)
        assert line.values["title_es"] == "Su título"
        assert line.before["title_es"] == "Mi título"
        repository.put("nueve", "Su título", identifier=theirs, date="2020")
        assert harvest(source).lines.count() == 0
    harvesting.accept(line, by=coordinator)
    work.refresh_from_db()
    assert (work.title_es, work.year, Resource.objects.count()) == ("Su título", 2020, 1)


def test_a_chapter_with_the_isbn_of_its_book_is_a_work_of_its_own(oim) -> None:
    factories.resource(oim, title_es="Libro", isbn="9789275316207", type="book")
    repository = Repository()
    repository.put("cap", "Capítulo tercero", identifier="urn:isbn:9789275316207", type="book chapter")
    with served(repository, oim) as source:
        assert outcomes(harvest(source)) == [("cap", Outcome.NEW, Decision.TAKEN)]
