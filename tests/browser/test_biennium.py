"""A biennium in small, in a browser: made, adopted, reported by letter, returned, approved, amended, closed."""

import re
from collections.abc import Iterator

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from network.models import Affiliation, Organisation, User
from steering import decisions, minutes
from steering.models import Activity, AgendaItem, Decision, Minutes, Plan, PlanVersion, ProgressReport
from tests.browser.conftest import enter_as
from tests.browser.test_meeting_cycle import step
from tests.browser.test_meeting_room import watch
from tests.steering import room

pytestmark = pytest.mark.django_db(transaction=True)
DESK, PHONE = 1280, 390


@pytest.fixture
def lead(db) -> Organisation:
    """Leads the plan's activities; its focal point has an address and no account."""
    body = room.committee()
    organisation = room.filled(body, room.organisation(name_es="Ministerio de Salud", acronym="MINSAL")).organisation
    person = room.person(organisation, "Rosa Puntofocal")
    Affiliation.objects.filter(person=person).update(is_focal_point=True)
    return organisation


@pytest.fixture
def two(chromium: Browser, live_server, secretary: User) -> Iterator[tuple[Page, Page]]:
    """A secretary at a desk, and somebody with a telephone and a letter."""
    pages, said = [], []
    for user, width in ((secretary, DESK), (None, PHONE)):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale="es-HN", base_url=live_server.url
        )
        page = context.new_page()
        said.append(watch(page))
        if user:
            enter_as(page, user)
        pages.append(page)
    yield tuple(pages)
    for page in pages:
        page.goto("about:blank")
        page.context.close()
    assert not any(said), said


def test_a_biennium(two: tuple[Page, Page], lead: Organisation) -> None:
    ana, rosa = two
    version = make(ana, lead)
    screen(ana, version)
    adopt(ana, version)
    plan = Plan.objects.get()
    ask_for_reports(ana, plan)
    report_by_letter(rosa, "Dos talleres.")
    return_it(ana)
    report_again(rosa, "Dos talleres, con 41 personas.")
    approve(ana)
    amended = amend(ana, plan)
    adopt(ana, amended)
    close_out(ana, plan)
    see_the_next(ana, plan)
    what_everybody_reads(rosa, plan)


# --- Made and adopted ------------------------------------------------------------------------------------------------


def saved(page: Page) -> None:
    expect(page.locator(".messagelist .success").first).to_be_visible()


def pick(page: Page, field: str, words: str) -> None:
    """Choose from a list that is searched while one types."""
    page.locator(f".field-{field} .select2-selection").click()
    page.locator(".select2-search__field").last.fill(words)
    page.locator(".select2-results__option", has_text=words).first.click()


def make(ana: Page, lead: Organisation) -> PlanVersion:
    ana.goto("/admin/steering/plan/add/")
    ana.locator("#id_title_es").fill("Plan de acción bianual")
    ana.locator("#id_first_year").fill(str(timezone.localdate().year))
    ana.locator("input[name=_save]").last.click()
    saved(ana)
    ana.locator("a", has_text="Agregar un resultado esperado").first.click()
    ana.locator("#id_text_es").fill("La biblioteca se consulta")
    ana.locator("input[name=_save]").last.click()
    saved(ana)
    for words in ("Capacitar al personal de salud", "Publicar una guía"):
        add_activity(ana, words, lead)
    return PlanVersion.objects.get()


def add_activity(ana: Page, words: str, lead: Organisation) -> None:
    ana.locator("a", has_text="Agregar una actividad").first.click()
    ana.locator("#id_text_es").fill(words)
    pick(ana, "lead", lead.acronym)
    ana.locator("#id_first_quarter").select_option("1")
    ana.locator("#id_last_quarter").select_option("8")
    ana.locator("#id_budget").fill("12000")
    ana.locator("input[name=_save]").last.click()
    saved(ana)


def screen(ana: Page, version: PlanVersion) -> None:
    """The gate says what lacks; then every activity is looked at."""
    ana.goto(room.page_of(version))
    expect(ana.locator(".field-lacks")).to_contain_text("2 actividades")
    ana.goto(f"/admin/steering/planversion/{version.pk}/markers/")
    for chosen in ana.locator("select[name$=code]").all():
        chosen.select_option("1")
    for words in ana.locator("textarea[name$=justification]").all():
        words.fill("Los talleres tratan la salud de las mujeres en la ruta.")
    ana.locator(".submit-row input[type=submit]").click()
    saved(ana)


def decide() -> AgendaItem:
    """An item for decision of a meeting that takes place today; meetings have a test of their own."""
    body = Plan.objects.get().body
    meeting = room.convened(body, day=(timezone.localdate() - 2 * room.DAY).isoformat())
    AgendaItem.objects.filter(meeting=meeting).update(kind="decision", visibility="public")
    return meeting.items.get()


