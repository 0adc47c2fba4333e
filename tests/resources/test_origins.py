"""Where each field of a work came from: noted when a file comes in, when a person changes it, and shown beside it."""

from network.models import User
from resources.models import FieldOrigin, Resource
from tests import factories
from tests.conftest import signed_in
from tests.resources import documents
from tests.resources.handing_in import form_data, hand_in

Origin = FieldOrigin.Origin


def origins(work: Resource) -> dict[str, str]:
    return dict(work.origins.values_list("field", "origin"))


def handed_in(user: User, organisation, content: bytes, name: str = "a.pdf") -> tuple[Resource, str]:
    address = hand_in(signed_in(user), content, name, organisation=organisation).url
    return Resource.objects.latest("pk"), address


def test_a_title_read_off_the_page_says_so(oim, contributor: User) -> None:
    work, address = handed_in(contributor, oim, documents.pdf("Salud en la ruta migratoria"))
    title = work.origins.get(field="title_es")
    assert (title.origin, title.detail) == (Origin.TEXT, "1")
    assert 60 < title.certainty < 100
    page = signed_in(contributor).get(address)
    assert "página 1" in page.text or "page 1 of the file" in page.text
    title = page.context["forms"].description["title_es"]
    assert f'id="{title.origin_id}"' in page.text
    assert title.origin_id in str(title)  # the input points to it


def test_a_title_only_the_name_tells_is_unsure(oim, contributor: User) -> None:
    work, address = handed_in(contributor, oim, documents.png(), "informe_anual.png")
    title = work.origins.get(field="title_es")
    assert title.origin == Origin.NAME
    assert title.is_unsure
    assert signed_in(contributor).get(address).context["forms"].description["title_es"].please_check


def test_a_person_owns_what_they_changed_and_nothing_else(oim, contributor: User) -> None:
    work, address = handed_in(contributor, oim, documents.pdf())
    client = signed_in(contributor)
    client.post(address, form_data(client.get(address), title_en="Health on the route", date="2020-03"))
    after = origins(work)
    assert after["title_en"] == after["date"] == Origin.PERSON
    assert after["title_es"] == Origin.TEXT
    assert "abstract_en" not in after
    assert work.origins.get(field="date").detail == contributor.name


def test_saving_unchanged_owns_nothing(oim, contributor: User) -> None:
    work, address = handed_in(contributor, oim, documents.pdf())
    before = origins(work)
    client = signed_in(contributor)
    client.post(address, form_data(client.get(address)))
    assert origins(work) == before


def test_the_admin_notes_the_same(oim, coordinator: User) -> None:
    work = factories.resource(oim, title_es="Antes")
    address = f"/admin/resources/resource/{work.pk}/change/"
    client = signed_in(coordinator)
    form = client.get(address).context["adminform"].form
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    data = {name: value for name, value in data.items() if value not in (None, [])}
    data |= {"title_es": "Después", "tags": "", "organisation": oim.pk}
    for prefix in ("authors", "files", "origins", "state_changes"):
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    assert client.post(address, data).status_code == 302
    assert origins(work) == {"title_es": Origin.PERSON}
    assert coordinator.name in client.get(address).text


def test_who_wrote_it_is_told_to_coordinators(oim, contributor: User, coordinator: User) -> None:
    _work, address = handed_in(contributor, oim, documents.pdf())
    client = signed_in(contributor)
    client.post(address, form_data(client.get(address), title_en="Health"))
    assert f"({contributor.name}, " in signed_in(coordinator).get(address).text
    assert f"({contributor.name}, " not in client.get(address).text
