"""Contributions and the close-out in a browser: an offer made, a plan closed, and every page usable by all."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page

from network.models import User
from steering.models import Contribution, Plan, PlanVersion
from tests.browser.conftest import enter_as
from tests.browser.test_committee import findings
from tests.steering import giving as world
from tests.steering import plans, room

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = f"/es/plan/{world.YEAR}/aportes/"


@pytest.fixture
def version(db) -> PlanVersion:
    """Three activities with money in several currencies, goods and days; some of it is for the committee alone."""
    version = plans.draft(world.YEAR)
    words = "Capacitar al personal de salud de los puestos fronterizos en salud mental"
    for number in range(3):
        plans.activity(version, text_es=words, budget=Decimal(12_500 * (number + 1)))
    version = plans.in_force(version)
    agency = room.organisation("un", name_es="Organización Panamericana de la Salud", acronym="OPS")
    world.given(version, "6500.00", organisation=agency, restrictions="Solo para materiales impresos")
    world.given(version, "1250000.00", currency="CRC")
    world.given(version, "90000.00", amount_audience="committee")
    days = plans.contribution(
        version.plan, agency, kind="staff_time", what_es="Epidemióloga", audience="public", amount_audience="public"
    )
    days.movements.create(stage="pledge", days=Decimal("12.5"))
    return version


def test_an_offer_is_made_and_seen(page: Page, version: PlanVersion, contributor: User) -> None:
    assert not findings(page, PAGE)
    enter_as(page, contributor)
    page.goto(PAGE)
    page.get_by_role("link", name="Ofrecer un aporte").click()
    assert not findings(page, page.url)
    page.get_by_label("Monto o valor").fill("5,000")
    page.get_by_label("Moneda").fill("gtq")
    page.get_by_role("button", name="Enviar el ofrecimiento").click()
    page.get_by_text("Muchas gracias").wait_for()
    row = Contribution.objects.get(offered_at__isnull=False)
    assert (row.currency, row.movements.get().amount) == ("GTQ", Decimal(5000))


def test_a_plan_is_closed_in_the_assistant(page: Page, version: PlanVersion, secretary: User) -> None:
    enter_as(page, secretary)
    for address in (
        f"/admin/steering/contribution/gap/{version.plan_id}/",
        f"/admin/steering/settlement/{version.plan_id}/walk/",
        room.page_of(Contribution.objects.first()),
    ):
        assert not [one for one in findings(page, address) if "too wide" not in one]
    page.goto("/admin/")
    page.get_by_role("link", name="Plan de acción bianual").click()
    for number, choice in enumerate(["complete", "carry", "drop"], 1):
        row = page.get_by_role("row").filter(has_text=f"1.1.{number} Capacitar")
        row.get_by_role("combobox").select_option(choice)
        row.get_by_role("textbox").fill("Se explica en el acta")
    page.get_by_role("button", name="Guardar y ver qué hará el cierre").click()
    page.get_by_label("Texto del informe, en español").fill("Se cumplió casi todo lo previsto.")
    page.get_by_role("button", name="Cerrar el plan").click()
    page.get_by_role("heading", name="Informe de cierre del plan").wait_for()
    assert not findings(page, f"/es/plan/{world.YEAR}/cierre/")
    assert Plan.objects.get(first_year=world.YEAR + 2).activities.get().times_carried == 1
