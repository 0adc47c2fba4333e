"""Meetings and agendas through the admin: drafts, numbers, moves across clocks, what comes onto an agenda by itself."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.models import User
from portal.core.models import AuditEntry
from portal.core.refused import Refused
from resources.models import Resource
from steering import agenda, meetings, numbering
from steering.calendar import moment
from steering.models import AgendaItem, Body, Counter, Meeting, Paper
from tests import factories
from tests.conftest import signed_in
from tests.steering import room

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
State = Meeting.State


@pytest.fixture
def body() -> Body:
    return room.committee()


@pytest.fixture
def client_(secretary: User):
    return signed_in(secretary)


def plan(client, body: Body, **values: object) -> Meeting:
    given = {"body": body.pk, "title_es": "Reunión ordinaria", "day": "2026-12-01", "begins": "09:00", "hours": "3"}
    answer = room.add(client, "meeting", **{**given, "zone": "America/Guatemala", "mode": "online", **values})
    assert answer.status_code == 302, room.told(answer)
    return Meeting.objects.latest("pk")


# --- Drafts and numbers ----------------------------------------------------------------------------------------------


def test_a_meeting_from_draft_to_convened(client_, body: Body) -> None:
    meeting = plan(client_, body)
    assert meeting.starts_at == datetime(2026, 12, 1, 15, tzinfo=UTC)
    assert meeting.length == timedelta(hours=3)
    assert meeting.code == ""
    assert "agenda está vacía" in room.told(room.take(client_, meeting, "convene"))
    room.item(meeting)
    assert room.change(client_, meeting, title_es="Primera reunión").status_code == 302
    room.take(client_, meeting, "convene")
    meeting.refresh_from_db()
    assert (meeting.state, meeting.code, meeting.title) == (State.CONVENED, "2026-01", "Primera reunión")
    page = client_.get(room.page_of(meeting))
    assert "2026-12-01 09:00" in page.text
    assert 'name="day"' not in page.text
    assert room.offered(client_, meeting) == {"open_list", "hold", "refresh_agenda", "move", "cancel"}
    assert [e.verb for e in AuditEntry.objects.about(meeting).order_by("pk")] == [
        "meeting-planned",
        "meeting-kept",
        "meeting-convened",
    ]


def test_convening_twice_takes_one_number(body: Body) -> None:
    meeting = room.meeting(body)
    stale = Meeting.objects.get(pk=meeting.pk)
    meetings.convene(meeting, by=None)
    with pytest.raises(Refused):
        meetings.convene(stale, by=None)
    assert Counter.objects.get().value == 1


def test_drafts_take_no_number_and_bodies_count_by_themselves(body: Body) -> None:
    group = Body.objects.create(name_es="Coordinación Técnica", kind="coordination", prefix="CT")
    room.meeting(body)
    first, other, second = room.convened(body), room.convened(group), room.convened(body)
    assert [first.number, other.number, second.number] == [1, 1, 2]
    assert other.code.startswith("CT-")


def test_a_number_is_never_used_again(body: Body) -> None:
    first = room.convened(body)
    meetings.cancel(first, by=None, reason="Sin quórum previsto")
    assert room.convened(body).number == first.number + 1
    for statement in (
        "UPDATE steering_counter SET value = 0",
        "UPDATE steering_counter SET value = value + 2",
        "DELETE FROM steering_counter",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_number_that_was_not_used_is_given_again(body: Body) -> None:
    with transaction.atomic():
        assert numbering.take(body, "prueba") == 1
        transaction.set_rollback(True)
    with transaction.atomic():
        assert numbering.take(body, "prueba") == 1


def test_a_draft_and_its_place(client_, body: Body) -> None:
    answer = room.add(
        client_, "meeting", body=body.pk, title_es="X", day="2026-12-01", begins="09:00", hours="3",
        zone="America/Guatemala", mode="in_person",
    )  # fmt: skip
    assert "dónde se reúnen" in room.told(answer)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("zone", "América/Guate", "No existe esa zona horaria"),
        ("day", "2026-02-31", "fecha"),
        ("hours", "0", "0"),
        ("hours", "9999", "744"),
        ("begins", "25:00", "hora"),
    ],
)
def test_bad_times_are_told(client_, body: Body, field: str, value: str, said: str) -> None:
    given = {"body": body.pk, "title_es": "X", "day": "2026-12-01", "begins": "09:00", "hours": "3", "mode": "online"}
    answer = room.add(client_, "meeting", **{**given, "zone": "America/Guatemala", field: value})
    assert answer.status_code == 200
    assert said in room.told(answer)
    assert not Meeting.objects.exists()


# --- Moving and cancelling -------------------------------------------------------------------------------------------


def test_a_move_keeps_the_clock_of_its_zone_across_a_change_of_clocks(client_, body: Body) -> None:
    meeting = room.convened(body, day="2026-10-20", zone="Europe/Madrid")
    assert meeting.starts_at.hour == 7
    given = {"day": "2026-11-03", "begins": "09:00", "hours": "3", "mode": "online", "reason": "Feriado"}
    room.take(client_, meeting, "move", zone="Europe/Madrid", **given)
    moved = Meeting.objects.get(pk=meeting.pk)
    assert (moved.starts_at.hour, moved.local_start.hour) == (8, 9)
    assert (moved.uid, moved.number, moved.sequence) == (meeting.uid, meeting.number, 1)
    room.take(client_, meeting, "move", zone="America/Tegucigalpa", **given)
    moved.refresh_from_db()
    assert (moved.starts_at.hour, moved.sequence) == (15, 2)


def test_hours_the_clocks_skip_or_show_twice_are_refused() -> None:
    with pytest.raises(Refused, match="saltan"):
        moment(datetime(2026, 3, 29).date(), time(2, 30), "Europe/Madrid")
    with pytest.raises(Refused, match="dos veces"):
        moment(datetime(2026, 10, 25).date(), time(2, 30), "Europe/Madrid")
    assert moment(datetime(2026, 10, 25).date(), time(4), "Europe/Madrid").hour == 3


def test_what_was_convened_is_moved_not_edited(client_, body: Body) -> None:
    meeting = room.convened(body)
    room.change(client_, meeting, day="2027-01-01", title_es="Otra cosa")
    again = Meeting.objects.get(pk=meeting.pk)
    assert (again.starts_at, again.title) == (meeting.starts_at, meeting.title)
    with pytest.raises(Refused):
        meetings.correct(meeting, by=None)


def test_cancelling_asks_for_a_reason_and_leaves_the_agenda_to_the_next(client_, body: Body) -> None:
    meeting = room.convened(body)
    item = meeting.items.get()
    room.take(client_, meeting, "cancel", reason=" ")
    assert Meeting.objects.get(pk=meeting.pk).state == State.CONVENED
    room.take(client_, meeting, "cancel", reason="Huracán")
    meeting.refresh_from_db()
    assert (meeting.state, meeting.sequence) == (State.CANCELLED, 1)
    assert room.offered(client_, meeting) == set()
    following = plan(client_, body)
    assert following.items.get().carried_from == item


# --- The agenda ------------------------------------------------------------------------------------------------------


def test_an_agenda_is_written_on_the_page_of_its_meeting(client_, body: Body) -> None:
    meeting = room.meeting(body)
    answer = room.change(
        client_, meeting,
        **{
            "items-TOTAL_FORMS": 2, "items-0-position": 2, "items-1-position": 1, "items-1-kind": "decision",
            "items-1-title_es": "Plan 2027", "items-1-title_en": "Plan 2027", "items-1-minutes": 170,
            "items-1-visibility": "public", "items-1-meeting": meeting.pk,
        },
    )  # fmt: skip
    assert answer.status_code == 302, room.told(answer)
    assert [item.title for item in meeting.items.all()] == ["Plan 2027", "Punto"]
    assert "agenda-changed" in AuditEntry.objects.about(meeting).values_list("verb", flat=True)
    page = client_.get(room.page_of(meeting)).text
    assert "185 de 180 minutos" in page
    assert "más de lo que dura" in page


def test_deferred_items_are_copied_once_and_counted(client_, body: Body, oim) -> None:
    work = factories.resource(oim)
    item = room.item(room.meeting(body), title_es="Albergues", title_en="Shelters", kind="decision")
    Paper.objects.create(item=item, resource=work)
    meetings.convene(item.meeting, by=None)
    room.take(client_, item, "defer", reason="Faltó tiempo")
    following = plan(client_, body)
    copy = following.items.get()
    assert (copy.title_en, copy.kind, copy.times_carried) == ("Shelters", "decision", 1)
    assert copy.papers.get() == work
    item.refresh_from_db()
    assert (item.state, item.meeting_id) == ("deferred", item.meeting_id)
    meetings.refresh_agenda(following, by=None)
    assert plan(client_, body).items.count() == 0
    assert following.items.count() == 1
    with pytest.raises(Refused):
        agenda.defer(item, by=None, reason="Otra vez")


def test_no_item_leaves_an_agenda_people_were_called_to(client_, body: Body) -> None:
    draft, called = room.meeting(body), room.convened(body)
    for meeting in (draft, called):
        room.change(client_, meeting, **{"items-0-DELETE": "on"})
    assert draft.items.count() == 0
    assert called.items.count() == 1


def test_the_agenda_of_a_cancelled_meeting_is_closed(client_, body: Body) -> None:
    meeting = room.convened(body)
    meetings.cancel(meeting, by=None, reason="Huracán")
    assert client_.post(room.page_of(meeting), {"items-0-title_es": "Otra"}).status_code == 403
    with pytest.raises(Refused):
        agenda.changed(meeting, by=None)


def test_a_document_on_an_agenda_stays_in_the_library(coordinator: User, body: Body, oim) -> None:
    work = factories.resource(oim)
    Paper.objects.create(item=room.item(room.meeting(body)), resource=work)
    signed_in(coordinator).post(f"/admin/resources/resource/{work.pk}/delete/", {"post": "yes"})
    assert Resource.objects.filter(pk=work.pk).exists()


def test_papers_are_published_works(client_, body: Body, oim) -> None:
    item = room.item(room.meeting(body))
    draft = factories.resource(oim, published=False)
    added = {"paper_rows-TOTAL_FORMS": 1, "paper_rows-0-item": item.pk}
    answer = room.change(client_, item, **added, **{"paper_rows-0-resource": draft.pk})
    assert answer.status_code == 200
    answer = room.change(client_, item, **added, **{"paper_rows-0-resource": factories.resource(oim).pk})
    assert answer.status_code == 302, room.told(answer)
    assert item.papers.count() == 1


# --- Who sees it -----------------------------------------------------------------------------------------------------


def test_the_public_sees_when_the_next_meeting_is_and_not_where(client, body: Body) -> None:
    soon = timezone.localdate() + 9 * DAY
    room.meeting(body, title_es="En preparación", day=soon.isoformat())
    meeting = room.convened(body, title_es="Reunión ordinaria", day=soon.isoformat())
    Meeting.objects.filter(pk=meeting.pk).update(url="https://video.example/secreto", place="Hotel Secreto")
    page = client.get("/es/comite/").text
    assert "Reunión ordinaria" in page
    assert "America/Guatemala" in page
    assert "secreto" not in page.lower()
    assert "En preparación" not in page


@pytest.mark.parametrize("model", ["meeting", "agendaitem"])
def test_lists_take_as_many_queries_for_one_as_for_ten(client_, body: Body, model: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client_.get(f"/admin/steering/{model}/").status_code == 200
        return len(seen)

    room.convened(body)
    queries()
    few = queries()
    for _ in range(5):
        room.convened(body)
    assert queries() == few


def test_a_page_takes_as_many_queries_for_one_item_as_for_ten(client_, body: Body) -> None:
    meeting = room.meeting(body)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client_.get(room.page_of(meeting)).status_code == 200
        return len(seen)

    queries()
    few = queries()
    for _ in range(9):
        room.item(meeting)
    assert queries() == few
    assert AgendaItem.objects.count() == 10
