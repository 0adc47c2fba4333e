"""Letters of a meeting: each sent once whatever happens, telling only what one may know, forgotten in time."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network import privacy
from network.models import Role, User
from steering import attendance, invitations, meetings, outbox
from steering.models import Body, Designation, Invitation, Letter
from tests import factories
from tests.conftest import signed_in
from tests.steering import room
from tests.steering.calling.steps import DAY, asks, convened, held_back, let_go, planned
from tests.steering.mailbox import newest, received

pytestmark = pytest.mark.django_db


# --- Once, whatever happens ------------------------------------------------------------------------------------------


def test_the_database_keeps_one_letter_for_each_sequence(body: Body) -> None:
    convened(body)
    letter = Letter.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.create(
            kind="request", invitation=letter.invitation, round=0, name="x", email=letter.email, language="es"
        )


def test_a_task_that_runs_twice_sends_once(body: Body) -> None:
    meeting = convened(body)
    assert outbox.post_letters.func() == 0
    invitations.call(meeting)
    invitations.call_those_who_lack_one(meeting, by=None)
    assert len(received()) == 4


def test_what_is_rolled_back_tells_nobody(body: Body, settings) -> None:
    held_back(settings)
    meeting = planned(body)
    with transaction.atomic():
        meetings.convene(meeting, by=None)
        transaction.set_rollback(True)
    assert not Letter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_letter_once(settings) -> None:
    body = room.committee()
    for _ in range(4):
        room.filled(body)
    held_back(settings)
    convened(body)
    start = threading.Barrier(2)
    sent = []

    def work() -> None:
        start.wait()
        try:
            sent.append(outbox.post_letters.func())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == len(received()) == 8
    assert len({one.to for one in received()}) == 8


class Killed(BaseException):
    """The worker is stopped in the middle of it."""


def test_a_killed_worker_sends_nothing_twice_and_loses_nothing(client_, body: Body, settings, monkeypatch) -> None:
    held_back(settings)
    meeting = convened(body)
    send = EmailMessage.send

    def killed(self: EmailMessage) -> None:
        if len(mail.outbox) == 1:
            raise Killed
        send(self)

    monkeypatch.setattr(EmailMessage, "send", killed)
    with pytest.raises(Killed):
        outbox.post_letters.func()
    monkeypatch.setattr(EmailMessage, "send", send)
    let_go(settings)
    assert outbox.post_letters.func() == 2  # the other two; of the one broken off nobody knows whether it left
    broken_off = Letter.objects.get(state="sending")
    Letter.objects.filter(pk=broken_off.pk).update(begun_at=timezone.now() - timedelta(hours=1))
    assert outbox.post_letters.func() == 0
    assert "Interrumpida" in client_.get(room.page_of(meeting)).text
    assert "Se escribirá a 1 persona." in asks(client_, meeting, "call")
    room.take(client_, meeting, "call")
    assert sorted(one.to for one in received()) == sorted(meeting.invitations.values_list("person__email", flat=True))


def test_a_mail_server_that_refuses_is_asked_again_later(client_, body: Body, monkeypatch) -> None:
    send = EmailMessage.send

    def refuse(self: EmailMessage) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMessage, "send", refuse)
    meeting = convened(body)
    assert mail.outbox == []
    assert set(Letter.objects.values_list("state", "tries")) == {("waiting", 1)}
    monkeypatch.setattr(EmailMessage, "send", send)
    assert outbox.post_letters.func() == 0  # not yet
    Letter.objects.update(again_at=timezone.now())
    assert outbox.post_letters.func() == 4
    assert len({one.message["Message-ID"] for one in received()}) == 4
    assert "call" not in room.offered(client_, meeting)


def test_what_was_given_up_is_sent_by_the_step(client_, body: Body, monkeypatch) -> None:
    def refuse(self: EmailMessage) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", refuse)
        meeting = convened(body)
        for _ in range(outbox.TRIES):
            Letter.objects.update(again_at=timezone.now())
            outbox.post_letters.func()
    assert set(Letter.objects.values_list("state", "tries")) == {("failed", outbox.TRIES)}
    assert "No se pudo enviar" in client_.get(room.page_of(meeting)).text
    room.take(client_, meeting, "call")
    assert len(received()) == 4


def test_one_bad_letter_holds_nobody_up(body: Body, monkeypatch) -> None:
    send = EmailMessage.send
    bad = Designation.objects.first().person.email

    def refuse_one(self: EmailMessage) -> None:
        if self.to == [bad]:
            raise ValueError
        send(self)

    monkeypatch.setattr(EmailMessage, "send", refuse_one)
    convened(body)
    assert len(received()) == 3


# --- What only those invited learn -----------------------------------------------------------------------------------


def test_a_guest_learns_of_the_items_they_may_read(client_, body: Body) -> None:
    meeting = planned(body)
    room.item(meeting, title_es="Presupuesto reservado", visibility="committee")
    room.item(meeting, title_es="Campaña pública", visibility="public")
    room.item(meeting, title_es="Asunto de miembros", visibility="members")
    meetings.convene(meeting, by=None)
    member, outsider = (room.person(factories.organisation(member=is_one)) for is_one in (True, False))
    for guest in (member, outsider):
        attendance.answer(Invitation(meeting=meeting, person=guest), by=None, reply="none")
    invitations.call_those_who_lack_one(meeting, by=None)
    seen = {}
    for who in (Designation.objects.first().person, member, outsider):
        letter = newest(who.email)
        assert [title in letter.text for title in ("Presupuesto", "Campaña", "Asunto")] == [
            title in str(letter.event["DESCRIPTION"]) for title in ("Presupuesto", "Campaña", "Asunto")
        ]
        seen[who.pk] = [title for title in ("Presupuesto", "Campaña", "Asunto") if title in letter.text]
    assert list(seen.values()) == [["Presupuesto", "Campaña", "Asunto"], ["Campaña", "Asunto"], ["Campaña"]]


def test_a_meeting_takes_as_many_queries_to_call_for_two_as_for_ten(body: Body, settings) -> None:
    """Beside the letters themselves, which are sent one by one."""
    held_back(settings)

    def queries() -> int:
        meeting = planned(body)
        with CaptureQueriesContext(connection) as seen:
            meetings.convene(meeting, by=None)
        return len(seen)

    queries()
    few = queries()
    for _ in range(8):
        room.filled(body)
    assert queries() == few


def test_the_page_takes_as_many_queries_for_two_letters_as_for_twenty(client_, body: Body) -> None:
    def queries() -> int:
        meeting = convened(body)
        client_.get(room.page_of(meeting))
        with CaptureQueriesContext(connection) as seen:
            client_.get(room.page_of(meeting))
        return len(seen)

    few = queries()
    for _ in range(8):
        room.filled(body)
    assert queries() == few


def test_only_the_secretariat_calls(committee_member: User, body: Body) -> None:
    meeting = convened(body)
    room.named(Designation.objects.first().term, 2)
    room.take(signed_in(committee_member), meeting, "call")
    assert len(received()) == 4
    assert Role.objects.filter(user=committee_member, kind="committee").exists()


# --- What is kept of it ----------------------------------------------------------------------------------------------


def test_addresses_are_forgotten_with_the_links_and_with_the_person(client, body: Body) -> None:
    meeting = convened(body)
    erased, old, kept, _other = Letter.objects.all()
    link = newest(erased.email).link
    administrator = factories.user("admin@example.org", Role.Kind.ADMINISTRATOR)
    privacy.erase_contacts(erased.person, by=administrator, reason="Lo pidió")
    Letter.objects.filter(pk=old.pk).update(made_at=timezone.now() - 401 * DAY)
    assert [outbox.forget_addresses.func() for _ in range(2)] == [2, 0]
    for letter in (erased, old):
        assert Letter.objects.get(pk=letter.pk).email.endswith("@erased.invalid")
    assert Letter.objects.get(pk=kept.pk).email == kept.email
    assert client.get(link).status_code == 410
    assert meeting.invitations.count() == 4


def test_whoever_has_an_account_sees_which_letters_they_got(body: Body) -> None:
    person = Designation.objects.first().person
    person.user = factories.user("cuenta@example.org")
    person.save()
    convened(body)
    assert person.email in signed_in(person.user).get("/es/mi-mesa/mis-datos/").text
