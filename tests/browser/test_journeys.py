"""What the three kinds of user do, in a real browser, on a phone and on a desk."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from network.models import User
from tests import factories
from tests.browser.conftest import enter_as
from tests.resources import documents

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shelf(oim, insp):
    hn, mx = factories.country("HN", "Honduras"), factories.country("MX", "México", "Mexico", 2)
    mind = factories.topic("salud-mental", "Salud mental", "Mental health")
    law = factories.topic("derechos", "Derechos humanos", "Human rights")
    for n in range(6):
        factories.resource(
            oim if n % 2 else insp,
            title_es=f"Informe {n} sobre tránsito",
            title_en=f"Report {n} on transit" if n < 4 else "",
            abstract_es="Atención a las personas migrantes.",
            countries=[hn if n < 4 else mx],
            topics=[mind if n < 3 else law],
            type="report" if n != 2 else "law",
            text=f"En el albergue la radionovela número {n} se escucha cada noche.",
        )


def sign_in(page: Page, user: User) -> None:
    """By password. Who may enter the admin comes with a second factor; test_accounts.py walks that way."""
    if user.is_staff:
        enter_as(page, user)
        page.goto("/es/mi-mesa/")
        return
    page.goto("/es/cuenta/entrar/")
    page.get_by_label("Correo").fill(user.email)
    page.get_by_label("Contraseña").fill("una-clave-larga")
    page.get_by_role("main").get_by_role("button", name="Entrar").click()
    page.wait_for_url("**/mi-mesa/")


def test_a_visitor_searches_with_three_facets(page: Page, shelf) -> None:
    page.goto("/es/")
    page.get_by_role("combobox", name="Buscar").fill("radionovela")
    page.get_by_role("main").get_by_role("button", name="Buscar").click()
    total = page.locator("output[name=total]")
    expect(total).to_have_text("6")
    expect(page.locator("mark").first).to_have_text("radionovela")
    for name, left in (("Honduras", "4"), ("Salud mental", "3"), ("Informe", "2")):
        if page.locator("details.facets > summary").is_visible():
            page.locator("details.facets > summary").click()
        page.locator("aside").get_by_label(name, exact=True).check()
        expect(total).to_have_text(left)
    assert "country=HN" in page.url
    assert "topic=salud-mental" in page.url
    page.get_by_role("link", name="Honduras").first.click()
    page.go_back()
    page.locator("article h3 a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("sobre tránsito")


def test_suggestions_are_chosen_by_keyboard(page: Page, shelf) -> None:
    page.goto("/es/")
    line = page.get_by_role("combobox", name="Buscar")
    line.press_sequentially("salud m", delay=30)
    option = page.get_by_role("option", name="Salud mental")
    expect(option).to_be_visible()
    expect(line).to_have_attribute("aria-expanded", "true")
    line.press("ArrowDown")
    while option.get_attribute("aria-selected") != "true":
        line.press("ArrowDown")
    expect(line).to_have_attribute("aria-activedescendant", option.get_attribute("id"))
    found = Axe().run(page)
    assert not [v["id"] for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
    line.press("Escape")
    expect(line).to_have_attribute("aria-expanded", "false")
    line.press("Backspace")
    expect(option).to_be_visible()
    while option.get_attribute("aria-selected") != "true":
        line.press("ArrowDown")
    line.press("Enter")
    page.wait_for_url("**/es/temas/salud-mental/")


def test_without_scripts_the_same_search_works(chromium, live_server, shelf) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto("/es/recursos/?q=radionovela")
    page.locator("aside").get_by_label("Honduras", exact=True).check()
    page.locator("aside").get_by_label("Salud mental", exact=True).check()
    page.get_by_role("button", name="Aplicar").click()
    expect(page.locator("output[name=total]")).to_have_text("3")
    context.close()


def test_the_language_switch_stays_on_the_page(page: Page, shelf) -> None:
    page.goto("/es/recursos/?q=radionovela&country=HN")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/resources/?q=radionovela&country=HN")
    expect(page.locator("output[name=total]")).to_have_text("4")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("article h3 a").first.click()
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Informe")


def test_a_member_hands_a_document_in_and_a_coordinator_publishes(
    page: Page, oim, contributor: User, coordinator: User, tmp_path: Path
) -> None:
    factories.country("HN", "Honduras")
    document = tmp_path / "informe.pdf"
    document.write_bytes(documents.pdf("Red de frío en la frontera"))
    sign_in(page, contributor)
    page.get_by_role("link", name="Entregar un documento").first.click()
    page.locator("input[type=file]").set_input_files(document)
    page.get_by_role("button", name="Continuar").click()
    title = page.locator("#id_title_es")
    expect(title).to_have_value("Red de frío en la frontera")
    title.fill("Red de frío en la frontera norte")
    page.get_by_label("Honduras").check()
    page.get_by_role("button", name="Enviar a revisión").click()
    page.wait_for_url("**/mi-mesa/")
    expect(page.get_by_role("status")).to_contain_text("Gracias")
    page.get_by_role("button", name="Salir").click()

    sign_in(page, coordinator)
    page.get_by_role("link", name="Revisar").click()
    page.get_by_role("button", name="Publicar").click()
    expect(page.get_by_role("status")).to_contain_text("Publicado")
    page.get_by_role("button", name="Salir").click()

    page.goto("/es/recursos/?q=termohigrometro")
    expect(page.locator("output[name=total]")).to_have_text("1")
    expect(page.locator("article")).to_contain_text("p. 2")


def test_a_refused_file_says_why(page: Page, oim, contributor: User, tmp_path: Path) -> None:
    wrong = tmp_path / "informe.pdf"
    wrong.write_bytes(documents.png())
    sign_in(page, contributor)
    page.goto("/es/mi-mesa/entregar/")
    page.locator("input[type=file]").set_input_files(wrong)
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        page.get_by_role("button", name="Continuar").click()
    assert answered.value.status == 422
    expect(page.locator(".errorlist")).to_be_visible()


def addresses(work) -> list[str]:
    names = ["home", "resources:list", "countries", "topics", "organisations", "about", "account_login"]
    return [*(reverse(name) for name in names), work.get_absolute_url(), work.organisation.get_absolute_url()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_hold_the_rules_of_accessibility(page: Page, shelf, scheme: str) -> None:
    from resources.models import Resource

    page.emulate_media(color_scheme=scheme)
    for address in [*addresses(Resource.objects.first()), "/es/nada/", "/es/recursos/?q=zzz"]:
        page.goto(address)
        found = Axe().run(page)
        serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
        assert not serious, (address, [(v["id"], v["nodes"][0]["html"]) for v in serious])


def test_the_desk_holds_the_rules_of_accessibility(page: Page, oim, contributor: User, shelf, tmp_path: Path) -> None:
    document = tmp_path / "informe.pdf"
    document.write_bytes(documents.pdf())
    sign_in(page, contributor)
    page.goto("/es/mi-mesa/entregar/")
    for step in range(3):
        found = Axe().run(page)
        serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
        assert not serious, (page.url, [(v["id"], v["nodes"][0]["html"]) for v in serious])
        if step == 0:
            page.locator("input[type=file]").set_input_files(document)
            page.get_by_role("button", name="Continuar").click()
            expect(page.locator("#id_title_es")).to_be_visible()
        elif step == 1:
            page.goto("/es/mi-mesa/")


def test_at_four_times_the_size_nothing_is_cut(chromium, live_server, shelf) -> None:
    """1280 px at 400 % leave 320 px (WCAG 2.2, criterion 1.4.10)."""
    from resources.models import Resource

    context = chromium.new_context(viewport={"width": 320, "height": 256}, base_url=live_server.url)
    page = context.new_page()
    for address in addresses(Resource.objects.first()):
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, (address, width)
    context.close()


def test_the_keyboard_reaches_the_search_and_the_results(chromium, live_server, shelf) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=live_server.url)
    page = context.new_page()
    page.goto("/es/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Ir al contenido")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("name", "q")
    page.keyboard.type("radionovela")
    page.keyboard.press("Enter")
    expect(page.locator("output[name=total]")).to_have_text("6")
    context.close()


def test_the_admin_keeps_the_policy(page: Page, oim, coordinator: User, shelf) -> None:
    enter_as(page, coordinator)
    for address in ("/admin/", "/admin/resources/resource/", "/admin/resources/resource/add/", "/admin/network/user/"):
        page.goto(address)
        expect(page.locator("#site-name")).to_be_visible()
    page.goto("/admin/resources/resource/")
    page.locator("#result_list tbody th a").first.click()
    expect(page.locator(".steps button")).to_be_visible()
