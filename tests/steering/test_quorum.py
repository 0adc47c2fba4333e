"""Attendance and quorum: by seat and organisation, frozen when the meeting was held, against a slow obvious model."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from network.models import User
from portal.core.models import AuditEntry
from portal.core.refused import Refused
from steering import attendance, meetings, quorum, seats
from steering.models import Attendance, Body, Invitation, Meeting
from steering.quorum import Chair, Presence, Rule
from tests.conftest import signed_in
from tests.steering import room

PAST = "2026-03-03"
NINE = datetime(2026, 3, 3, 15, tzinfo=UTC)  # by the clocks of Guatemala
HOUR = timedelta(hours=1)


# --- The count, from plain values ------------------------------------------------------------------------------------

RULES = st.builds(
    lambda d, n, more, s, c: Rule(min(n, d), d, more, s, c),
    st.integers(1, 5), st.integers(0, 5), st.booleans(), st.integers(0, 3), st.integers(0, 3),
)  # fmt: skip
CHAIRS = st.lists(st.tuples(st.sampled_from("gucad"), st.sampled_from(["", "GT", "HN", "MX"])), max_size=9)
HOURS = st.one_of(st.none(), st.integers(0, 6))
PEOPLE = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2), HOURS, HOURS), max_size=14)


@given(RULES, CHAIRS, PEOPLE, st.integers(0, 6))
def test_the_count_agrees_with_a_slow_model(rule: Rule, places: list, people: list, hour: int) -> None:
    chairs = [Chair(n, f"seat {n}", f"org {n}", sector, country) for n, (sector, country) in enumerate(places)]
    at = {h: NINE + h * HOUR for h in range(7)}
    presences = [
        Presence(n, seat, order, at.get(arrived), at.get(left)) for n, (seat, order, arrived, left) in enumerate(people)
    ]
    counted = quorum.tally(rule, chairs, quorum.speakers(presences, at[hour]))

    spoken = []
    for number in range(len(places)):
        for seat, _order, arrived, left in people:
            here = (arrived is None or arrived <= hour) and (left is None or hour < left)
            if seat == number and here and number not in spoken:
                spoken.append(number)
    enough = 0
    while enough * rule.denominator < len(places) * rule.numerator or (
        rule.exceeded and enough * rule.denominator == len(places) * rule.numerator
    ):
        enough += 1
    enough = max(1, enough)
    sectors = {places[n][0] for n in spoken}
    countries = {places[n][1] for n in spoken} - {""}
    assert (counted.filled, counted.needed, counted.counted) == (len(places), enough, len(spoken))
    assert counted.reached == (
        len(spoken) >= enough and len(sectors) >= rule.min_sectors and len(countries) >= rule.min_countries
    )


@given(PEOPLE, st.integers(0, 6))
def test_one_voice_per_seat_and_the_titular_first(people: list, hour: int) -> None:
    at = {h: NINE + h * HOUR for h in range(7)}
    presences = [Presence(n, seat, order, at.get(a), at.get(b)) for n, (seat, order, a, b) in enumerate(people)]
    for seat, speaker in quorum.speakers(presences, at[hour]).items():
        there = [presence for presence in presences if presence.term == seat and presence.at(at[hour])]
        assert speaker in there
        assert speaker.order == min(presence.order for presence in there)


@pytest.mark.parametrize(("filled", "needed"), [(0, 1), (1, 1), (2, 2), (8, 5), (9, 5), (10, 6)])
def test_half_plus_one(filled: int, needed: int) -> None:
    chairs = [Chair(n, "", "") for n in range(filled)]
    assert quorum.tally(Rule(), chairs, []).needed == needed


# --- Through the admin -----------------------------------------------------------------------------------------------


@pytest.fixture
def body(db) -> Body:
    body = room.committee(min_sectors=2)
    for sector in ("government", "government", "un", "academia"):
        room.filled(body, room.organisation(sector))
    return body


@pytest.fixture
def client_(secretary: User):
    return signed_in(secretary)


@pytest.fixture
def meeting(body: Body) -> Meeting:
    """Four seats; two and one more are needed, of two sectors."""
    return room.convened(body, day=PAST)


def mark(client, meeting: Meeting, *marked: tuple[int, dict[str, object]]) -> object:
    """Fill in lines of the list: (number of the line, what it says)."""
    values = {f"attendance-{n}-{name}": value for n, line in marked for name, value in line.items()}
    return room.change(client, meeting, **values)


def said(client, meeting: Meeting) -> str:
    return client.get(room.page_of(meeting)).text


def test_answers_forecast_the_quorum(client_, meeting: Meeting) -> None:
    assert Invitation.objects.count() == 8
    assert "0 de 4 asientos; se necesitan 3" in said(client_, meeting)
    rows = {f"invitations-{n}-answer": "yes" for n in (0, 1, 2)}  # titular and alternate of one seat, and another seat
    assert room.change(client_, meeting, **rows).status_code == 302
    page = said(client_, meeting)
    assert "2 de 4 asientos" in page
    assert "Faltan asientos: 1." in page
    assert "Faltan sectores: 1." in page
    room.change(client_, meeting, **{"invitations-4-answer": "yes"})
    assert "Hay quórum" in said(client_, meeting)
    meetings.cancel(meeting, by=None, reason="Huracán")
    with pytest.raises(Refused):
        attendance.answer(Invitation.objects.first(), by=None, reply="no")


def test_a_moved_meeting_is_answered_anew(client_, meeting: Meeting) -> None:
    Invitation.objects.update(answer="yes")
    given = {"begins": "09:00", "hours": "3", "zone": "America/Guatemala", "mode": "online", "reason": "Feriado"}
    room.take(client_, meeting, "move", day=PAST, **(given | {"url": "https://video.example/1"}))
    assert Invitation.objects.coming().count() == 8
    room.take(client_, meeting, "move", day="2026-03-10", **given)
    assert Invitation.objects.coming().count() == 0


def test_a_list_from_opening_to_the_frozen_count(client_, meeting: Meeting) -> None:
    assert "Nadie figura como presente" in room.told(room.take(client_, meeting, "hold"))
    room.take(client_, meeting, "open_list")
    assert Attendance.objects.filter(status="absent").count() == 8
    here = {"status": "in_person"}
    answer = mark(
        client_, meeting, (0, here), (1, here), (2, {"status": "excused"}), (3, here), (4, here | {"left": "10:00"})
    )
    assert answer.status_code == 302, room.told(answer)
    assert Attendance.objects.filter(counted=True).count() == 3
    assert set(Attendance.objects.filter(counted=True).values_list("capacity", flat=True)) == {"titular", "suplente"}
    room.take(client_, meeting, "hold")
    meeting.refresh_from_db()
    kept = meeting.quorum_snapshot
    assert (kept["best"]["counted"], kept["best"]["needed"], kept["reached"]) == (3, 3, True)
    assert [(step["counted"], step["reached"]) for step in kept["course"]] == [(3, True), (2, False)]
    assert "3 de 4 asientos" in said(client_, meeting)
    assert "meeting-held" in AuditEntry.objects.about(meeting).values_list("verb", flat=True)


def test_later_changes_of_seats_alter_no_history(client_, meeting: Meeting, body: Body) -> None:
    held = room.held(meeting, 3)
    before = held.quorum_snapshot
    for term in [place.term for place in attendance.places_of(held)]:
        seats.end_term(term, by=None, on=held.local_start.date(), reason="Se retira")
        room.term(term.seat, room.organisation("private"), since=held.local_start.date() + room.DAY)
    body.quorum_numerator = body.quorum_denominator = 1
    body.save()
    room.filled(body, since=room.LONG_AGO)
    held.refresh_from_db()
    assert held.quorum_snapshot == before
    line = held.attendance.filter(status="absent").first()
    line.status = "remote"
    attendance.note(line, by=None)
    held.refresh_from_db()
    assert held.quorum_snapshot["best"]["filled"] == before["best"]["filled"]
    assert held.quorum_snapshot["rule"] == before["rule"]


def test_a_suplente_counts_only_while_no_titular_is_there(meeting: Meeting) -> None:
    attendance.open_list(meeting, by=None)
    titular, suplente = meeting.attendance.order_by("term", "order")[:2]
    for line, times in ((titular, (None, NINE + HOUR)), (suplente, (None, None))):
        line.status, (line.arrived_at, line.left_at) = "in_person", times
        attendance.note(line, by=None)
    speaker = quorum.speakers(attendance.presences_of(meeting), NINE)[titular.term_id]
    assert speaker.person == titular.person_id
    speaker = quorum.speakers(attendance.presences_of(meeting), NINE + HOUR)[titular.term_id]
    assert speaker.person == suplente.person_id
    assert attendance.count_at(meeting, NINE).counted == 1
    assert Attendance.objects.get(counted=True) == suplente


def test_the_database_holds_one_vote_per_seat(meeting: Meeting) -> None:
    attendance.open_list(meeting, by=None)
    one, two = meeting.attendance.order_by("term", "order")[:2]
    Attendance.objects.filter(pk__in=[one.pk, two.pk]).update(status="in_person")
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.filter(pk__in=[one.pk, two.pk]).update(counted=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.filter(pk=one.pk).update(status="absent", counted=True)


@pytest.mark.parametrize("capacity", ["observer", "guest", "secretariat"])
def test_a_guest_never_counts(client_, meeting: Meeting, capacity: str) -> None:
    attendance.open_list(meeting, by=None)
    home = room.organisation()
    guest = room.person(home)
    line = {"person": guest.pk, "organisation": home.pk, "capacity": capacity, "status": "in_person"}
    values = {f"attendance-8-{name}": value for name, value in line.items()}
    answer = room.change(
        client_, meeting, **{"attendance-TOTAL_FORMS": 9, "attendance-8-meeting": meeting.pk, **values}
    )
    assert answer.status_code == 302, room.told(answer)
    row = Attendance.objects.get(person=guest)
    assert row.name == str(guest)
    assert attendance.count_at(meeting, NINE).counted == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.filter(pk=row.pk).update(counted=True)


def test_names_stay_as_they_were(meeting: Meeting) -> None:
    held = room.held(meeting, 3)
    line = held.attendance.there().first()
    before = (line.name, line.organisation_name)
    line.person.name = "Otro nombre"
    line.person.save()
    line.organisation.name_es = "Otra organización"
    line.organisation.save()
    line.refresh_from_db()
    line.status = "remote"
    attendance.note(line, by=None)
    line.refresh_from_db()
    assert (line.name, line.organisation_name) == before


def test_a_meeting_to_come_has_not_been_held(body: Body) -> None:
    coming = room.convened(body, day="2027-03-03")
    with pytest.raises(Refused, match="todavía no"):
        room.held(coming, 3)


def test_whoever_left_before_arriving(client_, meeting: Meeting) -> None:
    attendance.open_list(meeting, by=None)
    answer = mark(client_, meeting, (0, {"status": "in_person", "arrived": "10:00", "left": "09:30"}))
    assert "antes de llegar" in answer.text
    answer = mark(client_, meeting, (0, {"status": "absent", "arrived": "10:00"}))
    assert "estuvo" in answer.text
    assert not Attendance.objects.there().exists()


def test_the_page_takes_as_many_queries_for_few_as_for_many(client_, meeting: Meeting, body: Body) -> None:
    attendance.open_list(meeting, by=None)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            said(client_, meeting)
        return len(seen)

    queries()
    few = queries()
    for _ in range(3):
        room.filled(body)
    attendance.open_list(meeting, by=None)
    assert meeting.attendance.count() == 14
    assert queries() == few
