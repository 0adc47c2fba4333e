"""Both languages on every page; what exists in one only says so."""

import re

import pytest

from tests import factories


@pytest.fixture
def spanish_only(oim):
    return factories.resource(oim, title_es="Guía de albergues", abstract_es="Para equipos.", original_language="es")


def test_a_text_of_the_other_language_is_marked(client, spanish_only) -> None:
    page = client.get(f"/en/resources/{spanish_only.pk}-guia-de-albergues/").text
    assert '<span lang="es">Guía de albergues</span>' in page
    assert "The title exists only in Spanish." in page
    assert "The abstract exists only in Spanish." in page
    assert "only in Spanish" in client.get("/en/resources/").text


def test_in_its_own_language_nothing_is_marked(client, spanish_only) -> None:
    page = client.get(spanish_only.get_absolute_url()).text
    assert "<h1>Guía de albergues</h1>" in page
    assert "solo" not in page.split("<h1>")[1].split("</article>")[0].lower()


def test_an_original_in_a_third_language_keeps_its_title(client, oim) -> None:
    work = factories.resource(
        oim, title_es="", original_title="Diabetes gestacional autorreferido", original_language="pt"
    )
    page = client.get(work.get_absolute_url()).text
    assert '<span lang="pt">Diabetes gestacional autorreferido</span>' in page
    assert f'data-resource="{work.pk}"' in client.get("/es/recursos/?q=autorreferido").text


def test_the_language_switch_stays_on_the_page(client, oim) -> None:
    work = factories.resource(oim, title_es="Guía de albergues", title_en="Shelter guide")
    page = client.get(work.get_absolute_url()).text
    assert f'href="/en/resources/{work.pk}-shelter-guide/"' in page
    page = client.get("/es/recursos/?q=salud&country=HN").text
    assert 'href="/en/resources/?q=salud&amp;country=HN"' in page
    page = client.get("/en/countries/").text
    assert 'href="/es/paises/"' in page


@pytest.mark.parametrize("address", ["/es/", "/es/temas/", "/en/network/", "/es/iniciativa/"])
def test_alternates_and_canonical(client, db, address: str) -> None:
    page = client.get(address).text
    alternates = dict(re.findall(r'rel="alternate" hreflang="([\w-]+)" href="([^"]+)"', page))
    assert set(alternates) == {"es", "en", "x-default"}
    assert alternates["x-default"] == alternates["es"]
    canonical = re.search(r'rel="canonical" href="([^"]+)"', page)[1]
    assert canonical == alternates[address[1:3]]
    assert canonical.endswith(address)


def test_an_old_title_in_the_address_leads_to_the_new_one(client, oim) -> None:
    work = factories.resource(oim, title_es="Nuevo título")
    answer = client.get(f"/es/recursos/{work.pk}-viejo/")
    assert (answer.status_code, answer.url) == (302, f"/es/recursos/{work.pk}-nuevo-titulo/")
    assert client.get(f"/es/recursos/{work.pk}/").url == answer.url


@pytest.mark.parametrize(("accept", "home"), [("en-US,en", "/en/"), ("es-HN", "/es/"), ("de", "/es/"), ("", "/es/")])
def test_the_root_leads_to_the_readers_language(client, db, accept: str, home: str) -> None:
    answer = client.get("/", headers={"accept-language": accept})
    assert (answer.status_code, answer.url) == (302, home)


@pytest.mark.parametrize(
    ("parts", "es", "en"),
    [
        ((2016, 10, 12), "12 de octubre de 2016", "Oct. 12, 2016"),
        ((2016, 10, None), "octubre de 2016", "October 2016"),
        ((2016, None, None), "2016", "2016"),
    ],
)
def test_dates_are_as_exact_as_they_are_known(client, oim, parts, es: str, en: str) -> None:
    year, month, day = parts
    work = factories.resource(oim, title_es="Acta", title_en="Record", year=year, month=month, day=day)
    assert es in client.get(f"/es/recursos/{work.pk}-acta/").text
    assert en in client.get(f"/en/resources/{work.pk}-record/").text
