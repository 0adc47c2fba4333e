"""Drafts under way: what may happen between handing a file in and its place on the shelf."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.models import User
from resources import actions, deposits, texts
from resources.models import File, Resource
from tests import factories
from tests.conftest import body, signed_in
from tests.resources import documents
from tests.resources.handing_in import form_data, hand_in, stored


def test_what_is_published_while_it_is_read_is_found_all_the_same(client, oim, contributor: User) -> None:
    with_bytes = deposits.receive(
        SimpleUploadedFile("a.pdf", documents.pdf(word="zopilote")), name="a.pdf", organisation=oim, by=None, whole=True
    )
    as_the_task_knew_it = File.objects.select_related("resource").get(pk=with_bytes.pk)
    found = texts.read(as_the_task_knew_it)
    with_bytes.texts.all().delete()
    actions.publish(with_bytes.resource, by=None)
    texts.record(as_the_task_knew_it, found)
    assert client.get("/es/recursos/?q=zopilote").context["listing"].results.total == 1


def test_a_file_taken_off_while_it_is_read_leaves_nothing(oim, contributor: User, settings) -> None:
    hand_in(signed_in(contributor), documents.pdf(), "a.pdf", organisation=oim)
    file = File.objects.select_related("resource").get()
    found = texts.read(file)
    before = len(stored(settings))
    File.objects.all().delete()
    texts.record(file, found)
    assert len(stored(settings)) == before


def test_saving_does_not_undo_what_was_decided_meanwhile(oim, contributor, coordinator) -> None:
    client = signed_in(contributor)
    address = hand_in(client, documents.pdf(), "a.pdf", organisation=oim).url
    data = form_data(client.get(address), title_es="Otro título")
    work = Resource.objects.get()

    def decided_first(*args: object, **kwargs: object) -> object:
        actions.publish(Resource.objects.get(), by=coordinator)
        return describe(*args, **kwargs)

    describe = actions.describe
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "describe", decided_first)
        client.post(address, data)
    work.refresh_from_db()
    assert work.is_published
    assert work.title_es != "Otro título"  # no longer the contributor's to change


def test_enter_in_a_field_keeps_the_draft(oim, contributor: User) -> None:
    client = signed_in(contributor)
    page = client.get(hand_in(client, documents.pdf(), "a.pdf", organisation=oim).url).text
    form = page.split('id="description"')[1]
    assert form.index('name="save"') < form.index('name="submit"')


def test_the_reason_reaches_whoever_sent_it(oim, contributor: User, coordinator: User) -> None:
    client = signed_in(contributor)
    address = hand_in(client, documents.pdf(), "a.pdf", organisation=oim).url
    work = Resource.objects.get()
    actions.submit(work, by=contributor)
    actions.return_to_draft(work, by=coordinator, reason="Falta la portada")
    for page in (address, work.get_absolute_url(), "/es/mi-mesa/"):
        assert "Falta la portada" in client.get(page).text, page
    actions.publish(work, by=coordinator)
    actions.withdraw(work, by=coordinator, reason="Está repetido")
    assert "Está repetido" in client.get("/es/mi-mesa/").text


def test_a_forged_publish_of_a_contributor_publishes_nothing(oim, contributor: User) -> None:
    client = signed_in(contributor)
    address = hand_in(client, documents.pdf(), "a.pdf", organisation=oim).url
    client.post(address, form_data(client.get(address), publish=""))
    assert Resource.objects.get().status == Resource.Status.DRAFT


def test_a_stranger_adds_no_file(oim, contributor: User, stranger: User) -> None:
    address = hand_in(signed_in(contributor), documents.pdf(), "a.pdf", organisation=oim).url
    other = SimpleUploadedFile("b.pdf", documents.pdf("Otro"))
    answer = signed_in(stranger).post(f"{address}archivos/", {"file": other, "language": "en"})
    assert answer.status_code == 404
    assert File.objects.count() == 1


def test_a_thumbnail_is_behind_the_same_gate(client, oim, contributor: User, stranger: User) -> None:
    hand_in(signed_in(contributor), documents.pdf(), "a.pdf", organisation=oim)
    address = f"/files/{File.objects.get().pk}/thumbnail.webp"
    assert body(signed_in(contributor).get(address))
    assert client.get(address).status_code == 404
    assert signed_in(stranger).get(address).status_code == 404


def test_lost_bytes_are_not_found_rather_than_broken(oim, contributor: User) -> None:
    client = signed_in(contributor)
    hand_in(client, documents.pdf(), "a.pdf", organisation=oim)
    file = File.objects.get()
    for stored_name in (file.content.name, file.thumbnail.name):
        file.content.storage.delete(stored_name)
    assert client.get(file.get_absolute_url()).status_code == 404
    assert client.get(f"/files/{file.pk}/thumbnail.webp").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"topics": "9" * 40},
        {"tags": "a" * 101},
        {"files-TOTAL_FORMS": 2, "files-1-language": "es"},
        {"authors-TOTAL_FORMS": ""},
        {"doi": "nada"},
    ],
)
def test_forged_forms_are_answered(oim, contributor: User, changes: dict) -> None:
    client = signed_in(contributor)
    address = hand_in(client, documents.pdf(), "a.pdf", organisation=oim).url
    answer = client.post(address, form_data(client.get(address), **changes))
    assert answer.status_code in (302, 400, 422)
    assert File.objects.count() == 1


def test_keywords_differ_by_more_than_capitals(oim, contributor: User) -> None:
    client = signed_in(contributor)
    address = hand_in(client, documents.pdf(), "a.pdf", organisation=oim).url
    client.post(address, form_data(client.get(address), tags="VIH, vih, Vih"))
    assert Resource.objects.get().tags.count() == 1


def test_the_desk_takes_as_many_queries_for_one_draft_as_for_ten(oim, contributor: User, coordinator: User) -> None:
    client = signed_in(contributor)

    def add() -> None:
        work = factories.resource(oim, published=False)
        actions.submit(work, by=contributor)
        actions.return_to_draft(work, by=coordinator, reason="Falta la portada")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert "Falta la portada" in client.get("/es/mi-mesa/").text
        return len(seen)

    add()
    one = queries()
    for _ in range(9):
        add()
    assert queries() == one
