"""One whole meeting in a browser: planned, convened, held by two secretaries at once, minuted, approved by the next."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Error, Locator, Page, expect

from network.models import Organisation, User
from steering import minutes
from steering.models import ActionItem, Decision, Meeting, Minutes, Observation
from tests.browser.conftest import enter_as
from tests.browser.test_meeting_room import form_of, notes, unfold, watch
from tests.steering import room

pytestmark = pytest.mark.django_db(transaction=True)
ZONE = "America/Guatemala"
MINUTES = timedelta(minutes=1)


@pytest.fixture
def seated(db) -> list[Organisation]:
    """A committee of three seats; the quorum is two."""
    body = room.committee()
    names = ["Ministerio de Salud", "Agencia de Salud", "Universidad"]
    return [room.filled(body, room.organisation(name_es=name, name_en=name)).organisation for name in names]


@pytest.fixture
def two(chromium: Browser, live_server, secretary: User, coordinator: User) -> Iterator[tuple[Page, Page]]:
    """Two secretaries, one at a desk and one with a telephone."""
    pages, said = [], []
    for user, width in ((secretary, 1280), (coordinator, 390)):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale="es-HN", base_url=live_server.url
        )
        page = context.new_page()
        said.append(watch(page))
        enter_as(page, user)
        pages.append(page)
    yield tuple(pages)
    for page in pages:
        page.goto("about:blank")
        page.context.close()
    assert not any(said), said


# --- Ways through the admin ------------------------------------------------------------------------------------------


def plan(page: Page, title: str, begins: datetime) -> Meeting:
    """A meeting of an hour, in preparation."""
    page.goto("/admin/steering/meeting/add/")
    page.locator("#id_title_es").fill(title)
    page.locator("#id_day").fill(f"{begins:%Y-%m-%d}")
    page.locator("#id_begins").fill(f"{begins:%H:%M}")
    page.locator("#id_hours").fill("1")
    page.locator("#id_zone").fill(ZONE)
    page.locator("input[name=_continue]").last.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    return Meeting.objects.get(title_es=title)


def add_item(page: Page, kind: str, title: str) -> None:
    page.locator("#items-group .add-row a").click()
    row = page.locator("#items-group tr.form-row:not(.empty-form)").last
    row.locator("select[name$=kind]").select_option(kind)
    row.locator("input[name$=title_es]").fill(title)


def step(page: Page, name: str, **given: str) -> None:
    """Press a step's button, fill in what it asks for, and say yes."""
    page.locator(f".steps button[value={name}]").click()
    for field, value in given.items():
        asked = page.locator(f"[name={field}]")
        if asked.evaluate("field => field.tagName") == "SELECT":
            asked.select_option(value)
        else:
            asked.fill(value)
    page.locator(".submit-row input[type=submit]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def open_room(page: Page, meeting: Meeting) -> None:
    page.goto(room.page_of(meeting))
    page.get_by_role("link", name="Sala de la reunión").click()
    expect(page.locator("#quorum")).to_be_visible()


def seat_of(page: Page, organisation: Organisation) -> Locator:
    """The line of the titular."""
    return page.locator(".seat", has_text=organisation.name_es).locator("form.line").first


def present(page: Page, organisation: Organisation) -> None:
    seat_of(page, organisation).get_by_role("radio", name="Presente", exact=True).check()


# --- The whole of it -------------------------------------------------------------------------------------------------


def test_a_whole_meeting(two: tuple[Page, Page], seated: list[Organisation]) -> None:
    ana, luis = two
    now = timezone.now().astimezone(ZoneInfo(ZONE))
    meeting = prepare(ana, now - 40 * MINUTES)
    open_room(ana, meeting)
    ana.get_by_role("button", name="Abrir la lista de asistencia").click()
    expect(ana.locator("form.line")).to_have_count(6)
    open_room(luis, meeting)
    come_together(ana, luis, seated)
    write_at_once(ana, luis)
    lose_the_line(ana, luis)
    decide(ana, luis, seated)
    close(ana, luis, meeting)
    record = write_minutes(ana, meeting)
    following = plan(ana, "Reunión siguiente", now - 5 * MINUTES)
    opens_with_what_was_left(ana, following)
    approve(ana, luis, record, following, seated)


def prepare(ana: Page, begins: datetime) -> Meeting:
    meeting = plan(ana, "Reunión de prueba", begins)
    for kind, title in (("information", "Apertura"), ("decision", "Plan 2027"), ("decision", "Presupuesto")):
        add_item(ana, kind, title)
    ana.locator("input[name=_continue]").last.click()
    expect(ana.locator(".messagelist .success")).to_be_visible()
    step(ana, "convene")
    meeting.refresh_from_db()
    assert (meeting.state, meeting.items.count()) == ("convened", 3)
    return meeting


def come_together(ana: Page, luis: Page, seated: list[Organisation]) -> None:
    """Each notes somebody; both see both, and the quorum."""
    expect(ana.locator("#quorum")).to_contain_text("Faltan 2 asientos más")
    present(ana, seated[0])
    present(luis, seated[1])
    for page in (ana, luis):
        expect(page.locator("#quorum")).to_contain_text("Hay quórum")
        expect(seat_of(page, seated[0]).locator("[value=in_person]")).to_be_checked()
        expect(seat_of(page, seated[1]).locator("[value=in_person]")).to_be_checked()
    seat_of(luis, seated[2]).get_by_role("radio", name="Con excusa").check()
    expect(seat_of(ana, seated[2]).locator("[value=excused]")).to_be_checked()


def write_at_once(ana: Page, luis: Page) -> None:
    """The same item in two languages at the same time."""
    notes(ana, 1).fill("La presidencia da la bienvenida.")
    notes(luis, 1, "en").fill("The presidency welcomes everybody.")
    expect(notes(ana, 1, "en")).to_have_value("The presidency welcomes everybody.")
    expect(notes(luis, 1)).to_have_value("La presidencia da la bienvenida.")
    unfold(ana, 1).get_by_role("button", name="Ya se trató").click()
    expect(luis.locator("#agenda > li").first.locator(".head")).to_contain_text("Tratado")


def lose_the_line(ana: Page, luis: Page) -> None:
    """Ana writes without a connection while Luis writes the same; after a reload nothing of either is lost."""
    unfold(ana, 2)
    unfold(luis, 2)
    ana.context.set_offline(True)
    notes(ana, 2).fill("Ana: se presentó el plan.")
    expect(form_of(notes(ana, 2)).get_by_text("Aún sin guardar")).to_be_visible()
    notes(luis, 2).fill("Luis: el plan tiene tres ejes.")
    expect(form_of(notes(luis, 2)).get_by_text("Guardado")).to_be_visible()
    address = ana.url
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        ana.reload()
    ana.context.set_offline(False)
    ana.goto(address)
    expect(notes(ana, 2)).to_have_value("Ana: se presentó el plan.")
    form_of(notes(ana, 2)).get_by_role("button", name="Conservar ambos").click()
    both = "Luis: el plan tiene tres ejes.\n\nAna: se presentó el plan."
    expect(notes(ana, 2)).to_have_value(both)
    luis.locator("#agenda-title").focus()
    expect(notes(luis, 2)).to_have_value(both)


def decide(ana: Page, luis: Page, seated: list[Organisation]) -> None:
    item = unfold(ana, 2)
    item.get_by_text("Nueva decisión").click()
    item.locator("form[id^=decide] textarea[lang=es]").fill("Se aprueba el Plan 2027.")
    item.get_by_role("button", name="Registrar la decisión").click()
    expect(unfold(luis, 2).locator(".found .code")).to_contain_text("/D1")
    assert not Decision.objects.get().ad_referendum
    theirs = unfold(luis, 2)
    theirs.get_by_text("Nuevo compromiso").click()
    form = theirs.locator("form[id^=assign]")
    form.locator("textarea[lang=es]").fill("Publicar el plan")
    form.locator("select").select_option(label=seated[0].name_es)
    form.locator("input[type=date]").fill("2027-01-31")
    form.get_by_role("button", name="Registrar el compromiso").click()
    expect(item.locator(".found .code", has_text="/A1")).to_be_visible()
    expect(ana.locator("#end")).to_contain_text("3. Presupuesto")
    third = unfold(luis, 3)
    third.get_by_text("Dejarlo para la próxima reunión").click()
    third.get_by_label("Motivo").fill("Falta el presupuesto")
    third.get_by_role("button", name="Aplazar").click()
    expect(ana.locator("#end")).not_to_contain_text("Presupuesto")
    seat_of(ana, seated[1]).get_by_role("button", name="se retira ahora").click()
    expect(ana.locator("#quorum")).to_contain_text("No hay quórum")


def close(ana: Page, luis: Page, meeting: Meeting) -> None:
    ana.get_by_role("button", name="La reunión se celebró").click()
    ana.locator(".submit-row input[type=submit]").click()
    expect(ana.locator(".messagelist .success")).to_be_visible()
    expect(luis.locator("#end")).to_contain_text("La sala solo muestra lo que se anotó")
    expect(luis.locator("form.line")).to_have_count(0)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.quorum_snapshot["reached"]) == ("held", True)


