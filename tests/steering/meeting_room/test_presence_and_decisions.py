"""The meeting room without a browser: who is here, what is decided and handed out, items, queries."""

import re
import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test.utils import CaptureQueriesContext

from network.models import User
from portal.core.models import AuditEntry
from steering import meetings, seats
from steering.models import ActionItem, Attendance, Body, Decision, Meeting, Note
from tests import factories
from tests.steering import room
from tests.steering.meeting_room.forms import PAST, decide, mark, note, page, send, shown_line

pytestmark = pytest.mark.django_db


# --- Who is here -----------------------------------------------------------------------------------------------------


def test_the_quorum_is_said_with_what_lacks(client_, listed: Meeting) -> None:
    shown = page(client_, listed)
    assert "Falta 2 asientos" not in shown
    assert "Faltan 2 asientos más" in shown
    assert "Faltan 2 sectores más" in shown
    for line in listed.attendance.filter(order=0)[:2]:
        answer = mark(client_, line)
    assert "Hay quórum" in answer.text
    assert "2 de 3 asientos" in answer.text


def test_titular_and_alternate_here_count_once_and_the_page_says_so(client_, listed: Meeting) -> None:
    titular, suplente = listed.attendance.order_by("term", "order")[:2]
    assert "Habla por el asiento" in mark(client_, suplente).text
    answer = mark(client_, titular)
    assert f"solo cuenta {titular.name}" in page(client_, listed)
    assert "1 de 3 asientos" in answer.text
    assert Attendance.objects.get(counted=True) == titular
    assert "Habla por el asiento" in mark(client_, titular, left="09:30").text  # the alternate, from then on


def test_times_are_those_of_the_meeting_and_in_order(client_, listed: Meeting) -> None:
    line = listed.attendance.first()
    mark(client_, line, arrived="09:10", left="11:00")
    line.refresh_from_db()
    assert line.arrived_at.astimezone(listed.zone).strftime("%d %H:%M") == "03 09:10"
    answer = mark(client_, line, arrived="10:00", left="09:30")
    assert answer.status_code == 422
    assert "antes de llegar" in answer.text
    assert mark(client_, line, arrived="25:00").status_code == 422
    assert mark(client_, line, "gone").status_code == 422
    mark(client_, line, "excused", arrived="09:10")
    line.refresh_from_db()
    assert (line.status, line.arrived_at) == ("excused", None)


def test_two_people_mark_the_same_person(client_, other, listed: Meeting) -> None:
    line = listed.attendance.first()
    seen = shown_line(client_, line)
    mark(client_, line, "excused")
    answer = send(other, listed, f"lines/{line.pk}/", htmx=True, status="remote", seen=seen)
    assert answer.status_code == 409
    assert "Presente a distancia" in answer.text
    assert "Con excusa" in answer.text
    assert send(other, listed, f"lines/{line.pk}/", htmx=True, status="excused", seen=seen).status_code == 200
    current = shown_line(other, line)
    chosen = {"status": "remote", "seen": seen, "choice": "mine", "current": current}
    assert send(other, listed, f"lines/{line.pk}/", htmx=True, **chosen).status_code == 200
    line.refresh_from_db()
    assert line.status == "remote"


def test_somebody_else_comes_once(client_, listed: Meeting) -> None:
    guest = room.person(room.organisation(), "Eva Invitada")
    given = {"affiliation": guest.affiliations.get().pk, "capacity": "guest"}
    answer = send(client_, listed, "people/", htmx=True, **given)
    assert answer.status_code == 200
    assert "Eva Invitada" in answer.text
    assert "ya está en la lista" in send(client_, listed, "people/", htmx=True, **given).text
    assert send(client_, listed, "people/", htmx=True, affiliation=0, capacity="titular").status_code == 422
    assert Attendance.objects.get(person=guest).counted is False


def test_seats_without_holder_or_person_are_shown(client_, body: Body) -> None:
    room.seat(body, label_es="Sociedad civil")
    room.term(room.seat(body, label_es="Donantes"))
    ended = room.filled(body)
    seats.end_term(ended, by=None, on=ended.since, reason="Se retira")
    meeting = room.convened(body, day=PAST)
    shown = page(client_, meeting)
    assert shown.count("nadie ocupa este asiento") == 2
    assert shown.count("Nadie está acreditado") == 1


# --- What is decided -------------------------------------------------------------------------------------------------


