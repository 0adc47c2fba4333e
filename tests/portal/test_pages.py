"""Every page answers, in both languages, with the policy that lets nothing foreign run."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from tests import factories

PAGES = [
    "home",
    "resources:list",
    "countries",
    "topics",
    "organisations",
    "about",
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_inactive",
    "steering:committee",
]


@pytest.fixture
def everything(oim):
    country = factories.country("HN", "Honduras")
    topic = factories.topic("salud-mental", "Salud mental", "Mental health")
    oim.countries.add(country)
    return factories.resource(oim, title_es="Uno", title_en="One", countries=[country], topics=[topic])


def addresses(work) -> list[str]:
    found = []
    for language in ("es", "en"):
        with translation.override(language):
            found += [reverse(name) for name in PAGES]
            found += [work.get_absolute_url(), work.organisation.get_absolute_url()]
            found += [row.get_absolute_url() for row in (*work.countries.all(), *work.topics.all())]
    return found


def test_every_page_answers_and_keeps_the_policy(client, everything) -> None:
    for address in [*addresses(everything), "/es/nada/"]:
        answer = client.get(address)
        assert answer.status_code == (404 if "nada" in address else 200), address
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert not re.search(r"<(style|script)>|\son\w+=|\sstyle=|javascript:", answer.text), address
        assert answer.text.count("<h1") == 1, address


def test_public_pages_set_no_cookie(client, everything) -> None:
    for address in addresses(everything):
        if "cuenta" not in address and "account" not in address:
            assert not client.get(address).cookies, address


def test_pages_link_only_to_pages_that_answer(client, everything) -> None:
    seen, waiting = set(), ["/es/", "/en/"]
    while waiting and len(seen) < 80:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code in (200, 302), address
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            links = re.findall(r'href="(/[^"#?]*)', answer.text)
            waiting += [link for link in links if not link.startswith("/static/") and link not in seen]
    assert len(seen) > 20


def test_unknown_addresses_are_404_in_the_readers_language(client, db) -> None:
    for address in ("/es/recursos/1-x/", "/es/paises/zz/", "/es/temas/nada/", "/es/red/nada/", "/es/nada"):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert 'lang="es"' in answer.text
        assert 'role="search"' in answer.text
    assert 'lang="en"' in client.get("/en/countries/zz/").text


def test_a_broken_page_answers_without_the_database(client, db, monkeypatch) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr("portal.views._countries", lambda request: 1 / 0)
    answer = client.get("/es/")
    assert answer.status_code == 500
    assert "Algo falló" in answer.text
    assert "Traceback" not in answer.text


def test_a_forged_form_is_refused_in_words(everything) -> None:
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/es/cuenta/entrar/", {"login": "a"})
    assert answer.status_code == 403
    assert "<h1" in answer.text


def test_health(client, db) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}
    assert client.get("/health/ready").json() == {"status": "ok"}


def test_robots_keep_out_of_the_filters(client) -> None:
    text = client.get("/robots.txt").text
    assert "Disallow: /*?" in text
    assert "Disallow: /admin/" in text


@pytest.mark.parametrize("name", ["country", "topic", "organisation"])
def test_counts_of_pages_agree_with_the_list(client, everything, name: str) -> None:
    row = {
        "country": everything.countries.get(),
        "topic": everything.topics.get(),
        "organisation": everything.organisation,
    }[name]
    assert '<output name="total">1</output>' in client.get(row.get_absolute_url()).text
