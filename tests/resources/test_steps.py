"""A work's life: draft, review, shelf, withdrawal. Each step happens once."""

import pytest

from network.models import User
from resources import actions
from resources.models import Resource
from tests import factories
from tests.conftest import signed_in


def found(client, words: str) -> set[int]:
    listing = client.get("/es/recursos/", {"q": words}).context["listing"]
    return set(listing.results.ids)


def test_a_published_work_is_found_and_a_withdrawn_one_is_not(client, oim, coordinator: User) -> None:
    work = factories.resource(oim, title_es="Vacunación en albergues", published=False)
    assert found(client, "vacunacion") == set()
    actions.submit(work, by=None)
    signed_in(coordinator).post(f"/es/mi-mesa/{work.pk}/publicar/")
    assert found(client, "vacunacion") == {work.pk}
    signed_in(coordinator).post(f"/es/mi-mesa/{work.pk}/devolver/", {"reason": "Edición equivocada"})
    assert found(client, "vacunacion") == set()
    assert [(c.to, c.reason) for c in work.state_changes.all()] == [
        ("submitted", ""),
        ("published", ""),
        ("withdrawn", "Edición equivocada"),
    ]


def test_publishing_twice_publishes_once(oim, coordinator: User) -> None:
    work = factories.resource(oim, published=False)
    client = signed_in(coordinator)
    first = client.post(f"/es/mi-mesa/{work.pk}/publicar/", follow=True)
    second = client.post(f"/es/mi-mesa/{work.pk}/publicar/", follow=True)
    assert first.status_code == second.status_code == 200
    assert work.state_changes.filter(to="published").count() == 1
    with pytest.raises(actions.WrongState):
        actions.publish(work, by=coordinator)


def test_sending_back_needs_a_reason(oim, coordinator: User) -> None:
    work = factories.resource(oim, published=False)
    actions.submit(work, by=None)
    client = signed_in(coordinator)
    client.post(f"/es/mi-mesa/{work.pk}/devolver/", {"reason": " "})
    work.refresh_from_db()
    assert work.status == Resource.Status.SUBMITTED
    client.post(f"/es/mi-mesa/{work.pk}/devolver/", {"reason": "Falta el año"})
    work.refresh_from_db()
    assert work.status == Resource.Status.DRAFT


@pytest.mark.parametrize("step", ["publicar", "devolver"])
def test_steps_are_posted(oim, coordinator: User, client, step: str) -> None:
    work = factories.resource(oim, published=False)
    assert signed_in(coordinator).get(f"/es/mi-mesa/{work.pk}/{step}/").status_code == 405
    assert client.post(f"/es/mi-mesa/{work.pk}/{step}/").url.startswith("/es/cuenta/entrar/")


def test_the_admin_takes_the_same_steps(oim, coordinator: User) -> None:
    work = factories.resource(oim, published=False)
    client = signed_in(coordinator)
    address = "/admin/resources/resource/"
    client.post(address, {"action": "publish", "_selected_action": [work.pk]})
    work.refresh_from_db()
    assert work.is_published
    assert work.state_changes.get().by == coordinator
    question = client.post(address, {"action": "withdraw", "_selected_action": [work.pk]})
    assert question.status_code == 200
    assert "reason" in question.text
    client.post(address, {"action": "withdraw", "_selected_action": [work.pk], "reason": "Repetido"})
    work.refresh_from_db()
    assert work.status == Resource.Status.WITHDRAWN


def test_the_change_form_of_the_admin_offers_the_steps_as_buttons(oim, coordinator: User) -> None:
    work = factories.resource(oim, published=False)
    client = signed_in(coordinator)
    address = f"/admin/resources/resource/{work.pk}/change/"
    page = client.get(address).text
    assert 'value="publish"' in page
    assert 'value="withdraw"' not in page
    client.post(address, {"CHANGE_FORM-action": "publish", "_selected_action": [work.pk]})
    work.refresh_from_db()
    assert work.is_published
    page = client.get(address).text
    assert 'value="publish"' not in page
    step = {"CHANGE_FORM-action": "withdraw", "_selected_action": [work.pk]}
    question = client.post(address, step).text
    assert 'name="CHANGE_FORM-action" value="withdraw"' in question
    client.post(address, {**step, "reason": "Repetido"})
    work.refresh_from_db()
    assert work.status == Resource.Status.WITHDRAWN


def test_an_edit_in_the_admin_is_found_at_once(client, oim, coordinator: User) -> None:
    work = factories.resource(oim, title_es="Antes")
    page = signed_in(coordinator).get(f"/admin/resources/resource/{work.pk}/change/")
    form = page.context["adminform"].form
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    data = {name: value for name, value in data.items() if value not in (None, [])}
    data |= {"title_es": "Chikunguña", "tags": "", "organisation": oim.pk}
    for prefix in ("authors", "files", "origins", "state_changes"):
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    answer = signed_in(coordinator).post(f"/admin/resources/resource/{work.pk}/change/", data)
    assert answer.status_code == 302, answer.context["errors"]
    assert found(client, "chikunguña") == {work.pk}
