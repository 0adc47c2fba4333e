"""The meeting room without a browser: its doors, notes of two people at once, plain forms, what others change."""

import pytest

from network.models import User
from steering import decisions, meetings, minutes
from steering.models import Body, Decision, Meeting, Note, Section
from tests.conftest import signed_in
from tests.steering import room
from tests.steering.meeting_room.forms import address, decide, known, mark, note, page, send, shown_line

pytestmark = pytest.mark.django_db


# --- Doors -----------------------------------------------------------------------------------------------------------


def test_the_room_is_for_those_who_keep_meetings(
    client, client_, other, meeting: Meeting, committee_member: User, contributor: User
) -> None:
    assert signed_in(committee_member).get(address(meeting)).status_code == 404
    for stranger in (client, signed_in(contributor)):
        assert stranger.get(address(meeting)).status_code == 302
    for keeper in (client_, other):
        assert "Plan 2027" in page(keeper, meeting)
        assert address(meeting) in keeper.get(room.page_of(meeting)).text


def test_a_draft_has_no_room_and_other_meetings_nothing_here(client_, meeting: Meeting, body: Body) -> None:
    draft = room.meeting(body)
    assert client_.get(address(draft)).status_code == 404
    assert address(draft) not in client_.get(room.page_of(draft)).text
    elsewhere = draft.items.last()
    for end in (f"items/{elsewhere.pk}/notes/es/", f"items/{elsewhere.pk}/treat/", f"items/{elsewhere.pk}/decisions/"):
        assert send(client_, meeting, end, text="x", seen=0).status_code == 404
    item = meeting.items.first()
    for end in (f"items/{item.pk}/notes/fr/", f"items/{item.pk}/erase/", "lines/999/", "decisions/9/", "actions/9/"):
        assert send(client_, meeting, end).status_code == 404
    assert client_.get(address(meeting, "changes/")).status_code == 405


def test_a_session_that_ended_is_told_to_scripts_and_leads_to_sign_in_without(client, meeting: Meeting) -> None:
    item = meeting.items.first()
    assert note(client, item, "Se habló").status_code == 401
    assert send(client, meeting, "changes/", htmx=True).status_code == 401
    answer = send(client, meeting, f"items/{item.pk}/notes/es/", text="Se habló", seen=0)
    assert answer.status_code == 302
    assert "login" in answer.headers["Location"]
    assert not Note.objects.exists()


# --- Notes -----------------------------------------------------------------------------------------------------------


def test_notes_are_saved_by_language_and_begin_the_minutes(client_, other, listed: Meeting) -> None:
    item = listed.items.first()
    answer = note(client_, item, "Se presentó\r\nel plan.")
    assert answer.status_code == 200
    assert "Guardado a las" in answer.text
    assert note(other, item, "The plan was presented.", language="en").status_code == 200
    written = Note.objects.get(language="es")
    assert (written.text, written.version, written.by.email) == ("Se presentó\nel plan.", 1, "secretaria@example.org")
    assert "The plan was presented." in page(client_, listed)
    for line in listed.attendance.filter(order=0):
        mark(client_, line)
    meetings.hold(listed, by=None)
    minutes.draft(listed, by=None)
    section = Section.objects.get(item=item)
    assert (section.text_es, section.text_en) == ("Se presentó\nel plan.", "The plan was presented.")
    assert Section.objects.exclude(item=item).get().text_es == ""


def test_two_people_write_the_same_note_and_nothing_is_lost(client_, other, meeting: Meeting) -> None:
    item = meeting.items.first()
    note(client_, item, "Lo de Ana")
    answer = note(other, item, "Lo de Luis", seen=0)
    assert answer.status_code == 409
    for words in ("Lo de Ana", "Lo de Luis", "Otra persona", "Conservar lo mío"):
        assert words in answer.text, words
    assert Note.objects.get().text == "Lo de Ana"
    assert note(other, item, "Lo de Luis", seen=0, current=1, choice="theirs").status_code == 200
    assert Note.objects.get().text == "Lo de Ana"
    assert note(other, item, "Lo de Luis", seen=0, current=1, choice="both").status_code == 200
    assert Note.objects.get().text == "Lo de Ana\n\nLo de Luis"
    assert (
        note(other, item, "Lo de Luis", seen=0, current=1, choice="mine").status_code == 409
    )  # a third one was quicker
    assert note(other, item, "Lo de Luis", seen=0, current=2, choice="mine").status_code == 200
    assert Note.objects.get().text == "Lo de Luis"


