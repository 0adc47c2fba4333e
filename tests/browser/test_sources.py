"""A coordinator sets a source up, harvests it and decides what it changes, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from network.models import Organisation, User
from resources import actions, harvesting
from resources.models import Gathered, Resource, Source
from tests.browser.test_journeys import sign_in
from tests.resources.harvesting.repository import Repository, served
from tests.resources.harvesting.test_sources_in_the_admin import identify

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def repository() -> Repository:
    found = Repository()
    abstract = "Un estudio sobre la salud de las personas en tránsito por la región. " * 6
    found.put("uno", "Salud mental de migrantes", creator="Pérez, Ana", date="2021-05", description=abstract)
    found.put("dos", "Rutas migratorias", identifier="https://repo.example.org/handle/2")
    return found


@pytest.fixture
def source(oim: Organisation, repository: Repository, coordinator: User, settings) -> Source:
    """Two published works; one has changed at its source since, the other is gone there."""
    settings.OUTGOING_ALLOW_LOOPBACK = True
    with served(repository, oim) as source:
        harvesting.harvest(source, pause=0)
        for work in Resource.objects.all():
            actions.publish(work, by=coordinator)
        repository.put("uno", "Salud mental de las personas migrantes", creator="Pérez, Ana|OPS", date="2022")
        repository.delete("dos")
        harvesting.harvest(source, pause=0)
        yield source


def is_accessible(page: Page) -> bool:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
    return found.violations_count == 0 or pytest.fail(found.generate_report())


def test_changes_at_a_source_are_decided(page: Page, source: Source, coordinator: User) -> None:
    sign_in(page, coordinator)
    page.goto("/admin/")
    page.locator("a[href$='/proposals/']").click()
    expect(page.locator("section.proposal")).to_have_count(2)
    assert is_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("section.proposal", has_text="Salud mental").locator("button[value=accept]").click()
    expect(page.locator("section.proposal")).to_have_count(1)
    page.locator("button[value=leave]").click()
    expect(page.locator("section.proposal")).to_have_count(0)
    assert {work.title_es for work in Resource.objects.published()} == {
        "Salud mental de las personas migrantes",
        "Rutas migratorias",
    }
    assert not Gathered.objects.proposals().exists()


def test_an_address_is_checked_and_harvested(page: Page, source: Source, repository, coordinator: User) -> None:
    sign_in(page, coordinator)
    page.goto(f"/admin/resources/source/{source.pk}/change/")
    repository.answer = identify
    page.locator("a[href$='/check/']").click()
    expect(page.get_by_text("Repositorio Único")).to_be_visible()
    assert is_accessible(page)
    repository.answer = lambda asked: False
    repository.put("tres", "Tercero")
    page.goto(f"/admin/resources/source/{source.pk}/change/")
    page.locator("button[value=harvest_now]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Resource.objects.filter(title_es="Tercero").exists()
