"""Gender and human rights of documents: coded by those who look after them, on scales the coordination keeps."""

import pytest
from django.db import IntegrityError, transaction

from network.models import User
from portal.core.refused import Refused
from resources import markers
from resources.models import MarkerKind, MarkerLevel, MarkerScale, Resource, ResourceMarker
from tests import factories
from tests.conftest import signed_in
from tests.steering import room

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(oim) -> Resource:
    return factories.resource(oim)


def page_of(work: Resource) -> str:
    return f"/es/mi-mesa/{work.pk}/marcadores/"


def code(client, work: Resource, **typed: object) -> object:
    page = client.get(page_of(work))
    data = {}
    for form in page.context["forms"]:
        for name, field in form.fields.items():
            value = form.get_initial_for_field(field, name)
            data[form.add_prefix(name)] = typed.get(f"{form.kind}_{name}", "" if value is None else value)
    return client.post(page_of(work), data)


# --- Documents -------------------------------------------------------------------------------------------------------


def test_a_coordinator_codes_a_document_and_readers_see_it(client, coordinator: User, work):
    desk = signed_in(coordinator)
    assert page_of(work) in desk.get(work.get_absolute_url()).text
    assert code(desk, work, gender_code="2", gender_justification="Trata de parteras").status_code == 302
    text = client.get(work.get_absolute_url()).text
    assert "Igualdad de género" in text
    assert "Objetivo principal" in text
    assert "Trata de parteras" in text
    assert "Derechos humanos, de 0 a 2" not in text


def test_readers_are_told_nothing_of_what_nobody_screened(client, coordinator: User, work):
    markers.mark(work, MarkerKind.GENDER, None, "Todavía lo pienso", by=coordinator)
    text = client.get(work.get_absolute_url()).text
    assert "Igualdad de género" not in text
    assert "examin" not in text
    assert "Todavía lo pienso" not in text
    assert "sin examinar" in signed_in(coordinator).get(work.get_absolute_url()).text


def test_zero_is_a_code_and_is_shown(client, coordinator: User, work):
    code(signed_in(coordinator), work, gender_code="0")
    assert "No es un objetivo" in client.get(work.get_absolute_url()).text


def test_a_code_above_zero_is_justified_and_nothing_typed_is_lost(coordinator: User, work):
    desk = signed_in(coordinator)
    answer = code(desk, work, gender_code="1", human_rights_code="1", human_rights_justification="Derecho a la salud")
    assert answer.status_code == 422
    assert "Derecho a la salud" in answer.text
    assert {marker.kind: marker.code for marker in work.markers.all()} == {"human_rights": 1}
    with pytest.raises(Refused):
        markers.mark(work, MarkerKind.GENDER, 7, "No existe", by=coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        ResourceMarker.objects.create(resource=work, kind="gender", scale=MarkerScale.objects.first(), code=1)


def test_a_contributor_may_code_a_draft_and_no_published_work(contributor: User, stranger: User, oim, work):
    draft = factories.resource(oim, published=False)
    own = signed_in(contributor)
    assert page_of(draft) in own.get(f"/es/mi-mesa/{draft.pk}/").text
    assert code(own, draft, gender_code="0").status_code == 302
    assert own.get(page_of(work)).status_code == 404
    assert signed_in(stranger).get(page_of(draft)).status_code == 404


def test_somebody_else_reviews_what_was_coded(contributor: User, coordinator: User, oim):
    draft = factories.resource(oim, published=False)
    marker = markers.mark(draft, MarkerKind.GENDER, 0, "", by=contributor)
    address = f"/es/mi-mesa/marcadores/{marker.pk}/revisar/"
    assert signed_in(contributor).post(address).status_code == 404
    signed_in(coordinator).post(address)
    marker.refresh_from_db()
    assert marker.reviewed_by == coordinator
    marker = markers.mark(draft, MarkerKind.GENDER, 1, "Parteras", by=coordinator)
    assert marker.reviewed_by is None
    with pytest.raises(Refused):
        markers.review(marker, by=coordinator)


# --- Scales ----------------------------------------------------------------------------------------------------------


def test_the_scales_are_there_when_first_needed_and_stay_as_edited():
    found = markers.default_scales()
    assert {kind: [level.code for level in scale.levels.all()] for kind, scale in found.items()} == {
        "gender": [0, 1, 2], "human_rights": [0, 1, 2],
    }  # fmt: skip
    assert all(level.label_en and level.meaning_es and level.meaning_en for level in MarkerLevel.objects.all())
    MarkerLevel.objects.filter(code=0).update(label_es="Ninguno")
    markers.ensure_scales()
    assert MarkerScale.objects.count() == 2
    assert MarkerLevel.objects.filter(label_es="Ninguno").count() == 2


def levels(scale: MarkerScale, **changes: str) -> dict[str, object]:
    """The table of levels as the page has it, with something changed: `l2_DELETE="on"`."""
    rows = list(MarkerLevel.objects.filter(scale=scale))
    data = {"levels-TOTAL_FORMS": len(rows), "levels-INITIAL_FORMS": len(rows)}
    for number, row in enumerate(rows):
        names = ["code", "label_es", "label_en", "meaning_es", "meaning_en"]
        values = {name: getattr(row, name) for name in names} | {"id": row.pk, "scale": scale.pk}
        data |= {f"levels-{number}-{name}": value for name, value in values.items()}
    return data | {f"levels-{name[1]}-{name[3:]}": value for name, value in changes.items()}


def test_a_level_in_use_is_worded_anew_but_not_taken_away(coordinator: User, work):
    desk = signed_in(coordinator)
    markers.mark(work, MarkerKind.GENDER, 2, "Parteras", by=coordinator)
    scale = markers.default_scales()["gender"]
    answer = room.change(desk, scale, **levels(scale, l2_DELETE="on"))
    assert "El código 2 está en uso" in answer.text
    assert "El código 2 está en uso" in room.change(desk, scale, **levels(scale, l2_code="3")).text
    assert room.change(desk, scale, **levels(scale, l2_label_es="Central")).status_code == 302
    assert scale.levels.get(code=2).label_es == "Central"
    assert room.change(desk, scale, **levels(scale, l1_DELETE="on")).status_code == 302
    assert [level.code for level in MarkerLevel.objects.filter(scale=scale)] == [0, 2]


def test_another_scale_takes_over_for_new_markers_only(coordinator: User, oim, work):
    old = markers.mark(work, MarkerKind.GENDER, 2, "Parteras", by=coordinator)
    wider = MarkerScale.objects.create(slug="gender-0-3", kind="gender", name_es="De 0 a 3")
    desk = signed_in(coordinator)
    assert "todavía no tiene niveles" in room.take(desk, wider, "use_for_new").text
    MarkerLevel.objects.bulk_create([MarkerLevel(scale=wider, code=n, label_es=str(n)) for n in range(4)])
    assert room.take(desk, wider, "use_for_new").status_code == 302
    new = markers.mark(factories.resource(oim), MarkerKind.GENDER, 3, "Todo", by=coordinator)
    old.refresh_from_db()
    assert (old.scale.slug, new.scale.slug) == ("gender-0-2", "gender-0-3")
    assert "Objetivo principal" in desk.get(work.get_absolute_url()).text


def test_a_scale_in_use_stays_one_for_the_same_marker(coordinator: User, work):
    markers.mark(work, MarkerKind.GENDER, 0, "", by=coordinator)
    scale = markers.default_scales()["gender"]
    scale.kind = MarkerKind.HUMAN_RIGHTS
    with pytest.raises(Refused):
        markers.keep_scale(scale, by=coordinator)
