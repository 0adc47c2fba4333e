"""A list comes in, is looked at, taken in, sent on and taken back, on a phone and on a desk."""

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from network.models import User
from resources.models import Gathered, Gathering, Resource
from tests import factories
from tests.browser.test_journeys import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "título,año,editorial,país\nSalud en la ruta,2021,OPS,Honduras\nOtro informe,no sé,,Atlántida\n"


def is_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert not [v["id"] for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_list_comes_in_and_goes(page: Page, oim, contributor: User, tmp_path: Path) -> None:
    factories.country("HN", "Honduras")
    factories.resource(oim, published=False, title_es="Salud en la ruta", year=2021, publisher="Antes")
    file = tmp_path / "lista.csv"
    file.write_text(LIST)
    sign_in(page, contributor)
    page.get_by_role("link", name="Reunir").click()
    is_accessible(page)
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Mostrar lo que haría").click()
    page.wait_for_url("**/mi-mesa/reunir/*/")
    expect(page.get_by_role("heading", level=1)).to_have_text("lista.csv")
    expect(page.locator("[data-outcome=changed] del")).to_contain_text("Antes")
    expect(page.locator("[data-outcome=changed] ins").first).to_contain_text("OPS")
    expect(page.locator("[data-outcome=refused]").first).to_contain_text("fila 3 · año")
    is_accessible(page)
    page.get_by_role("link", name="No admitido").click()
    expect(page.locator("[data-outcome]")).to_have_count(2)
    page.get_by_role("button", name="Incorporar estos").click()
    expect(page.get_by_role("link", name="Editar Otro informe")).to_be_visible()
    is_accessible(page)
    page.get_by_role("button", name="Enviar todos a revisión").click()
    expect(page.get_by_text("Se envió 1 documento a revisión.")).to_be_visible()
    page.get_by_role("button", name="Deshacer").click()
    expect(page.get_by_text("La biblioteca está como antes.")).to_be_visible()
    assert Resource.objects.get().publisher == "Antes"


def test_work_in_progress_is_told_live(page: Page, oim, contributor: User, tmp_path: Path) -> None:
    gathering = Gathering.objects.create(organisation=oim, kind="references", state="done", name="larga.ris")
    rows = [Gathered(gathering=gathering, position=n, outcome="new", values={"title_es": f"Obra {n}"}) for n in (1, 2)]
    Gathered.objects.bulk_create(rows)
    sign_in(page, contributor)
    page.goto(f"/es/mi-mesa/reunir/{gathering.pk}/")
    expect(page.get_by_role("status")).to_contain_text("0 de 2")
    is_accessible(page)
    gathering.lines.filter(position=1).update(decision="taken")
    expect(page.get_by_role("status")).to_contain_text("1 de 2")
    gathering.lines.update(decision="taken")
    expect(page.get_by_text("Se incorporaron 2 líneas.")).to_be_visible()


def test_without_scripts_a_list_comes_in_too(chromium, live_server, oim, contributor: User, tmp_path: Path) -> None:
    file = tmp_path / "lista.json"
    file.write_text(json.dumps([{"id": "a", "type": "report", "title": "Salud en la ruta"}]))
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    sign_in(page, contributor)
    page.goto("/es/mi-mesa/reunir/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Mostrar lo que haría").click()
    page.get_by_role("button", name="Incorporar estos").click()
    expect(page.get_by_text("Se incorporó 1 línea.")).to_be_visible()
    context.close()
