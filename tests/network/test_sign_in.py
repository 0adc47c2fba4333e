"""Signing in and out and a new password, in both languages, telling a stranger nothing about who has an account."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.models import User
from tests.network.letters import link_in, newest

FORGOTTEN = {"es": "/es/cuenta/clave/", "en": "/en/account/password/"}
NEW = "otra-clave-larga-9"


@pytest.mark.parametrize(("address", "words"), [("/es/cuenta/entrar/", "Entrar"), ("/en/account/sign-in/", "Sign in")])
def test_sign_in_in_both_languages(client, contributor: User, address: str, words: str) -> None:
    assert words in client.get(address).text
    answer = client.post(address, {"login": "ANA@example.org", "password": "una-clave-larga"})
    assert answer.status_code == 302
    assert answer.url == ("/es/mi-mesa/" if "/es/" in address else "/en/my-desk/")


@pytest.mark.parametrize(
    ("address", "words"), [("/es/cuenta/entrar/", "no coinciden"), ("/en/account/sign-in/", "do not go together")]
)
def test_a_wrong_password_and_a_stranger_get_the_same_page(client, contributor: User, address: str, words: str) -> None:
    wrong = client.post(address, {"login": "ana@example.org", "password": "no"})
    nobody = client.post(address, {"login": "eva@example.org", "password": "no"})
    assert 'value="ana@example.org"' in wrong.text
    for page in (wrong, nobody):
        assert "errorlist" in page.text
        assert words in page.text
    assert _without(wrong.text, "ana") == _without(nobody.text, "eva")


class CountedHasher(MD5PasswordHasher):
    """What takes all the time of a sign-in, counted instead of timed: a clock would tell of the machine."""

    times = 0

    def encode(self, password: str, salt: str) -> str:
        CountedHasher.times += 1
        return super().encode(password, salt)


def test_a_wrong_password_a_stranger_and_a_closed_account_take_the_same_work(
    client, contributor: User, stranger: User, settings
) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
    User.objects.filter(pk=stranger.pk).update(is_active=False)
    erased = User.objects.create_user("nunca@example.org", None, name="Sin clave")

    def work(email: str) -> int:
        before = CountedHasher.times
        client.post("/es/cuenta/entrar/", {"login": email, "password": "no"})
        return CountedHasher.times - before

    tried = [work(email) for email in (contributor.email, "nadie@example.org", stranger.email, erased.email)]
    assert tried == [1, 1, 1, 1]


def _without(page: str, name: str) -> list[str]:
    """The lines of a page but for what must differ: the name typed and the token of its form."""
    lines = page.replace(f"{name}@example.org", "").splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line]


def test_a_session_from_before_is_not_the_one_after(client, contributor: User) -> None:
    client.get("/es/cuenta/entrar/")
    client.session["planted"] = True
    before = client.session
    before.save()
    client.cookies["sessionid"] = before.session_key
    client.post("/es/cuenta/entrar/", {"login": "ana@example.org", "password": "una-clave-larga"})
    assert client.session.session_key != before.session_key


def test_signing_in_does_not_lead_to_another_site(client, contributor: User) -> None:
    data = {"login": "ana@example.org", "password": "una-clave-larga", "next": "https://evil.example/"}
    assert client.post("/es/cuenta/entrar/", data).url == "/es/mi-mesa/"


def test_signing_in_leads_where_one_wanted_to_go(client, contributor: User) -> None:
    wanted = client.get("/es/mi-mesa/entregar/").url
    assert wanted == "/es/cuenta/entrar/?next=/es/mi-mesa/entregar/"
    assert 'name="next" value="/es/mi-mesa/entregar/"' in client.get(wanted).text
    data = {"login": "ana@example.org", "password": "una-clave-larga", "next": "/es/mi-mesa/entregar/"}
    assert client.post(wanted, data).url == "/es/mi-mesa/entregar/"


@pytest.mark.parametrize(
    ("address", "words"),
    [("/es/cuenta/entrar/", "Esta cuenta está cerrada"), ("/en/account/sign-in/", "This account is closed")],
)
def test_a_closed_account_says_so_only_to_its_owner(client, contributor: User, address: str, words: str) -> None:
    User.objects.filter(pk=contributor.pk).update(is_active=False)
    assert words not in client.post(address, {"login": "ana@example.org", "password": "no"}, follow=True).text
    data = {"login": "ana@example.org", "password": "una-clave-larga"}
    assert words in client.post(address, data, follow=True).text
    assert client.get("/es/mi-mesa/").status_code == 302


def test_sign_out_needs_a_post(client, contributor: User) -> None:
    client.force_login(contributor)
    assert client.get("/es/cuenta/salir/").status_code == 200
    assert client.get("/es/mi-mesa/").status_code == 200
    assert client.post("/es/cuenta/salir/").status_code == 302
    assert client.get("/es/mi-mesa/").status_code == 302


@pytest.mark.parametrize("address", ["/es/cuenta/registro/", "/en/account/sign-up/", "/en/account/signup/"])
def test_nobody_signs_up(client, db, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_new_password_by_mail(client, contributor: User, settings, language: str) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client.post(FORGOTTEN[language], {"email": "Ana@example.org"}, headers={"host": "evil.example"})
    letter = newest("ana@example.org")
    assert ("Hola, Ana" if language == "es" else "Dear Ana") in letter.body
    assert "evil" not in letter.body
    link = link_in(letter.body)
    assert link.startswith(f"/{language}/")
    form = client.get(link, follow=True)
    assert form.status_code == 200
    answer = client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW}, follow=True)
    assert answer.status_code == 200
    contributor.refresh_from_db()
    assert contributor.check_password(NEW)
    assert 'name="password1"' not in client.get(link, follow=True).text  # once only
    notice = newest("ana@example.org")
    assert "127.0.0.1" in notice.body
    assert "con el enlace" in notice.body  # in the language of the person, not of the page


def test_a_new_password_ends_every_session(client, contributor: User, django_user_model) -> None:
    from django.test import Client

    elsewhere = Client()
    elsewhere.force_login(contributor)
    client.post(FORGOTTEN["es"], {"email": "ana@example.org"})
    form = client.get(link_in(newest("ana@example.org").body), follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    assert elsewhere.get("/es/mi-mesa/").status_code == 302
    assert client.get("/es/mi-mesa/").status_code == 302  # nor does the link sign anybody in


@pytest.mark.parametrize(("first", "second", "words"), [("corta", "corta", "corta"), (NEW, NEW + "x", "iguales")])
def test_a_password_that_will_not_do_is_refused(client, contributor: User, first: str, second: str, words: str) -> None:
    client.post(FORGOTTEN["es"], {"email": "ana@example.org"})
    form = client.get(link_in(newest("ana@example.org").body), follow=True)
    page = client.post(form.redirect_chain[-1][0], {"password1": first, "password2": second})
    assert "errorlist" in page.text
    assert words in page.text
    contributor.refresh_from_db()
    assert contributor.check_password("una-clave-larga")


def test_a_stranger_s_address_gets_the_same_answer_for_the_same_work(client, contributor: User, settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_ox.backend.OxBackend"}}

    def asked(email: str) -> tuple[list, int]:
        with CaptureQueriesContext(connection) as seen:
            answer = client.post(FORGOTTEN["es"], {"email": email}, follow=True)
        return answer.redirect_chain, len(seen)

    asked("primero@example.org")
    assert asked("ana@example.org") == asked("nadie@example.org")
    assert not mail.outbox  # whose it is the worker finds out


def test_nobody_else_gets_a_letter(client, contributor: User) -> None:
    User.objects.filter(pk=contributor.pk).update(is_active=False)
    client.post(FORGOTTEN["es"], {"email": "ana@example.org"})
    client.post(FORGOTTEN["es"], {"email": "nadie@example.org"})
    assert not mail.outbox


@pytest.mark.parametrize("end", ["1/nada", "zzz/bs3-00000000000000000000000000000000", "99999999999999/x"])
def test_a_forged_link_for_a_password_says_what_to_do(client, contributor: User, end: str) -> None:
    page = client.get(f"/es/cuenta/clave/nueva/{end}/")
    assert page.status_code == 200
    assert "ya no funciona" in page.text
    assert "/es/cuenta/clave/" in page.text


def test_the_desk_sends_the_public_to_sign_in(client, db) -> None:
    assert client.get("/es/mi-mesa/").url.startswith("/es/cuenta/entrar/")
