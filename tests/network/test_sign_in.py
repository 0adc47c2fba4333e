"""Signing in and out and a new password, in both languages."""

import re

import pytest
from django.core import mail

from network.models import User


@pytest.mark.parametrize(
    ("address", "words"),
    [("/es/cuenta/entrar/", "Entrar"), ("/en/account/sign-in/", "Sign in")],
)
def test_sign_in_in_both_languages(client, contributor: User, address: str, words: str) -> None:
    assert words in client.get(address).text
    answer = client.post(address, {"username": "ANA@example.org", "password": "una-clave-larga"})
    assert answer.status_code == 302
    assert answer.url == ("/es/mi-mesa/" if "/es/" in address else "/en/my-desk/")


def test_a_wrong_password_says_so_and_keeps_the_address(client, contributor: User) -> None:
    page = client.post("/es/cuenta/entrar/", {"username": "ana@example.org", "password": "no"}).text
    assert "errorlist" in page
    assert 'value="ana@example.org"' in page


def test_signing_in_does_not_lead_to_another_site(client, contributor: User) -> None:
    data = {"username": "ana@example.org", "password": "una-clave-larga", "next": "https://evil.example/"}
    assert client.post("/es/cuenta/entrar/", data).url == "/es/mi-mesa/"


def test_sign_out_needs_a_post(client, contributor: User) -> None:
    client.force_login(contributor)
    assert client.get("/es/cuenta/salir/").status_code == 405
    assert client.post("/es/cuenta/salir/").status_code == 302
    assert client.get("/es/mi-mesa/").status_code == 302


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_new_password_by_mail(client, contributor: User, settings, language: str) -> None:
    settings.SITE_URL = "https://salud.example"
    start = {"es": "/es/cuenta/clave/", "en": "/en/account/password/"}[language]
    client.post(start, {"email": "ana@example.org"}, headers={"host": "testserver"})
    letter = mail.outbox[0]
    link = re.search(r"https://salud\.example(\S+)", letter.body)[1]
    assert link.startswith(f"/{language}/")
    form = client.get(link, follow=True)
    data = {"new_password1": "otra-clave-larga-9", "new_password2": "otra-clave-larga-9"}
    assert client.post(form.redirect_chain[-1][0], data, follow=True).status_code == 200
    contributor.refresh_from_db()
    assert contributor.check_password("otra-clave-larga-9")
    assert 'method="post"' not in client.get(link, follow=True).text.split("<main")[1].split("</main")[0]  # once only


def test_an_unknown_address_gets_the_same_answer(client, contributor: User) -> None:
    known = client.post("/es/cuenta/clave/", {"email": "ana@example.org"}, follow=True)
    unknown = client.post("/es/cuenta/clave/", {"email": "nadie@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert len(mail.outbox) == 1


def test_the_desk_sends_the_public_to_sign_in(client, db) -> None:
    assert client.get("/es/mi-mesa/").url.startswith("/es/cuenta/entrar/")
