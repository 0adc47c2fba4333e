"""References in: a preview, a yes, a second run, and the exact way back."""

import pytest
from django.contrib.contenttypes.models import ContentType

from network.models import Organisation, User
from resources import actions, description, importing, search
from resources.models import Gathered, Gathering, Resource
from tests import factories
from tests.conftest import SHARED
from tests.resources.library_dump import dump, records

pytestmark = pytest.mark.django_db

Outcome, Decision, State = Gathered.Outcome, Gathered.Decision, Gathering.State


ONE = {"titles": {"es": "Salud en la ruta"}, "year": 2021, "key": "a", "language": "es", "authors": ("Paz, Ana",)}
TWO = {"titles": {"es": "Ley de migración"}, "year": 2019, "key": "b", "language": "es", "type": "law"}


def bring(data: bytes, organisation: Organisation, by: User | None = None, name: str = "lista.csv") -> Gathering:
    return importing.preview(data, name, organisation=organisation, by=by)


def outcomes(gathering: Gathering) -> list[str]:
    return [line.outcome for line in gathering.lines.all()]


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


def test_the_second_run_changes_and_makes_no_twins(oim, contributor) -> None:
    importing.confirm(bring(records(ONE, TWO), oim, contributor), by=contributor)
    assert outcomes(bring(records(ONE, TWO), oim, contributor)) == ["same", "same"]
    again = bring(records(ONE | {"year": 2022, "publisher": "OPS"}, TWO), oim, contributor)
    assert outcomes(again) == ["changed", "same"]
    line = again.lines.first()
    assert line.values == {"year": 2022, "publisher": "OPS"}
    assert line.before == {"year": 2021, "publisher": ""}
    importing.confirm(again, by=contributor)
    assert Resource.objects.count() == 2
    assert Resource.objects.get(title_es="Salud en la ruta").year == 2022
    assert outcomes(bring(records(ONE | {"year": 2022, "publisher": "OPS"}, TWO), oim)) == ["same", "same"]


def test_a_title_a_person_has_corrected_is_no_reason_for_a_twin(oim, contributor) -> None:
    plain = b"TY  - RPRT\nTI  - Salud n la ruta\nPY  - 2020\nER  - \n"
    importing.confirm(bring(plain, oim, contributor, "a.ris"), by=contributor)
    work = Resource.objects.get()
    work.title_es = "Otra cosa distinta"
    work.save()
    description.note(work, ["title_es"], origin="person")
    assert outcomes(bring(plain, oim, contributor, "a.ris")) == ["same"]


def test_row_numbers_of_another_list_are_no_names(oim, contributor) -> None:
    importing.confirm(bring(records(ONE | {"key": "1"}), oim, contributor), by=contributor)
    assert outcomes(bring(records(TWO | {"key": "1"}), oim, contributor, "otra.csv")) == ["new"]
    moved = records(TWO | {"key": "1"}, ONE | {"key": "2"})
    assert outcomes(bring(moved, oim, contributor)) == ["new", "same"]


@pytest.mark.parametrize(
    ("given", "kind", "outcome"),
    [
        ({"identifiers": {"doi": "10.1234/x"}}, "report", "changed"),
        ({"identifiers": {"doi": "10.1234/x"}}, "chapter", "new"),
        ({"identifiers": {"doi": "10.1234/other"}}, "report", "new"),
        ({"identifiers": {"isbn": "9789275320044"}, "titles": {"es": "Migración y salud hoy"}}, "book", "changed"),
        ({"titles": {"es": "MIGRACION y salud"}, "year": 2018}, "report", "changed"),
        ({"titles": {"es": "Migración y salud"}, "year": 2017}, "report", "new"),
    ],
)
def test_what_makes_two_records_one_work(oim, given, kind, outcome) -> None:
    factories.resource(
        oim,
        title_es="Migración y salud",
        year=2018,
        type=kind,
        doi="10.1234/x" if "doi" in given.get("identifiers", {}) else "",
        isbn="978-92-75-32004-4" if kind == "book" else "",
    )
    said = {"titles": {"es": "Un título de otra clase"}, "publisher": "Nuevo", "type": kind} | given
    assert outcomes(bring(records(said), oim)) == [outcome]


def test_twins_in_one_list_name_each_other(oim) -> None:
    again = ONE | {"key": "z", "titles": {"es": "Salud en la Ruta"}}
    lines = list(bring(records(ONE, TWO, again), oim).lines.all())
    assert [line.outcome for line in lines] == ["new", "new", "refused"]
    assert lines[2].where == "row 4"
    assert lines[2].values == {"other": "row 2"}


