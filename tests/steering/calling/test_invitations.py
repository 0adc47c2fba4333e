"""Calling people to a meeting: one message each, updates and cancellations of the same entry."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP, EmailPolicy, default

import pytest
from django.core import mail
from django.utils import timezone

from portal.core.models import AuditEntry
from steering import meetings, outbox, seats
from steering.models import Body, Designation, Invitation, Letter, Meeting
from tests import factories
from tests.steering import room
from tests.steering.calling.steps import DAY, asks, convened, held_back, let_go, move, planned
from tests.steering.mailbox import Received, newest, received

pytestmark = pytest.mark.django_db


# --- Who gets what ---------------------------------------------------------------------------------------------------


def test_nobody_hears_of_a_draft(client_, body: Body) -> None:
    meeting = planned(body)
    room.change(client_, meeting, title_es="Otro título")
    room.take(client_, meeting, "refresh_agenda")
    room.take(client_, meeting, "cancel", reason="No hace falta")
    assert mail.outbox == []
    assert not Letter.objects.exists()


def test_convening_sends_each_a_real_invitation(client_, body: Body) -> None:
    meeting = planned(body)
    assert "Se escribirá a 4 personas." in asks(client_, meeting, "convene")
    assert mail.outbox == []
    room.take(client_, meeting, "convene")
    called = Invitation.objects.filter(meeting=meeting)
    assert sorted(one.to for one in received()) == sorted(called.values_list("person__email", flat=True))
    for letter in received():
        assert letter.message.get_content_type() == "multipart/mixed"
        assert letter.part.get_content_charset() == "utf-8"
        assert letter.part.get_param("method") == letter.calendar["METHOD"] == "REQUEST"
        assert (letter.file.get_filename(), letter.file.get_content()) == ("invite.ics", letter.raw)
        assert letter.event["ATTENDEE"] == f"mailto:{letter.to}"
        assert letter.raw.replace(b"\r\n ", b"").count(b"\r\nATTENDEE") == 1
        assert letter.event["UID"] == Meeting.objects.get().uid
        assert (letter.event["SEQUENCE"], letter.event["STATUS"]) == (0, "CONFIRMED")
        assert letter.message["Auto-Submitted"] == "auto-generated"
        assert "SECRETARÍA" not in letter.text
    titulars = [one for one in received() if one.event["ATTENDEE"].params["ROLE"] == "REQ-PARTICIPANT"]
    assert len(titulars) == 2


def test_beside_the_text_stands_the_calendar_as_an_alternative(body: Body) -> None:
    convened(body)
    alternative, file = newest().message.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in alternative.iter_parts()] == ["text/plain", "text/calendar"]
    assert file.get_content_disposition() == "attachment"


@pytest.mark.parametrize("policy", [SMTP, default], ids=["on the wire", "in a queue"])
def test_nothing_on_the_way_touches_the_lines_of_the_calendar(body: Body, policy: EmailPolicy) -> None:
    someone = Designation.objects.first().person
    someone.name = "Ñandú Pérez " * 12
    someone.save()
    convened(body)
    for one in mail.outbox:
        letter = Received(message_from_bytes(one.message().as_bytes(policy=policy), policy=policy))
        assert b"\n" not in letter.raw.replace(b"\r\n", b"")
        assert max(len(line) for line in letter.raw.split(b"\r\n")) <= 75


def test_the_organiser_reads_mail(body: Body, settings) -> None:
    settings.COMMITTEE_EMAIL = "comite@salud.example"
    convened(body)
    assert newest().event["ORGANIZER"] == "mailto:comite@salud.example"
    assert newest().event["ORGANIZER"].params["CN"] == "Comité Directivo"
    assert newest().message["Reply-To"] == "comite@salud.example"


def test_each_reads_it_in_their_language_and_by_the_clocks_of_the_meeting(body: Body) -> None:
    english, spanish = (row.person for row in Designation.objects.filter(order=0))
    english.language = "en"
    english.save()
    meeting = convened(body, place="Hotel", mode="hybrid", url="https://video.example/a")
    theirs, ours = newest(english.email), newest(spanish.email)
    assert theirs.subject.startswith(f"Invitation: {meeting.code} · Regular meeting, ")
    assert ours.subject.startswith(f"Invitación: {meeting.code} · Reunión ordinaria, ")
    assert (theirs.event["SUMMARY"].params["LANGUAGE"], str(theirs.event["SUMMARY"])) == (
        "en", f"{meeting.code} · Regular meeting",
    )  # fmt: skip
    assert "Agenda\n1. Punto" in str(theirs.event["DESCRIPTION"])
    assert "/es/comite/" in ours.link
    assert "/en/committee/" in theirs.link
    assert str(ours.event["LOCATION"]) == "Hotel"
    assert str(ours.event["CONFERENCE"]) == "https://video.example/a"
    assert ours.event["DTSTART"].params["TZID"] == "America/Guatemala"
    assert ours.event.start.astimezone(UTC) == meeting.starts_at
    assert "9:00" in ours.text


def test_the_hour_in_ones_own_country(body: Body) -> None:
    """Guatemala and Costa Rica share their clocks, Panama does not."""
    there = room.filled(body, room.organisation("academia", "PA")).designations.first()
    convened(body)
    assert "Hora de PA: 10:00 a 13:00" in newest(there.person.email).text
    assert "Hora de" not in received()[0].text


def test_by_correspondence_the_whole_span(body: Body) -> None:
    meeting = planned(body, mode="correspondence")
    Meeting.objects.filter(pk=meeting.pk).update(ends_at=meeting.starts_at + 10 * DAY)
    meetings.convene(meeting, by=None)
    event = newest().event
    assert (event["TRANSP"], event.end - event.start) == ("TRANSPARENT", 10 * DAY)


def test_a_meeting_that_was_held_before_it_was_entered_calls_nobody(client_, body: Body) -> None:
    meeting = planned(body, day="2026-03-03")
    assert "Se escribirá a 0 personas." in asks(client_, meeting, "convene")
    room.take(client_, meeting, "convene")
    assert mail.outbox == []
    assert not Letter.objects.exists()
    assert "call" not in room.offered(client_, meeting)
    assert "Solo una reunión por venir" in room.told(room.take(client_, meeting, "call"))


def test_where_a_body_has_no_alternates_none_is_called(body: Body) -> None:
    Body.objects.update(alternates_allowed=False)
    convened(Body.objects.get())
    assert sorted(one.to for one in received()) == sorted(
        Designation.objects.filter(order=0).values_list("person__email", flat=True)
    )


def test_whoever_has_no_address_is_named_before_the_step(client_, body: Body) -> None:
    someone = Designation.objects.first().person
    someone.email = ""
    someone.save()
    meeting = planned(body)
    page = asks(client_, meeting, "convene")
    assert "Se escribirá a 3 personas." in page
    assert f"No se conoce el correo electrónico de: {someone.name}." in page
    room.take(client_, meeting, "convene")
    assert len(received()) == 3


def test_an_account_lends_its_address(body: Body) -> None:
    someone = Designation.objects.first().person
    someone.email, someone.user = "", factories.user("cuenta@example.org")
    someone.save()
    convened(body)
    assert newest("cuenta@example.org")


# --- Moving and cancelling -------------------------------------------------------------------------------------------


def test_a_move_is_an_update_of_the_same_entry(client_, body: Body) -> None:
    meeting = convened(body)
    person = meeting.invitations.first().person
    first = newest(person.email)
    assert "Se escribirá a 4 personas." in asks(client_, meeting, "move")
    move(client_, meeting)
    second = newest(person.email)
    assert len(received(person.email)) == 2
    assert (second.calendar["METHOD"], second.event["SEQUENCE"]) == ("REQUEST", 1)
    assert second.event["UID"] == first.event["UID"]
    assert second.event.start == first.event.start + 14 * DAY
    assert second.event["DTSTAMP"].dt >= first.event["DTSTAMP"].dt
    assert "Cambio" in second.subject
    assert "Feriado" in second.text
    assert second.link != first.link


@pytest.mark.parametrize(
    ("zone", "hour"), [("Europe/Madrid", 8), ("America/Tegucigalpa", 15), ("America/New_York", 14)]
)
def test_a_move_across_a_change_of_clocks_and_across_zones_keeps_the_local_hour(client_, body, zone, hour) -> None:
    year = timezone.localdate().year + 1
    meeting = convened(body, day=f"{year}-10-20", zone="Europe/Madrid")
    before = newest()
    assert (before.event.start.hour, before.event.start.astimezone(UTC).hour) == (9, 7)
    move(client_, meeting, day=f"{year}-11-16", zone=zone)
    after = newest(before.to)
    assert after.event["DTSTART"].to_ical() == f"{year}1116T090000".encode()
    assert after.event["DTSTART"].params["TZID"] == after.calendar.walk("VTIMEZONE")[0]["TZID"] == zone
    told = after.calendar.walk("VTIMEZONE")[0].to_tz(lookup_tzid=False)
    assert datetime(year, 11, 16, 9, tzinfo=told).astimezone(UTC).hour == hour


def test_cancelling_takes_it_out_of_the_calendars_that_have_it(client_, body: Body) -> None:
    meeting = convened(body)
    move(client_, meeting)
    room.take(client_, meeting, "cancel", reason="Huracán")
    cancelled = received(subject="Cancelada")
    assert len(cancelled) == 4
    for letter in cancelled:
        assert letter.part.get_param("method") == letter.calendar["METHOD"] == "CANCEL"
        event = letter.event
        assert (event["UID"], event["STATUS"], event["SEQUENCE"]) == (meeting.uid, "CANCELLED", 2)
        assert "Huracán" in letter.text
        assert "/comite/convocatoria/" not in letter.text


def test_the_cancellation_goes_where_the_invitation_went(client_, body: Body) -> None:
    meeting = convened(body)
    person = meeting.invitations.first().person
    old, person.email = person.email, "nueva@example.org"
    person.save()
    room.take(client_, meeting, "cancel", reason="Huracán")
    assert newest(old, "Cancelada")
    assert not received("nueva@example.org")


def test_whoever_is_no_longer_accredited_hears_so_with_the_next_change(client_, body: Body) -> None:
    meeting = convened(body)
    gone = Designation.objects.filter(order=1).first()
    seats.end_designation(gone, by=None, on=timezone.localdate(), reason="Dejó el cargo")
    move(client_, meeting)
    letter = newest(gone.person.email)
    assert (letter.calendar["METHOD"], letter.event["SEQUENCE"]) == ("CANCEL", 1)
    assert "ya no" in letter.text
    assert len(received(subject="Cambio")) == 3
    room.take(client_, meeting, "cancel", reason="Huracán")
    assert [one.event["SEQUENCE"] for one in received(gone.person.email, "Cancelada")] == [1, 2]


def test_an_invitation_that_has_not_left_does_not_follow_its_update(body: Body, settings) -> None:
    held_back(settings)
    meeting = convened(body)
    meetings.cancel(meeting, by=None, reason="Huracán")
    let_go(settings)
    assert outbox.post_letters.func() == 0
    assert mail.outbox == []
    assert set(Letter.objects.values_list("state", flat=True)) == {"dropped"}


def test_an_invitation_that_waits_too_long_is_not_sent(body: Body, settings) -> None:
    held_back(settings)
    convened(body)
    Letter.objects.filter(pk=Letter.objects.first().pk).update(round=-1)  # as if the meeting had been moved meanwhile
    let_go(settings)
    assert outbox.post_letters.func() == 3
    Letter.objects.update(state="waiting")
    now = timezone.now()
    Meeting.objects.update(starts_at=now - 2 * DAY, ends_at=now - DAY)
    assert outbox.post_letters.func() == 0
    assert set(Letter.objects.values_list("state", flat=True)) == {"dropped"}


# --- Those who lack one ----------------------------------------------------------------------------------------------


def test_whoever_is_accredited_later_gets_theirs_and_nobody_a_second(client_, body: Body) -> None:
    meeting = convened(body)
    assert "call" not in room.offered(client_, meeting)
    late = room.named(Designation.objects.first().term, 2)
    assert "call" in room.offered(client_, meeting)
    assert "Se escribirá a 1 persona." in asks(client_, meeting, "call")
    room.take(client_, meeting, "call")
    room.take(client_, meeting, "call")
    assert len(received()) == 5
    assert newest(late.person.email).event["SEQUENCE"] == 0
    assert "meeting-called" in AuditEntry.objects.about(meeting).values_list("verb", flat=True)
    assert "call" not in room.offered(client_, meeting)


def test_a_guest_added_by_hand_is_called_like_the_others(client_, body: Body) -> None:
    meeting = convened(body)
    guest = room.person(room.organisation())
    n = meeting.invitations.count()
    added = {"invitations-TOTAL_FORMS": n + 1, f"invitations-{n}-person": guest.pk, f"invitations-{n}-answer": "none"}
    assert room.change(client_, meeting, **added).status_code == 302
    room.take(client_, meeting, "call")
    assert newest(guest.email).event["ATTENDEE"] == f"mailto:{guest.email}"


def test_a_corrected_address_gets_its_own(client_, body: Body) -> None:
    meeting = convened(body)
    person = meeting.invitations.first().person
    person.email = "correcta@example.org"
    person.save()
    room.take(client_, meeting, "call")
    assert len(received()) == 5
    assert newest().to == "correcta@example.org"
