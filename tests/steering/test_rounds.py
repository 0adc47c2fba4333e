"""Minutes that go round: who gets the letter, what its link shows to whom, and observations without an account."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.models import User
from portal.core.models import AuditEntry
from steering import attendance, minutes, rounds
from steering.models import Body, Invitation, Letter, Meeting, Minutes, Observation
from tests import factories
from tests.conftest import signed_in
from tests.steering import room
from tests.steering.mailbox import newest, received

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def body() -> Body:
    body = room.committee()
    for sector in ("government", "un"):
        room.filled(body, room.organisation(sector))
    return body


@pytest.fixture
def client_(secretary: User):
    return signed_in(secretary)


@pytest.fixture
def meeting(body: Body) -> Meeting:
    meeting = room.convened(body, day="2026-03-03")
    item = meeting.items.get()
    item.title_es, item.visibility = "Asunto reservado", "committee"
    item.save()
    room.item(meeting, title_es="Campaña pública", visibility="public")
    return meeting


@pytest.fixture
def record(meeting: Meeting) -> Minutes:
    return minutes.draft(room.held(meeting, 2), by=None)


@pytest.fixture
def going(record: Minutes) -> Minutes:
    minutes.circulate(record, by=None)
    return Minutes.objects.get(pk=record.pk)


@pytest.fixture
def titular(meeting: Meeting) -> Invitation:
    return meeting.invitations.filter(designation__order=0).first()


@pytest.fixture
def link(going: Minutes, titular: Invitation) -> str:
    return newest(titular.person.email).link


def guest_of(meeting: Meeting, **fields: object) -> Invitation:
    invitation = Invitation(meeting=meeting, person=room.person(factories.organisation(**fields)))
    attendance.answer(invitation, by=None, reply="none")
    return invitation


def test_everybody_who_was_called_gets_a_letter(client_, record: Minutes) -> None:
    assert mail.outbox == []
    page = client_.post(room.page_of(record), {"CHANGE_FORM-action": "circulate", "_selected_action": record.pk}).text
    assert "Se escribirá a 4 personas." in page
    room.take(client_, record, "circulate")
    called = record.meeting.invitations.values_list("person__email", flat=True)
    assert sorted(one.to for one in received()) == sorted(called)
    assert newest().subject.startswith(f"Acta {record.meeting.code}: observaciones hasta el ")
    assert newest().part is None
    assert "Persona" in client_.get(room.page_of(record)).text


def test_the_link_shows_the_committees_version_to_a_seat(client: Client, link: str, meeting: Meeting) -> None:
    page = client.get(link)
    assert page.status_code == 200
    assert "Asunto reservado" in page.text
    assert "Campaña pública" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    english = client.get(link.replace("/es/comite/acta-en-consulta/", "/en/committee/minutes-to-read/"))
    assert "Not approved yet" in english.text


def test_a_guest_reads_what_guests_read(client: Client, meeting: Meeting) -> None:
    guest = guest_of(meeting, member=False)
    record = minutes.draft(room.held(meeting, 2), by=None)
    minutes.circulate(record, by=None)
    page = client.get(newest(guest.person.email).link).text
    assert "Asunto reservado" not in page
    assert "Campaña pública" in page


def test_objecting_without_an_account(link: str, going: Minutes, titular: Invitation, client_) -> None:
    client = Client(enforce_csrf_checks=True)
    item = going.meeting.items.first()
    for _ in range(2):
        assert client.post(link, {"text": "Falta un nombre", "item": item.pk}).status_code == 302
    said = Observation.objects.get()
    assert (said.organisation, said.item, said.state) == (titular.designation.term.organisation, item, "open")
    assert AuditEntry.objects.about(said).get(verb="observed").reason == titular.person.name
    assert "Falta un nombre" in client.get(link).text
    room.take(client_, said, "answer", state="accepted", response="Se agrega")
    assert "Se agrega" in client.get(link).text


def test_what_another_organisation_objected_to_stays_with_it(client: Client, link: str, meeting: Meeting) -> None:
    client.post(link, {"text": "Falta un nombre"})
    other = meeting.invitations.filter(designation__order=0).last()
    assert "Falta un nombre" not in client.get(newest(other.person.email).link).text


@pytest.mark.parametrize("data", [{}, {"text": " "}, {"text": "x" * 4001}, {"text": "Sí", "item": "99999"}])
def test_what_is_no_observation_is_told(client: Client, link: str, data: dict) -> None:
    answer = client.post(link, data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert not Observation.objects.exists()


def test_a_guest_can_object_to_what_they_read_alone(client: Client, meeting: Meeting) -> None:
    guest = guest_of(meeting, member=False)
    reserved, public = meeting.items.all()
    minutes.circulate(minutes.draft(room.held(meeting, 2), by=None), by=None)
    link = newest(guest.person.email).link
    assert client.post(link, {"text": "No", "item": reserved.pk}).status_code == 422
    assert client.post(link, {"text": "Sí", "item": public.pk}).status_code == 302


def test_looking_changes_nothing(client: Client, link: str) -> None:
    entries = AuditEntry.objects.count()
    client.get(link, {"text": "Falta un nombre"})
    client.head(link)
    assert (AuditEntry.objects.count(), Observation.objects.count()) == (entries, 0)


def test_after_the_last_day_it_is_only_read(client: Client, link: str, going: Minutes) -> None:
    Minutes.objects.update(objections_until=timezone.localdate())
    assert client.post(link, {"text": "A tiempo"}).status_code == 302
    Minutes.objects.update(objections_until=timezone.localdate() - DAY)
    page = client.get(link)
    assert page.status_code == 200
    assert "Se recibieron observaciones hasta el" in page.text
    assert 'name="text"' not in page.text
    late = client.post(link, {"text": "Tarde"})
    assert (late.status_code, Observation.objects.count()) == (422, 1)
    assert "El plazo para observaciones ha terminado" in late.text
    assert "Tarde" in late.text


def test_taken_back_and_sent_round_anew(client: Client, link: str, going: Minutes, titular: Invitation) -> None:
    minutes.take_back(going, by=None, reason="Falta un nombre")
    gone = client.get(link)
    assert (gone.status_code, "Asunto reservado" in gone.text) == (410, False)
    assert "se retiró para redactarla" in gone.text
    assert client.post(link, {"text": "Sí"}).status_code == 410
    minutes.circulate(going, by=None)
    assert client.get(link).status_code == 410
    assert len(received(titular.person.email)) == 2
    assert client.get(newest(titular.person.email).link).status_code == 200
    assert not Observation.objects.exists()


def test_once_approved_the_link_only_reads(client: Client, link: str, going: Minutes) -> None:
    Minutes.objects.update(objections_until=timezone.localdate() - DAY)
    minutes.approve_unopposed(Minutes.objects.get(), by=None, reason="Nadie observó nada")
    page = client.get(link)
    assert "Aprobada" in page.text or "Aprobado" in page.text
    assert 'name="text"' not in page.text
    assert client.post(link, {"text": "Tarde"}).status_code == 422


def test_links_that_open_nothing(client: Client, link: str, titular: Invitation) -> None:
    for forged in (link[:-8] + "AAAAAAA/", "/es/comite/acta-en-consulta/x/"):
        assert client.get(forged).status_code == 404
        assert client.post(forged, {"text": "Sí"}).status_code == 404
    titular.person.email = "otra@example.org"
    titular.person.save()
    assert client.get(link).status_code == 410
    assert client.post(link, {"text": "Sí"}).status_code == 410


def test_sent_again_to_those_who_lack_them(client_, record: Minutes, titular: Invitation, monkeypatch) -> None:
    def refuse(self: EmailMessage) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", refuse)
        room.take(client_, record, "circulate")
    assert "send_again" not in room.offered(client_, record)  # the worker tries again by itself
    Letter.objects.update(state="failed")
    assert "send_again" in room.offered(client_, record)
    for _ in range(2):
        room.take(client_, record, "send_again")
    assert len(received()) == 4
    late = titular.person
    late.email = "correcta@example.org"
    late.save()
    room.take(client_, record, "send_again")
    assert newest().to == "correcta@example.org"
    assert rounds.reach_of_those_who_lack_one(record).written == []


def test_the_page_takes_as_many_queries_for_one_item_as_for_ten(client: Client, body: Body) -> None:
    def queries(items: int) -> int:
        meeting = room.convened(body, day="2026-03-03")
        for _ in range(items):
            room.item(meeting)
        minutes.circulate(minutes.draft(room.held(meeting, 2), by=None), by=None)
        link = newest().link
        client.get(link)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(link).status_code == 200
        return len(seen)

    assert queries(10) == queries(1)
