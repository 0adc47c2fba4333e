"""Decisions and action items: their numbers, their quorum, their readers, and what shows that something is done."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from network.models import User
from portal.core.refused import Refused
from steering import decisions, meetings
from steering.models import ActionItem, AgendaItem, Body, Decision, Letter, Meeting
from tests import factories
from tests.conftest import signed_in
from tests.steering import room

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
DAY = timedelta(days=1)


@pytest.fixture
def client_(secretary: User):
    return signed_in(secretary)


@pytest.fixture
def body() -> Body:
    body = room.committee()
    for _ in range(3):
        room.filled(body)
    return body


@pytest.fixture
def meeting(body: Body) -> Meeting:
    """Held, with two of three seats: a quorum."""
    return room.held(room.convened(body, day="2026-03-03"), 2)


def decide(client, meeting: Meeting, **values: object) -> object:
    given = {"item": meeting.items.first().pk, "text_es": "Se aprueba el plan.", "method": "consensus"}
    return room.add(client, "decision", **given, **values)


# --- Numbers ---------------------------------------------------------------------------------------------------------


def test_decisions_and_actions_get_numbers_of_their_meeting(client_, meeting: Meeting, oim) -> None:
    for _ in range(2):
        assert decide(client_, meeting).status_code == 302
    item = meeting.items.get()
    action = {"item": item.pk, "text_es": "Publicar el plan", "organisation": oim.pk, "due": "2026-12-01"}
    assert room.add(client_, "actionitem", **action).status_code == 302
    assert list(Decision.objects.order_by("number").values_list("code", flat=True)) == ["2026-01/D1", "2026-01/D2"]
    assert ActionItem.objects.get().code == "2026-01/A1"
    item.refresh_from_db()
    assert item.state == AgendaItem.State.TREATED


def test_a_number_stays_taken_after_annulment(client_, meeting: Meeting) -> None:
    first = room.decision(meeting)
    room.take(client_, first, "annul", reason="Duplicada")
    assert Decision.objects.get(pk=first.pk).state == "annulled"
    assert room.decision(meeting).number == 2
    assert AgendaItem.objects.get().state == AgendaItem.State.TREATED
    with pytest.raises(Refused):
        decisions.annul(first, by=None, reason="Otra vez")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["decide", "fail", "annul", "assign"]), max_size=8))
def test_numbers_have_no_gap_whatever_happens(meeting: Meeting, steps: list[str]) -> None:
    """A slow model: the numbers are 1, 2, 3 … in the order in which rows came to stand."""
    with transaction.atomic():
        decided = assigned = 0
        for step in steps:
            if step == "decide":
                room.decision(meeting)
                decided += 1
            elif step == "fail":
                with pytest.raises(Refused):
                    room.decision(meeting, visibility="public")
            elif step == "annul" and (last := Decision.objects.standing().last()):
                decisions.annul(last, by=None, reason="Error")
            elif step == "assign":
                room.action(meeting)
                assigned += 1
        assert sorted(Decision.objects.values_list("number", flat=True)) == list(range(1, decided + 1))
        assert sorted(ActionItem.objects.values_list("number", flat=True)) == list(range(1, assigned + 1))
        transaction.set_rollback(True)


@pytest.mark.parametrize("table", ["decision", "actionitem"])
@pytest.mark.parametrize("change", ["DELETE FROM steering_{}", "UPDATE steering_{} SET number = 9"])
def test_the_database_keeps_numbers(meeting: Meeting, table: str, change: str) -> None:
    room.decision(meeting)
    room.action(meeting)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table))


def test_what_was_convened_is_never_deleted(meeting: Meeting) -> None:
    with pytest.raises(ProtectedError):
        meeting.delete()
    other = room.convened(meeting.body)
    other.items.all().delete()
    Letter.objects.all().delete()
    other.invitations.all().delete()
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        other.delete()


# --- Quorum and votes ------------------------------------------------------------------------------------------------


def test_without_a_quorum_a_decision_is_ad_referendum_until_confirmed(client_, body: Body) -> None:
    poor = room.held(room.convened(body, day="2026-03-03"), 1)
    assert decide(client_, poor).status_code == 302
    decision = Decision.objects.get()
    assert decision.ad_referendum
    decisions.bring_into_force(poor, by=None)
    decision.refresh_from_db()
    assert decision.state == "recorded"
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(state="in_force")
    still_poor = room.held(room.convened(body, day="2026-04-03"), 1)
    rich = room.held(room.convened(body, day="2026-05-03"), 2)
    for meeting in (poor, still_poor):
        with pytest.raises(Refused):
            decisions.confirm(decision, by=None, meeting=meeting)
    room.take(client_, decision, "confirm", meeting=rich.pk)
    decision.refresh_from_db()
    assert decision.confirmed_in == rich
    decisions.bring_into_force(poor, by=None)
    decision.refresh_from_db()
    assert decision.state == "in_force"


def test_with_a_quorum_it_comes_into_force_with_the_minutes(meeting: Meeting) -> None:
    decision = room.decision(meeting)
    assert not decision.ad_referendum
    decisions.bring_into_force(meeting, by=None)
    decision.refresh_from_db()
    assert decision.state == "in_force"


@pytest.mark.parametrize(
    ("majority", "votes", "said"),
    [
        ("simple", (1, 1, 0), "mayoría"),
        ("simple", (2, 1, 0), "más votos que asientos"),
        ("simple", (1, 0, 1), ""),
        ("absolute", (1, 0, 1), "mayoría"),
        ("absolute", (2, 0, 0), ""),
        ("two_thirds", (1, 1, 0), "mayoría"),
        ("two_thirds", (0, 0, 2), "mayoría"),
        ("two_thirds", (2, 0, 0), ""),
    ],
)
def test_a_vote_needs_the_majority_of_the_body(body: Body, meeting: Meeting, majority, votes, said) -> None:
    Body.objects.update(majority=majority)
    given = dict(zip(["votes_for", "votes_against", "abstentions"], votes, strict=True))
    if said:
        with pytest.raises(Refused, match=said):
            room.decision(meeting, method="vote", **given)
    else:
        assert room.decision(meeting, method="vote", **given).number == 1


def test_a_vote_without_votes_is_told(client_, meeting: Meeting) -> None:
    answer = room.add(client_, "decision", item=meeting.items.get().pk, text_es="Sí", method="vote")
    assert "votos a favor" in room.told(answer)


def test_a_meeting_to_come_decides_nothing(body: Body) -> None:
    with pytest.raises(Refused, match="todavía no"):
        room.decision(room.convened(body, day="2027-03-03"))


def test_an_item_left_to_the_next_meeting_is_not_decided(meeting: Meeting) -> None:
    AgendaItem.objects.update(state="deferred")
    with pytest.raises(Refused, match="próxima reunión"):
        room.decision(meeting)


# --- Readers and words -----------------------------------------------------------------------------------------------


def test_a_decision_is_never_for_more_readers_than_its_item(client_, meeting: Meeting) -> None:
    answer = decide(client_, meeting, visibility="public")
    assert "menos lectores" in room.told(answer)
    assert not Decision.objects.exists()
    meeting.items.update(visibility="members")
    assert decide(client_, meeting, visibility="members").status_code == 302


def test_words_are_settled_once_in_force(client_, meeting: Meeting) -> None:
    decision = room.decision(meeting)
    assert room.change(client_, decision, text_es="Se aprueba el plan 2027.").status_code == 302
    decisions.bring_into_force(meeting, by=None)
    assert client_.post(room.page_of(decision), {"text_es": "Otra cosa"}).status_code == 403
    for change in ({"text_es": "Otra cosa"}, {"visibility": "public"}, {"state": "recorded"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.filter(pk=decision.pk).update(**change)
    with pytest.raises(Refused):
        decisions.correct(Decision.objects.get(pk=decision.pk), by=None)
    assert room.offered(client_, decision) == {"fulfil", "lapse"}


def test_a_decision_replaces_one_in_force(meeting: Meeting, body: Body) -> None:
    old = room.decision(meeting)
    later = room.held(room.convened(body, day="2026-05-03"), 2)
    with pytest.raises(Refused, match="en vigor"):
        room.decision(later, supersedes=old)
    decisions.bring_into_force(meeting, by=None)
    old.refresh_from_db()
    new = room.decision(later, supersedes=old)
    decisions.bring_into_force(later, by=None)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state) == ("superseded", "in_force")


def test_a_fulfilled_decision_cannot_lapse(client_, meeting: Meeting) -> None:
    decision = room.decision(meeting)
    decisions.bring_into_force(meeting, by=None)
    room.take(client_, decision, "fulfil", reason="Publicado en el portal")
    with pytest.raises(Refused):
        decisions.lapse(decision, by=None, reason="No")


def test_readers_of_decisions(meeting: Meeting, client, committee_member: User, contributor: User) -> None:
    meeting.items.update(visibility="public")
    for visibility in ("public", "members", "committee"):
        room.decision(meeting, visibility=visibility)

    def seen(user: object) -> int:
        return Decision.objects.visible_to(user).count()

    assert [seen(user) for user in (AnonymousUser(), contributor, committee_member)] == [0, 0, 3]
    decisions.bring_into_force(meeting, by=None)
    assert [seen(user) for user in (AnonymousUser(), contributor, committee_member)] == [1, 2, 3]


# --- Action items ----------------------------------------------------------------------------------------------------


def test_done_needs_something_that_shows_it(client_, meeting: Meeting, oim) -> None:
    action = room.action(meeting)
    assert "qué demuestra" in room.told(room.take(client_, action, "complete"))
    assert "ningún documento" in room.told(room.take(client_, action, "complete", evidence="99999"))
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionItem.objects.filter(pk=action.pk).update(state="done")
    work = factories.resource(oim)
    room.take(client_, action, "complete", evidence=work.pk)
    action.refresh_from_db()
    assert (action.state, action.evidence, action.done_on) == ("done", work, TODAY())
    with pytest.raises(Refused):
        decisions.drop(action, by=None, reason="Tarde")
    with pytest.raises(ProtectedError):
        work.delete()


def test_overdue_is_worked_out(client_, meeting: Meeting) -> None:
    late, done, coming = room.action(meeting), room.action(meeting), room.action(meeting, due=TODAY())
    decisions.complete(done, by=None, note="Hecho en marzo")
    assert list(ActionItem.objects.overdue()) == [late]
    assert late.is_overdue
    assert not coming.is_overdue
    room.take(client_, late, "start")
    assert list(ActionItem.objects.overdue()) == [late]
    room.take(client_, late, "drop", reason="Ya no hace falta")
    assert not ActionItem.objects.overdue().exists()


def test_the_next_agenda_follows_up_what_is_open(meeting: Meeting, body: Body) -> None:
    room.action(meeting)
    following = room.meeting(body)
    kinds = list(following.items.values_list("kind", flat=True))
    assert kinds == ["approve_minutes", "follow_up", "discussion"]
    assert following.items.first().title_en == "Approval of the minutes of meeting 2026-01"
    meetings.refresh_agenda(following, by=None)
    assert following.items.count() == 3


@pytest.mark.parametrize("model", ["decision", "actionitem"])
def test_lists_take_as_many_queries_for_one_as_for_ten(client_, meeting: Meeting, model: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client_.get(f"/admin/steering/{model}/").status_code == 200
        return len(seen)

    def more() -> None:
        room.decision(meeting)
        room.action(meeting)

    more()
    queries()
    few = queries()
    for _ in range(5):
        more()
    assert queries() == few
