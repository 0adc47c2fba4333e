"""The plan's pages on a phone and on a desk, by day and by night: nothing serious, nothing too wide, nobody scolded."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from network.models import User
from tests.browser.conftest import enter_as
from tests.browser.test_committee import findings
from tests.steering import whole_plan

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESSES = [
    "/es/plan/",
    "/es/plan/2026/matriz/",
    "/es/plan/2026/matriz/?status=ongoing",
    "/es/plan/2026/cronograma/",
    "/es/plan/2026/avance/",
    "/es/plan/2026/actividades/1.1.1/",
    "/en/plan/2026/matrix/",
    "/en/plan/2026/progress/",
]


def test_the_public_pages(page: Page) -> None:
    whole_plan.told()
    assert not [finding for address in ADDRESSES for finding in findings(page, address)]
    page.emulate_media(color_scheme="dark")
    assert not [finding for address in ADDRESSES[:5] for finding in findings(page, address)]
    page.set_viewport_size({"width": 320, "height": 700})
    assert not [finding for address in ADDRESSES for finding in findings(page, address)]


def test_the_committee_filters_its_matrix_and_opens_an_activity(page: Page, committee_member: User) -> None:
    whole_plan.told()
    enter_as(page, committee_member)
    page.goto("/es/plan/")
    page.get_by_role("link", name="Matriz").first.click()
    expect(page.get_by_text("7 de 7 actividades")).to_be_visible()
    page.get_by_label("Objetivo").select_option("1")
    page.get_by_role("button", name="Mostrar").click()
    expect(page.get_by_text("4 de 7 actividades")).to_be_visible()
    page.get_by_role("link", name="9.9.9").click()
    expect(page.get_by_role("heading", name="Actividad 9.9.9")).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")]
