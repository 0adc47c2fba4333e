"""An organisation joins, from the first line to the invitation, on a phone and on a desk."""

import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.core.cache import cache
from django.utils.translation import trans_real
from playwright.sync_api import Page, expect

from network.models import Application, Organisation, Sector, User
from tests import factories
from tests.browser.conftest import enter_as
from tests.browser.test_accounts import code_of
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


ENGLISH = {
    "/cuenta/invitacion/": "/account/invitation/",
    "/cuenta/segundo-factor/aplicacion/": "/account/second-factor/app/",
    "/mi-mesa/": "/my-desk/",
    "/red/": "/network/",
    "/red/unirse/": "/network/join/",
    "/codigos-de-recuperacion/": "/recovery-codes/",
    "/segundo-factor/": "/second-factor/",
    "/cuenta/entrar/": "/account/sign-in/",
    "Aceptar la invitación": "Accept the invitation",
    "Agregar este archivo": "Add this file",
    "Agregar un archivo": "Add a file",
    "Configurar la aplicación": "Set up the app",
    "Confirmar y entregar": "Confirm and hand in",
    "Continuar": "Continue",
    "Contraseña": "Password",
    "Correo": "E-mail",
    "Código": "Code",
    "Desean unirse en calidad de": "You wish to join as",
    "Día de la decisión": "Day of the decision",
    "Empezar a leer": "Begin to read",
    "Empezar": "Begin",
    "English": "Español",
    "Entrar": "Sign in",
    "Entregar la solicitud": "Hand in the application",
    "Entregar un documento": "Hand in a document",
    "Enviamos un correo a": "We have sent a letter to",
    "Enviar a revisión": "Send to review",
    "Enviar la respuesta": "Send the answer",
    "Gracias": "Thank you",
    "Guardado a las": "Saved at",
    "Hecho": "Done",
    "La Coordinación Técnica tiene su solicitud": "The Technical Coordination has your application",
    "La misma contraseña otra vez": "The same password again",
    "Llevar al Comité": "Put before the committee",
    "Nombre de su organización": "Name of your organisation",
    "Nueva contraseña": "New password",
    "Número de la decisión": "Number of the committee's decision",
    "Organización social aliada": "Allied social organisation",
    "País de su sede": "Country of its seat",
    "Por qué quieren unirse": "Why you want to join",
    "Pregunta": "Question",
    "Preguntar a la organización": "Ask the applicant",
    "Publicado": "Published",
    "Publicar": "Publish",
    "Qué hace, en español": "What it does, in Spanish",
    "Registrar la admisión": "Record the admission",
    "Revisar": "Review",
    "Sitio web": "Website",
    "Sociedad civil": "Civil society",
    "Solicitud de ingreso": "Application to join",
    "Su correo": "Your e-mail",
    "Su nombre": "Your name",
    "Su respuesta": "Your answer",
    "Unirse a la red": "Join the network",
}
"""What whoever walks the same way in English reads instead."""
READ = "h1, h2, h3, button, label, legend, summary, th, dt, .btn, input[type=submit]"

TEXTS = "them => them.filter(it => !it.closest('body [lang]')).map(it => (it.innerText || it.value || '').trim())"


class Walk:
    """A browser in one language, and what this language says there."""

    def __init__(self, page: Page, language: str = "es") -> None:
        self.page, self.language = page, language

    def enter_as(self, user: User) -> None:
        """Signed in, and the admin in this language too, which has no other place to say so."""
        enter_as(self.page, user)
        chosen = {"name": "django_language", "value": self.language, "domain": "localhost", "path": "/"}
        self.page.context.add_cookies([chosen])

    def say(self, spanish: str) -> str:
        return spanish if self.language == "es" else ENGLISH[spanish]

    def go(self, spanish: str, end: str = "") -> None:
        self.page.goto(f"/{self.language}{self.say(spanish)}{end}")

    def press(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=self.say(name)).click()

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(self.say(label)).fill(value)

    def reads(self, words: str, *, role: str = "main") -> None:
        expect(self.page.get_by_role(role)).to_contain_text(self.say(words), timeout=20_000)

    def looks_right(self) -> None:
        """Accessible, not too wide, and with no heading, label or button in the other language."""
        found = Axe().run(self.page)
        serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
        assert not serious, (self.page.url, [(v["id"], v["nodes"][0]["html"]) for v in serious])
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.page.viewport_size["width"]
        assert self.page.locator("html").get_attribute("lang") == self.language, self.page.url
        foreign = {*self.page.eval_on_selector_all(READ, TEXTS)} & of_the_other(self.language)
        assert not foreign, self.page.url

    def step(self, name: str) -> None:
        """A button of the admin, and yes on the page behind it."""
        self.press(name)
        self.page.wait_for_selector("input[name=confirmed]", state="attached")
        self.looks_right()
        self.confirm()

    def confirm(self) -> None:
        self.page.locator(".submit-row input").click()
        expect(self.page.locator(".messagelist")).to_contain_text(self.say("Hecho"))


