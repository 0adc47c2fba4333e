"""Minutes from the draft to the approval, and never changed after it, by any path."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.models import User
from portal.core.models import AuditEntry
from portal.core.refused import Refused
from steering import agenda, attendance, decisions, minutes
from steering.models import AgendaItem, Body, Decision, Meeting, Minutes, Observation
from tests.conftest import signed_in
from tests.steering import room

pytestmark = pytest.mark.django_db
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
    """Held with a quorum, with one public item for decision."""
    meeting = room.convened(body, day="2026-03-03", url="https://video.example/secreto")
    meeting.items.update(kind="decision", visibility="public", title_es="Plan 2027", title_en="Plan 2027")
    return room.held(meeting, 2)


@pytest.fixture
def circulated(meeting: Meeting) -> Minutes:
    room.decision(meeting, visibility="public", text_es="Se aprueba el plan.", text_en="The plan is approved.")
    record = minutes.draft(meeting, by=None)
    Minutes.objects.filter(pk=record.pk).update(visibility="public")
    record.sections.update(text_es="Se presentó el plan.", text_en="The plan was presented.")
    minutes.circulate(record, by=None)
    record.refresh_from_db()
    return record


def approved(record: Minutes) -> Minutes:
    """Ten days later, without objection."""
    Minutes.objects.filter(pk=record.pk).update(objections_until=timezone.localdate() - DAY)
    minutes.approve_unopposed(record, by=None, reason="Nadie observó nada")
    return Minutes.objects.get(pk=record.pk)


# --- The whole way ---------------------------------------------------------------------------------------------------


def test_minutes_through_the_admin(client_, client, meeting: Meeting, body: Body) -> None:
    room.take(client_, meeting, "draft_minutes")
    record = Minutes.objects.get()
    assert room.offered(client_, meeting) == {"open_list"}
    said = room.told(room.take(client_, record, "circulate"))
    assert "Sin decidir" in said
    assert "Plan 2027" in said
    room.decision(meeting, visibility="public", text_es="Se aprueba el plan.", text_en="The plan is approved.")
    written = {"sections-0-text_es": "Se presentó el plan.", "sections-0-text_en": "The plan was presented."}
    assert room.change(client_, record, visibility="public", **written).status_code == 302
    room.take(client_, record, "circulate")
    record.refresh_from_db()
    assert record.objections_until == timezone.localdate() + 10 * DAY
    assert client.get(record.get_absolute_url()).status_code == 404
    assert "Todavía sin aprobar" in client_.get(record.get_absolute_url()).text
    assert room.offered(client_, record) == {"take_back", "approve_in"}
    later = room.held(room.convened(body, day="2026-05-03"), 2)
    assert later.items.first().about == meeting
    room.take(client_, record, "approve_in", meeting=later.pk, reason="Leída y aprobada")
    page = client.get(record.get_absolute_url())
    assert page.status_code == 200
    for words in ("Se presentó el plan.", "Se aprueba el plan.", "2026-01/D1", "Hubo quórum", "Ausente", "2026-02"):
        assert words in page.text, words
    assert "secreto" not in page.text
    assert "@example.org" not in page.text
    assert "2026-01" in client.get("/es/comite/").text
    english = client.get("/en/committee/minutes/2026-01/1/").text
    assert "The plan was presented." in english
    meeting.refresh_from_db()
    assert (meeting.state, Decision.objects.get().state) == ("closed", "in_force")
    assert room.offered(client_, meeting) == set()
    verbs = set(AuditEntry.objects.about(record).values_list("verb", flat=True))
    assert verbs == {"minutes-drafted", "minutes-written", "minutes-circulated", "minutes-approved"}


def test_a_draft_begins_once_and_only_after_the_meeting(meeting: Meeting, body: Body) -> None:
    with pytest.raises(Refused):
        minutes.draft(room.convened(body), by=None)
    minutes.draft(meeting, by=None)
    with pytest.raises(Refused):
        minutes.draft(meeting, by=None)


# --- Invariant 3: nothing undecided goes round ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["decision", "admit_member"])
def test_an_item_for_decision_is_decided_or_deferred_first(meeting: Meeting, kind: str) -> None:
    meeting.items.update(kind=kind)
    record = minutes.draft(meeting, by=None)
    annulled = room.decision(meeting)
    decisions.annul(annulled, by=None, reason="Error")
    with pytest.raises(Refused, match="Plan 2027"):
        minutes.circulate(record, by=None)
    agenda.defer(AgendaItem.objects.get(), by=None, reason="Faltó tiempo")
    minutes.circulate(record, by=None)
    record.refresh_from_db()
    assert record.state == "circulated"


def test_other_items_are_treated_when_minutes_go_round(meeting: Meeting) -> None:
    meeting.items.update(kind="discussion")
    minutes.circulate(minutes.draft(meeting, by=None), by=None)
    assert AgendaItem.objects.get().state == "treated"


def test_what_goes_round_is_frozen(client_, circulated: Minutes) -> None:
    meeting = circulated.meeting
    with pytest.raises(Refused):
        room.decision(meeting)
    with pytest.raises(Refused):
        attendance.note(meeting.attendance.first(), by=None)
    with pytest.raises(Refused):
        minutes.written(circulated, by=None)
    assert client_.post(room.page_of(circulated), {"sections-0-text_es": "Otra cosa"}).status_code == 403
    room.take(client_, circulated, "take_back", reason="Falta un párrafo")
    circulated.refresh_from_db()
    assert (circulated.state, circulated.content, circulated.sha256) == ("draft", None, "")
    assert room.decision(meeting).number == 2


def test_the_fingerprint_is_that_of_the_content(circulated: Minutes) -> None:
    spelled = json.dumps(circulated.content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert circulated.sha256 == hashlib.sha256(spelled.encode()).hexdigest()
    assert "secreto" not in spelled


# --- Invariant 2: who approves ---------------------------------------------------------------------------------------


def test_minutes_are_not_approved_by_the_meeting_they_record(circulated: Minutes, body: Body) -> None:
    earlier = room.held(room.convened(body, day="2026-02-03"), 2)
    coming = room.convened(body, day="2027-02-03")
    group = Body.objects.create(name_es="Grupo", prefix="G")
    room.filled(group)
    elsewhere = room.held(room.convened(group, day="2026-06-03"), 1)
    for meeting in (circulated.meeting, earlier, coming, elsewhere):
        with pytest.raises(Refused, match="reunión posterior"):
            minutes.approve_in(circulated, by=None, meeting=meeting, reason="Leída")
    with pytest.raises(IntegrityError), transaction.atomic():
        Minutes.objects.filter(pk=circulated.pk).update(
            state="approved", approved_at=timezone.now(), approved_how="meeting", approved_in=circulated.meeting
        )


def test_without_objection_after_the_days_and_not_before(client_, circulated: Minutes) -> None:
    with pytest.raises(Refused, match="no han terminado"):
        minutes.approve_unopposed(circulated, by=None, reason="Nadie observó nada")
    assert "approve_unopposed" not in room.offered(client_, circulated)
    Minutes.objects.filter(pk=circulated.pk).update(objections_until=timezone.localdate() - DAY)
    Body.objects.update(objection_days=0)
    with pytest.raises(Refused, match="solo una reunión posterior"):
        minutes.approve_unopposed(circulated, by=None, reason="Nadie observó nada")
    Body.objects.update(objection_days=10)
    assert room.take(client_, circulated, "approve_unopposed").status_code == 422
    room.take(client_, circulated, "approve_unopposed", reason="Nadie observó nada")
    circulated.refresh_from_db()
    assert (circulated.state, circulated.approved_how) == ("approved", "no_objection")


def test_an_open_observation_holds_the_approval_back(client_, circulated: Minutes) -> None:
    given = {"minutes": circulated.pk, "organisation": room.organisation().pk, "text": "Faltó nuestra posición."}
    assert room.add(client_, "observation", **given).status_code == 302
    observation = Observation.objects.get()
    Minutes.objects.filter(pk=circulated.pk).update(objections_until=timezone.localdate() - DAY)
    with pytest.raises(Refused, match="sin respuesta"):
        minutes.approve_unopposed(circulated, by=None, reason="Nadie observó nada")
    room.take(client_, observation, "answer", state="rejected", response="Consta en la decisión.")
    with pytest.raises(Refused):
        minutes.answer(observation, by=None, state="accepted", response="Otra vez")
    minutes.approve_unopposed(circulated, by=None, reason="Nadie observó nada")
    refused = room.add(client_, "observation", **given, follow=True)
    assert Observation.objects.count() == 1, refused


def test_two_approvals_are_one(circulated: Minutes) -> None:
    approved(circulated)
    with pytest.raises(Refused):
        minutes._approve(circulated, by=None, reason="", how="no_objection")
    assert AuditEntry.objects.filter(verb="minutes-approved").count() == 1


# --- Invariant 1: approved minutes are never changed -----------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE steering_minutes SET content = '{}'",
        "UPDATE steering_minutes SET visibility = 'committee'",
        "UPDATE steering_minutes SET state = 'draft', approved_at = NULL",
        "DELETE FROM steering_minutes",
    ],
)
def test_the_database_refuses_to_change_approved_minutes(circulated: Minutes, statement: str) -> None:
    approved(circulated)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_no_path_changes_approved_minutes(client_, circulated: Minutes) -> None:
    record = approved(circulated)
    before = record.content
    assert client_.post(room.page_of(record), {"visibility": "committee"}).status_code == 403
    for step in (minutes.circulate, minutes.written):
        with pytest.raises(Refused):
            step(record, by=None)
    with pytest.raises(Refused):
        minutes.take_back(record, by=None, reason="No")
    record.content = {}
    for change in (record.save, lambda: Minutes.objects.bulk_update([record], ["content"])):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    section = record.sections.get()
    section.text_es = "Otra cosa"
    section.save()
    person = circulated.meeting.attendance.first().person
    person.name = "Otro nombre"
    person.save()
    assert Minutes.objects.get(pk=record.pk).content == before


def test_a_correction_is_a_new_revision(client_, client, circulated: Minutes) -> None:
    record = approved(circulated)
    refused = room.take(client_, record, "revise", reason=" ")
    assert refused.status_code == 422
    room.take(client_, record, "revise", reason="Un nombre mal escrito")
    revision = Minutes.objects.get(revision=2)
    assert (revision.state, revision.sections.get().text_en) == ("draft", "The plan was presented.")
    with pytest.raises(Refused):
        minutes.revise(record, by=None, reason="Otra vez")
    assert client.get(revision.get_absolute_url()).status_code == 404
    revision.sections.update(text_es="Se presentó el plan corregido.")
    minutes.circulate(revision, by=None)
    assert "Se presentó el plan." in client.get(record.get_absolute_url()).text
    approved(revision)
    old, new = client.get(record.get_absolute_url()).text, client.get(revision.get_absolute_url()).text
    assert "revisión más reciente" in old
    assert "plan corregido" not in old
    assert "plan corregido" in new
    assert "Un nombre mal escrito" in new
    assert Minutes.objects.in_force().get() == revision


# --- Who reads them --------------------------------------------------------------------------------------------------


def test_readers(circulated: Minutes, contributor: User, committee_member: User) -> None:
    def seen(user: object) -> bool:
        return Minutes.objects.visible_to(user).exists()

    everybody = (AnonymousUser(), contributor, committee_member)
    assert [seen(user) for user in everybody] == [False, False, True]
    approved(circulated)
    assert [seen(user) for user in everybody] == [True, True, True]


@pytest.mark.parametrize("visibility", ["members", "committee"])
def test_minutes_for_others_are_not_there(client, circulated: Minutes, visibility: str) -> None:
    Minutes.objects.filter(pk=circulated.pk).update(visibility=visibility)
    record = approved(circulated)
    assert client.get(record.get_absolute_url()).status_code == 404
    assert record.meeting.code not in client.get("/es/comite/").text


def test_a_reserved_item_tells_the_public_nothing(client, committee_member: User, meeting: Meeting) -> None:
    room.decision(meeting, visibility="committee", text_es="Decisión solo del Comité")
    hidden = {"title_es": "Asunto confidencial", "kind": "discussion", "visibility": "committee"}
    item = AgendaItem.objects.create(meeting=meeting, position=2, **hidden)
    record = minutes.draft(meeting, by=None)
    record.sections.filter(item=item).update(text_es="Se habló en confianza.")
    Minutes.objects.filter(pk=record.pk).update(visibility="public")
    minutes.circulate(record, by=None)
    record = approved(record)
    page = client.get(record.get_absolute_url()).text
    assert "2. Punto reservado" in page
    for words in ("Asunto confidencial", "en confianza", "Decisión solo del Comité"):
        assert words not in page
        assert words in signed_in(committee_member).get(record.get_absolute_url()).text


@pytest.mark.parametrize(
    "end", ["2026-99/1/", "acta/1/", "2026-01/2/", "0000-00/1/", f"2026-01/{'9' * 30}/", "XX-2026-01/1/"]
)
def test_unknown_minutes_are_404(client, circulated: Minutes, end: str) -> None:
    approved(circulated)
    assert client.get(f"/es/comite/actas/{end}").status_code == 404


def test_a_text_in_one_language_says_which(client, circulated: Minutes) -> None:
    minutes.take_back(circulated, by=None, reason="Solo en español")
    circulated.sections.update(text_en="")
    minutes.circulate(circulated, by=None)
    record = approved(circulated)
    client.get("/en/committee/")
    english = client.get(f"/en/committee/minutes/{record.meeting.code}/1/").text
    assert '<span lang="es">Se presentó el plan.</span>' in english


@pytest.mark.parametrize("model", ["minutes", "observation"])
def test_lists_take_as_many_queries_for_one_as_for_ten(client_, body: Body, model: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client_.get(f"/admin/steering/{model}/").status_code == 200
        return len(seen)

    def more(day: int) -> None:
        meeting = room.held(room.convened(body, day=f"2026-03-0{day}"), 2)
        record = minutes.draft(meeting, by=None)
        minutes.circulate(record, by=None)
        minutes.observe(Observation(minutes=record, organisation=room.organisation(), text="No"), by=None)

    more(1)
    queries()
    few = queries()
    for day in (2, 3, 4):
        more(day)
    assert queries() == few
