"""One page for everything of an account; each part in both languages, and every change told by letter."""

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.test import Client

from network.models import User
from tests import factories
from tests.network.letters import newest
from tests.portal.test_pages import PAGES as PUBLIC

PAGES = [
    ("/es/cuenta/", "/en/account/"),
    ("/es/cuenta/correo/", "/en/account/address/"),
    ("/es/cuenta/clave/cambiar/", "/en/account/password/change/"),
    ("/es/cuenta/sesiones/", "/en/account/sessions/"),
    ("/es/cuenta/segundo-factor/", "/en/account/second-factor/"),
    ("/es/cuenta/segundo-factor/llaves/", "/en/account/second-factor/passkeys/"),
    ("/es/cuenta/salir/", "/en/account/sign-out/"),
    ("/es/cuenta/confirmar/", "/en/account/confirm/"),
]
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


def signed_in(email: str = "ana@example.org", browser: str = CHROME) -> Client:
    client = Client(headers={"user-agent": browser})
    client.post("/es/cuenta/entrar/", {"login": email, "password": "una-clave-larga"})
    return client


def an_hour_later(client: Client) -> None:
    session = client.session
    for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["at"] -= 3600
    session.save()


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_page_answers_in_its_language_and_keeps_the_policy(contributor: User, language: str) -> None:
    client = signed_in()
    for pair in PAGES:
        address = pair[language == "en"]
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert f'<html lang="{language}">' in answer.text
        assert answer.text.count("<h1") == 1
        assert 'name="robots" content="noindex"' in answer.text
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "no-store" in answer.headers["Cache-Control"], address
        assert Client().get(address).status_code == 302, address
    assert "account_login" in PUBLIC  # the pages before sign-in are looked at there


def test_the_desk_leads_to_the_account(client, contributor: User) -> None:
    client.force_login(contributor)
    assert 'href="/es/cuenta/"' in client.get("/es/mi-mesa/").text


def test_name_and_language_are_changed_here(client, contributor: User) -> None:
    client.force_login(contributor)
    answer = client.post("/es/cuenta/", {"name": "Ana María", "language": "en"})
    assert answer.url == "/en/account/"
    assert "Saved." in client.get(answer.url).text
    contributor.refresh_from_db()
    assert (contributor.name, contributor.language) == ("Ana María", "en")


def test_an_account_changes_nothing_but_its_own(client, contributor: User, stranger: User) -> None:
    client.force_login(contributor)
    data = {"name": "Ana", "language": "es", "email": stranger.email, "is_superuser": "on", "id": stranger.pk}
    client.post("/es/cuenta/", data)
    contributor.refresh_from_db()
    assert contributor.email == "ana@example.org"
    assert not contributor.is_superuser
    page = client.post("/es/cuenta/", {"name": "", "language": "xx"})
    assert page.status_code == 422
    assert page.text.count("errorlist") == 2


def test_a_new_password_takes_the_old_one(contributor: User) -> None:
    client, elsewhere = signed_in(), signed_in()
    new = {"password1": "otra-clave-larga-9", "password2": "otra-clave-larga-9"}
    page = client.post("/es/cuenta/clave/cambiar/", {"oldpassword": "no", **new})
    assert "no es su contraseña actual" in page.text
    answer = client.post("/es/cuenta/clave/cambiar/", {"oldpassword": "una-clave-larga", **new}, follow=True)
    assert answer.redirect_chain == [("/es/cuenta/", 302)]
    assert "contraseña nueva quedó guardada" in answer.text
    assert elsewhere.get("/es/cuenta/").status_code == 302
    assert "Se cambió la contraseña." in newest("ana@example.org").body


def test_letters_are_in_the_language_of_the_person(contributor: User) -> None:
    User.objects.filter(pk=contributor.pk).update(language="en")
    new = {"password1": "otra-clave-larga-9", "password2": "otra-clave-larga-9"}
    signed_in().post("/es/cuenta/clave/cambiar/", {"oldpassword": "una-clave-larga", **new})
    letter = newest("ana@example.org")
    assert letter.subject == "Your account at Salud y Migración"
    assert "The password was changed." in letter.body
    assert "http://localhost:8000/en/account/password/" in letter.body


def test_who_has_no_password_yet_sets_one(client, contributor: User) -> None:
    contributor.set_unusable_password()
    contributor.save()
    client.force_login(contributor)
    assert client.get("/es/cuenta/clave/cambiar/").url == "/es/cuenta/clave/establecer/"
    assert client.get("/en/account/password/set/").status_code == 200
    new = {"password1": "otra-clave-larga-9", "password2": "otra-clave-larga-9"}
    assert client.post("/es/cuenta/clave/establecer/", new).url == "/es/cuenta/"
    contributor.refresh_from_db()
    assert contributor.has_usable_password()


