"""Too many tries: counted by account and by network, over all processes, and told in words."""

import threading

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client

from network.models import User
from tests import factories
from tests.network.letters import link_in, newest

DOOR = "/es/cuenta/entrar/"


def attempt(client: Client, email: str = "ana@example.org", password: str = "no", **headers: str) -> str:
    return client.post(DOOR, {"login": email, "password": password}, headers=headers).text


def test_after_five_wrong_passwords_not_even_the_right_one_counts(client, contributor: User) -> None:
    assert not any("Demasiados" in attempt(client) for _ in range(5))
    assert "Demasiados intentos" in attempt(client, password="una-clave-larga")
    assert client.get("/es/mi-mesa/").status_code == 302


def test_strangers_are_counted_as_members_are(client, contributor: User) -> None:
    said = [["Demasiados" in attempt(client, email) for _ in range(7)] for email in ("ana@example.org",)]
    cache.clear()
    said += [["Demasiados" in attempt(client, email) for _ in range(7)] for email in ("nadie@example.org",)]
    assert said[0] == said[1] == [False] * 5 + [True] * 2


def test_others_still_sign_in(client, contributor: User, stranger: User) -> None:
    for _ in range(6):
        attempt(client)
    answer = client.post(DOOR, {"login": "eva@example.org", "password": "una-clave-larga"})
    assert answer.status_code == 302


def test_one_network_may_not_try_everybody(client, db, settings) -> None:
    for n in range(10):
        assert "Demasiados" not in attempt(client, f"nadie{n}@example.org")
    assert "Demasiados" in attempt(client, "otra@example.org")
    client.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert "Demasiados" not in attempt(client, "otra@example.org")


@pytest.mark.parametrize(("proxies", "counted_together"), [(0, True), (1, False)])
def test_the_address_is_the_one_the_trusted_proxy_saw(
    client, db, settings, proxies: int, counted_together: bool
) -> None:
    """Without a proxy of ours the header is the visitor's own invention; with one, its last entry is the proxy's."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    for n in range(10):
        attempt(client, f"nadie{n}@example.org", x_forwarded_for=f"203.0.113.{n}, 192.0.2.1")
    seen = attempt(client, "otra@example.org", x_forwarded_for="203.0.113.99, 192.0.2.2")
    assert ("Demasiados" in seen) == counted_together
    invented = attempt(client, "otra@example.org", x_forwarded_for="203.0.113.200, 192.0.2.1")
    assert "Demasiados" in invented  # what stands before the proxy's own entry changes nothing


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/es/cuenta/clave/", "Demasiados intentos en poco tiempo"),
        ("/en/account/password/", "Too many tries in a short time"),
    ],
)
def test_a_mailbox_is_not_flooded_and_the_page_says_why(client, contributor: User, address: str, words: str) -> None:
    for _ in range(5):
        assert client.post(address, {"email": "ana@example.org"}).status_code == 302
    page = client.post(address, {"email": "ana@example.org"})
    assert page.status_code == 429
    assert page.headers["Retry-After"] == "300"
    assert words in page.text
    assert 'role="search"' in page.text  # the portal's own page
    assert len(mail.outbox) == 5


def test_a_new_password_opens_the_door_again(client, contributor: User) -> None:
    for _ in range(6):
        attempt(client)
    client.post("/es/cuenta/clave/", {"email": "ana@example.org"})
    form = client.get(link_in(newest("ana@example.org").body), follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": "otra-clave-larga-9", "password2": "otra-clave-larga-9"})
    data = {"login": "ana@example.org", "password": "otra-clave-larga-9"}
    assert client.post(DOOR, data).status_code == 302


def test_codes_are_counted_too(client, coordinator: User) -> None:
    client.force_login(coordinator)
    client.post("/es/cuenta/salir/")
    client.post(DOOR, {"login": coordinator.email, "password": "una-clave-larga"})
    pages = [client.post("/es/cuenta/entrar/segundo-factor/", {"code": "000000"}).text for _ in range(6)]
    assert "no es correcto" in pages[0]
    assert "Demasiados intentos" in pages[-1]


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_are_counted_together() -> None:
    """As from several processes: each thread has a connection of its own, and the cache is in the database."""
    factories.user("ana@example.org")
    said: list[str] = []

    def one() -> None:
        try:
            said.append(attempt(Client()))
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 12
    assert sum("Demasiados" not in page for page in said) <= 5
