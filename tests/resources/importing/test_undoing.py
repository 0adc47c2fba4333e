"""The exact way back."""

import pytest
from django.contrib.contenttypes.models import ContentType

from network.models import Organisation
from resources import actions, description, importing, search
from resources.models import Resource
from tests import factories
from tests.conftest import SHARED
from tests.resources.importing.bringing import ONE, TWO, Decision, State, bring, outcomes
from tests.resources.library_dump import dump, records

pytestmark = pytest.mark.django_db


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
