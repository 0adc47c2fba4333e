"""An organisation joins, from the first line to the invitation, on a phone and on a desk."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import Page, expect

from network.models import Application, Organisation, Sector, User
from tests import factories
from tests.browser.conftest import enter_as
from tests.browser.test_accounts import code_of, sign_in
from tests.network import applying
from tests.resources import documents

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _places() -> Iterator[None]:
    cache.clear()
    factories.country("HN", "Honduras")
    Sector.objects.create(slug="civil-society", name_es="Sociedad civil", name_en="Civil society")
    yield
    cache.clear()


def looks_right(page: Page) -> None:
    found = Axe().run(page)
    serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
    assert not serious, (page.url, [(v["id"], v["nodes"][0]["html"]) for v in serious])
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], page.url


def begin(page: Page) -> None:
    page.goto("/es/red/")
    page.get_by_role("link", name="Unirse a la red").click()
    page.get_by_label("Nombre de su organización").fill("Casa de la Persona Migrante")
    page.get_by_label("Su nombre").fill("Rosa Pérez")
    page.get_by_label("Su correo").fill(applying.EMAIL)
    page.wait_for_timeout(3000)  # a person would have needed longer
    page.get_by_role("button", name="Empezar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Solicitud de ingreso")


def fill_in(page: Page) -> None:
    page.get_by_label("Sector").select_option(label="Sociedad civil")
    page.get_by_label("País de su sede").select_option("HN")
    page.get_by_label("Honduras", exact=True).check()
    page.get_by_label("Sitio web").fill("casa-migrante.example")
    page.get_by_label("Qué hace, en español").fill("Albergue en la frontera.")
    page.get_by_label("Desean unirse en calidad de").select_option("allied")
    page.get_by_label("Por qué quieren unirse").fill("Para compartir protocolos.")


def step(page: Page, name: str) -> None:
    """A button of the admin, and yes on the page behind it."""
    page.get_by_role("button", name=name).click()
    page.wait_for_selector("input[name=confirmed]", state="attached")
    looks_right(page)
    page.locator(".submit-row input").click()
    expect(page.locator(".messagelist")).to_contain_text("Hecho")


def test_the_whole_way_of_an_application(page: Page, coordinator: User, tmp_path: Path) -> None:
    page.goto(applying.JOIN["es"])
    looks_right(page)
    begin(page)
    fill_in(page)
    expect(page.locator("#saved")).to_contain_text("Guardado a las", timeout=15_000)
    assert Application.objects.get().motivation == "Para compartir protocolos."
    statutes = tmp_path / "estatutos.pdf"
    statutes.write_bytes(documents.pdf())
    page.get_by_label("Agregar un archivo").set_input_files(statutes)
    page.get_by_role("button", name="Agregar este archivo").click()
    expect(page.get_by_role("link", name="estatutos.pdf")).to_be_visible()
    looks_right(page)
    page.get_by_role("button", name="Entregar la solicitud").click()
    expect(page.get_by_role("main")).to_contain_text("Enviamos un correo a")
    page.goto(applying.mailed_link())
    page.get_by_role("button", name="Confirmar y entregar").click()
    expect(page.get_by_role("main")).to_contain_text("La Coordinación Técnica tiene su solicitud")
    looks_right(page)

    enter_as(page, coordinator)
    page.goto("/admin/network/application/")
    page.get_by_role("link", name="Casa de la Persona Migrante").click()
    looks_right(page)
    page.get_by_role("button", name="Preguntar a la organización").click()
    page.get_by_label("Pregunta").fill("¿Cuántas personas atienden?")
    page.locator(".submit-row input").click()
    expect(page.locator(".messagelist")).to_contain_text("Hecho")

    page.context.clear_cookies()
    page.goto(applying.mailed_link())
    expect(page.get_by_role("main")).to_contain_text("¿Cuántas personas atienden?")
    looks_right(page)
    page.get_by_label("Su respuesta").fill("Unas 200 al mes")
    page.get_by_role("button", name="Enviar la respuesta").click()
    expect(page.get_by_role("status")).to_contain_text("Gracias")

    enter_as(page, coordinator)
    page.goto(f"/admin/network/application/{Application.objects.get().pk}/change/")
    expect(page.get_by_text("Unas 200 al mes")).to_be_visible()
    step(page, "Empezar a leer")
    step(page, "Llevar al Comité")
    page.get_by_role("button", name="Registrar la admisión").click()
    page.get_by_label("Número de la decisión").fill("2026-03/D4")
    page.get_by_label("Día de la decisión").fill("2026-03-12")
    looks_right(page)
    page.locator(".submit-row input").click()
    expect(page.locator(".messagelist")).to_contain_text("Hecho")

    made = Organisation.objects.get(slug="casa-de-la-persona-migrante")
    assert made.memberships.active().get().category == "allied"
    page.context.clear_cookies()
    accept_the_invitation(page)
    hand_in(page, tmp_path)

    enter_as(page, coordinator)
    page.goto("/es/mi-mesa/")
    page.get_by_role("link", name="Revisar").click()
    page.get_by_role("button", name="Publicar").click()
    expect(page.get_by_role("status")).to_contain_text("Publicado")
    page.context.clear_cookies()
    page.goto("/es/red/?sector=civil-society")
    page.get_by_role("link", name="Casa de la Persona Migrante").click()
    expect(page.get_by_role("main")).to_contain_text("Organización social aliada")
    expect(page.get_by_role("article")).to_contain_text("Red de frío en la frontera")
    looks_right(page)
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("main")).to_contain_text("Allied social organisation")


def accept_the_invitation(page: Page) -> None:
    """The focal point's first sign-in, with an app for the second factor."""
    invitation = next(letter for letter in mail.outbox if "/cuenta/invitacion/" in letter.body)
    assert invitation.to == [applying.EMAIL]
    page.goto(re.search(r"http://[^/]+(/es/cuenta/invitacion/\S+)", invitation.body)[1])
    page.get_by_label("Nueva contraseña").fill("rio-puente-mango")
    page.get_by_label("La misma contraseña otra vez").fill("rio-puente-mango")
    page.get_by_role("button", name="Aceptar la invitación").click()
    page.wait_for_url("**/mi-mesa/")
    page.goto("/es/cuenta/segundo-factor/aplicacion/")
    key = page.locator(".key").inner_text()
    page.get_by_label("Código", exact=False).last.fill(code_of(key))
    page.get_by_role("button", name="Configurar la aplicación").click()
    page.wait_for_url("**/codigos-de-recuperacion/")
    page.context.clear_cookies()
    sign_in(page, User.objects.get(email=applying.EMAIL), "rio-puente-mango", then="**/segundo-factor/")
    page.get_by_label("Código").fill(code_of(key, after=1))
    page.get_by_role("main").get_by_role("button", name="Entrar").click()
    page.wait_for_url("**/mi-mesa/")


