"""Reminders of action items: when, to whom, once; and reporting by their link without an account."""

import threading
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.models import Affiliation, Duty, Organisation, Person, Role, User
from portal.core.models import AuditEntry
from steering import decisions, reminders
from steering.models import ActionItem, Letter, Meeting, Question
from tests import factories
from tests.conftest import signed_in
from tests.steering import room
from tests.steering.mailbox import newest, received

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
State = ActionItem.State


@pytest.fixture
def owner(db) -> Organisation:
    """With a focal point, a manager, and somebody who is neither."""
    owner = room.organisation("government", slug="ministerio")
    focal = Person.objects.create(name="Enlace", email="enlace@example.org")
    Affiliation.objects.create(person=focal, organisation=owner, is_focal_point=True, since=room.LONG_AGO)
    factories.user("gestora@example.org", Role.Kind.MANAGER, owner, language="en")
    room.person(owner)
    return owner


@pytest.fixture
def meeting(db) -> Meeting:
    body = room.committee()
    room.filled(body)
    return room.held(room.convened(body, day="2026-03-03"), 1)


def due_in(days: int, meeting: Meeting, owner: Organisation, **fields: object) -> ActionItem:
    return room.action(meeting, organisation=owner, due=timezone.localdate() + days * DAY, **fields)


@pytest.fixture
def action(meeting: Meeting, owner: Organisation) -> ActionItem:
    return due_in(5, meeting, owner)


@pytest.fixture
def link(action: ActionItem) -> str:
    reminders.remind.func()
    return newest("enlace@example.org").link


def again(action: ActionItem) -> ActionItem:
    return ActionItem.objects.get(pk=action.pk)


# --- When and to whom ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("late", "round_"),
    [
        (-8, None),
        (-7, -7),
        (-1, -7),
        (0, -7),
        (1, 1),
        (13, 1),
        (14, 14),
        (43, 14),
        (44, 44),
        (73, 44),
        (74, 74),
        (400, 374),
    ],
)
def test_before_after_one_and_fourteen_days_then_monthly(late: int, round_: int | None) -> None:
    due = date(2026, 5, 31)
    assert reminders.round_on(due + late * DAY, due=due) == round_


def test_two_years_of_nights(meeting: Meeting, owner: Organisation, monkeypatch) -> None:
    """Every night somebody asks; between two letters after the due date lie 13 days, then 30."""
    action = due_in(10, meeting, owner)
    today, told = timezone.localdate(), []
    for night in range(200):
        day = today + night * DAY
        monkeypatch.setattr(timezone, "localdate", lambda day=day: day)
        if reminders.remind.func():
            told.append((day - action.due).days)
    assert told == [-7, 1, 14, 44, 74, 104, 134, 164]


def test_focal_points_managers_and_the_person_in_charge_each_once(meeting: Meeting, owner: Organisation) -> None:
    named = room.person(owner, "Encargada")
    due_in(5, meeting, owner, person=named)
    due_in(5, meeting, owner, person=Person.objects.get(name="Enlace"), text_en="Publish the plan")
    assert reminders.remind.func() == 5
    assert len(received("enlace@example.org")) == 2
    assert len(received(named.email)) == 1
    theirs = newest("gestora@example.org")
    assert theirs.subject.startswith("Due on ")
    assert "Publish the plan" in theirs.text
    assert "/en/committee/action-item/" in theirs.link
    assert newest("enlace@example.org").subject.startswith("Vence el ")
    assert newest("enlace@example.org").message["Auto-Submitted"] == "auto-generated"


def test_once_however_often_the_night_runs(action: ActionItem) -> None:
    assert [reminders.remind.func() for _ in range(3)] == [2, 0, 0]
    assert len(mail.outbox) == 2
    letter = Letter.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.create(
            kind="reminder", action=action, round=-7, due=action.due, name="x", email=letter.email, language="es"
        )


@pytest.mark.django_db(transaction=True)
def test_two_workers_remind_once() -> None:
    body = room.committee()
    room.filled(body)
    owner = room.organisation("government", slug="ministerio")
    factories.user("gestora@example.org", Role.Kind.MANAGER, owner)
    due_in(5, room.held(room.convened(body, day="2026-03-03"), 1), owner)
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        try:
            reminders.remind.func()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(received()) == 1


def test_another_due_date_is_reminded_of_anew(action: ActionItem) -> None:
    reminders.remind.func()
    action.due += DAY
    decisions.correct_action(action, by=None)
    assert reminders.remind.func() == 2


def test_nothing_for_what_is_closed(meeting: Meeting, owner: Organisation, settings) -> None:
    done, dropped, closed_meanwhile = (due_in(-3, meeting, owner) for _ in range(3))
    decisions.complete(done, by=None, note="Hecho")
    decisions.drop(dropped, by=None, reason="Ya no hace falta")
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}
    assert reminders.remind.func() == 2
    decisions.complete(closed_meanwhile, by=None, note="Hecho")
    from steering import outbox

    assert outbox.post_letters.func() == 0
    assert mail.outbox == []


