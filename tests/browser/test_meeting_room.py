"""The meeting room in a browser: by keyboard, without a connection, after a session has ended, and for every reader."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, expect

from network.models import User
from steering import attendance, decisions, meetings
from steering import room as actions
from steering.models import ActionItem, Decision, Meeting, Note
from tests import factories
from tests.browser.conftest import enter_as
from tests.steering import room

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


def running(**rules: object) -> Meeting:
    """A meeting that began an hour ago, its list open: three seats, the quorum needs two."""
    body = room.committee(**rules)
    for sector in ("government", "un", "academia"):
        room.filled(body, room.organisation(sector))
    made = room.meeting(body, day=timezone.localdate().isoformat())
    now = timezone.now()
    Meeting.objects.filter(pk=made.pk).update(starts_at=now - HOUR, ends_at=now + HOUR)
    made.refresh_from_db()
    room.item(made, kind="decision", title_es="Plan 2027", title_en="Plan 2027 (en)")
    meetings.convene(made, by=None)
    attendance.open_list(made, by=None)
    return made


@pytest.fixture
def meeting(db) -> Meeting:
    return running()


def watch(page: Page) -> list[str]:
    """What the browser complains of, but for requests that the test itself lets fail."""
    said: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if not message.text.startswith(("Failed to load resource", "Response Status Error", "htmx:")):
            said.append(f"{message.type}: {message.text}")

    page.on("console", heard)
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective))"
    )
    return said


@pytest.fixture
def desk(chromium: Browser, live_server, secretary: User) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="es-HN", base_url=live_server.url)
    page = context.new_page()
    said = watch(page)
    enter_as(page, secretary)
    yield page
    page.goto("about:blank")
    context.close()
    assert not said


def address(meeting: Meeting) -> str:
    return f"/admin/steering/meeting/{meeting.pk}/room/"


def notes(page: Page, number: int, language: str = "es") -> Locator:
    return page.locator(f"#agenda > li:nth-child({number}) form.note textarea[lang={language}]")


def unfold(page: Page, number: int) -> Locator:
    item = page.locator(f"#agenda > li:nth-child({number})")
    if item.locator("> details").get_attribute("open") is None:
        item.locator("> details > summary").click()
    return item


def form_of(field: Locator) -> Locator:
    return field.locator("xpath=ancestor::form")


def test_what_is_typed_without_a_connection_is_kept_and_sent(desk: Page, meeting: Meeting) -> None:
    desk.goto(address(meeting))
    desk.context.set_offline(True)
    notes(desk, 1).fill("Escrito en el avión")
    expect(desk.get_by_role("status")).to_contain_text("Sin conexión")
    expect(form_of(notes(desk, 1)).get_by_text("Aún sin guardar")).to_be_visible()
    item = unfold(desk, 2)
    item.get_by_text("Nueva decisión").click()
    text = item.locator("form[id^=decide] textarea[lang=es]")
    text.fill("Se aprueba el plan.")
    line = desk.locator("form.line").first
    line.get_by_role("radio", name="Presente", exact=True).check()
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        desk.reload()
    assert not Note.objects.exists()
    desk.context.set_offline(False)
    desk.goto(address(meeting))
    expect(notes(desk, 1)).to_have_value("Escrito en el avión")
    expect(form_of(notes(desk, 1)).get_by_text("Guardado")).to_be_visible()
    expect(desk.locator("form.line").first.locator("input[value=in_person]")).to_be_checked()
    expect(text).to_have_value("Se aprueba el plan.")  # unfolded again, and recorded only when somebody says so
    assert Note.objects.get().text == "Escrito en el avión"
    assert not Decision.objects.exists()
    text.locator("xpath=ancestor::form").get_by_role("button", name="Registrar la decisión").click()
    expect(item.locator(".found .code")).to_contain_text("2026-01/D1".replace("2026", str(meeting.year)))
    expect(text).to_have_value("")
    desk.wait_for_timeout(300)
    assert desk.evaluate("Object.keys(localStorage).filter(k => k.startsWith('meeting-room/'))") == []


def test_a_decision_sent_while_the_line_was_down_is_recorded_once(desk: Page, meeting: Meeting) -> None:
    line = meeting.attendance.first()
    line.status = "in_person"
    attendance.note(line, by=None)
    desk.goto(address(meeting))
    item = unfold(desk, 2)
    item.get_by_text("Nueva decisión").click()
    item.locator("form[id^=decide] textarea[lang=es]").fill("Se aprueba el plan.")
    desk.context.set_offline(True)
    item.get_by_role("button", name="Registrar la decisión").click()
    expect(desk.get_by_role("status")).to_contain_text("Sin conexión")
    desk.context.set_offline(False)
    expect(item.locator(".found .code")).to_contain_text("/D1")
    assert Decision.objects.count() == 1


def test_a_session_that_ended_leads_to_sign_in_and_back_with_the_text(desk: Page, meeting: Meeting, secretary) -> None:
    desk.goto(address(meeting))
    notes(desk, 1).fill("Antes")
    expect(form_of(notes(desk, 1)).get_by_text("Guardado")).to_be_visible()
    Session.objects.all().delete()
    notes(desk, 1).fill("Antes y después")
    expect(desk.get_by_role("alert")).to_contain_text("Su sesión ha terminado")
    expect(notes(desk, 1)).to_have_value("Antes y después")
    desk.get_by_role("link", name="entre de nuevo").click()
    expect(desk.get_by_label("Contraseña")).to_be_visible()
    assert f"next={address(meeting)}" in desk.url.replace("%2F", "/")
    enter_as(desk, secretary)
    desk.goto(address(meeting))
    expect(form_of(notes(desk, 1)).get_by_text("Guardado")).to_be_visible()
    assert Note.objects.get().text == "Antes y después"


def test_what_came_too_late_is_shown_to_be_copied(desk: Page, meeting: Meeting) -> None:
    line = meeting.attendance.first()
    line.status = "in_person"
    attendance.note(line, by=None)
    desk.goto(address(meeting))
    desk.context.set_offline(True)
    notes(desk, 1).fill("Llegó tarde a la sala")
    expect(form_of(notes(desk, 1)).get_by_text("Aún sin guardar")).to_be_visible()
    meetings.hold(meeting, by=None)
    desk.context.set_offline(False)
    expect(desk.get_by_role("status")).to_contain_text("ya se celebró")
    expect(notes(desk, 1)).to_have_value("Llegó tarde a la sala")
    desk.reload()
    expect(desk.locator("#leftover")).to_contain_text("Llegó tarde a la sala")
    desk.get_by_role("button", name="Ya lo copié").click()
    desk.reload()
    expect(desk.locator("#leftover")).to_be_hidden()


def test_signing_out_leaves_nothing_behind(desk: Page, meeting: Meeting) -> None:
    desk.goto(address(meeting))
    desk.evaluate("localStorage.setItem('meeting-room/1/1/note-1-es', 'x')")
    desk.locator("#logout-form button").click()
    desk.wait_for_load_state()
    assert desk.evaluate("Object.keys(localStorage).filter(k => k.startsWith('meeting-room/'))") == []


def test_what_another_writes_comes_by_itself_and_never_over_what_is_being_typed(desk: Page, meeting: Meeting) -> None:
    desk.goto(address(meeting))
    first, second = meeting.items.all()
    notes(desk, 1).focus()
    actions.write_note(first, "es", text="Lo de Luis", seen="0", by=None)
    actions.write_note(first, "en", text="By Luis", seen="0", by=None)
    expect(notes(desk, 1, "en")).to_have_value("By Luis")
    expect(notes(desk, 1)).to_have_value("")
    expect(notes(desk, 1)).to_be_focused()
    desk.keyboard.type("Lo de Ana")
    mine = form_of(notes(desk, 1))
    expect(mine.get_by_text("Otra persona ha escrito aquí")).to_be_visible()
    expect(mine.locator(".conflict")).to_contain_text("Lo de Luis")
    expect(mine.locator(".conflict")).to_contain_text("Lo de Ana")
    expect(notes(desk, 1)).to_have_value("Lo de Ana")
    found = Axe().run(desk)
    assert not [v["id"] for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
    mine.get_by_role("button", name="Conservar ambos").click()
    expect(notes(desk, 1)).to_have_value("Lo de Luis\n\nLo de Ana")
    line = meeting.attendance.first()
    line.status = "remote"
    attendance.note(line, by=None)
    expect(desk.locator("#quorum")).to_contain_text("1 de 3")
    decisions.record(Decision(item=second, text_es="Se aprueba."), by=None)
    unfold(desk, 2)
    expect(desk.locator("#agenda > li:nth-child(2) .found .code")).to_contain_text("/D1")


def test_typing_on_while_it_is_being_saved_is_no_conflict_with_oneself(desk: Page, meeting: Meeting) -> None:
    desk.goto(address(meeting))
    text = "Se presentó el plan y se habló de cada una de sus partes, con calma y sin prisa. " * 2
    notes(desk, 1).focus()
    for part in (text[:40], text[40:90], text[90:]):
        desk.keyboard.type(part, delay=5)
        desk.wait_for_timeout(950)
    expect(form_of(notes(desk, 1)).get_by_text("Guardado")).to_be_visible()
    expect(desk.locator(".conflict")).to_have_count(0)
    assert Note.objects.get().text == text


def test_the_whole_room_by_keyboard(desk: Page, meeting: Meeting, oim) -> None:
    desk.goto(address(meeting))
    desk.get_by_role("link", name="Quién está").focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")  # the button that brings in who was accredited since
    desk.keyboard.press("Tab")
    held = desk.locator(":focus")
    expect(held).to_have_attribute("value", "absent")
    desk.keyboard.press("ArrowRight")  # round to the first: present
    expect(desk.locator("#quorum")).to_contain_text("1 de 3")
    expect(desk.locator(":focus")).to_have_attribute("value", "in_person")  # in the same place after the swap
    desk.get_by_role("link", name="Agenda", exact=True).focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")
    expect(desk.locator(":focus")).to_contain_text("Ya se trató")
    desk.keyboard.press("Enter")
    expect(desk.locator(":focus")).to_contain_text("Volver a la agenda")
    expect(desk.locator(".htmx-added")).to_have_count(0)  # quicker than any hand, Enter would send the form by itself
    desk.keyboard.press("Enter")
    expect(desk.locator(":focus")).to_contain_text("Ya se trató")
    item = unfold(desk, 2)
    item.get_by_text("Nuevo compromiso").focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    desk.keyboard.type("Publicar el plan")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")
    desk.keyboard.type("OIM")
    item.locator("input[name=due]").first.fill("2026-12-01")
    item.get_by_role("button", name="Registrar el compromiso").press("Enter")
    expect(item.locator(".found .code").first).to_contain_text("/A1")
    expect(item.get_by_role("button", name="Registrar el compromiso")).to_be_focused()
    assert ActionItem.objects.get().organisation == oim


def test_now_is_the_hour_of_the_meeting(desk: Page, meeting: Meeting) -> None:
    desk.goto(address(meeting))
    line = desk.locator("form.line").first
    line.get_by_role("radio", name="Presente", exact=True).check()
    before = timezone.localtime(timezone=meeting.zone).strftime("%H:%M")
    line.get_by_role("button", name="llega ahora").click()
    expect(line.locator("input[name=arrived]")).not_to_have_value("")
    after = timezone.localtime(timezone=meeting.zone).strftime("%H:%M")
    assert before <= line.locator("input[name=arrived]").input_value() <= after
    expect(line.get_by_text("Guardado")).to_be_visible()
    row = meeting.attendance.order_by("term__seat__position", "order").first()
    assert row.arrived_at is not None
    line.locator("input[name=left]").fill("00:00")
    line.locator("input[name=arrived]").fill("10:00")
    expect(line.get_by_text("Nadie se retira antes de llegar")).to_be_visible()


def test_without_scripts_the_room_works(chromium: Browser, live_server, meeting: Meeting, secretary: User, oim) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="es-HN", base_url=live_server.url)
    page = context.new_page()
    enter_as(page, secretary)
    page.goto(address(meeting))
    notes(page, 1).fill("Sin programas")
    form_of(notes(page, 1)).get_by_role("button", name="Guardar").click()
    expect(page.locator(".messagelist")).to_contain_text("Guardado a las")
    expect(notes(page, 1)).to_have_value("Sin programas")
    line = page.locator("form.line").first
    line.get_by_role("radio", name="Presente", exact=True).check()
    line.get_by_role("button", name="Guardar").click()
    expect(page.locator("#quorum")).to_contain_text("1 de 3")
    item = unfold(page, 2)
    item.get_by_text("Nueva decisión").click()
    item.locator("form[id^=decide] textarea[lang=es]").fill("Se aprueba.")
    item.get_by_role("button", name="Registrar la decisión").click()
    expect(page.locator(".found .code").first).to_contain_text("/D1")
    context.close()


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_room_holds_the_rules_of_accessibility(
    page: Page, secretary: User, oim, language: str, scheme: str
) -> None:
    meeting = running(min_sectors=2, min_countries=1)
    item = meeting.items.last()
    item.paper_rows.create(resource=factories.resource(oim))
    for line in meeting.attendance.all()[:2]:
        line.status = "in_person"
        attendance.note(line, by=None)
    room.decision(meeting)
    room.seat(meeting.body)
    enter_as(page, secretary)
    page.context.add_cookies([{"name": "django_language", "value": language, "domain": "localhost", "path": "/"}])
    page.emulate_media(color_scheme=scheme)
    for state in ("convened", "held"):
        page.goto(address(meeting))
        expect(page.locator("html")).to_have_attribute("lang", language)
        page.evaluate("document.querySelectorAll('.room details').forEach(one => { one.open = true })")
        found = Axe().run(page)
        serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
        assert not serious, [(v["id"], v["nodes"][0]["html"]) for v in serious]
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
        if state == "convened":
            page.goto("about:blank")
            meetings.hold(meeting, by=None)