def hand_in(page: Page, folder: Path) -> None:
    """The organisation's first document."""
    document = folder / "informe.pdf"
    document.write_bytes(documents.pdf("Red de frío en la frontera", pages=3))
    page.get_by_role("link", name="Entregar un documento").first.click()
    page.locator("input[type=file]").set_input_files(document)
    page.get_by_role("button", name="Continuar").click()
    page.get_by_label("Honduras").check()
    page.get_by_role("button", name="Enviar a revisión").click()
    expect(page.get_by_role("status")).to_contain_text("Gracias")
    page.context.clear_cookies()


def test_without_scripts_it_is_kept_and_found_again(chromium, live_server) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url, locale="es-HN")
    page = context.new_page()
    begin(page)
    fill_in(page)
    page.get_by_role("button", name="Guardar y continuar después").click()
    expect(page.get_by_role("main")).to_contain_text("Guardado")
    page.goto(applying.mailed_link())
    expect(page.get_by_label("Por qué quieren unirse")).to_have_value("Para compartir protocolos.")
    page.get_by_role("button", name="Entregar la solicitud").click()
    expect(page.get_by_role("main")).to_contain_text("tiene su solicitud")
    context.close()


def test_filters_of_the_directory_act_by_themselves(page: Page, oim: Organisation, insp: Organisation) -> None:
    oim.countries.add(factories.country("HN", "Honduras"))
    page.goto("/es/red/")
    looks_right(page)
    if page.locator("details.facets > summary").is_visible():
        page.locator("details.facets > summary").click()
    page.locator("aside").get_by_label("Honduras", exact=True).check()
    expect(page.locator("output[name=total]")).to_have_text("1")
    assert "country=HN" in page.url
    page.get_by_role("link", name="Honduras").first.click()
    expect(page.locator("output[name=total]")).to_have_text("2")
