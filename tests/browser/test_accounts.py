"""Passkeys, codes and an invitation in a real browser, with a device that the browser only pretends to have."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from network import invitations
from network.models import Role, User
from tests import factories
from tests.browser.conftest import enter_as

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def device(page: Page) -> Iterator[None]:
    """A telephone that knows its owner's finger (the DevTools protocol's virtual authenticator)."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    able = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": able})
    yield
    session.send("WebAuthn.disable")


def sign_in(page: Page, user: User, password: str = "una-clave-larga", *, then: str = "**/mi-mesa/") -> None:
    page.goto("/es/cuenta/entrar/")
    page.get_by_label("Correo").fill(user.email)
    page.get_by_label("Contraseña").fill(password)
    page.get_by_role("main").get_by_role("button", name="Entrar", exact=True).click()
    page.wait_for_url(then)


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Salir").click()
    page.wait_for_url("**/es/")


def code_of(key: str, *, after: int = 0) -> str:
    """The code of this half minute, or of the one after: each is good for 30 s and more, and each only once.

    Not of the one before: typed over the turn of a half minute, it would be too old.
    """
    _, now, _ = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(key, now + after))


def looks_right(page: Page) -> None:
    found = Axe().run(page)
    serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
    assert not serious, (page.url, [(v["id"], v["nodes"][0]["html"]) for v in serious])
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], page.url


def test_a_passkey_is_set_up_and_opens_the_admin(page: Page, device: None, coordinator: User) -> None:
    sign_in(page, coordinator)
    page.goto("/admin/")
    expect(page.get_by_role("status")).to_contain_text("segundo factor")
    page.get_by_role("link", name="Agregar una llave de acceso").click()
    looks_right(page)
    page.get_by_role("button", name="Agregar una llave de acceso").click()
    page.wait_for_url("**/codigos-de-recuperacion/")
    looks_right(page)
    with page.expect_download() as kept:
        page.get_by_role("link", name="Descargarlos").click()
    assert kept.value.suggested_filename == "codigos-de-recuperacion.txt"
    codes = kept.value.path().read_text().split()
    assert codes == page.locator(".codes code").all_inner_texts()
    page.get_by_role("link", name="Ya los guardé").click()
    expect(page.locator("#site-name")).to_be_visible()

    page.goto("/es/")
    sign_out(page)
    sign_in(page, coordinator, then="**/segundo-factor/")
    looks_right(page)
    page.get_by_role("button", name="Usar una llave de acceso").click()
    page.wait_for_url("**/mi-mesa/")
    page.goto("/admin/")
    expect(page.locator("#site-name")).to_be_visible()


def test_a_passkey_alone_signs_in(page: Page, device: None, coordinator: User) -> None:
    sign_in(page, coordinator)
    page.goto("/es/cuenta/segundo-factor/llaves/agregar/")
    page.get_by_label("Nombre").fill("Mi teléfono")
    page.get_by_role("button", name="Agregar una llave de acceso").click()
    page.wait_for_url("**/codigos-de-recuperacion/")
    sign_out(page)
    page.goto("/es/cuenta/entrar/?next=/es/cuenta/segundo-factor/llaves/")
    page.get_by_role("button", name="Usar una llave de acceso").click()
    page.wait_for_url("**/llaves/")
    expect(page.get_by_role("main")).to_contain_text("Mi teléfono")
    looks_right(page)
    page.goto("/admin/")
    expect(page.locator("#site-name")).to_be_visible()

    page.goto("/es/cuenta/confirmar/llave/?next=/es/cuenta/segundo-factor/llaves/")
    page.get_by_role("button", name="Usar una llave de acceso").click()
    page.wait_for_url("**/llaves/")
    page.get_by_role("link", name="Cambiar el nombre Mi teléfono").click()
    page.get_by_label("Nombre").fill("Teléfono nuevo")
    page.get_by_role("button", name="Guardar").click()
    page.get_by_role("link", name="Quitar Teléfono nuevo").click()
    looks_right(page)
    page.get_by_role("button", name="Quitarla").click()
    expect(page.get_by_role("status")).to_contain_text("Se quitó la llave de acceso")
    page.goto("/admin/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Segundo factor")


def test_a_device_without_the_passkey_gets_a_sentence(page: Page, device: None, contributor: User) -> None:
    page.goto("/es/cuenta/entrar/")
    page.get_by_role("button", name="Usar una llave de acceso").click()
    expect(page.get_by_role("alert")).to_contain_text("no entregó una llave")
    looks_right(page)


def test_an_app_with_codes_is_set_up_and_asked_for(page: Page, coordinator: User) -> None:
    sign_in(page, coordinator)
    page.goto("/es/cuenta/segundo-factor/")
    looks_right(page)
    page.get_by_role("link", name="Configurar la aplicación").click()
    expect(page.get_by_role("img", name="Código QR")).to_be_visible()
    looks_right(page)
    key = page.locator(".key").inner_text()
    page.get_by_label("Código", exact=False).last.fill(code_of(key))
    page.get_by_role("button", name="Configurar la aplicación").click()
    page.wait_for_url("**/codigos-de-recuperacion/")
    recovery = page.locator(".codes code").first.inner_text()
    page.goto("/admin/")
    expect(page.locator("#site-name")).to_be_visible()
    for code in (code_of(key, after=1), recovery):
        page.goto("/es/")
        sign_out(page)
        sign_in(page, coordinator, then="**/segundo-factor/")
        page.get_by_label("Código").fill(code)
        page.get_by_role("main").get_by_role("button", name="Entrar").click()
        page.wait_for_url("**/mi-mesa/")


def test_an_invited_person_begins(page: Page, coordinator: User, oim) -> None:
    given = {"email": "rosa@example.org", "name": "Rosa Paz", "kind": Role.Kind.CONTRIBUTOR, "organisation": oim}
    made = invitations.invite(by=coordinator, **given)
    page.goto(made.link.replace("http://localhost:8000", ""))
    expect(page.get_by_role("main")).to_contain_text("Coordina")
    looks_right(page)
    page.get_by_label("Nueva contraseña").fill("rio-puente-mango")
    page.get_by_label("La misma contraseña otra vez").fill("rio-puente-mango")
    page.get_by_role("button", name="Aceptar la invitación").click()
    page.wait_for_url("**/mi-mesa/")
    expect(page.get_by_role("status")).to_contain_text("Su cuenta está lista")
    expect(page.get_by_role("main")).to_contain_text("OIM")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_accounts_hold_the_rules_of_accessibility(page: Page, contributor: User, oim, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    for path in ("entrar/", "clave/", "clave/enviada/", "cerrada/", "clave/nueva/1/x/", "invitacion/x/"):
        page.goto(f"/es/cuenta/{path}")
        looks_right(page)
    enter_as(page, factories.user("luz@example.org", Role.Kind.CONTRIBUTOR, oim))
    pages = ["", "correo/", "clave/cambiar/", "sesiones/", "segundo-factor/", "segundo-factor/llaves/", "salir/"]
    for path in [*pages, "confirmar/"]:
        page.goto(f"/es/cuenta/{path}")
        assert re.search(rf"/cuenta/{path}$", page.url)
        looks_right(page)


def test_at_320_pixels_nothing_is_cut(chromium, live_server, contributor: User) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 600}, base_url=live_server.url)
    page = context.new_page()
    enter_as(page, contributor)
    for path in ("", "segundo-factor/", "correo/", "sesiones/", "clave/cambiar/"):
        page.goto(f"/es/cuenta/{path}")
        looks_right(page)
    context.close()