@functools.cache
def of_the_other(language: str) -> set[str]:
    """Everything the catalogues (ours, Django's, allauth's) say in the other language and not in this one."""
    spanish = {key: text for key, text in trans_real.translation("es")._catalog.items() if isinstance(key, str) and key}
    english = {key: trans_real.translation("en")._catalog.get(key, key) for key in spanish}
    here, there = (spanish, english) if language == "es" else (english, spanish)
    return {*there.values()} - {*here.values()}


def begin(walk: Walk) -> None:
    page = walk.page
    walk.go("/red/")
    page.get_by_role("link", name=walk.say("Unirse a la red")).click()
    walk.fill("Nombre de su organización", "Casa de la Persona Migrante")
    walk.fill("Su nombre", "Rosa Pérez")
    walk.fill("Su correo", applying.EMAIL)
    page.wait_for_timeout(3000)  # a person would have needed longer
    walk.press("Empezar")
    expect(page.get_by_role("heading", level=1)).to_have_text(walk.say("Solicitud de ingreso"))


def fill_in(walk: Walk) -> None:
    page = walk.page
    page.get_by_label("Sector").select_option(label=walk.say("Sociedad civil"))
    page.get_by_label(walk.say("País de su sede")).select_option("HN")
    page.get_by_label("Honduras", exact=True).check()
    walk.fill("Sitio web", "casa-migrante.example")
    walk.fill("Qué hace, en español", "Albergue en la frontera.")
    page.get_by_label(walk.say("Desean unirse en calidad de")).select_option("allied")
    walk.fill("Por qué quieren unirse", "Para compartir protocolos.")


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_whole_way_of_an_application(page: Page, coordinator: User, tmp_path: Path, language: str) -> None:
    walk = Walk(page, language)
    walk.go("/red/unirse/")
    walk.looks_right()
    begin(walk)
    fill_in(walk)
    expect(page.locator("#saved")).to_contain_text(walk.say("Guardado a las"), timeout=15_000)
    assert Application.objects.get().motivation == "Para compartir protocolos."
    statutes = tmp_path / "estatutos.pdf"
    statutes.write_bytes(documents.pdf())
    page.get_by_label(walk.say("Agregar un archivo")).set_input_files(statutes)
    walk.press("Agregar este archivo")
    expect(page.get_by_role("link", name="estatutos.pdf")).to_be_visible()
    walk.looks_right()
    walk.press("Entregar la solicitud")
    walk.reads("Enviamos un correo a")
    page.goto(applying.mailed_link())
    walk.press("Confirmar y entregar")
    walk.reads("La Coordinación Técnica tiene su solicitud")
    walk.looks_right()

    walk.enter_as(coordinator)
    page.goto("/admin/network/application/")
    walk.looks_right()
    page.get_by_role("link", name="Casa de la Persona Migrante").click()
    walk.looks_right()
    walk.press("Preguntar a la organización")
    walk.fill("Pregunta", "¿Cuántas personas atienden?")
    walk.confirm()

    page.context.clear_cookies()
    page.goto(applying.mailed_link())
    expect(page.get_by_role("main")).to_contain_text("¿Cuántas personas atienden?")
    walk.looks_right()
    walk.fill("Su respuesta", "Unas 200 al mes")
    walk.press("Enviar la respuesta")
    walk.reads("Gracias", role="status")

    walk.enter_as(coordinator)
    page.goto(f"/admin/network/application/{Application.objects.get().pk}/change/")
    expect(page.get_by_text("Unas 200 al mes")).to_be_visible()
    walk.step("Empezar a leer")
    walk.step("Llevar al Comité")
    walk.press("Registrar la admisión")
    walk.fill("Número de la decisión", "2026-03/D4")
    walk.fill("Día de la decisión", "2026-03-12")
    walk.looks_right()
    walk.confirm()

    made = Organisation.objects.get(slug="casa-de-la-persona-migrante")
    assert made.memberships.active().get().category == "allied"
    page.context.clear_cookies()
    accept_the_invitation(walk)
    hand_in(walk, tmp_path)

    walk.enter_as(coordinator)
    walk.go("/mi-mesa/")
    walk.looks_right()
    page.get_by_role("link", name=walk.say("Revisar")).click()
    walk.looks_right()
    walk.press("Publicar")
    walk.reads("Publicado", role="status")
    page.context.clear_cookies()
    walk.go("/red/", "?sector=civil-society")
    walk.looks_right()
    page.get_by_role("link", name="Casa de la Persona Migrante").click()
    walk.reads("Organización social aliada")
    expect(page.get_by_role("article")).to_contain_text("Red de frío en la frontera")
    walk.looks_right()
    page.get_by_role("link", name=walk.say("English")).click()
    Walk(page, "en" if language == "es" else "es").reads("Organización social aliada")


