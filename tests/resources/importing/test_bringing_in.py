"""References in: a preview that writes nothing, a yes, and what the library can not hold."""

import pytest

from resources import description, importing
from resources.models import Gathering, Resource
from tests import factories
from tests.resources.importing.bringing import ONE, TWO, State, bring, outcomes
from tests.resources.library_dump import dump, records

pytestmark = pytest.mark.django_db


def test_a_preview_writes_nothing_but_its_lines(oim, contributor) -> None:
    before = dump()
    gathering = bring(records(ONE, TWO), oim, contributor)
    assert gathering.state == State.PREVIEW
    assert outcomes(gathering) == ["new", "new"]
    assert dump() == before


def test_a_yes_makes_drafts_with_everything_the_list_says(oim, contributor) -> None:
    factories.country("HN", "Honduras")
    factories.topic("salud-mental", "Salud mental", "Mental health").entry_terms.create(language="en", text="Psyche")
    said = ONE | {
        "countries": ("HN",),
        "subjects": ("psyche", "Albergues", "salud mental comunitaria"),
        "abstracts": {"es": "Resumen."},
        "identifiers": {"doi": "10.1234/abc", "source_url": "https://example.org/a"},
        "publisher": "Editorial",
        "licence": "cc-by",
        "type": "guideline",
        "month": 5,
    }
    importing.confirm(bring(records(said), oim, contributor), by=contributor)
    work = Resource.objects.get()
    assert description.of_work(work) == {
        "title_es": "Salud en la ruta",
        "title_en": "",
        "original_title": "",
        "original_language": "es",
        "abstract_es": "Resumen.",
        "abstract_en": "",
        "type": "guideline",
        "year": 2021,
        "month": 5,
        "day": None,
        "publisher": "Editorial",
        "doi": "10.1234/abc",
        "isbn": "",
        "source_url": "https://example.org/a",
        "licence": "cc-by",
        "authors": ["Paz, Ana"],
        "countries": ["HN"],
        "topics": ["salud-mental"],
        "tags": ["Albergues", "salud mental comunitaria"],
    }
    assert work.status == "draft"
    assert work.created_by == contributor
    assert work.organisation == oim
    assert work.state_changes.get().to == "draft"
    assert set(work.origins.values_list("origin", "detail")) == {("reference", "lista.csv")}


def test_a_kind_no_list_tells_is_left_to_a_person(oim) -> None:
    importing.confirm(bring(records(ONE, TWO), oim), by=None)
    untold, told = (Resource.objects.get(title_es=said["titles"]["es"]) for said in (ONE, TWO))
    assert (untold.type, untold.origins.get(field="type").is_unsure) == ("other", True)
    assert (told.type, told.origins.get(field="type").is_unsure) == ("law", False)
    assert outcomes(bring(records(ONE, TWO), oim)) == ["same", "same"]
    again = bring(records(ONE | {"type": "thesis"}, TWO), oim)
    assert outcomes(again) == ["changed", "same"]


def test_countries_are_known_in_both_languages(oim) -> None:
    factories.country("HN", "Honduras")
    factories.country("MX", "México", "Mexico")
    table = "título,países\nA uno,Mexico; honduras\nB dos,méxico\nC tres,Atlántida\n".encode()
    lines = list(bring(table, oim).lines.all())
    assert [line.values.get("countries") for line in lines if line.outcome == "new"] == [["HN", "MX"], ["MX"], None]
    [fault] = [line for line in lines if line.outcome == "refused"]
    assert (fault.where, fault.column) == ("row 4", "países")


def test_nobody_learns_of_or_changes_what_is_not_theirs(oim, insp, contributor) -> None:
    factories.resource(insp, published=False, title_es="Borrador ajeno", year=2020)
    factories.resource(insp, title_es="Publicado ajeno", year=2020)
    factories.resource(oim, title_es="Publicado propio", year=2020)
    titles = ["Borrador ajeno", "Publicado ajeno", "Publicado propio"]
    said = [{"titles": {"es": title}, "year": 2020, "publisher": "Nuevo"} for title in titles]
    gathering = bring(records(*said), oim, contributor)
    assert outcomes(gathering) == ["new", "same", "same"]
    assert [bool(line.reason) for line in gathering.lines.all()] == [False, True, True]


def test_values_the_library_cannot_hold_are_refused_and_the_rest_goes_on(oim) -> None:
    gathering = bring(records(ONE, TWO), oim)
    line = gathering.lines.first()
    line.values["doi"] = "no es un doi"
    line.save()
    importing.confirm(gathering, by=None)
    line.refresh_from_db()
    assert (line.outcome, line.decision, line.column) == ("refused", "left", "doi")
    assert line.reason.startswith("This is not a DOI")
    assert Resource.objects.get().title_es == "Ley de migración"


def test_pasted_identifiers_become_drafts_named_by_them(oim) -> None:
    def paste() -> Gathering:
        pasted = "10.1016/j.socscimed.2018.01.001\nhttps://example.org/informes/7"
        return importing.preview_pasted(pasted, "", organisation=oim, by=None)

    importing.confirm(paste(), by=None)
    assert [str(work) for work in Resource.objects.order_by("pk")] == [
        "10.1016/j.socscimed.2018.01.001",
        "https://example.org/informes/7",
    ]
    assert outcomes(paste()) == ["same", "same"]


def test_english_without_a_word_about_it_stays_english(oim) -> None:
    importing.confirm(bring(b"TY  - JOUR\nTI  - The health of the migrants\nER  - \n", oim, None, "a.ris"), by=None)
    assert Resource.objects.get().title_en == "The health of the migrants"


def test_a_title_in_a_language_nobody_named_is_shown_all_the_same(oim) -> None:
    said = {"titles": {"nl": "Gezondheid"}, "language": "nl"}
    importing.confirm(bring(records(said), oim), by=None)
    assert str(Resource.objects.get()) == "Gezondheid"
    assert outcomes(bring(records(said), oim)) == ["same"]


def test_a_killed_import_goes_on_where_it_stopped(oim, monkeypatch) -> None:
    from resources.importing import taking

    monkeypatch.setattr(taking, "BATCH", 10)
    said = [{"titles": {"es": f"Informe número {n}"}, "year": 2000, "key": f"k{n}"} for n in range(35)]
    gathering = bring(records(*said), oim)

    def kill(done: int, total: int) -> None:
        if done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.confirm(gathering, by=None, progress=kill)
    assert Resource.objects.count() == importing.waiting(gathering).count() + 5 == 20
    importing.confirm(gathering, by=None)
    assert Resource.objects.count() == 35
    assert not importing.waiting(gathering).exists()
