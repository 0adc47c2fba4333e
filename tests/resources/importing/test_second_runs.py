"""The same list again, or the same work in two: what is one work is changed, and nobody gets a twin."""

import pytest

from resources import actions, description, importing
from resources.models import Resource
from tests import factories
from tests.resources.importing.bringing import ONE, TWO, bring, outcomes
from tests.resources.library_dump import records

pytestmark = pytest.mark.django_db


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


def test_a_second_run_leaves_what_a_person_accepted(oim, contributor) -> None:
    importing.confirm(bring(records(TWO), oim, contributor), by=contributor)
    work = Resource.objects.get()
    description.write(work, {"type": "policy"}, origin=description.Origin.SUGGESTED, by=contributor)
    assert outcomes(bring(records(TWO), oim, contributor)) == ["same"]
