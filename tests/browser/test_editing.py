"""Files come and go beside what is being typed, with scripts and without."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from network.models import User
from resources import description
from resources.models import Resource
from tests import factories
from tests.browser.test_journeys import sign_in
from tests.resources import documents

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft(oim, contributor: User) -> Resource:
    return factories.resource(oim, published=False, title_es="Salud en la ruta", created_by=contributor, year=2020)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "guía.docx"
    path.write_bytes(documents.docx("Guía"))
    return path


def add(page: Page, draft: Resource, document: Path) -> None:
    page.goto(reverse("resources:edit", args=[draft.pk]))
    page.get_by_label("Título en inglés").fill("Health on the route")
    page.locator("#files input[type=file]").set_input_files(document)
    page.get_by_role("button", name="Agregar este archivo").click()


def test_without_scripts_what_was_typed_goes_along(
    chromium: Browser, live_server, draft, document: Path, contributor: User
) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    sign_in(page, contributor)
    add(page, draft, document)
    expect(page.locator("#files")).to_contain_text("guía.docx")
    expect(page.get_by_label("Título en inglés")).to_have_value("Health on the route")
    page.get_by_label("Título en inglés").fill("Health on the road")
    page.get_by_role("button", name="Quitar guía.docx").click()
    expect(page.locator("#files")).not_to_contain_text("guía.docx")
    expect(page.get_by_label("Título en inglés")).to_have_value("Health on the road")
    context.close()


def test_with_scripts_what_is_typed_stays_in_the_form(page: Page, draft, document: Path, contributor: User) -> None:
    sign_in(page, contributor)
    add(page, draft, document)
    expect(page.locator("#files")).to_contain_text("guía.docx")
    expect(page.get_by_label("Título en inglés")).to_have_value("Health on the route")
    draft.refresh_from_db()
    assert not draft.title_en  # it is saved when the person says so
    page.get_by_role("button", name="Guardar como borrador").click()
    page.wait_for_url("**/mi-mesa/")
    draft.refresh_from_db()
    assert draft.title_en == "Health on the route"
    assert draft.files.count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_history_and_the_question_hold_the_rules_of_accessibility(
    page: Page, draft, contributor: User, scheme: str
) -> None:
    values = {"title_es": "Después", "abstract_es": "Un resumen. " * 40, "year": 2021}
    description.write(draft, values, origin="person", by=contributor, detail=contributor.name)
    page.emulate_media(color_scheme=scheme)
    sign_in(page, contributor)
    for name in ("history", "discard", "edit"):
        page.goto(reverse(f"resources:{name}", args=[draft.pk]))
        page.wait_for_load_state("networkidle")
        found = Axe().run(page)
        assert not [v["id"] for v in found.response["violations"] if v["impact"] in ("serious", "critical")], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