def adopt(ana: Page, version: PlanVersion) -> None:
    """Before the committee, decided by it, and in force once the minutes are approved."""
    item = decide()
    ana.goto(room.page_of(version))
    step(ana, "bring_before_committee", item=str(item.pk))
    room.held(item.meeting, 1)
    decision = decisions.record(Decision(item=item, text_es="Se aprueba el plan.", visibility="public"), by=None)
    record = minutes.draft(item.meeting, by=None)
    minutes.circulate(record, by=None)
    Minutes.objects.filter(pk=record.pk).update(objections_until=timezone.localdate() - room.DAY)
    minutes.approve_unopposed(record, by=None, reason="Nadie observó nada")
    step(ana, "adopt", decision=str(decision.pk))
    version.refresh_from_db()
    assert (version.state, version.decision_id) == (PlanVersion.State.IN_FORCE, decision.pk)


# --- Reported on -----------------------------------------------------------------------------------------------------


def ask_for_reports(ana: Page, plan: Plan) -> None:
    period = plan.periods.get(quarter=1)
    ana.goto(room.page_of(period))
    mail.outbox.clear()
    step(ana, "open")


def link() -> str:
    """Of the last letter."""
    return re.search(r"http://[^/]+(/es/plan/\S+)", mail.outbox[-1].body)[1]


def report_by_letter(rosa: Page, words: str) -> None:
    """One form for all activities, on a telephone, without an account."""
    assert [one.to for one in mail.outbox] == [[Affiliation.objects.get(is_focal_point=True).person.email]]
    rosa.goto(link())
    expect(rosa.locator("article.card")).to_have_count(2)
    first, second = rosa.locator("article.card").all()
    for card in (first, second):
        card.get_by_role("radio", name="En curso").check()
        card.locator("textarea[name$=narrative]").fill(words)
    rosa.get_by_role("button", name="Enviar", exact=True).click()
    expect(rosa.locator(".note.done").first).to_contain_text("2")


def of(code: str) -> ProgressReport:
    return ProgressReport.objects.get(activity__code=code)


def return_it(ana: Page) -> None:
    mail.outbox.clear()
    ana.goto(room.page_of(of("1.1.1")))
    step(ana, "return", note="Gracias. ¿Cuántas personas participaron?")
    assert "¿Cuántas personas participaron?" in mail.outbox[-1].body


def report_again(rosa: Page, words: str) -> None:
    rosa.goto(link())
    card = rosa.locator("article.card", has_text="¿Cuántas personas participaron?")
    card.locator("textarea[name$=narrative]").fill(words)
    rosa.get_by_role("button", name="Enviar", exact=True).click()
    expect(rosa.locator(".note.done").first).to_be_visible()


def approve(ana: Page) -> None:
    for code in ("1.1.1", "1.1.2"):
        ana.goto(room.page_of(of(code)))
        step(ana, "approve")
    assert {row.state for row in Activity.objects.all()} == {Activity.State.ONGOING}


# --- Amended ---------------------------------------------------------------------------------------------------------


def amend(ana: Page, plan: Plan) -> PlanVersion:
    """The second version leaves the guide a bigger budget; the first stays as it was."""
    ana.goto(room.page_of(plan))
    step(ana, "amend", reason="Una donación nueva")
    version = PlanVersion.objects.get(number=2)
    ana.goto(room.page_of(version.terms.get(activity__code="1.1.2")))
    ana.locator("#id_budget").fill("20000")
    ana.locator("input[name=_save]").last.click()
    saved(ana)
    assert version.plan.versions.get(number=1).terms.get(activity__code="1.1.2").budget == 12000
    return version


# --- Closed, and the next --------------------------------------------------------------------------------------------


def close_out(ana: Page, plan: Plan) -> None:
    ana.goto(f"/admin/steering/settlement/{plan.pk}/walk/")
    first, second = ana.locator("table.figures tbody tr").all()
    first.locator("select").first.select_option("complete")
    first.locator("textarea").fill("Se hicieron los doce talleres.")
    second.locator("select").first.select_option("carry")
    ana.locator("input[name=preview]").click()
    expect(ana.locator("h1", has_text="cierre").or_(ana.locator("h1", has_text="cerrar"))).to_be_visible()
    ana.locator("#id_words_es").fill("Se cumplió la mitad de lo previsto.")
    ana.locator("#id_reason").fill("El Comité lo decidió así.")
    ana.locator(".submit-row input[type=submit]").click()
    expect(ana.get_by_text("Se cumplió la mitad de lo previsto.")).to_be_visible()


def see_the_next(ana: Page, plan: Plan) -> None:
    """What was carried over is there, frozen here, and has to be screened anew."""
    states = {row.code: row.state for row in plan.activities.all()}
    assert states == {"1.1.1": Activity.State.COMPLETED, "1.1.2": Activity.State.CARRIED_OVER}
    following = PlanVersion.objects.get(plan__first_year=plan.first_year + 2)
    ana.goto(room.page_of(following))
    expect(ana.locator(".plan-tree")).to_contain_text("Publicar una guía")
    expect(ana.locator(".field-lacks")).to_contain_text("1 actividad")


def what_everybody_reads(rosa: Page, plan: Plan) -> None:
    rosa.goto(f"/es/plan/{plan.first_year}/")
    expect(rosa.locator("main")).to_contain_text("ersión 2")
    rosa.goto(f"/es/plan/{plan.first_year}/cierre/")
    expect(rosa.locator("main")).to_contain_text("Publicar una guía")
    rosa.goto(f"/es/plan/{plan.first_year + 2}/")
    expect(rosa.locator("main")).not_to_contain_text("Publicar una guía")
