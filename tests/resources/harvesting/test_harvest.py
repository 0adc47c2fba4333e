"""A harvest into the library: drafts, what changed since, what a person decides, and what may go wrong."""

from datetime import date

import pytest
from django.urls import reverse

from network.models import Organisation, User
from resources import actions, description, harvesting
from resources.models import FieldOrigin, Gathered, Gathering, Resource, Source
from tests import factories
from tests.answering import Asked
from tests.conftest import SHARED, signed_in
from tests.resources.harvesting.repository import Repository, served
from tests.resources.intake.oai.provider import answer, error

Outcome, Decision, State = Gathered.Outcome, Gathered.Decision, Gathering.State


def harvest(source: Source, **options: object) -> Gathering:
    return harvesting.harvest(source, **{"pause": 0, **options})


def outcomes(gathering: Gathering) -> list[tuple[str, str, str]]:
    return [(line.key.removeprefix("oai:x:"), line.outcome, line.decision) for line in gathering.lines.all()]


def taken(name: str) -> Resource:
    return Resource.objects.get(gathered__key=f"oai:x:{name}", gathered__outcome=Outcome.NEW)


# --- Coming in -------------------------------------------------------------------------------------------------------


def test_every_record_becomes_a_draft_that_says_where_it_came_from(source: Source, oim) -> None:
    gathering = harvest(source)
    assert (gathering.state, gathering.kind) == (State.DONE, Gathering.Kind.HARVEST)
    names = ["uno", "dos", "tres", "cuatro"]
    assert outcomes(gathering) == [(name, Outcome.NEW, Decision.TAKEN) for name in names]
    work = taken("uno")
    assert (work.status, work.organisation) == (Resource.Status.DRAFT, oim)
    values = description.of_work(work)
    assert (values["title_es"], values["type"], values["year"]) == ("Salud mental de migrantes", "report", 2021)
    assert (values["authors"], values["tags"]) == (["Pérez, Ana", "OPS"], ["vih"])
    origin = work.origins.get(field="title_es")
    assert (origin.origin, origin.detail) == (FieldOrigin.Origin.SOURCE, "Repositorio X · oai:x:uno")
    assert list(work.state_changes.values_list("to", flat=True)) == ["draft"]


def test_the_next_harvest_begins_one_unit_before_the_last_and_brings_only_what_is_new(source, repository) -> None:
    harvest(source)
    source.refresh_from_db()
    assert (source.harvested_until, source.token, source.token_since) == ("2026-01-01T00:00:04Z", "", "")
    repository.put("cinco")
    repository.asked.clear()
    gathering = harvest(source)
    assert repository.asked[0]["from"] == "2026-01-01T00:00:03Z"
    assert outcomes(gathering) == [("cinco", Outcome.NEW, Decision.TAKEN)]
    assert Resource.objects.count() == 5


def test_a_source_without_anything_new_is_done(source: Source, repository: Repository) -> None:
    harvest(source)
    repository.held.clear()
    assert (harvest(source).state, harvest(source).lines.count()) == (State.DONE, 0)


def test_a_stamp_of_the_far_future_does_not_hide_what_follows(source: Source, repository: Repository) -> None:
    repository.held["uno"] = ("2099-01-01T00:00:00Z", repository.held["uno"][1])
    harvest(source)
    source.refresh_from_db()
    assert source.harvested_until < "2090"


def test_a_span_leaves_the_place_of_the_ordinary_harvest(source: Source, repository: Repository) -> None:
    gathering = harvest(source, since=date(2025, 1, 1), until=date(2026, 6, 1))
    assert repository.asked[0]["from"] == "2025-01-01"
    assert repository.asked[0]["until"] == "2026-06-01"
    assert gathering.lines.count() == 4
    source.refresh_from_db()
    assert (source.harvested_until, source.token, source.token_since) == ("", "", "")
    assert harvest(source).lines.count() == 0


