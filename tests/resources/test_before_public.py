"""Before a file becomes public somebody has seen what it carries."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import escape
from docx import Document

from network.models import User
from resources import actions, checking
from resources.models import File, Resource
from tests import factories
from tests.conftest import body, signed_in
from tests.resources import documents
from tests.resources.handing_in import form_data, hand_in

PEOPLE = [("María López Pérez", "0801-1990-12345"), ("José Hernández Cruz", "0801-1985-54321")] * 3


def traced() -> bytes:
    """A Word file whose properties name somebody and whose text lists persons with their identity numbers."""
    document = Document()
    document.add_heading("Lista de personas atendidas en el albergue", 0)
    for name, number in PEOPLE:
        document.add_paragraph(f"{name}, DNI {number}, teléfono 9988-7766")
    document.core_properties.author = "jlopez"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.fixture
def work(oim, contributor: User) -> Resource:
    hand_in(signed_in(contributor), traced(), "lista.docx", organisation=oim)
    return Resource.objects.get()


def edit(work: Resource) -> str:
    return reverse("resources:edit", args=[work.pk])


def test_the_findings_are_kept_and_shown_with_place_and_reason(work: Resource, contributor: User) -> None:
    page = signed_in(contributor).get(edit(work))
    found = page.context["checked"].files[0].findings
    assert {"identity_number", "author"} <= {one.what for one in found}
    assert str(escape(found[0].what.explanation)) in page.text
    assert "0801-1990-12345" not in page.text.split('id="before-public"')[1]  # masked


def test_publishing_possible_personal_data_needs_a_tick(work: Resource, coordinator: User) -> None:
    client = signed_in(coordinator)
    answer = client.post(edit(work), form_data(client.get(edit(work)), title_en="List", publish=""))
    assert answer.url == edit(work) + "#before-public"
    work.refresh_from_db()
    assert not work.is_published
    assert work.title_en == "List"  # what was typed is kept
    assert 'name="looked"' in client.get(edit(work)).text
    client.post(edit(work), form_data(client.get(edit(work)), publish="", looked="on"))
    work.refresh_from_db()
    assert work.is_published
    assert "lista.docx" in work.state_changes.last().reason


def test_the_button_of_the_document_leads_to_the_findings(work: Resource, coordinator: User) -> None:
    actions.submit(work, by=None)
    answer = signed_in(coordinator).post(reverse("resources:publish", args=[work.pk]))
    assert answer.url == edit(work) + "#before-public"
    work.refresh_from_db()
    assert not work.is_published


def test_the_admin_publishes_nothing_unseen(work: Resource, coordinator: User) -> None:
    data = {"action": "publish", "_selected_action": [work.pk]}
    answer = signed_in(coordinator).post("/admin/resources/resource/", data, follow=True)
    assert answer.status_code == 200
    work.refresh_from_db()
    assert not work.is_published


def test_an_unchecked_file_becomes_public_only_seen(oim, coordinator: User) -> None:
    work = factories.resource(oim, published=False)
    factories.file_of(work)
    with pytest.raises(checking.NotLooked):
        actions.publish(work, by=coordinator)
    actions.publish(work, by=coordinator, looked=True)


def test_a_clean_file_needs_no_tick(oim, coordinator: User) -> None:
    hand_in(signed_in(coordinator), documents.pdf(), "a.pdf", organisation=oim)
    work = Resource.objects.get()
    actions.publish(work, by=coordinator)
    assert work.state_changes.last().reason == ""


def test_a_cleaned_copy_takes_the_place_of_the_file(work: Resource, contributor: User) -> None:
    before = work.files.get()
    client = signed_in(contributor)
    client.post(reverse("resources:file_clean", args=[before.pk]))
    after = work.files.get()
    assert after.pk != before.pk
    assert after.sha256 != before.sha256
    assert after.texts.count() == 1
    content = body(client.get(after.get_absolute_url()))
    assert b"jlopez" not in zipfile.ZipFile(io.BytesIO(content)).read("docProps/core.xml")
    assert "author" not in {one.what for one in checking.findings(after)}


def test_a_file_that_cannot_be_cleaned_stays(oim, contributor: User) -> None:
    client = signed_in(contributor)
    hand_in(client, documents.encrypted_pdf(), "a.pdf", organisation=oim)
    file = File.objects.get()
    answer = client.post(reverse("resources:file_clean", args=[file.pk]), follow=True)
    assert answer.status_code == 200
    assert File.objects.get() == file


def test_checking_again_by_hand(oim, contributor: User) -> None:
    client = signed_in(contributor)
    hand_in(client, documents.pdf(), "a.pdf", organisation=oim)
    file = File.objects.get()
    File.objects.update(findings=None)
    address = reverse("resources:file_check", args=[file.pk])
    assert address in client.get(edit(file.resource)).text
    client.post(address)
    file.refresh_from_db()
    assert file.findings == []


def test_a_file_added_to_a_public_work_needs_a_look(oim, coordinator: User) -> None:
    work = factories.resource(oim)
    client = signed_in(coordinator)
    address = reverse("resources:file_add", args=[work.pk])
    file = {"file": SimpleUploadedFile("a.pdf", documents.pdf()), "language": "es"}
    assert client.post(address, file).status_code == 422
    assert not work.files.exists()
    file["file"] = SimpleUploadedFile("a.pdf", documents.pdf())
    assert client.post(address, {**file, "looked": "on"}).status_code == 302
    assert work.files.count() == 1


def test_the_gate(work: Resource, client, stranger: User) -> None:
    file = work.files.get()
    other = signed_in(stranger)
    assert other.get(reverse("resources:findings", args=[work.pk])).status_code == 404
    for step in ("file_check", "file_clean"):
        address = reverse(f"resources:{step}", args=[file.pk])
        assert other.post(address).status_code == 404
        assert other.get(address).status_code == 405
        assert client.post(address).url.startswith("/es/cuenta/entrar/")
    assert len(File.objects.all()) == 1