@pytest.mark.parametrize(
    ("second", "outcome"),
    [
        (
            {"titles": {"es": "Guía de atención, corregida"}, "identifiers": {"isbn": "9789275320044"}},
            "refused",
        ),
        ({"titles": {"es": "Otra obra de la serie"}, "identifiers": {"isbn": "9789275320044"}}, "new"),
        ({"titles": {"es": "Otra obra"}, "key": "k"}, "new"),
        ({"titles": {"es": "Guía de atención"}, "year": 2001}, "new"),
    ],
)
def test_preview_and_confirmation_agree_on_twins(oim, monkeypatch, second, outcome) -> None:
    from resources.importing import taking

    monkeypatch.setattr(taking, "BATCH", 1)
    first = {"titles": {"es": "Guía de atención"}, "identifiers": {"isbn": "9789275320044"}, "key": "k", "year": 2000}
    gathering = bring(records(first, {"type": "book", "year": 2000} | second), oim)
    assert outcomes(gathering) == ["new", outcome]
    importing.confirm(gathering, by=None)
    assert outcomes(gathering) == ["new", outcome]
    again = {"new": "same"}.get(outcome, outcome)
    assert outcomes(bring(records(first, {"type": "book", "year": 2000} | second), oim)) == ["same", again]


def test_issues_of_a_series_are_no_twins(oim) -> None:
    issues = [{"titles": {"es": "Boletín"}, "year": 2020, "month": month} for month in (1, 2, 3)]
    assert outcomes(bring(records(*issues), oim)) == ["new"] * 3


def test_what_a_person_wrote_stays(oim, coordinator, client) -> None:
    importing.confirm(bring(records(ONE), oim), by=None)
    work = Resource.objects.get()

    def correct() -> None:
        work.publisher = "Escrito a mano"
        work.save()

    actions.describe(work, by=coordinator, save=correct)
    assert description.owned(work) == {"publisher"}
    again = bring(records(ONE | {"publisher": "De la lista", "year": 2020}), oim)
    assert again.lines.get().values == {"year": 2020}
    importing.confirm(again, by=None)
    work.refresh_from_db()
    assert (work.publisher, work.year) == ("Escrito a mano", 2020)


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


def test_two_previews_of_one_list_make_no_twins(oim) -> None:
    first, second = bring(records(ONE, TWO), oim), bring(records(ONE, TWO), oim)
    importing.confirm(first, by=None)
    importing.confirm(second, by=None)
    assert Resource.objects.count() == 2
    assert outcomes(second) == ["refused", "refused"]


def test_a_change_meanwhile_is_not_overwritten(oim) -> None:
    importing.confirm(bring(records(ONE), oim), by=None)
    again = bring(records(ONE | {"publisher": "OPS"}), oim)
    Resource.objects.update(publisher="Otro")
    importing.confirm(again, by=None)
    assert Resource.objects.get().publisher == "Otro"
    assert outcomes(again) == ["refused"]


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


# --- The way back ----------------------------------------------------------------------------------------------------


@pytest.fixture
def library(oim, contributor) -> Organisation:
    """Works of every kind, one of which the import will change in every way."""
    hn, mx = factories.country("HN", "Honduras"), factories.country("MX", "México", position=2)
    mind, law = factories.topic("mente", "Mente", "Mind"), factories.topic("ley", "Ley", "Law")
    work = factories.resource(
        oim, title_es="Salud en la ruta", year=2021, countries=(hn,), topics=(law,), tags=("viejo", "común"), text="x"
    )
    work.authors.create(name="Paz, Ana", organisation=oim)
    work.authors.create(name="Ministerio de Salud", kind="body", position=1)
    description.note(work, ["authors", "tags"], origin="text", certainty=70)
    factories.resource(oim, published=False, title_es="Ley de migración", year=2019, tags=("común",), topics=(mind,))
    factories.resource(oim, title_en="Untouched", countries=(mx,))
    return oim


EVERYTHING = ONE | {
    "authors": ("Paz, Ana", "Otra, Eva"),
    "countries": ("MX",),
    "subjects": ("mente", "nuevo", "Común"),
    "publisher": "OPS",
    "month": 3,
    "abstracts": {"en": "An abstract."},
}


