"""Seats, terms, designations and offices, through the admin; the rules hold in the database too."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from network.models import User
from portal.core.models import AuditEntry
from portal.core.refused import Refused
from steering import offices, seats
from steering.composition import composition
from steering.models import Body, Designation, Office, Seat, SeatTerm
from tests.conftest import signed_in
from tests.resources import documents
from tests.steering import room

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
DAY = timedelta(days=1)


@pytest.fixture
def body() -> Body:
    return room.committee()


@pytest.fixture
def secretary_client(secretary: User):
    return signed_in(secretary)


# --- Through the admin -----------------------------------------------------------------------------------------------


def test_a_secretary_sets_a_committee_up(secretary_client, client, insp) -> None:
    ana = room.person(insp, "Ana Pérez")
    assert room.add(secretary_client, "body", name_es="Comité Directivo", kind="committee").status_code == 302
    body = Body.objects.get()
    assert room.add(secretary_client, "seat", body=body.pk, label_es="Academia", sector="").status_code == 302
    seat = Seat.objects.get()
    assert room.add(secretary_client, "seatterm", seat=seat.pk, organisation=insp.pk).status_code == 302
    term = SeatTerm.objects.get()
    assert term.until == seats.last_day_of(TODAY(), 24)
    letter = SimpleUploadedFile("Carta de acreditación.pdf", documents.pdf())
    answer = room.add(secretary_client, "designation", term=term.pk, person=ana.pk, order=0, letter=letter)
    assert answer.status_code == 302
    named = Designation.objects.get()
    assert "Ana Pérez" not in client.get("/es/comite/").text
    room.take(secretary_client, named, "accredit")
    page = client.get("/es/comite/").text
    assert "Ana Pérez" in page
    assert "Titular" in page
    assert ana.email not in page
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert verbs == {"body-kept", "seat-kept", "term-begun", "designated", "accredited"}
    assert "Designación acreditada" in secretary_client.get(room.page_of(named)).text


def test_a_letter_is_for_those_who_may_see_designations(
    secretary_client, committee_member: User, stranger: User, body: Body, client
) -> None:
    named = room.named(room.term(room.seat(body)), accredited=False)
    letter = SimpleUploadedFile("Carta.pdf", documents.pdf())
    room.change(secretary_client, named, letter=letter)
    address = f"/admin/steering/designation/{named.pk}/letter/"
    for reader in (secretary_client, signed_in(committee_member)):
        answer = reader.get(address)
        assert b"".join(answer).startswith(b"%PDF")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="Carta.pdf"'
        assert "no-store" in answer.headers["Cache-Control"]
    assert signed_in(stranger).get(address).status_code == 302
    assert client.get(address).status_code == 302


def test_a_letter_that_is_none_is_refused_in_words(secretary_client, body: Body) -> None:
    term = room.term(room.seat(body))
    someone = room.person(term.organisation)
    letter = SimpleUploadedFile("carta.pdf", b"MZ no es un PDF")
    room.add(secretary_client, "designation", term=term.pk, person=someone.pk, order=0, letter=letter)
    assert not Designation.objects.exists()


def test_the_committee_reads_along_and_changes_nothing(committee_member: User, body: Body) -> None:
    term = room.filled(body)
    client = signed_in(committee_member)
    assert client.get(room.page_of(term)).status_code == 200
    assert room.offered(client, term) == set()
    room.take(client, term, "end_term", on="2030-01-01", reason="No")
    assert SeatTerm.objects.get(pk=term.pk).ended_on is None
    assert client.get("/admin/steering/seatterm/add/").status_code == 403


def test_nothing_here_is_deleted(secretary_client, coordinator: User, body: Body) -> None:
    term = room.filled(body)
    office = offices.give(Office(body=body, kind="vice", organisation=term.organisation), by=None)
    for client in (secretary_client, signed_in(coordinator)):
        for row in (body, term.seat, term, term.designations.first(), office):
            address = room.page_of(row).replace("change", "delete")
            assert client.post(address, {"post": "yes"}).status_code == 403
            listed = room.page_of(row).rsplit("/", 3)[0] + "/"
            client.post(listed, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
            assert type(row).objects.filter(pk=row.pk).exists()


def test_an_organisation_with_a_seat_stays(coordinator: User, body: Body) -> None:
    term = room.filled(body)
    address = f"/admin/network/organisation/{term.organisation_id}/delete/"
    page = signed_in(coordinator).post(address, {"post": "yes"})
    assert page.status_code in (200, 403)
    assert SeatTerm.objects.filter(pk=term.pk).exists()


@pytest.mark.parametrize("model", ["body", "seat", "seatterm", "designation", "office"])
def test_lists_take_as_many_queries_for_one_as_for_ten(secretary_client, body: Body, model: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert secretary_client.get(f"/admin/steering/{model}/").status_code == 200
        return len(seen)

    def more(n: int) -> None:
        term = room.filled(body)
        since = TODAY() + n * 10 * DAY
        held = Office(body=body, kind="vice", organisation=term.organisation, since=since, until=since + DAY)
        offices.give(held, by=None)
        Body.objects.create(name_es=f"Grupo {n}", prefix="G" * n)

    more(1)
    queries()
    few = queries()
    for n in range(2, 5):
        more(n)
    assert queries() == few


# --- Terms -----------------------------------------------------------------------------------------------------------


def test_two_terms_never_overlap(secretary_client, body: Body) -> None:
    seat = room.seat(body)
    room.term(seat, until=TODAY() + 30 * DAY)
    newcomer = room.organisation()
    answer = room.add(secretary_client, "seatterm", seat=seat.pk, organisation=newcomer.pk)
    assert "Termine antes ese período" in room.told(answer)
    assert SeatTerm.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"since": date(2021, 1, 1)},
        {"since": date(2019, 1, 1), "until": date(2020, 1, 1)},
        {"since": date(2019, 1, 1)},
        {"since": date(2020, 12, 31)},
    ],
)
def test_the_database_refuses_overlapping_terms(body: Body, change: dict) -> None:
    seat = room.seat(body)
    room.term(seat, since=date(2020, 1, 1), until=date(2022, 12, 31))
    with pytest.raises(IntegrityError), transaction.atomic():
        SeatTerm.objects.create(seat=seat, organisation=room.organisation(), **change)
    SeatTerm.objects.create(seat=seat, organisation=room.organisation(), since=date(2023, 1, 1))
    SeatTerm.objects.create(seat=room.seat(body), organisation=room.organisation(), since=date(2020, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        SeatTerm.objects.filter(since=date(2023, 1, 1)).update(seat=seat, since=date(2022, 1, 1))


def test_an_ended_term_makes_room_from_the_day_after(secretary_client, body: Body) -> None:
    term = room.filled(body)
    refused = room.take(secretary_client, term, "end_term", on=TODAY().isoformat(), reason=" ")
    assert refused.status_code == 422
    assert SeatTerm.objects.get(pk=term.pk).ended_on is None
    room.take(secretary_client, term, "end_term", on=TODAY().isoformat(), reason="Se retira")
    assert set(term.designations.values_list("until", flat=True)) == {TODAY()}
    follower = room.organisation()
    with pytest.raises(Refused):
        room.term(term.seat, follower, since=TODAY())
    room.term(term.seat, follower, since=TODAY() + DAY)
    entry = AuditEntry.objects.get(verb="term-ended")
    assert entry.reason == "Se retira"
    assert room.offered(secretary_client, term) == set()
    with pytest.raises(Refused, match="ya terminó"):
        seats.end_term(term, by=None, on=TODAY(), reason="Otra vez")


def test_a_term_past_its_last_day_is_carried_over_and_shown_so(client, body: Body) -> None:
    term = room.term(room.seat(body), since=TODAY() - 400 * DAY, until=TODAY() - DAY)
    place = composition(body, TODAY())[0]
    assert place.is_carried_over
    assert place.organisation == term.organisation
    assert "Prorrogado" in client.get("/es/comite/").text
    assert "Carried over" in client.get("/en/committee/").text
    day = (TODAY() - 2 * DAY).isoformat()
    assert "Prorrogado" not in client.get("/es/comite/", {"date": day}).text


def test_a_carried_term_gives_way_to_its_successor(body: Body) -> None:
    seat = room.seat(body)
    old = room.term(seat, since=TODAY() - 400 * DAY, until=TODAY() - 100 * DAY)
    new = room.term(seat, since=TODAY() - 10 * DAY)
    holders = {n: composition(body, TODAY() - n * DAY)[0].term for n in (200, 50, 11, 10, 0)}
    assert holders == {200: old, 50: old, 11: old, 10: new, 0: new}


def test_an_ended_term_leaves_the_seat_vacant(client, body: Body) -> None:
    seat = room.seat(body)
    room.term(seat, since=TODAY() - 400 * DAY, until=TODAY() - 300 * DAY)
    second = room.term(seat, since=TODAY() - 299 * DAY)
    seats.end_term(second, by=None, on=TODAY() - 10 * DAY, reason="Se retira")
    assert composition(body, TODAY())[0].term is None
    assert "Vacante" in client.get("/es/comite/").text


def test_a_seat_goes_to_those_it_stands_for(secretary_client, body: Body) -> None:
    donors = room.sector("partners")
    seat = room.seat(body, sector=donors)
    answer = room.add(secretary_client, "seatterm", seat=seat.pk, organisation=room.organisation("un").pk)
    assert "representa al sector" in room.told(answer)
    kept = room.seat(body, organisation=room.organisation())
    answer = room.add(secretary_client, "seatterm", seat=kept.pk, organisation=room.organisation().pk)
    assert "reservado" in room.told(answer)
    assert room.term(kept, kept.organisation).until is None


DAYS = st.integers(0, 12)
SPANS = st.lists(st.tuples(DAYS, st.one_of(st.none(), DAYS), st.one_of(st.none(), DAYS)), max_size=6)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SPANS, DAYS)
def test_holders_agree_with_a_slow_model(db, spans: list, asked: int) -> None:
    """Terms accepted one by one; whoever holds the seat on a day by walking through every day from the first."""
    begin = date(2024, 1, 1)
    with transaction.atomic():
        seat = room.seat(Body.objects.create(name_es="Grupo", prefix="", kind="group"), since=begin)
        accepted: list[tuple[int, set[int], SeatTerm]] = []
        for first, last, ended in spans:
            last = None if last is None else first + last
            ended = None if ended is None else first + ended
            row = SeatTerm(seat=seat, organisation=room.organisation(), since=begin + first * DAY)
            row.until = None if last is None else begin + last * DAY
            row.ended_on = None if ended is None else begin + ended * DAY
            real = ended if ended is not None else last
            days = set(range(first, 99 if real is None else real + 1))
            clash = any(days & taken for _, taken, _ in accepted)
            try:
                with transaction.atomic():
                    row.save()
            except IntegrityError:
                assert clash
                continue
            assert not clash
            accepted.append((first, days, row))
        holder = None
        for day in range(asked + 1):
            for first, _, row in accepted:
                holder = row if first == day else holder
            if holder and holder.ended_on and holder.ended_on < begin + day * DAY:
                holder = None
        assert composition(seat.body, begin + asked * DAY)[0].term == holder
        transaction.set_rollback(True)


# --- Designations ----------------------------------------------------------------------------------------------------


def test_one_titular_at_a_time_and_alternates_in_order(secretary_client, body: Body) -> None:
    term = room.filled(body)
    other = room.person(term.organisation)
    for order in (0, 1):
        answer = room.add(secretary_client, "designation", term=term.pk, person=other.pk, order=order)
        assert "Otra persona está designada" in room.told(answer)
        with pytest.raises(IntegrityError), transaction.atomic():
            Designation.objects.create(term=term, person=other, order=order, since=TODAY())
    assert room.add(secretary_client, "designation", term=term.pk, person=other.pk, order=2).status_code == 302


def test_a_designation_lies_within_its_term(body: Body) -> None:
    term = room.term(room.seat(body), since=TODAY() - 10 * DAY, until=TODAY() + 10 * DAY)
    someone = room.person(term.organisation)
    for dates in ({"since": TODAY() - 11 * DAY}, {"since": TODAY(), "until": TODAY() + 11 * DAY}):
        with pytest.raises(Refused, match="dentro del período"):
            seats.designate(Designation(term=term, person=someone, **dates), by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Designation.objects.create(term=term, person=someone, since=TODAY() - 11 * DAY)
    seats.end_term(term, by=None, on=TODAY(), reason="Se retira")
    with pytest.raises(Refused, match="dentro del período"):
        seats.designate(Designation(term=term, person=someone, since=TODAY()), by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Designation.objects.create(term=term, person=someone, since=TODAY())


def test_somebody_may_be_named_while_a_term_is_carried_over(body: Body) -> None:
    term = room.term(room.seat(body), since=TODAY() - 400 * DAY, until=TODAY() - DAY)
    assert room.named(term, since=TODAY()).accredited_on


def test_only_somebody_of_the_organisation_is_named(body: Body) -> None:
    term = room.term(room.seat(body))
    with pytest.raises(Refused, match="no trabaja para"):
        seats.designate(Designation(term=term, person=room.person(room.organisation())), by=None)


def test_a_body_without_alternates(secretary_client) -> None:
    term = room.term(room.seat(room.committee(alternates_allowed=False)))
    someone = room.person(term.organisation)
    answer = room.add(secretary_client, "designation", term=term.pk, person=someone.pk, order=1)
    assert "no tiene suplentes" in room.told(answer)


def test_accrediting_twice_is_one_step(secretary_client, body: Body) -> None:
    named = room.named(room.term(room.seat(body)))
    with pytest.raises(Refused):
        seats.accredit(named, by=None)
    assert "accredit" not in room.offered(secretary_client, named)
    assert secretary_client.get(room.page_of(named)).context["has_change_permission"] is False


# --- Offices ---------------------------------------------------------------------------------------------------------


def test_an_office_is_held_by_one_at_a_time(secretary_client, body: Body) -> None:
    first, second = room.organisation(), room.organisation()
    offices.give(Office(body=body, kind="presidency", organisation=first, since=TODAY()), by=None)
    answer = room.add(secretary_client, "office", body=body.pk, kind="presidency", organisation=second.pk)
    assert "tiene este cargo" in room.told(answer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Office.objects.create(body=body, kind="presidency", organisation=second, since=TODAY())
    assert room.add(secretary_client, "office", body=body.pk, kind="vice", organisation=second.pk).status_code == 302


def test_the_presidency_goes_round(secretary_client, client, body: Body) -> None:
    terms = [room.filled(body, rotation=n) for n in (1, 2, 5)]
    for _ in range(4):
        room.take(secretary_client, body, "plan_presidency")
    held = list(Office.objects.order_by("since"))
    order = [terms[0], terms[1], terms[2], terms[0]]
    assert [office.organisation for office in held] == [term.organisation for term in order]
    assert all(b.since == a.until + DAY for a, b in pairwise(held))
    page = client.get("/es/comite/")
    assert page.context["presidency"]["incoming"] == held[1]
    later = client.get("/es/comite/", {"date": held[1].since.isoformat()}).context["presidency"]
    assert (later["outgoing"], later["current"]) == (held[0], held[1])


def test_a_rotation_without_seats_says_so(secretary_client, body: Body) -> None:
    assert "rotación" in room.told(room.take(secretary_client, body, "plan_presidency"))


# --- The public page -------------------------------------------------------------------------------------------------


def test_the_page_of_a_portal_without_a_committee(client) -> None:
    answer = client.get("/es/comite/")
    assert answer.status_code == 200
    assert "todavía no se ha registrado" in answer.text


@pytest.mark.parametrize("asked", ["ayer", "2026-02-31", "2026-13-01", "\x00", "9" * 40, "0001-01-01"])
def test_a_day_that_is_none_is_told(client, body: Body, asked: str) -> None:
    answer = client.get("/es/comite/", {"date": asked})
    assert answer.status_code in (200, 400)


def test_the_page_takes_as_many_queries_for_one_seat_as_for_ten(client, body: Body) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/es/comite/")
        return len(seen)

    room.filled(body)
    queries()
    few = queries()
    for _ in range(9):
        room.filled(body)
    assert queries() == few
