"""A first harvest into the library: each record a draft that says where it came from, in our words."""

from datetime import date

import pytest
from django.urls import reverse

from network.models import Organisation, User
from resources import description
from resources.models import FieldOrigin, Gathering, Resource, Source
from tests import factories
from tests.conftest import SHARED, signed_in
from tests.resources.harvesting.harvested import Decision, Outcome, State, harvest, outcomes, taken
from tests.resources.harvesting.repository import Repository, served


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