def test_a_decision_gets_its_number_at_once_and_counts_once(client_, listed: Meeting) -> None:
    item, key = listed.items.last(), uuid4()
    assert "Nadie figura como presente" in decide(client_, item, key=key).text
    for line in listed.attendance.filter(order=0)[:2]:
        mark(client_, line)
    assert "2026-01/D1" in decide(client_, item, key=key).text
    assert decide(client_, item, key=key).status_code == 200  # the answer was lost on the way
    assert "2026-01/D2" in decide(client_, item, text_es="Y además esto.").text
    assert list(Decision.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert not Decision.objects.filter(ad_referendum=True).exists()
    item.refresh_from_db()
    assert item.state == "treated"


def test_refusals_of_decisions_are_told_and_keep_what_was_typed(client_, listed: Meeting) -> None:
    item = listed.items.last()
    mark(client_, listed.attendance.first())
    for values, said in (
        ({"visibility": "public"}, "menos lectores"),
        ({"method": "vote"}, "votos a favor"),
        ({"method": "vote", "votes_for": 5, "votes_against": 0, "abstentions": 0}, "más votos que asientos"),
        ({"text_es": " "}, "obligatorio"),
        ({"key": "x"}, "UUID"),
    ):
        answer = decide(client_, item, **values)
        assert answer.status_code == 422, values
        assert said in answer.text, values
    assert not Decision.objects.exists()


def test_words_of_a_decision_are_corrected_and_not_written_over(client_, other, listed: Meeting) -> None:
    mark(client_, listed.attendance.first())
    row = room.decision(listed)
    part = page(client_, listed).split(f'id="decision-{row.pk}-state"')[1]
    seen = re.search(r'name="seen" value="([^"]*)"', part)[1]
    given = {"method": "consensus", "visibility": "committee", "seen": seen}
    end = f"decisions/{row.pk}/"
    assert send(client_, listed, end, htmx=True, text_es="Se aprueba el plan.", **given).status_code == 200
    answer = send(other, listed, end, htmx=True, text_es="Se rechaza el plan.", **given)
    assert answer.status_code == 409
    assert "Se aprueba el plan." in answer.text
    assert "Se rechaza el plan." in answer.text
    row.refresh_from_db()
    assert row.text_es == "Se aprueba el plan."
    assert "text_en" in send(other, listed, end, htmx=True, text_es="Se aprueba el plan.", **given).text


def test_action_items_are_handed_out_and_corrected(client_, listed: Meeting, oim) -> None:
    mark(client_, listed.attendance.first())
    item = listed.items.first()
    given = {"text_es": "Publicar el plan", "organisation": oim.pk, "due": "2026-12-01", "key": uuid4()}
    for _ in range(2):
        answer = send(client_, listed, f"items/{item.pk}/actions/", htmx=True, **given)
        assert "2026-01/A1" in answer.text
    row = ActionItem.objects.get()
    part = answer.text.split(f'id="action-{row.pk}-state"')
    seen = re.search(r'name="seen" value="([^"]*)"', page(client_, listed).split(f'id="action-{row.pk}-state"')[1])[1]
    assert part
    later = {**given, "due": "2027-01-15", "seen": seen}
    assert send(client_, listed, f"actions/{row.pk}/", htmx=True, **later).status_code == 200
    row.refresh_from_db()
    assert row.due.isoformat() == "2027-01-15"
    answer = send(client_, listed, f"items/{item.pk}/actions/", htmx=True, text_es="Algo", key=uuid4())
    assert answer.status_code == 422


# --- Items -----------------------------------------------------------------------------------------------------------


def test_items_are_treated_deferred_and_put_back(client_, listed: Meeting, body: Body) -> None:
    first, plan = listed.items.all()
    send(client_, listed, f"items/{first.pk}/treat/", htmx=True)
    assert send(client_, listed, f"items/{first.pk}/treat/", htmx=True).status_code == 422
    send(client_, listed, f"items/{first.pk}/reopen/", htmx=True)
    assert send(client_, listed, f"items/{first.pk}/reopen/", htmx=True).status_code == 422
    assert send(client_, listed, f"items/{plan.pk}/defer/", htmx=True, reason=" ").status_code == 422
    answer = send(client_, listed, f"items/{plan.pk}/defer/", htmx=True, reason="Falta el presupuesto")
    assert "Aplazado" in answer.text
    assert "Todos los puntos" in answer.text
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"item-treated", "item-reopened", "item-deferred"} <= verbs
    room.meeting(body)  # its agenda takes the item up
    assert send(client_, listed, f"items/{plan.pk}/reopen/", htmx=True).status_code == 422