def test_the_set_is_asked_for(oim: Organisation, repository: Repository) -> None:
    with served(repository, oim, set="salud") as source:
        harvest(source)
    assert repository.asked[0]["set"] == "salud"


def test_the_words_of_a_source_are_mapped_and_bad_ones_noted_once(oim, repository: Repository) -> None:
    factories.topic("migracion", "Migración", "Migration")
    mapping = {
        "type": {"Informe Técnico": "guideline", "Otro": "nada"},
        "topic": {"Movilidad humana": "migracion", "x": "ausente"},
    }
    repository.put("seis", type="informe tecnico", subject="MOVILIDAD HUMANA|frontera sur")
    with served(repository, oim, mapping=mapping) as source:
        gathering = harvest(source)
    values = description.of_work(taken("seis"))
    assert (values["type"], values["topics"], values["tags"]) == ("guideline", ["migracion"], ["frontera sur"])
    refused = gathering.lines.filter(outcome=Outcome.REFUSED)
    assert [(line.where, line.column) for line in refused] == [("Otro", "type"), ("x", "topic")]


@pytest.mark.parametrize("mapping", [[], "x", {"type": []}, {"type": {"a": 1}}, {"topic": None}, {"type": {"": "law"}}])
def test_a_mapping_that_is_none_does_no_harm(oim, repository: Repository, mapping: object) -> None:
    with served(repository, oim, mapping=mapping) as source:
        assert harvest(source).lines.count() == 4


def test_a_language_that_is_not_told_is_read_off_the_words_or_marked_as_unsure(source, repository: Repository) -> None:
    text = "This is the report of a study on the health of migrants and of their families in the region, with figures."
    repository.put("en", "Health of migrants", language="", description=text)
    repository.put("corto", "XYZ 2020", language="")
    harvest(source)
    assert description.of_work(taken("en"))["original_language"] == "en"
    assert taken("en").title_en == "Health of migrants"
    assert taken("en").origins.get(field="title_en").certainty == 80
    assert taken("corto").origins.get(field="original_language").certainty == 20


def test_a_kind_the_source_does_not_tell_is_left_to_a_person(source, repository: Repository, contributor: User) -> None:
    repository.put("sin", "Sin tipo")
    harvest(source)
    work = taken("sin")
    kind = work.origins.get(field="type")
    assert (work.type, kind.is_unsure, kind.detail) == ("other", True, "Repositorio X · oai:x:sin")
    assert taken("uno").origins.get(field="type").certainty == 100
    page = signed_in(contributor).get(reverse("resources:edit", args=[work.pk]))
    assert page.context["forms"].description["type"].please_check
    assert harvest(source).lines.count() == 0
    repository.put("sin", "Sin tipo", type="tesis")
    harvest(source)
    assert taken("sin").type == "thesis"  # nobody has touched it meanwhile
    assert not taken("sin").origins.get(field="type").is_unsure


# --- Coming again ----------------------------------------------------------------------------------------------------


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


# --- What goes wrong -------------------------------------------------------------------------------------------------


def test_a_bad_record_is_named_and_the_rest_goes_on(source: Source, repository: Repository) -> None:
    repository.put_raw("malo", "<x:x xmlns:x='urn:x'/>")
    repository.put("dura", identifier="https://repo.example.org/a|urn:isbn:1")
    gathering = harvest(source)
    refused = gathering.lines.filter(outcome=Outcome.REFUSED)
    assert [(line.where, bool(line.reason)) for line in refused] == [("oai:x:malo", True)]
    assert Resource.objects.count() == 5
    assert not Gathered.objects.proposals().exists()


def test_a_value_the_library_cannot_hold_costs_that_value_alone(source: Source, repository: Repository) -> None:
    repository.put("raro", identifier="https://repo_interno/handle/1")
    gathering = harvest(source)
    assert taken("raro").source_url == ""
    refused = gathering.lines.get(outcome=Outcome.REFUSED)
    assert (refused.where, refused.column) == ("oai:x:raro", "source_url")


