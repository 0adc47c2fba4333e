"""Two hundred files in one go, a bad one in ten, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from network.models import User
from resources import description, tasks
from resources.models import File, Gathered, Gathering, Resource
from tests import factories
from tests.browser.test_journeys import sign_in
from tests.resources import documents

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 200


def good(number: int) -> tuple[str, bytes]:
    title = f"Informe {number} sobre la salud de las personas migrantes"
    match number % 3:
        case 0:
            return f"informe-{number}.pdf", documents.pdf(title, pages=1, word=f"palabra{number}")
        case 1:
            return f"guia-{number}.docx", documents.docx(title, word=f"palabra{number}")
        case _:
            text = f"{title}\n\nSan José, mayo de 2021\n\n" + documents.PARAGRAPH * 12
            return f"nota-{number}.txt", text.encode()


def bad(number: int) -> tuple[str, bytes]:
    match number // 10 % 4:
        case 0:
            return f"vacio-{number}.pdf", b""
        case 1:
            return f"programa-{number}.exe", b"MZ\x90\x00" + bytes([number]) * 100
        case 2:
            return f"macros-{number}.docx", documents.macro_docx()
        case _:
            return f"disfraz-{number}.pdf", documents.png((number, 40))


def files() -> list[dict]:
    made = [bad(number) if number % 10 == 9 else good(number) for number in range(MANY)]
    return [{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in made]


@pytest.mark.parametrize("page", [1280], indirect=True, ids=["1280px"])
def test_two_hundred_files_of_which_twenty_are_bad(page: Page, contributor: User, settings) -> None:
    settings.TASKS = {
        "default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}
    }  # the worker's part comes later
    sign_in(page, contributor)
    page.goto(reverse("resources:gather_files"))
    page.locator("#gather-file").set_input_files(files())
    rows = page.locator("tr[data-line]")
    expect(rows).to_have_count(MANY, timeout=600_000)
    refused = page.locator('tr[data-outcome="refused"]')
    expect(refused).to_have_count(MANY // 10)
    assert Resource.objects.count() == MANY - MANY // 10
    lines = Gathered.objects.filter(outcome="refused")
    assert all(line.reason for line in lines)
    assert len({line.reason for line in lines}) > 1
    expect(page.locator("#gathered-count")).to_contain_text("180")
    page.reload()
    expect(rows).to_have_count(MANY)
    found = Axe().run(page)
    assert not [v["id"] for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
    tasks.read_file.call(File.objects.first().pk)


def test_a_line_by_keyboard(page: Page, contributor: User) -> None:
    sign_in(page, contributor)
    page.goto(reverse("resources:gather_files"))
    name, content = good(2)
    page.locator("#gather-file").set_input_files([{"name": name, "mimeType": "text/plain", "buffer": content}])
    row = page.locator("tr[data-line]")
    expect(row).to_have_count(1)
    row.locator("textarea").fill("Nota sobre albergues")
    row.locator("input[type=number]").fill("2021")
    row.get_by_role("button", name="Guardar").click()
    expect(row).to_have_attribute("data-ready", "")
    row.focus()
    row.press("a")
    expect(row.locator("textarea")).to_have_count(0)
    assert Resource.objects.get().status == "submitted"
    row.focus()
    row.press("Enter")
    expect(page.locator("#before-public")).to_be_visible()
    page.wait_for_load_state("networkidle")
    found = Axe().run(page)
    assert not [v["id"] for v in found.response["violations"] if v["impact"] in ("serious", "critical")]


def test_the_keyboard_goes_from_line_to_line(page: Page, contributor: User, oim) -> None:
    kind, state = Gathering.Kind.FILES, Gathering.State.PREVIEW
    gathering = Gathering.objects.create(organisation=oim, by=contributor, kind=kind, state=state)
    works = [factories.resource(oim, published=False, title_es=f"Obra {n}", year=2020) for n in (1, 2)]
    for place, work in (1, works[0]), (3, works[1]):
        description.note(work, ["title_es", "original_language"], origin="text", certainty=85, detail="1")
        gathering.lines.create(position=place, where=f"{place}.pdf", outcome="new", resource=work)
    gathering.lines.create(position=2, where="programa.exe", outcome="refused", reason="No.")
    sign_in(page, contributor)
    page.goto(reverse("resources:gathering_files", args=[gathering.pk]))
    first, _refused, second = page.locator("tr[data-line]").all()
    count = page.locator("#gathered-count")
    expect(count).to_contain_text("2 completos")
    first.focus()
    first.press("a")
    expect(second).to_be_focused()
    expect(count).to_contain_text("1 completo")
    expect(first.locator("textarea")).to_have_count(0)
    second.locator("textarea").fill("Obra segunda")
    second.get_by_role("button", name="Guardar").press("Enter")
    expect(second).to_be_focused()
    expect(second.locator("textarea")).to_have_text("Obra segunda")
    page.keyboard.press("a")
    expect(second.locator("textarea")).to_have_count(0)
    expect(second).to_be_focused()  # there is none below
    expect(count).to_contain_text("0 completos")
