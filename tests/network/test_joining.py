"""An organisation applies: without an account, kept as it is typed, followed by a link."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from network import application_links, joining
from network.models import Application, Organisation, User
from portal.core import links
from portal.core.models import AuditEntry
from tests import factories
from tests.network import applying
from tests.resources import documents

pytestmark = pytest.mark.django_db
State = Application.State


@pytest.fixture(autouse=True)
def _fresh_limits(db) -> None:
    cache.clear()


def upload(name: str = "estatutos.pdf", data: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or documents.pdf())


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", ["Entregar la solicitud", "Falta un paso", "Gracias."]), ("en", ["Hand in", "One step is", "Thank you."])],
)
def test_from_the_first_line_to_handed_in(client, language: str, words: list[str]) -> None:
    assert client.get(applying.JOIN[language]).status_code == 200
    page = applying.begun(client, language)
    assert words[0] in client.get(page).text
    kept = client.post(page, applying.answers(save=""))
    assert kept.status_code == 302
    answer = client.post(page, applying.answers(hand_in=""), follow=True)
    assert words[1] in answer.text
    application = Application.objects.get()
    assert application.state == State.DRAFT  # until the address is known to be theirs
    link = applying.mailed_link()
    assert link.startswith(applying.JOIN[language])
    assert 'name="confirm"' in client.get(link).text
    assert Application.objects.get().state == State.DRAFT  # a program that opens links hands nothing in
    assert words[2] in client.post(link, {"confirm": ""}, follow=True).text
    application = Application.objects.get()
    assert application.state == State.SUBMITTED
    assert application.website == "https://casa-migrante.example"
    assert application.language == language
    assert [country.code for country in application.countries.all()] == ["HN"]


def test_whoever_comes_by_the_letter_hands_in_at_once(client) -> None:
    applying.begun(client)
    link = applying.mailed_link()
    client.post(link, applying.answers(hand_in=""))
    assert Application.objects.get().state == State.SUBMITTED


def test_handing_in_twice_is_handing_in_once(client, coordinator: User) -> None:
    application = applying.filled()
    mail.outbox.clear()
    page = application_links.path(application)
    for _ in range(2):
        assert client.post(page, applying.answers(hand_in=""), follow=True).status_code == 200
    assert AuditEntry.objects.filter(verb="application_submitted").count() == 1
    assert [letter.to[0] for letter in mail.outbox] == [applying.EMAIL, coordinator.email]


def test_two_clicks_send_one_letter_to_confirm(client) -> None:
    page = applying.begun(client)
    mail.outbox.clear()
    for _ in range(2):
        client.post(page, applying.answers(hand_in=""))
    assert len(mail.outbox) == 1


def test_what_is_missing_is_marked_and_nothing_typed_is_lost(client) -> None:
    page = applying.begun(client)
    answer = client.post(page, {"name_es": "Casa", "motivation": "Porque sí", "website": "no es una", "hand_in": ""})
    assert answer.status_code == 422
    for typed in ("Casa", "Porque sí", "no es una"):
        assert typed in answer.text
    application = Application.objects.get()
    assert (application.name_es, application.motivation, application.website) == ("Casa", "Porque sí", "")
    answer = client.post(page, {"name_es": "Casa", "motivation": "Porque sí", "hand_in": ""})
    assert answer.text.count("Esto todavía hace falta.") == 5  # sector, country, category, name of contact, description


def test_ten_thousand_letters_are_refused_and_still_there(client) -> None:
    page = applying.begun(client)
    long = "palabra " * 1250
    answer = client.post(page, applying.answers(motivation=long, name_es="n" * 10_000, save=""))
    assert answer.status_code == 422
    assert long.strip() in answer.text
    assert "n" * 10_000 in answer.text
    assert Application.objects.get().contact_name == "Rosa Pérez"


def test_a_script_saves_while_somebody_types(client) -> None:
    page = applying.begun(client)
    assert "Guardado a las" in client.post(f"{page}guardar/", applying.answers(acronym="CM")).text
    assert "Sitio web" in client.post(f"{page}guardar/", applying.answers(acronym="C", website="no es una")).text
    assert Application.objects.get().acronym == "C"


def test_what_was_handed_in_is_not_overwritten(client) -> None:
    application = applying.handed_in()
    page = application_links.path(application)
    assert client.post(f"{page}guardar/", applying.answers(acronym="X")).status_code == 422
    client.post(page, applying.answers(acronym="X", save=""))
    assert Application.objects.get().acronym == "CPM"


# --- The door --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"fax": "555"}, "solo los programas"),
        ({"given_out": ""}, "otra vez"),
        ({"given_out": "abc:def:ghi"}, "otra vez"),
        ({"contact_email": "rosa arroba casa"}, "correo"),
        ({"name": "x" * 10_000}, "200"),
        ({"name": "a\x00b"}, ""),
        ({"contact_name": ""}, ""),
    ],
)
def test_a_robot_and_a_slip_get_a_sentence(client, changed: dict, words: str) -> None:
    answer = client.post(applying.JOIN["es"], applying.beginning(**changed))
    assert answer.status_code == 422
    assert "errorlist" in answer.text
    assert words in answer.text
    assert "Rosa" in answer.text or "contact_name" in changed
    assert not Application.objects.exists()
    assert not mail.outbox


def test_a_form_sent_at_once_passes_at_the_second_press(client) -> None:
    page = client.get(applying.JOIN["es"]).text
    given_out = re.search(r'name="given_out" value="([^"]+)"', page)[1]
    answer = client.post(applying.JOIN["es"], applying.beginning(given_out=given_out))
    assert "muy rápido" in answer.text
    again = re.search(r'name="given_out" value="([^"]+)"', answer.text)[1]
    assert again == given_out


def test_a_form_that_lay_open_passes_at_the_second_press(client, monkeypatch) -> None:
    monkeypatch.setattr("network.joining_forms.FORM_VALID", timedelta(seconds=-1))
    answer = client.post(applying.JOIN["es"], applying.beginning())
    assert answer.status_code == 422
    fresh = re.search(r'name="given_out" value="([^"]+)"', answer.text)[1]
    monkeypatch.undo()
    monkeypatch.setattr("network.joining_forms.QUICKEST", 0)
    assert client.post(applying.JOIN["es"], applying.beginning(given_out=fresh)).status_code == 302


def test_one_address_begins_so_many_and_not_more(client) -> None:
    for number in range(20):
        applying.begun(client, contact_email=f"a{number}@casa.example")
    answer = client.post(applying.JOIN["es"], applying.beginning(contact_email="b@casa.example"))
    assert answer.status_code == 429
    assert "Casa de la Persona Migrante" in answer.text
    client.post(applying.JOIN["es"], applying.beginning(), REMOTE_ADDR="10.0.0.9")
    assert Application.objects.count() == 21


def test_one_mailbox_gets_so_many_letters_and_not_more(client) -> None:
    for number in range(5):
        client.post(applying.JOIN["es"], applying.beginning(), REMOTE_ADDR=f"10.0.0.{number}")
    answer = client.post(applying.JOIN["es"], applying.beginning(), REMOTE_ADDR="10.0.1.1")
    assert answer.status_code == 429
    assert len(mail.outbox) == 5


def test_the_limit_sees_through_our_own_proxy_only(rf, settings) -> None:
    from portal.core.http import address_of

    request = rf.get("/", headers={"X-Forwarded-For": "6.6.6.6, 9.9.9.9"}, REMOTE_ADDR="10.0.0.1")
    assert address_of(request) == "10.0.0.1"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert address_of(request) == "9.9.9.9"


@pytest.mark.parametrize(
    "typed", ["Organización Internacional para las Migraciones", "organizacion internacional para LAS migraciones."]
)
def test_a_member_is_told_so_without_its_people(client, oim: Organisation, contributor: User, typed: str) -> None:
    answer = client.post(applying.JOIN["es"], applying.beginning(name=typed))
    assert answer.status_code == 422
    assert "ya pertenece a la red" in answer.text
    assert oim.get_absolute_url() in answer.text
    assert contributor.name not in answer.text
    assert contributor.email not in answer.text
    assert typed in answer.text
    client.post(applying.JOIN["es"], applying.beginning(name=typed, is_another="on"))
    assert Application.objects.count() == 1


def test_a_former_member_may_apply(client) -> None:
    factories.organisation("casa", name_es="Casa de la Persona Migrante", member=False)
    applying.begun(client)


# --- Links -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["abc", "eyJ:1:x", "ñ", "a" * 3000])
def test_a_forged_link_opens_nothing(client, token: str) -> None:
    answer = client.get(f"/es/red/unirse/{token}/")
    assert answer.status_code == 404
    assert "no abre nada" in answer.text
    assert client.post(f"/es/red/unirse/{token}/nuevo-enlace/").status_code == 302
    assert not mail.outbox


def test_a_link_of_another_purpose_opens_nothing(client) -> None:
    application = applying.draft()
    assert client.get(f"/es/red/unirse/{links.token('invitation', application.pk, '')}/").status_code == 404


def test_in_place_of_an_old_link_comes_a_new_one_by_mail(client, monkeypatch) -> None:
    application = applying.draft()
    page = application_links.path(application)
    with monkeypatch.context() as patched:
        patched.setattr(application_links.read, "__kwdefaults__", {"valid": timedelta(seconds=-1)})
        answer = client.get(page)
        assert answer.status_code == 410
        assert "demasiado antiguo" in answer.text
        assert applying.EMAIL not in answer.text
        mail.outbox.clear()
        client.post(f"{page}nuevo-enlace/")
    assert mail.outbox[0].to == [applying.EMAIL]
    assert client.get(applying.mailed_link()).status_code == 200


def test_another_address_makes_old_letters_worthless(client) -> None:
    page = applying.begun(client)
    old = applying.mailed_link()
    client.post(f"{page}correo/", {"contact_email": "otra@casa.example"})
    assert mail.outbox[-1].to == ["otra@casa.example"]
    assert client.get(old).status_code == 410
    assert client.get(applying.mailed_link()).status_code == 200
    assert not Application.objects.get().is_confirmed


def test_an_address_that_cannot_be_is_told(client) -> None:
    page = applying.begun(client)
    answer = client.post(f"{page}correo/", {"contact_email": "no@@es"}, follow=True)
    assert "no puede ser correcto" in answer.text
    assert Application.objects.get().contact_email == applying.EMAIL


def test_letters_of_one_application_are_limited(client) -> None:
    page = applying.begun(client)
    for _ in range(10):
        client.post(f"{page}correo/", {"contact_email": applying.EMAIL})
    assert len(mail.outbox) == 1 + 6


def test_the_pages_of_an_application_are_kept_by_nobody(client) -> None:
    answer = client.get(application_links.path(applying.draft()))
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_the_page_follows_the_language(client) -> None:
    page = application_links.path(applying.draft())
    english = re.search(r'href="(/en/network/join/[^"]+)"', client.get(page).text)[1]
    assert "Hand in the application" in client.get(english).text


# --- Files -----------------------------------------------------------------------------------------------------------


def test_a_file_is_kept_with_what_was_typed(client) -> None:
    page = applying.begun(client)
    client.post(page, applying.answers(file=upload(), attach=""))
    application = Application.objects.get()
    assert application.motivation
    file = application.attachments.get()
    answer = client.get(f"{page}archivos/{file.pk}/")
    assert b"".join(answer).startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    other = application_links.path(applying.draft(contact_email="x@otra.example"))
    assert client.get(f"{other}archivos/{file.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("programa.exe", b"MZ\x90\x00", "no se acepta"),
        ("estatutos.pdf", b"no es un pdf", ""),
        ("vacio.pdf", b"", "vacío"),
        ("grande.pdf", b"%PDF-1.4" + b"x" * (10 * 1024 * 1024), "10 MB"),
    ],
)
def test_a_wrong_file_is_told_and_the_text_is_kept(client, name: str, data: bytes, words: str) -> None:
    page = applying.begun(client)
    file = BytesIO(data)
    file.name = name
    answer = client.post(page, applying.answers(file=file, attach=""))
    assert answer.status_code == 422
    assert words in answer.text
    assert not Application.objects.get().attachments.exists()
    assert Application.objects.get().motivation


def test_five_files_and_not_six_and_one_may_go(client, settings, django_capture_on_commit_callbacks) -> None:
    page = applying.begun(client)
    for _ in range(5):
        client.post(page, applying.answers(file=upload(), attach=""))
    assert "5 archivos" in client.post(page, applying.answers(file=upload(), attach="")).text
    application = Application.objects.get()
    first = application.attachments.first()
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            client.post(page, applying.answers(detach=str(first.pk)))
    assert application.attachments.count() == 4
    assert len(list(Path(settings.STORAGES["default"]["OPTIONS"]["location"], "applications").iterdir())) == 4


def test_files_come_and_go_only_while_somebody_waits_for_them(client) -> None:
    application = applying.filled()
    page = application_links.path(application)
    client.post(page, applying.answers(file=upload(), attach=""))
    joining.hand_in(application)
    client.post(page, applying.answers(file=upload(), attach=""))
    client.post(page, applying.answers(detach=str(application.attachments.get().pk)))
    assert application.attachments.count() == 1


# --- Following -------------------------------------------------------------------------------------------------------


def test_a_question_is_answered_with_a_file(client, coordinator: User) -> None:
    application = applying.handed_in()
    joining.screen(application, by=coordinator)
    joining.ask(application, by=coordinator, question="¿Cuántas personas atienden?")
    assert "¿Cuántas personas atienden?" in mail.outbox[-1].body
    page = applying.mailed_link()
    assert "¿Cuántas personas atienden?" in client.get(page).text
    assert client.post(f"{page}responder/", {"text": ""}).status_code == 422
    wrong = client.post(f"{page}responder/", {"text": "Unas 200", "file": upload(data=b"x")})
    assert wrong.status_code == 422
    assert "Unas 200" in wrong.text
    for _ in range(2):
        client.post(f"{page}responder/", {"text": "Unas 200", "file": upload()})
    application.refresh_from_db()
    assert application.state == State.SUBMITTED
    assert application.attachments.count() == 1
    assert [remark.text for remark in application.remarks.all()] == ["¿Cuántas personas atienden?", "Unas 200"]


def test_notes_of_the_coordination_are_not_the_applicants(client, coordinator: User) -> None:
    application = applying.handed_in()
    application.remarks.create(text="Ojo con los estatutos", by=coordinator)
    assert "Ojo" not in client.get(application_links.path(application)).text


def test_withdrawing_asks_once_more_and_is_for_good(client) -> None:
    application = applying.handed_in()
    page = application_links.path(application)
    assert client.get(f"{page}retirar/").status_code == 200
    assert client.post(f"{page}retirar/", {"reason": ""}).status_code == 422
    for _ in range(2):
        answer = client.post(f"{page}retirar/", {"reason": "Cambiamos de planes"}, follow=True)
        assert answer.status_code == 200
    application.refresh_from_db()
    assert application.state == State.WITHDRAWN
    assert AuditEntry.objects.filter(verb="application_withdrawn", reason="Cambiamos de planes").count() == 1
    assert "retirada" in mail.outbox[-1].subject


def test_steps_are_only_posted(client) -> None:
    page = application_links.path(applying.draft())
    for end in ("guardar/", "correo/", "responder/", "nuevo-enlace/"):
        assert client.get(page + end).status_code == 405


def test_the_form_refuses_what_comes_from_elsewhere(db) -> None:
    assert Client(enforce_csrf_checks=True).post(applying.JOIN["es"], applying.beginning()).status_code == 403