def test_whoever_left_is_not_written_to(action: ActionItem, owner: Organisation) -> None:
    Affiliation.objects.filter(is_focal_point=True).update(until=timezone.localdate() - DAY)
    User.objects.filter(email="gestora@example.org").update(is_active=False)
    assert reminders.remind.func() == 0


def test_as_many_queries_for_one_item_as_for_ten(meeting: Meeting, owner: Organisation, settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert reminders.remind.func()
        return len(seen)

    due_in(5, meeting, owner)
    few = queries()
    for _ in range(10):
        due_in(5, meeting, owner)
    assert queries() == few


# --- Reporting by the link -------------------------------------------------------------------------------------------


def test_the_page_of_an_action_item(client: Client, link: str, action: ActionItem) -> None:
    page = client.get(link)
    assert page.status_code == 200
    assert action.code in page.text
    assert "Publicar el plan" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    client.get(link, {"under_way": "1", "done": "1"})
    assert again(action).state == State.OPEN


def test_under_way_twice_is_harmless(link: str, action: ActionItem) -> None:
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert client.post(link, {"under_way": ""}).status_code == 302
    assert again(action).state == State.IN_PROGRESS
    entry = AuditEntry.objects.about(action).get(verb="action-started")
    assert (entry.by, entry.reason) == (None, "Enlace")
    assert "en curso" in client.get(link).text


@pytest.mark.parametrize("shown", ["evidence", "url", "note"])
def test_done_with_what_shows_it(client: Client, link: str, action: ActionItem, shown: str) -> None:
    work = factories.resource()
    given = {"evidence": str(work.pk), "url": "https://example.org/plan", "note": "Publicado"}[shown]
    assert client.post(link, {"done": "", shown: given}).status_code == 302
    held = again(action)
    assert held.state == State.DONE
    assert {"evidence": held.evidence == work, "url": held.evidence_url == given, "note": held.note == given}[shown]
    assert AuditEntry.objects.about(action).get(verb="action-done").reason == "Enlace"
    page = client.get(link)
    assert (page.status_code, "<form method" in page.text.split("<main")[1].split("<footer")[0]) == (410, False)
    assert client.post(link, {"done": "", "note": "Otra vez"}).status_code == 422
    assert again(action).note != "Otra vez"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"note": "  "},
        {"evidence": "99999"},
        {"evidence": "9" * 30},
        {"url": "javascript:alert(1)"},
        {"note": "x" * 2001},
    ],
)
def test_done_with_nothing_that_shows_it_is_told(client: Client, link: str, action: ActionItem, data: dict) -> None:
    answer = client.post(link, {"done": "", **data})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert again(action).state == State.OPEN


def test_a_draft_of_the_library_shows_nothing(client: Client, link: str, action: ActionItem) -> None:
    draft = factories.resource(published=False)
    assert client.post(link, {"done": "", "evidence": draft.pk}).status_code == 422


def test_a_question_goes_to_the_secretariat(client: Client, link: str, action: ActionItem, secretary: User) -> None:
    for _ in range(2):
        assert client.post(link, {"ask": "", "text": "¿En qué formato?"}).status_code == 302
    assert Question.objects.get().text == "¿En qué formato?"
    assert again(action).state == State.OPEN
    assert Duty.objects.open().filter(kind="action-question").count() == 1
    page = signed_in(secretary).get(room.page_of(action)).text
    assert "¿En qué formato?" in page
    assert "mailto:enlace@example.org" in page
    assert "¿En qué formato?" in client.get(link).text
    assert client.post(link, {"ask": "", "text": " "}).status_code == 422


def test_questions_have_an_end(client: Client, link: str, action: ActionItem) -> None:
    for n in range(7):
        client.post(link, {"ask": "", "text": f"¿Cuál {n}?"})
    assert Question.objects.count() == reminders.MOST_QUESTIONS


def test_links_that_open_nothing(client: Client, link: str, action: ActionItem) -> None:
    for forged in (link[:-8] + "AAAAAAA/", "/es/comite/compromiso/x/"):
        assert client.get(forged).status_code == 404
        assert client.post(forged, {"under_way": ""}).status_code == 404
    Affiliation.objects.filter(is_focal_point=True).update(until=timezone.localdate() - DAY)
    for answer in (client.get(link), client.post(link, {"under_way": ""})):
        assert answer.status_code == 410
        assert action.code not in answer.text
    assert again(action).state == State.OPEN


def test_a_manager_whose_role_ended_reports_no_more(client: Client, action: ActionItem) -> None:
    reminders.remind.func()
    link = newest("gestora@example.org").link
    assert client.get(link).status_code == 200
    Role.objects.filter(kind="manager").update(until=timezone.localdate() - DAY, since=timezone.localdate() - DAY)
    assert client.get(link).status_code == 410
