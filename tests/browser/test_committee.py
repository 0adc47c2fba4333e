"""The committee's screens, on the site and in the admin: no serious finding, no policy violation, none too wide."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from network.models import User
from steering.models import (
    ActionItem,
    AgendaItem,
    Body,
    Decision,
    Designation,
    Meeting,
    Minutes,
    Observation,
    Office,
    Seat,
    SeatTerm,
)
from tests.browser.conftest import enter_as
from tests.steering import room

pytestmark = pytest.mark.django_db(transaction=True)
KINDS = [
    Body, Seat, SeatTerm, Designation, Office, Meeting, AgendaItem, Decision, ActionItem, Minutes, Observation,
]  # fmt: skip


def findings(page: Page, address: str) -> list[str]:
    """What axe calls serious or critical, and whether one has to scroll sideways on the site's own pages."""
    page.goto(address)
    found = Axe().run(page).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]
    serious = [
        f"{address}: {one['id']} {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    return serious + ([f"{address}: too wide"] if wide else [])


def test_the_public_pages(page: Page) -> None:
    there = room.everything()
    Decision.objects.filter(code__startswith=there["meeting"]).update(visibility="public")
    addresses = [
        "/es/comite/",
        "/es/comite/?date=2022-05-05",
        "/es/comite/registro/",
        "/es/comite/registro/?q=nada",
        f"/es/comite/actas/{there['meeting']}/1/",
        f"/es/comite/decisiones/{there['meeting']}/D1/",
        "/es/comite/verificar/",
        "/en/committee/",
        "/en/committee/record/",
    ]
    assert not [finding for address in addresses for finding in findings(page, address)]


def test_the_screens_of_the_admin(page: Page, secretary: User) -> None:
    room.everything()
    enter_as(page, secretary)
    addresses = ["/admin/"]
    for model in KINDS:
        base = f"/admin/steering/{model._meta.model_name}/"
        addresses += [base, f"{base}{model.objects.order_by('pk').first().pk}/change/"]
    addresses += [f"/admin/steering/meeting/{held.pk}/change/" for held in Meeting.objects.took_place()]
    addresses += ["/admin/steering/meeting/add/", "/admin/steering/minutestemplate/add/"]
    assert not [finding for address in addresses for finding in findings(page, address)]


def test_the_page_that_asks_before_a_step(page: Page, secretary: User) -> None:
    room.everything()
    enter_as(page, secretary)
    page.goto(f"/admin/steering/meeting/{Meeting.objects.order_by('pk').first().pk}/change/")
    page.get_by_role("button", name="Cancelar la reunión").click()
    page.get_by_label("Motivo").wait_for()
    found = Axe().run(page).response["violations"]
    assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")]
