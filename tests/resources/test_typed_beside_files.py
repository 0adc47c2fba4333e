"""What was typed beside a step on the files is saved with that step; where it can't be, it is shown once more."""

from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from network.models import User
from resources import actions
from resources.models import File, Resource
from tests.conftest import signed_in
from tests.resources import documents
from tests.resources.handing_in import form_data, hand_in


@pytest.fixture
def draft(oim, contributor: User) -> Resource:
    hand_in(signed_in(contributor), documents.pdf("Salud en la ruta"), "a.pdf", organisation=oim)
    return Resource.objects.get()


def edit(work: Resource) -> str:
    return reverse("resources:edit", args=[work.pk])


def typed(client: Client, work: Resource, **more: object) -> dict[str, object]:
    """What a browser without scripts sends with a step: all of the form, with a title just typed."""
    return form_data(client.get(edit(work)), title_en="Health on the route", **more)


def another() -> SimpleUploadedFile:
    return SimpleUploadedFile("b.docx", documents.docx("Otro"))


class Buttons(HTMLParser):
    """The steps on files, by the form they send."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if "formaction" in given or given.get("name") in ("file", "language"):
            self.forms[given.get("formaction") or given["name"]] = given.get("form")


def test_every_step_on_files_sends_the_form_of_the_description(draft, contributor: User) -> None:
    page = Buttons()
    page.feed(signed_in(contributor).get(edit(draft)).text)
    file = draft.files.get()
    steps = {reverse("resources:file_add", args=[draft.pk]), reverse("resources:file_remove", args=[file.pk])}
    assert steps | {"file", "language"} <= page.forms.keys()
    assert set(page.forms.values()) == {"description"}


def test_a_file_is_added_and_what_was_typed_is_kept(draft, contributor: User) -> None:
    client = signed_in(contributor)
    address = reverse("resources:file_add", args=[draft.pk])
    answer = client.post(address, typed(client, draft, file=another(), language="en"))
    assert answer.url == edit(draft)
    draft.refresh_from_db()
    assert draft.title_en == "Health on the route"
    assert draft.files.count() == 2
    assert draft.origins.get(field="title_en").origin == "person"


def test_a_refused_file_does_not_cost_what_was_typed(draft, contributor: User) -> None:
    client = signed_in(contributor)
    bad = SimpleUploadedFile("b.exe", b"MZ\x90\x00")
    address = reverse("resources:file_add", args=[draft.pk])
    answer = client.post(address, typed(client, draft, file=bad, language="en"))
    assert answer.status_code == 422
    assert "Health on the route" in answer.text
    draft.refresh_from_db()
    assert draft.title_en == "Health on the route"


def test_what_can_not_be_saved_is_shown_once_more_and_the_step_is_done(draft, contributor: User) -> None:
    client = signed_in(contributor)
    address = reverse("resources:file_add", args=[draft.pk])
    answer = client.post(address, typed(client, draft, date="ayer", file=another(), language="en"))
    assert answer.status_code == 422
    assert draft.files.count() == 2
    for words in ("Health on the route", 'value="ayer"', "Escriba la fecha"):
        assert words in answer.text
    data = form_data(answer, date="2020")  # corrected on that very page, and saved
    assert client.post(edit(draft), data).status_code == 302
    draft.refresh_from_db()
    assert (draft.title_en, draft.year) == ("Health on the route", 2020)


def test_a_file_taken_off_leaves_what_was_typed(draft, contributor: User) -> None:
    client = signed_in(contributor)
    address = reverse("resources:file_remove", args=[draft.files.get().pk])
    answer = client.post(address, typed(client, draft, date="ayer"))
    assert answer.status_code == 422
    assert not File.objects.exists()
    data = form_data(answer, date="2020")
    assert client.post(edit(draft), data).status_code == 302
    draft.refresh_from_db()
    assert draft.title_en == "Health on the route"


@pytest.mark.parametrize("step", ["file_check", "file_clean"])
def test_looking_through_and_cleaning_leave_what_was_typed(oim, contributor: User, step: str) -> None:
    client = signed_in(contributor)
    hand_in(client, documents.pdf(), "a.pdf", organisation=oim)
    work = Resource.objects.get()
    answer = client.post(reverse(f"resources:{step}", args=[work.files.get().pk]), typed(client, work))
    assert answer.url == f"{edit(work)}#before-public"
    work.refresh_from_db()
    assert work.title_en == "Health on the route"


def test_a_step_by_itself_saves_nothing_else(draft, contributor: User) -> None:
    client = signed_in(contributor)
    address = reverse("resources:file_add", args=[draft.pk])
    data = {"file": another(), "language": "en", "title_en": "Not sent with the form"}
    assert client.post(address, data).status_code == 302
    draft.refresh_from_db()
    assert not draft.title_en


def test_a_work_that_has_moved_on_is_said_so(draft, contributor: User, coordinator: User, monkeypatch) -> None:
    client = signed_in(contributor)
    data = typed(client, draft, file=another(), language="en")
    describe = actions.describe

    def slower(*args: object, **options: object) -> None:
        Resource.objects.filter(pk=draft.pk).update(status="withdrawn")
        describe(*args, **options)

    monkeypatch.setattr(actions, "describe", slower)
    answer = client.post(reverse("resources:file_add", args=[draft.pk]), data)
    assert answer.status_code == 409
    assert "Esto no se guardó" in answer.text
    assert data["title_en"] in answer.text  # and nothing typed is lost
    assert draft.files.count() == 1
