"""Random cases against slow models: the quorum of a meeting, numbers of two at once, days that never overlap."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.refused import Refused
from steering import attendance, decisions, offices, quorum, seats
from steering.models import ActionItem, Attendance, Body, Decision, Designation, Meeting, Office
from steering.quorum import Chair, Presence, Rule
from tests.steering import room

BEGIN = date(2024, 1, 1)
DAY = timedelta(days=1)
NINE = datetime(2026, 3, 3, 15, tzinfo=UTC)  # by the clocks of Guatemala
HOUR = timedelta(hours=1)
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


# --- The quorum from the beginning of a meeting to its end ------------------------------------------------------------

HOURS = st.one_of(st.none(), st.integers(0, 5))
PEOPLE = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), HOURS, HOURS), max_size=12)


@given(PEOPLE, st.integers(0, 6), st.integers(1, 3))
def test_the_best_moment_is_the_best_of_all_hours(people: list, filled: int, denominator: int) -> None:
    """Everything happens on the hour, so the count at every hour of the meeting is all there is."""
    rule = Rule(1, denominator)
    chairs = [Chair(n, f"seat {n}", "") for n in range(filled)]
    at = {hour: NINE + hour * HOUR for hour in range(6)}
    presences = [Presence(n, seat, order, at.get(a), at.get(b)) for n, (seat, order, a, b) in enumerate(people)]
    course = quorum.course(rule, chairs, presences, begins=at[0], ends=at[5])

    def count(hour: int) -> int:
        spoken = set()
        for seat, _order, arrived, left in people:
            if seat < filled and (arrived is None or arrived <= hour) and (left is None or hour < left):
                spoken.add(seat)
        return len(spoken)

    assert max(tally.counted for _moment, tally in course) == max(count(hour) for hour in range(5))
    assert any(tally.reached for _moment, tally in course) == any(
        count(hour) * denominator > filled and filled for hour in range(5)
    )
    assert [moment for moment, _tally in course] == sorted({moment for moment, _tally in course})


NOTED = st.tuples(
    st.integers(0, 5), st.sampled_from(["in_person", "remote", "excused", "absent"]), st.booleans(), st.integers(1, 2)
)


@FEW
@given(st.lists(NOTED, max_size=8))
def test_who_counts_on_the_list_agrees_with_a_slow_model(db, noted: list) -> None:
    """Three seats with two people each: after every line that is written one speaker per seat, chosen by hand here."""
    with transaction.atomic():
        body = room.committee()
        for _ in range(3):
            room.filled(body)
        meeting = room.convened(body, day="2026-03-03")
        attendance.open_list(meeting, by=None)
        lines = list(meeting.attendance.order_by("pk"))
        for number, status, leaves, hour in noted:
            line = Attendance.objects.get(pk=lines[number].pk)
            line.status = status
            line.left_at = NINE + hour * HOUR if leaves and status in ("in_person", "remote") else None
            attendance.note(line, by=None)
        rows = list(meeting.attendance.all())
        chosen = set()
        for term in {row.term_id for row in rows}:
            here = [row for row in rows if row.term_id == term and row.status in ("in_person", "remote")]
            stayed = [row for row in here if row.left_at is None] or here
            if stayed:
                chosen.add(min(stayed, key=lambda row: row.order).pk)
        assert {row.pk for row in rows if row.counted} == chosen
        assert attendance.count_at(meeting, NINE).counted == len(chosen)
        transaction.set_rollback(True)


# --- Numbers ---------------------------------------------------------------------------------------------------------

STEPS = st.lists(st.sampled_from(["decide", "fail", "undo", "annul", "assign"]), min_size=1, max_size=5)


@pytest.mark.django_db(transaction=True)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, STEPS)
def test_two_at_once_leave_no_gap(ana: list[str], luis: list[str]) -> None:
    """Two write at once, fail, roll back and annul: the numbers are 1, 2, 3 … as many as rows came to stand."""
    body = Body.objects.first() or room.committee()
    if not body.seats.exists():
        room.filled(body)
    meeting = room.held(room.convened(body, day="2026-03-03"), 1)
    errors: list[Exception] = []

    def write(steps: list[str]) -> None:
        try:
            for step in steps:
                one_step(meeting, step)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(steps,)) for steps in (ana, luis)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    steps = ana + luis
    for model, stand in ((Decision, steps.count("decide")), (ActionItem, steps.count("assign"))):
        numbers = model.objects.filter(meeting=meeting).values_list("number", flat=True)
        assert sorted(numbers) == list(range(1, stand + 1))


def one_step(meeting: Meeting, step: str) -> None:
    if step == "decide":
        room.decision(meeting)
    elif step == "fail":
        with pytest.raises(Refused):
            room.decision(meeting, visibility="public")
    elif step == "undo":  # something after it goes wrong, and takes the number back with it
        with transaction.atomic():
            room.decision(meeting)
            transaction.set_rollback(True)
    elif step == "annul":
        last = meeting.decisions.standing().last()
        try:
            if last:
                decisions.annul(last, by=None, reason="Error")
        except Refused:
            assert Decision.objects.get(pk=last.pk).state == "annulled"  # the other one was quicker
    else:
        room.action(meeting)


# --- Days that never overlap -----------------------------------------------------------------------------------------

SHORT = st.tuples(st.integers(0, 7), st.sampled_from([0, 1, 2, 3, None]))
SPAN = st.tuples(st.integers(0, 9), st.one_of(st.none(), st.integers(0, 6)))
FOREVER = 60


def days_of(first: int, length: int | None) -> set[int]:
    return set(range(first, FOREVER if length is None else first + length + 1))


def dates_of(first: int, length: int | None) -> dict[str, date | None]:
    return {"since": BEGIN + first * DAY, "until": None if length is None else BEGIN + (first + length) * DAY}


def stands(write: object, refusal: type[Exception]) -> bool:
    try:
        with transaction.atomic():
            write()
    except refusal:
        return False
    return True


@FEW
@given(st.lists(st.tuples(SPAN, st.sampled_from(["presidency", "vice"]), st.booleans()), max_size=8))
def test_offices_agree_with_a_slow_model(db, wanted: list) -> None:
    """One by one, by the action or straight into the table: an office stands where none of its days is taken."""
    with transaction.atomic():
        body, holder = room.committee(), room.organisation()
        taken: dict[str, set[int]] = {"presidency": set(), "vice": set()}
        for span, kind, by_action in wanted:
            office = Office(body=body, kind=kind, organisation=holder, **dates_of(*span))
            if by_action:
                stood = stands(lambda office=office: offices.give(office, by=None), Refused)
            else:
                stood = stands(office.save, IntegrityError)
            assert stood == (not days_of(*span) & taken[kind])
            if stood:
                taken[kind] |= days_of(*span)
        transaction.set_rollback(True)


@FEW
@given(
    st.tuples(st.integers(0, 1), st.integers(5, 9)),
    st.lists(st.tuples(SHORT, st.integers(0, 1), st.integers(0, 1), st.booleans()), max_size=7),
)
def test_designations_agree_with_a_slow_model(db, term_days: tuple, wanted: list) -> None:
    """
    Within a term that has ended, one person at a time for each place. Who is named twice for one seat the action
    refuses as well.
    """
    with transaction.atomic():
        first, length = term_days
        body = room.committee()
        ended = BEGIN + (first + length) * DAY
        term = room.term(room.seat(body), since=BEGIN + first * DAY, until=ended)
        seats.end_term(term, by=None, on=ended, reason="Se retira")  # else its last day would be carried over
        term.refresh_from_db()
        people = [room.person(term.organisation) for _ in range(2)]
        within = days_of(first, length)
        standing: list[tuple[set[int], int, int]] = []
        for span, order, who, by_action in wanted:
            row = Designation(term=term, person=people[who], order=order, **dates_of(*span))
            days = days_of(*span)
            fits = days <= within  # so none without a last day
            place_free = not any(days & other for other, place, _person in standing if place == order)
            person_free = not any(days & other for other, _place, person in standing if person == who)
            if by_action:
                stood = stands(lambda row=row: seats.designate(row, by=None), Refused)
                assert stood == (fits and place_free and person_free)
            else:
                stood = stands(row.save, IntegrityError)
                assert stood == (fits and place_free)
            if stood:
                standing.append((days, order, who))
        transaction.set_rollback(True)
