"""A member answers a letter on a phone, without an account and without scripts; a coordinator asks."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from playwright.sync_api import Page, expect

from network.models import User
from resources import deposits
from resources.models import Consent, Resource
from tests import factories
from tests.browser.test_journeys import sign_in
from tests.resources import documents
from tests.resources.asking import ask, draft, links_of
from tests.resources.test_before_public import traced

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def works(insp) -> list[Resource]:
    hn = factories.country("HN", "Honduras")
    factories.topic("salud-mental", "Salud mental", "Mental health")
    titles = ["Salud en la frontera", "Guía de albergues", "Lista de personas atendidas"]
    made = [draft(insp, title_es=title, abstract_es="Atención en tránsito. " * 12, countries=[hn]) for title in titles]
    deposits.attach(made[0], SimpleUploadedFile("a.pdf", documents.pdf()), name="informe.pdf", language="es", by=None)
    deposits.attach(made[2], SimpleUploadedFile("b.docx", traced()), name="lista.docx", language="es", by=None)
    return made


def serious(page: Page) -> list[str]:
    found = Axe().run(page)
    return [v["id"] for v in found.response["violations"] if v["impact"] in ("serious", "critical")]


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("page", [390], indirect=True, ids=["390px"])
def test_a_member_answers_on_a_phone(page: Page, works, coordinator: User, stranger: User, insp) -> None:
    asking = ask(coordinator, insp, works, stranger)
    page.goto(links_of(mail.outbox[0])[0])
    assert not serious(page)
    assert fits(page)
    first, second, third = (page.locator(f"#document-{one.pk}") for one in asking.consents.all())
    with page.context.expect_page() as opened:
        first.get_by_role("link", name="Abrir informe.pdf").click(modifiers=["Control"])
    opened.value.close()

    first.get_by_role("link", name="Cambiar algo").click()
    assert not serious(page)
    assert fits(page)
    page.get_by_label("Título").fill("Salud en la frontera norte")
    page.get_by_role("button", name="Guardar").click()
    expect(first).to_contain_text("Salud en la frontera norte")
    first.get_by_role("button", name="Correcto, publicar").click()
    expect(first).to_contain_text("Eva respondió")

    second.get_by_text("No es nuestro", exact=True).click()
    second.get_by_label("¿Nos dice por qué?").fill("Es de otra casa")
    second.get_by_role("button", name="No es nuestro").click()
    expect(second).to_contain_text("no es suyo")

    third.get_by_role("button", name="Correcto, publicar").click()
    expect(third.get_by_role("alert")).to_contain_text("lista.docx")
    third.get_by_label("He revisado estos archivos").check()
    third.get_by_role("button", name="Correcto, publicar").click()
    expect(third).to_contain_text("Eva respondió")
    expect(page.get_by_role("main")).to_contain_text("Ya no queda nada por responder")
    assert sorted(Resource.objects.values_list("status", flat=True)) == ["published", "published", "refused"]
    assert Consent.objects.exclude(answer="none").count() == 3


def test_without_scripts_all_are_published_with_one_button(
    chromium, live_server, works, coordinator: User, stranger: User, insp
) -> None:
    ask(coordinator, insp, works, stranger)
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto(links_of(mail.outbox[0])[0])
    page.get_by_label("He revisado los archivos marcados").check()
    page.get_by_role("button", name="Todo correcto: publicar 3 documentos").click()
    expect(page.get_by_role("main")).to_contain_text("Ya no queda nada por responder")
    assert set(Resource.objects.values_list("status", flat=True)) == {"published"}
    context.close()


def test_a_coordinator_asks(page: Page, works, coordinator: User, stranger: User, insp) -> None:
    sign_in(page, coordinator)
    page.get_by_role("link", name="Consultas a organizaciones").click()
    page.get_by_label("Organización").select_option(label=str(insp))
    page.get_by_role("button", name="Consultar a esta organización").click()
    page.get_by_label("Guía de albergues").uncheck()
    page.get_by_label("Eva").check()
    assert not serious(page)
    assert fits(page)
    page.get_by_role("button", name="Ver el correo").click()
    expect(page.get_by_role("main")).to_contain_text("Documentos de INSP: ¿los publicamos?")
    assert not serious(page)
    assert fits(page)
    page.get_by_role("button", name="Enviar", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Enviado")
    assert not serious(page)
    assert fits(page)
    assert len(mail.outbox) == 1
    page.goto(reverse("resources:askings"))
    assert not serious(page)
    assert fits(page)