def test_a_new_address_counts_once_its_code_came_back(contributor: User) -> None:
    client = signed_in()
    sent = client.post("/es/cuenta/correo/", {"email": "Ana.Nueva@example.org", "action_add": ""}, follow=True)
    assert sent.redirect_chain[-1][0] == "/es/cuenta/correo/codigo/"
    contributor.refresh_from_db()
    assert contributor.email == "ana@example.org"
    code = newest("ana.nueva@example.org").subject.split()[0]
    assert "no es correcto" in client.post("/es/cuenta/correo/codigo/", {"code": "XXXX-XXXX"}).text
    answer = client.post("/es/cuenta/correo/codigo/", {"code": code, "action": "verify"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/es/cuenta/"
    contributor.refresh_from_db()
    assert contributor.email == "ana.nueva@example.org"
    rows = EmailAddress.objects.filter(user=contributor).values_list("email", "verified", "primary")
    assert list(rows) == [("ana.nueva@example.org", True, True)]
    assert "Se cambió la dirección" in newest("ana@example.org").body  # whoever owned it hears of it


def test_a_new_code_can_be_asked_for_but_not_guessed(contributor: User) -> None:
    client = signed_in()
    client.post("/en/account/address/", {"email": "nueva@example.org", "action_add": ""})
    first = newest("nueva@example.org").subject.split()[0]
    assert "is your code" in newest("nueva@example.org").subject
    client.post("/en/account/address/code/", {"action": "resend"})
    tries = [client.post("/en/account/address/code/", {"code": "XXXX-XXXX"}) for _ in range(3)]
    assert [answer.status_code for answer in tries] == [200, 200, 302]
    client.post("/en/account/address/code/", {"code": first})
    contributor.refresh_from_db()
    assert contributor.email == "ana@example.org"


def test_somebody_else_s_address_is_not_told_and_not_taken(contributor: User, stranger: User) -> None:
    client = signed_in()
    free = client.post("/es/cuenta/correo/", {"email": "libre@example.org", "action_add": ""}, follow=True)
    taken = client.post("/es/cuenta/correo/", {"email": stranger.email, "action_add": ""}, follow=True)
    assert free.redirect_chain == taken.redirect_chain
    code = newest(stranger.email).subject.split()[0]
    answer = client.post("/es/cuenta/correo/codigo/", {"code": code}, follow=True)  # only who reads that mailbox
    assert "no se puede usar" in answer.text
    contributor.refresh_from_db()
    assert contributor.email == "ana@example.org"


def test_changing_the_address_asks_again_who_is_there(contributor: User) -> None:
    client = signed_in()
    an_hour_later(client)
    answer = client.post("/es/cuenta/correo/", {"email": "nueva@example.org", "action_add": ""})
    assert answer.url.startswith("/es/cuenta/confirmar/")
    assert not mail.outbox
    client.post(answer.url, {"password": "una-clave-larga"})
    assert mail.outbox[0].to == ["nueva@example.org"]  # nothing had to be typed twice


def test_sessions_are_listed_and_each_can_be_ended(contributor: User, stranger: User) -> None:
    here, there = signed_in(), signed_in(browser=FIREFOX)
    others = signed_in(stranger.email)
    page = here.get("/es/cuenta/sesiones/").text
    assert "Chrome · Linux" in page
    assert "Firefox · Android" in page
    row = UserSession.objects.get(user=contributor, user_agent=FIREFOX)
    assert others.post(f"/es/cuenta/sesiones/{row.pk}/cerrar/").status_code == 404
    assert here.get(f"/es/cuenta/sesiones/{row.pk}/cerrar/").status_code == 405
    assert here.post(f"/es/cuenta/sesiones/{row.pk}/cerrar/").url == "/es/cuenta/sesiones/"
    assert here.post(f"/es/cuenta/sesiones/{row.pk}/cerrar/").status_code == 404
    assert there.get("/es/cuenta/").status_code == 302
    assert here.get("/es/cuenta/").status_code == 200
    assert SESSION_KEY in others.session


def test_all_other_sessions_end_with_one_click(contributor: User) -> None:
    here, there, elsewhere = signed_in(), signed_in(), signed_in()
    assert "Se cerraron todas las demás" in here.post("/es/cuenta/sesiones/", follow=True).text
    assert [client.get("/es/cuenta/").status_code for client in (here, there, elsewhere)] == [200, 302, 302]


def test_an_account_of_before_keeps_its_address_on_signing_in(db) -> None:
    """However it came about, a row without its twin is put right by a code, not by anybody's word."""
    user = factories.user("vieja@example.org")
    EmailAddress.objects.all().delete()
    client = signed_in(user.email)
    assert client.get("/es/mi-mesa/").status_code == 302
    code = newest(user.email).subject.split()[0]
    client.post("/es/cuenta/correo/codigo/", {"code": code})
    assert client.get("/es/mi-mesa/").status_code == 200
    assert EmailAddress.objects.get().verified


def test_nobody_sets_another_person_s_password_or_address(client, coordinator: User, contributor: User) -> None:
    client.force_login(coordinator)
    address = f"/admin/network/user/{contributor.pk}/"
    page = client.get(f"{address}change/").text
    assert 'name="email"' not in page
    assert 'name="password' not in page
    assert client.get(f"{address}password/").status_code == 403
    for model in ("account/emailaddress", "mfa/authenticator", "usersessions/usersession"):
        assert client.get(f"/admin/{model}/").status_code == 404


def test_the_admin_s_way_to_a_new_password_is_the_site_s(client, coordinator: User) -> None:
    client.force_login(coordinator)
    assert client.get("/admin/password_change/").url == "/es/cuenta/clave/cambiar/"
    assert client.post("/admin/password_change/", {"old_password": "una-clave-larga"}).status_code == 302
