"""What the text suggests is shown with its sentence, and taken over only by a person."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from network.models import User
from resources.models import EntryTerm, FieldOrigin, Page, Resource
from tests import factories
from tests.conftest import signed_in
from tests.resources.handing_in import form_data

SENTENCE = "La salud mental de las personas migrantes en Honduras preocupa a los albergues."


@pytest.fixture
def work(oim) -> Resource:
    factories.country("HN")
    topic = factories.topic("salud-mental", "Salud mental", "Mental health")
    EntryTerm.objects.create(topic=topic, text="bienestar emocional", language="es")
    work = factories.resource(oim, published=False, title_es="Informe de los albergues")
    file = factories.file_of(work)
    for number in (1, 2, 3):
        Page.objects.create(file=file, number=number, text=f"{SENTENCE} <b>Fin</b>")
    return work


def address(work: Resource, name: str = "work_suggestions") -> str:
    return reverse(f"resources:{name}", args=[work.pk])


def test_each_has_its_sentence_with_the_words_marked(work: Resource, contributor: User) -> None:
    page = signed_in(contributor).get(address(work))
    assert "<mark>salud mental</mark>" in page.text
    assert "<mark>Honduras</mark>" in page.text
    assert "<b>Fin" not in page.text
    assert {one.token for one in page.context["proposed"]} >= {"topic:salud-mental", "country:HN"}
    work.refresh_from_db()
    assert not work.topics.exists()


def test_htmx_gets_the_list_alone(work: Resource, contributor: User) -> None:
    part = signed_in(contributor).get(address(work), headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert "<mark>" in part.text
    assert reverse("resources:work_suggestions", args=[work.pk]) in signed_in(contributor).get(
        reverse("resources:edit", args=[work.pk])
    ).text  # fmt: skip


def test_one_is_accepted_without_scripts(work: Resource, contributor: User) -> None:
    client = signed_in(contributor)
    for _twice in range(2):
        assert client.post(address(work, "accept"), {"accept": "topic:salud-mental"}).status_code == 302
    assert [topic.slug for topic in work.topics.all()] == ["salud-mental"]
    assert not work.countries.exists()
    assert work.origins.get().origin == FieldOrigin.Origin.SUGGESTED
    assert "topic:salud-mental" not in client.get(address(work)).text


@pytest.mark.parametrize("token", ["", "topic", "topic:none", "country:XX", "type:none", "tag:", "tag:" + "a" * 101])
def test_what_nobody_suggested_adds_nothing(work: Resource, contributor: User, token: str) -> None:
    assert signed_in(contributor).post(address(work, "accept"), {"accept": token}).status_code == 302
    work.refresh_from_db()
    assert not work.topics.exists()
    assert not work.countries.exists()
    assert not work.tags.exists()


def test_the_button_in_the_form_saves_what_was_typed_too(work: Resource, contributor: User) -> None:
    client = signed_in(contributor)
    edit = reverse("resources:edit", args=[work.pk])
    client.post(edit, form_data(client.get(edit), title_en="Shelters", accept="country:HN"))
    work.refresh_from_db()
    assert work.title_en == "Shelters"
    assert [country.pk for country in work.countries.all()] == ["HN"]
    assert dict(work.origins.values_list("field", "origin")) == {"title_en": "person", "countries": "suggested"}


def test_what_the_script_put_into_the_form_is_noted_as_suggested(work: Resource, contributor: User) -> None:
    client = signed_in(contributor)
    edit = reverse("resources:edit", args=[work.pk])
    client.post(edit, form_data(client.get(edit), countries=["HN"], accepted="country:HN"))
    assert work.origins.get(field="countries").origin == "suggested"


def test_the_gate(work: Resource, client, stranger: User) -> None:
    assert signed_in(stranger).get(address(work)).status_code == 404
    assert signed_in(stranger).post(address(work, "accept"), {"accept": "country:HN"}).status_code == 404
    assert client.get(address(work)).status_code == 302
    assert client.post(address(work, "accept")).status_code == 302
    assert signed_in(stranger).get(address(work, "accept")).status_code == 405


def test_as_many_queries_for_one_page_as_for_ten(work: Resource, contributor: User) -> None:
    client = signed_in(contributor)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(address(work))
        return len(seen)

    few = queries()
    for number in range(4, 14):
        Page.objects.create(file=work.files.get(), number=number, text=SENTENCE)
    assert queries() == few