@pytest.mark.parametrize("publish", [False, True])
@pytest.mark.parametrize("language", ["es", "en"])
def test_import_and_undo_leave_the_library_as_it_was(library, coordinator, publish, language) -> None:
    from django.utils import translation

    ContentType.objects.get_for_model(Resource)
    before = dump()
    new = {"titles": {"es": "Del todo nuevo"}, "subjects": ("nuevo", "viejo", "novísimo"), "authors": ("Uno, U",)}
    gathering = bring(records(EVERYTHING, TWO | {"publisher": "Congreso"}, new), library, coordinator)
    assert outcomes(gathering) == ["changed", "changed", "new"]
    with translation.override(language):
        importing.confirm(gathering, by=coordinator, publish=publish)
    assert len(dump()["resources_resource"]) == len(before["resources_resource"]) + 1
    assert search.search(search.Query("nuevo")).total == (2 if publish else 1)
    assert importing.undo(gathering, by=coordinator) == []
    assert dump() == before
    assert search.search(search.Query("nuevo")).total == 0
    gathering.refresh_from_db()
    assert gathering.state == State.UNDONE
    assert not gathering.lines.filter(decision=Decision.TAKEN).exists()


def test_after_an_undo_the_same_list_may_come_again(oim) -> None:
    gathering = bring(records(ONE), oim)
    importing.confirm(gathering, by=None)
    importing.undo(gathering, by=None)
    with pytest.raises(importing.NotNow):
        importing.confirm(gathering, by=None)
    assert outcomes(bring(records(ONE), oim)) == ["new"]


def test_an_undo_leaves_what_people_have_done_since(oim, contributor, coordinator) -> None:
    said = [{"titles": {"es": f"Obra {n}"}, "key": f"k{n}", "subjects": ("etiqueta",)} for n in "abcd"]
    gathering = bring(records(*said), oim, contributor)
    importing.confirm(gathering, by=contributor)
    a, b, c, _d = Resource.objects.order_by("pk")
    Resource.objects.filter(pk=a.pk).update(publisher="Corregido")
    actions.publish(b, by=coordinator)
    factories.file_of(c)
    left = importing.undo(gathering, by=contributor)
    assert [(line.resource_id, bool(line.reason)) for line in left] == [(a.pk, True), (b.pk, True), (c.pk, True)]
    assert len({line.reason for line in left}) == 2
    assert Resource.objects.count() == 3
    assert list(a.tags.names()) == ["etiqueta"]


def test_an_undo_stops_an_import_halfway_and_takes_all_of_it_out(oim, monkeypatch) -> None:
    from resources.importing import taking

    monkeypatch.setattr(taking, "BATCH", 10)
    ContentType.objects.get_for_model(Resource)
    before = dump()
    said = [{"titles": {"es": f"Obra {n}"}, "key": f"k{n}", "subjects": ("etiqueta",)} for n in range(25)]
    gathering = bring(records(*said), oim)
    with pytest.raises(ZeroDivisionError):
        importing.confirm(gathering, by=None, progress=lambda done, total: 1 / 0)
    importing.undo(gathering, by=None)
    assert dump() == before


REAL = sorted((SHARED / "data" / "biblio").rglob("*")) if SHARED.exists() else []


@pytest.mark.skipif(not REAL, reason="the shared data are not here")
@pytest.mark.parametrize("path", [path for path in REAL if path.is_file()], ids=lambda path: path.name)
def test_real_files_come_in_come_again_and_go(path, oim) -> None:
    factories.country("MX", "México", "Mexico")
    ContentType.objects.get_for_model(Resource)
    before = dump()
    gathering = bring(path.read_bytes(), oim, None, path.name)
    assert gathering.lines.exists()
    importing.confirm(gathering, by=None)
    assert Resource.objects.count() == gathering.lines.filter(decision=Decision.TAKEN).count()
    again = bring(path.read_bytes(), oim, None, path.name)
    assert not again.lines.filter(outcome__in=["new", "changed"]).exists()
    assert importing.undo(gathering, by=None) == []
    assert dump() == before


def test_a_second_run_leaves_what_a_person_accepted(oim, contributor) -> None:
    importing.confirm(bring(records(TWO), oim, contributor), by=contributor)
    work = Resource.objects.get()
    description.write(work, {"type": "policy"}, origin=description.Origin.SUGGESTED, by=contributor)
    assert outcomes(bring(records(TWO), oim, contributor)) == ["same"]