def write_minutes(ana: Page, meeting: Meeting) -> Minutes:
    """They begin with the notes, go round, and an observation on them is answered."""
    ana.goto(room.page_of(meeting))
    step(ana, "draft_minutes")
    expect(ana.locator("[name=sections-0-text_en]")).to_have_value("The presidency welcomes everybody.")
    expect(ana.locator("[name=sections-1-text_es]")).to_contain_text("Luis: el plan tiene tres ejes.")
    step(ana, "circulate")
    record = Minutes.objects.get()
    theirs = meeting.attendance.first().organisation
    said = minutes.observe(Observation(minutes=record, organisation=theirs, text="Falta un nombre"), by=None)
    ana.goto(room.page_of(said))
    step(ana, "answer", state="rejected", response="El nombre está en la lista")
    said.refresh_from_db()
    assert said.state == "rejected"
    return record


def opens_with_what_was_left(ana: Page, following: Meeting) -> None:
    """The last minutes, open action items, and what was deferred at the end."""
    kinds = list(following.items.values_list("kind", flat=True))
    assert kinds == ["approve_minutes", "follow_up", "decision"]
    assert following.items.last().title_es == "Presupuesto"
    ana.goto(room.page_of(following))
    code = following.items.first().about.code
    expect(ana.locator("[name=items-0-title_es]")).to_have_value(f"Aprobación del acta de la reunión {code}")
    step(ana, "convene")


def approve(ana: Page, luis: Page, record: Minutes, following: Meeting, seated: list[Organisation]) -> None:
    """In the next meeting's room somebody is here; the minutes are approved in it, and hold."""
    open_room(luis, following)
    luis.get_by_role("button", name="Abrir la lista de asistencia").click()
    present(luis, seated[0])
    present(luis, seated[2])
    expect(luis.locator("#quorum")).to_contain_text("Hay quórum")
    ana.goto(room.page_of(record))
    step(ana, "approve_in", meeting=str(following.pk), reason="Sin observaciones")
    record.refresh_from_db()
    assert (record.state, record.meeting.state) == ("approved", "closed")
    assert Decision.objects.get().state == "in_force"
    assert ActionItem.objects.get().state == "open"