STOPS = {
    "badArgument": error("badArgument", "no"),
    "badVerb": error("badVerb", "no"),
    "cannotDisseminateFormat": error("cannotDisseminateFormat"),
    "noSetHierarchy": error("noSetHierarchy"),
    "idDoesNotExist": error("idDoesNotExist"),
    "a page for people": b"<html><body>Hola</body></html>",
    "nothing": b"",
    "broken": answer("<ListRecords><record><header><identifier>oai:x:1</identifier>")[:-30],
}


@pytest.mark.parametrize("body", STOPS.values(), ids=STOPS)
def test_a_source_that_fails_midway_keeps_what_came_and_goes_on_later(source, repository: Repository, body) -> None:
    def fails(asked: Asked) -> bool:
        if asked.query.get("resumptionToken"):
            asked.reply(body, 422)
            return True
        return False

    repository.answer = fails
    stopped = harvest(source)
    assert stopped.state == State.STOPPED
    assert stopped.reason
    assert Resource.objects.count() == 3
    repository.answer = lambda asked: False
    repository.asked.clear()
    again = harvest(source)
    assert (again.pk, again.state, again.reason) == (stopped.pk, State.DONE, "")
    assert "resumptionToken" in repository.asked[0]
    assert Resource.objects.count() == again.lines.count() == 4


def test_a_token_that_is_dead_for_good_is_not_asked_again(source: Source, repository: Repository) -> None:
    def forgets(asked: Asked) -> bool:
        if asked.query.get("resumptionToken"):
            asked.reply(error("badResumptionToken"), 422)
            return True
        return False

    repository.answer, repository.to_a_page = forgets, 1
    assert harvest(source).state == State.STOPPED
    source.refresh_from_db()
    assert (source.token, source.token_since) == ("", "2026-01-01T00:00:01Z")
    repository.answer = lambda asked: False
    assert harvest(source).state == State.DONE
    assert Resource.objects.count() == 4


def test_the_same_token_for_ever_stops(source: Source, repository: Repository) -> None:
    repository.to_a_page = 2

    def loops(asked: Asked) -> bool:
        if asked.query.get("resumptionToken"):
            asked.path = asked.path.split("?")[0] + "?verb=ListRecords&resumptionToken=|0"
        return False

    repository.answer = loops
    assert harvest(source).state == State.STOPPED
    assert Resource.objects.count() == 2


def test_another_address_or_set_begins_anew(source: Source) -> None:
    harvest(source)
    source.refresh_from_db()
    source.name, source.set = "Otro nombre", "otro"
    harvesting.configured(source, ["name"])
    source.refresh_from_db()
    assert source.harvested_until
    source.set = "otro"
    harvesting.configured(source, ["set"])
    source.refresh_from_db()
    assert (source.harvested_until, source.set) == ("", "otro")


# --- Recorded answers ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not SHARED.exists(), reason="the recorded answers are not on this machine")
def test_the_recorded_answers_of_zenodo_come_in_whole_and_the_second_time_nothing(oim, settings) -> None:
    pages = [
        (SHARED / "data" / "oai" / "zenodo" / name).read_bytes()
        for name in ("list_records-00.http200.xml", "list_records-08.http200.xml")
    ]
    repository = Repository(
        answer=lambda asked: asked.reply(pages["resumptionToken" in asked.query], Content_Type="text/xml") or True
    )
    with served(repository, oim) as source:
        gathering = harvest(source)
        assert (gathering.state, gathering.lines.filter(outcome=Outcome.NEW).count()) == (State.DONE, 53)
        assert Resource.objects.count() == 53
        assert Resource.objects.exclude(doi="").count() == 53
        Source.objects.update(harvested_until="")
        assert harvest(source).lines.count() == 0
