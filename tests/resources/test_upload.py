"""A member hands a file in, corrects what the portal read, and sends it on."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from network.models import User
from portal.core.uploads import BoundedFileUploadHandler
from resources import deposits
from resources.intake import kinds
from resources.models import File, Resource
from tests import factories
from tests.conftest import body, signed_in
from tests.resources import documents
from tests.resources.handing_in import form_data, hand_in, stored


def test_the_form_comes_back_filled(oim, contributor: User) -> None:
    client = signed_in(contributor)
    content = documents.pdf("Salud en la ruta migratoria")
    answer = hand_in(client, content, "informe final v3.pdf", organisation=oim)
    work = Resource.objects.get()
    assert answer.url == f"/es/mi-mesa/{work.pk}/"
    page = client.get(answer.url)
    assert "Salud en la ruta migratoria" in page.text
    assert work.original_language == "es"
    assert work.status == Resource.Status.DRAFT
    file = work.files.get()
    assert (file.name, file.kind, file.pages, file.language) == ("informe final v3.pdf", "pdf", 2, "es")
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert file.size == len(content)
    assert file.state == File.State.READ
    assert "termohigrómetro" in file.texts.get(number=2).text
    assert body(client.get(file.get_absolute_url())) == content
    picture = client.get(f"/files/{file.pk}/thumbnail.webp")
    assert picture.headers["Content-Type"] == "image/webp"
    assert body(picture)[8:12] == b"WEBP"


def test_the_whole_journey_from_file_to_shelf(client, oim, contributor: User, coordinator: User) -> None:
    factories.country("HN")
    topic = factories.topic("salud-mental", "Salud mental", "Mental health")
    member = signed_in(contributor)
    address = hand_in(member, documents.docx(), "guia.docx", organisation=oim).url
    page = member.get(address)
    changes = {
        "title_es": "Guía de albergues",
        "title_en": "Shelter guide",
        "date": "2024-05",
        "countries": ["HN"],
        "topics": [topic.pk],
        "tags": "red de frío, brigadas",
        "authors-0-name": "Red de albergues",
        "authors-0-kind": "body",
        "submit": "",
    }
    assert member.post(address, form_data(page, **changes)).url == "/es/mi-mesa/"
    work = Resource.objects.get()
    assert work.status == Resource.Status.SUBMITTED
    assert (work.year, work.month, work.day) == (2024, 5, None)
    assert [(a.name, a.kind) for a in work.authors.all()] == [("Red de albergues", "body")]
    review = signed_in(coordinator)
    assert "Guía de albergues" in review.get("/es/mi-mesa/").text
    review.post(f"/es/mi-mesa/{work.pk}/publicar/")
    for words in ("hemoparasitos", "shelter", "brigadas", "mental health", "Honduras"):
        assert f'data-resource="{work.pk}"' in client.get("/es/recursos/", {"q": words}).text, words


def test_two_editions_are_one_work(oim, contributor: User) -> None:
    client = signed_in(contributor)
    address = hand_in(client, documents.pdf(), "es.pdf", organisation=oim).url
    english = SimpleUploadedFile("en.pdf", documents.pdf("Health on the route", word="thermohygrometer"))
    answer = client.post(f"{address}archivos/", {"file": english, "language": "en"})
    assert answer.status_code == 302
    assert sorted(Resource.objects.get().files.values_list("language", flat=True)) == ["en", "es"]


def test_a_wrong_date_loses_nothing(oim, contributor: User) -> None:
    client = signed_in(contributor)
    address = hand_in(client, documents.pdf(), "a.pdf", organisation=oim).url
    data = form_data(client.get(address), title_es="Un título nuevo", date="2024-13", abstract_es="Lo que escribí")
    answer = client.post(address, data)
    assert answer.status_code == 422
    assert "Un título nuevo" in answer.text
    assert "Lo que escribí" in answer.text
    assert "2024-13" in answer.text
    assert 'class="errorlist"' in answer.text


REFUSED = {
    "empty.pdf": b"",
    "programa.exe": b"MZ\x90\x00" + b"\x00" * 500,
    "informe.pdf": b"PK\x03\x04 this is no pdf",
    "dibujo.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "viejo.doc": bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600,
    "macro.docx": documents.macro_docx(),
    "imagen.png": documents.pdf(),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("language", ["es", "en"])
def test_what_is_refused_says_why(oim, contributor: User, name: str, language: str) -> None:
    answer = hand_in(signed_in(contributor), REFUSED[name], name, organisation=oim, language=language)
    assert answer.status_code == 422
    assert 'class="errorlist"' in answer.text
    assert not Resource.objects.exists()
    assert not File.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "state"),
    [
        ("cifrado.pdf", documents.encrypted_pdf(), File.State.ENCRYPTED),
        ("cortado.pdf", documents.pdf()[:400], File.State.DAMAGED),
        ("escaneo.png", documents.png(), File.State.NO_TEXT),
    ],
)
def test_what_cannot_be_read_is_kept_and_says_so(client, oim, contributor, coordinator, name, content, state) -> None:
    member = signed_in(contributor)
    page = member.get(hand_in(member, content, name, organisation=oim).url)
    file = File.objects.get()
    assert file.state == state
    assert str(state.label) in page.text
    assert body(member.get(file.get_absolute_url())) == content
    reviewer = signed_in(coordinator)
    reviewer.post(f"/es/mi-mesa/{file.resource_id}/publicar/")
    assert not Resource.objects.get().is_published or state == File.State.NO_TEXT  # nobody could look through it
    reviewer.post(f"/es/mi-mesa/{file.resource_id}/publicar/", {"looked": "on"})
    title = file.resource.shown_title.text
    assert client.get("/es/recursos/", {"q": title}).context["listing"].results.ids == [file.resource_id]


def test_the_same_file_again_leads_to_the_first(oim, insp, contributor, stranger, coordinator) -> None:
    content = documents.pdf()
    mine = signed_in(contributor)
    hand_in(mine, content, "uno.pdf", organisation=oim)
    work = Resource.objects.get()
    again = hand_in(mine, content, "otro nombre.pdf", organisation=oim)
    assert again.status_code == 422
    assert work.get_absolute_url() in again.text
    elsewhere = hand_in(signed_in(stranger), content, "uno.pdf", organisation=insp)
    assert elsewhere.status_code == 422
    assert work.get_absolute_url() not in elsewhere.text  # still a draft of somebody else's
    assert Resource.objects.count() == File.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_leave_one(oim, contributor: User, settings) -> None:
    content = documents.pdf()

    def send(number: int) -> int:
        try:
            return hand_in(signed_in(contributor), content, f"{number}.pdf", organisation=oim).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(send, range(8)))
    assert answers == [302] + [422] * 7
    assert File.objects.count() == Resource.objects.count() == 1
    assert len(stored(settings)) == 2  # the file and its thumbnail


def test_a_file_over_the_limit_is_counted_not_kept(oim, contributor: User, settings) -> None:
    settings.UPLOAD_MAX_BYTES = 3_000_000
    handler = BoundedFileUploadHandler()
    handler.new_file("file", "a.pdf", "application/pdf", None)
    for start in range(0, 10_000_000, 1_000_000):
        handler.receive_data_chunk(b"x" * 1_000_000, start)
    kept = handler.file_complete(10_000_000)
    assert kept.size == 10_000_000
    assert len(kept.read()) == 3_000_000
    kept.close()


def test_just_over_100_mb_is_refused_and_just_under_is_taken(oim, contributor: User, settings) -> None:
    assert settings.UPLOAD_MAX_BYTES == kinds.MAX_BYTES
    client = signed_in(contributor)
    small = documents.pdf()
    # Zeros before the end of a PDF change nothing for a reader, which looks for the end in the last bytes.
    large = small + b"\n%" + b"0" * (kinds.MAX_BYTES - len(small) + 10)
    refused = hand_in(client, large, "grande.pdf", organisation=oim)
    assert refused.status_code == 422
    assert "100 MB" in refused.text
    assert not File.objects.exists()
    assert hand_in(client, large[: kinds.MAX_BYTES], "grande.pdf", organisation=oim).status_code == 302
    assert File.objects.get().size == kinds.MAX_BYTES


def test_three_hundred_pages_are_read_whole(client, oim, contributor: User, coordinator: User) -> None:
    address = hand_in(signed_in(contributor), documents.pdf(pages=300, word="zopilote"), "a.pdf", organisation=oim).url
    work = Resource.objects.get()
    assert address == f"/es/mi-mesa/{work.pk}/"
    assert work.files.get().pages == work.files.get().texts.count() == 300
    signed_in(coordinator).post(f"/es/mi-mesa/{work.pk}/publicar/")
    assert client.get("/es/recursos/?q=zopilote").context["listing"].hits[0].snippet.page == 300


def test_a_full_disk_is_said_and_leaves_nothing(oim, contributor: User, monkeypatch, settings) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", full)
    answer = hand_in(signed_in(contributor), documents.pdf(), "a.pdf", organisation=oim)
    assert answer.status_code == 422
    assert "errorlist" in answer.text
    assert not Resource.objects.exists()
    assert not stored(settings)


def test_names_that_mean_harm_become_harmless(oim, contributor: User) -> None:
    client = signed_in(contributor)
    hand_in(client, documents.pdf(), "../../etc/‮fdp.exe X: y\t.pdf", organisation=oim)
    file = File.objects.get()
    assert not set(file.name) & set("/\\\r\n\t\u202e")
    assert "/" in file.content.name
    assert file.name not in file.content.name
    answer = client.get(file.get_absolute_url())
    body(answer)
    assert answer.status_code == 200
    assert "\n" not in answer.headers["Content-Disposition"]


def test_a_title_of_2000_characters_and_strange_signs(oim, contributor: User) -> None:
    client = signed_in(contributor)
    address = hand_in(client, documents.pdf(), "a.pdf", organisation=oim).url
    too_long = client.post(address, form_data(client.get(address), title_es="á" * 2000))
    assert too_long.status_code == 422
    assert "á" * 2000 in too_long.text
    nul = client.post(address, form_data(client.get(address), title_es="uno\x00dos"))
    assert nul.status_code == 422
    strange = "🧡 صحة المهاجرين <b>niñez</b> & \u202eabc"
    assert client.post(address, form_data(client.get(address), title_es=strange, submit="")).status_code == 302
    assert Resource.objects.get().title_es == strange
    assert "<b>niñez" not in client.get(Resource.objects.get().get_absolute_url()).text


def test_only_those_who_act_for_an_organisation_hand_in(client, oim, insp, committee_member, contributor) -> None:
    assert client.get("/es/mi-mesa/entregar/").status_code == 302
    assert signed_in(committee_member).get("/es/mi-mesa/entregar/").status_code == 403
    answer = hand_in(signed_in(contributor), documents.pdf(), "a.pdf", organisation=insp)
    assert answer.status_code == 422  # not theirs
    assert not File.objects.exists()


def test_a_file_comes_off_with_its_bytes(oim, contributor: User, django_capture_on_commit_callbacks) -> None:
    client = signed_in(contributor)
    hand_in(client, documents.pdf(), "a.pdf", organisation=oim)
    file = File.objects.get()
    storage, name = file.content.storage, file.content.name
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/es/mi-mesa/archivos/{file.pk}/quitar/")
    assert not storage.exists(name)
    assert not File.objects.exists()


def test_a_step_that_fails_leaves_no_bytes_behind(oim, monkeypatch, settings) -> None:
    monkeypatch.setattr(deposits, "_draft_from", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        deposits.receive(SimpleUploadedFile("a.pdf", documents.pdf()), name="a.pdf", organisation=oim, by=None)
    assert not stored(settings)