def accept_the_invitation(walk: Walk) -> None:
    """The focal point's first sign-in, with an app for the second factor."""
    page, address = walk.page, walk.say("/cuenta/invitacion/")
    invitation = next(letter for letter in mail.outbox if address in letter.body)
    assert invitation.to == [applying.EMAIL]
    page.goto(re.search(rf"http://[^/]+(/{walk.language}{address}\S+)", invitation.body)[1])
    walk.looks_right()
    page.get_by_label(walk.say("Nueva contraseña")).fill("rio-puente-mango")
    page.get_by_label(walk.say("La misma contraseña otra vez")).fill("rio-puente-mango")
    walk.press("Aceptar la invitación")
    desk = f"**{walk.say('/mi-mesa/')}"
    page.wait_for_url(desk)
    walk.looks_right()
    walk.go("/cuenta/segundo-factor/aplicacion/")
    walk.looks_right()
    key = page.locator(".key").inner_text()
    page.get_by_label(walk.say("Código"), exact=False).last.fill(code_of(key))
    walk.press("Configurar la aplicación")
    page.wait_for_url(f"**{walk.say('/codigos-de-recuperacion/')}")
    walk.looks_right()
    page.context.clear_cookies()
    walk.go("/cuenta/entrar/")
    walk.looks_right()
    walk.fill("Correo", applying.EMAIL)
    walk.fill("Contraseña", "rio-puente-mango")
    page.get_by_role("main").get_by_role("button", name=walk.say("Entrar"), exact=True).click()
    page.wait_for_url(f"**{walk.say('/segundo-factor/')}")
    walk.looks_right()
    walk.fill("Código", code_of(key, after=1))
    walk.press("Entrar")
    page.wait_for_url(desk)


def hand_in(walk: Walk, folder: Path) -> None:
    """The organisation's first document."""
    page, document = walk.page, folder / "informe.pdf"
    document.write_bytes(documents.pdf("Red de frío en la frontera", pages=3))
    page.get_by_role("link", name=walk.say("Entregar un documento")).first.click()
    walk.looks_right()
    page.locator("input[type=file]").set_input_files(document)
    walk.press("Continuar")
    page.get_by_label("Honduras").check()
    walk.looks_right()
    walk.press("Enviar a revisión")
    walk.reads("Gracias", role="status")
    page.context.clear_cookies()


def test_without_scripts_it_is_kept_and_found_again(chromium, live_server) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url, locale="es-HN")
    page = context.new_page()
    walk = Walk(page)
    begin(walk)
    fill_in(walk)
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
    Walk(page).looks_right()
    if page.locator("details.facets > summary").is_visible():
        page.locator("details.facets > summary").click()
    page.locator("aside").get_by_label("Honduras", exact=True).check()
    expect(page.locator("output[name=total]")).to_have_text("1")
    assert "country=HN" in page.url
    page.get_by_role("link", name="Honduras").first.click()
    expect(page.locator("output[name=total]")).to_have_text("2")