def test_the_same_note_twice_is_written_once(client_, meeting: Meeting) -> None:
    item = meeting.items.first()
    for _ in range(2):
        assert note(client_, item, "Se habló").status_code == 200  # sent again over a bad line, seen as before
    assert Note.objects.get().version == 1


@pytest.mark.parametrize("text", ["x" * 20_001, "a\x00b"])
def test_a_note_that_cannot_be_kept_is_told(client_, meeting: Meeting, text: str) -> None:
    answer = note(client_, meeting.items.first(), text)
    assert answer.status_code in (400, 422)
    assert not Note.objects.exists()


# --- Without scripts -------------------------------------------------------------------------------------------------


def test_plain_forms_do_the_same(client_, listed: Meeting) -> None:
    item = listed.items.last()
    answer = client_.post(address(listed, f"items/{item.pk}/notes/es/"), {"text": "Se habló", "seen": 0}, follow=True)
    assert "Guardado a las" in answer.text
    assert answer.redirect_chain[0][0].endswith(f"?item={item.pk}#note-{item.pk}-es")
    line = listed.attendance.first()
    send(client_, listed, f"lines/{line.pk}/", status="absent", now="arrived", seen=shown_line(client_, line))
    line.refresh_from_db()
    assert (line.status, line.arrived_at is not None, line.counted) == ("in_person", True, True)
    wrong = decide(client_, item, htmx=False, text_es="Se aprueba todo.", visibility="public")
    assert wrong.status_code == 422
    assert "menos lectores" in wrong.text
    assert "Se aprueba todo." in wrong.text
    assert decide(client_, item, htmx=False).status_code == 302
    conflict = client_.post(address(listed, f"items/{item.pk}/notes/es/"), {"text": "Otra cosa", "seen": 0})
    assert conflict.status_code == 409
    assert "Otra cosa" in conflict.text
    assert "Se habló" in conflict.text


# --- What others change ----------------------------------------------------------------------------------------------


def test_the_pulse_brings_what_has_changed_and_nothing_else(client_, other, listed: Meeting) -> None:
    has = known(page(client_, listed))
    assert send(client_, listed, "changes/", htmx=True, known=has).status_code == 204
    item = listed.items.first()
    note(other, item, "Se habló")
    decide(other, listed.items.last())  # refused: nobody is here
    answer = send(client_, listed, "changes/", htmx=True, known=has)
    assert answer.status_code == 200
    assert {entry.rsplit(":", 1)[0] for entry in known(answer.text)} == {f"note-{item.pk}-es"}
    has = known(page(client_, listed))
    mark(other, listed.attendance.first())
    decide(other, item)
    told = {entry.rsplit(":", 1)[0] for entry in known(send(client_, listed, "changes/", htmx=True, known=has).text)}
    line, decision = listed.attendance.first(), Decision.objects.get()
    wanted = {"quorum", f"line-{line.pk}", f"decision-{decision.pk}", f"head-{item.pk}", f"matter-{item.pk}", "end"}
    assert told == wanted
    answer = send(client_, listed, "changes/", htmx=True, known=has)
    assert f"beforeend:#item-{item.pk}-decisions" in answer.text


def test_what_is_done_elsewhere_comes_too(client_, listed: Meeting) -> None:
    mark(client_, listed.attendance.first())
    row = room.decision(listed)
    has = known(page(client_, listed))
    decisions.annul(row, by=None, reason="Duplicada")
    assert "Anulad" in send(client_, listed, "changes/", htmx=True, known=has).text


@pytest.mark.parametrize("said", ["", "x", "quorum:", ":", "note-1-es:zz:zz", "\x00"])
def test_a_pulse_that_says_nonsense_gets_everything(client_, meeting: Meeting, said: str) -> None:
    assert send(client_, meeting, "changes/", htmx=True, known=said).status_code in (200, 400)