def test_a_decided_item_stays_treated(client_, listed: Meeting) -> None:
    mark(client_, listed.attendance.first())
    item = listed.items.first()
    decide(client_, item)
    assert "hay una decisión" in send(client_, listed, f"items/{item.pk}/reopen/", htmx=True).text.lower()


def test_what_is_undecided_is_said_before_the_end(client_, listed: Meeting) -> None:
    mark(client_, listed.attendance.first())
    shown = page(client_, listed)
    assert "Sin decidir ni dejar" in shown
    pressed = {"CHANGE_FORM-action": "hold", "_selected_action": listed.pk}
    asked = client_.post(room.page_of(listed), pressed)
    assert "Plan 2027" in asked.text
    assert listed.__class__.objects.get(pk=listed.pk).state == "convened"
    decide(client_, listed.items.last())
    assert "Sin decidir ni dejar" not in page(client_, listed)


def test_once_held_the_room_only_shows(client_, listed: Meeting) -> None:
    item, line = listed.items.first(), listed.attendance.first()
    mark(client_, line)
    note(client_, item, "Se habló")
    decide(client_, item)
    seen = shown_line(client_, line)
    meetings.hold(listed, by=None)
    shown = page(client_, listed)
    assert "Se habló" in shown
    assert "2026-01/D1" in shown
    assert "<textarea" not in shown
    for answer in (
        note(client_, item, "Más", seen=1),
        send(client_, listed, f"lines/{line.pk}/", htmx=True, status="absent", seen=seen),
        decide(client_, item),
        send(client_, listed, f"items/{item.pk}/defer/", htmx=True, reason="Tarde"),
        send(client_, listed, "list/", htmx=True),
    ):
        assert answer.status_code == 422
    assert Note.objects.get().text == "Se habló"


# --- Queries ---------------------------------------------------------------------------------------------------------


def test_page_and_pulse_take_as_many_queries_for_one_as_for_ten(client_, body: Body, oim, secretary: User) -> None:
    meeting = room.meeting(body, day=PAST)
    meetings.convene(meeting, by=None)
    send(client_, meeting, "list/")
    mark(client_, meeting.attendance.first())

    def more() -> None:
        item = room.item(meeting, kind="decision")
        item.paper_rows.create(resource=factories.resource(oim))
        Note.objects.create(item=item, language="es", text="Nota", by=secretary)
        decide(client_, item)
        given = {"text_es": "Tarea", "organisation": oim.pk, "due": "2026-12-01", "key": uuid4()}
        send(client_, meeting, f"items/{item.pk}/actions/", htmx=True, **given)
        room.filled(body)
        room.person(room.organisation())
        send(client_, meeting, "list/")

    def queries() -> tuple[int, int]:
        counts = []
        for act in (lambda: page(client_, meeting), lambda: send(client_, meeting, "changes/", htmx=True, known="x:y")):
            with CaptureQueriesContext(connection) as seen:
                act()
            counts.append(len(seen))
        return tuple(counts)

    more()
    queries()
    few = queries()
    for _ in range(9):
        more()
    assert queries() == few
    assert few[1] < 40


# --- At the very same time -------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_is_told(client_, other, listed: Meeting) -> None:
    """Both have seen the same; one text stands, the other one is shown beside it, and one form counts once."""
    item, key = listed.items.first(), uuid4()
    mark(client_, listed.attendance.first())
    answers: list[int] = []

    def at_once(acts: list[Callable[[], HttpResponseBase]]) -> list[int]:
        answers.clear()

        def act_and_close(act: Callable[[], HttpResponseBase]) -> None:
            try:
                answers.append(act().status_code)
            finally:
                connection.close()

        threads = [threading.Thread(target=act_and_close, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(answers)

    wrote = at_once([lambda: note(client_, item, "Ana"), lambda: note(other, item, "Luis")])
    assert wrote == [200, 409]
    assert Note.objects.get().version == 1
    assert at_once([lambda: decide(client_, item, key=key), lambda: decide(client_, item, key=key)]) == [200, 200]
    assert at_once([lambda: decide(client_, item), lambda: decide(other, item)]) == [200, 200]
    assert sorted(Decision.objects.values_list("number", flat=True)) == [1, 2, 3]
