"""Decisions and minutes for readers: found by their words, each decision with its thread, as far as they may see."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from network.models import Membership, User
from resources.models import Resource
from steering import decisions
from steering.models import Body, Decision, Meeting, Paper
from tests import factories
from tests.conftest import signed_in
from tests.steering import room

pytestmark = pytest.mark.django_db
RECORD = "/es/comite/registro/"


@pytest.fixture
def body() -> Body:
    body = room.committee()
    for _ in range(3):
        room.filled(body)
    return body


def held(body: Body, day: str = "2026-03-03") -> Meeting:
    meeting = room.convened(body, day=day)
    meeting.items.update(
        visibility="public", title_es="Salud mental en albergues", title_en="Mental health in shelters"
    )
    room.item(meeting, title_es="Un asunto reservado", kind="discussion")
    return room.held(meeting, 2)


@pytest.fixture
def meeting(body: Body) -> Meeting:
    return held(body)


@pytest.fixture
def decided(meeting: Meeting) -> Decision:
    given = {"visibility": "public", "text_es": "Se aprueban las guías.", "text_en": "The guidelines are approved."}
    return room.decision(meeting, **given)


# --- The thread ------------------------------------------------------------------------------------------------------


def test_a_thread_leads_back_to_the_papers_and_on_to_what_was_done(client, oim, meeting, decided: Decision) -> None:
    paper, hidden = factories.resource(oim), factories.resource(oim, audience="committee")
    for work in (paper, hidden):
        Paper.objects.create(item=decided.item, resource=work)
    action = room.action(meeting, decision=decided, organisation=oim, text_es="Publicar las guías")
    room.approved_minutes(meeting, visibility="public")
    shown = factories.resource(oim)
    decisions.complete(action, by=None, evidence=shown)
    page = client.get(decided.get_absolute_url()).text
    assert "Se aprueban las guías." in page
    assert f'href="{decided.meeting.minutes.get().get_absolute_url()}#item-1"' in page
    for there in (paper, shown):
        assert there.get_absolute_url() in page
    assert hidden.get_absolute_url() not in page
    assert 'data-action="2026-01/A1"' in page
    assert "Publicar las guías" in page


def test_a_decision_says_what_it_replaced_and_what_replaced_it(client, body: Body, decided: Decision) -> None:
    room.approved_minutes(decided.meeting, visibility="public")
    decided.refresh_from_db()
    later = room.decision(held(body, "2026-04-03"), visibility="public", supersedes=decided)
    secret = room.decision(later.meeting, supersedes=decided)
    room.approved_minutes(later.meeting, visibility="public")
    first, second = client.get(decided.get_absolute_url()).text, client.get(later.get_absolute_url()).text
    assert later.get_absolute_url() in first
    assert decided.get_absolute_url() in second
    assert secret.code not in first
    assert "Reemplazada" in first


def test_a_decision_names_whom_it_admitted(client, oim, decided: Decision) -> None:
    room.approved_minutes(decided.meeting, visibility="public")
    given = {"category": "full", "decision": decided.code, "decided_on": "2026-03-03", "since": "2026-03-03"}
    Membership.objects.filter(organisation=oim).delete()
    Membership.objects.create(organisation=oim, **given)
    assert oim.get_absolute_url() in client.get(decided.get_absolute_url()).text


def test_a_decision_is_public_once_the_minutes_are(client, committee_member: User, meeting, decided: Decision) -> None:
    action = room.action(meeting, decision=decided)
    address = decided.get_absolute_url()
    assert address == "/es/comite/decisiones/2026-01/D1/"
    assert client.get(address).status_code == 404
    assert action.code in signed_in(committee_member).get(address).text
    room.approved_minutes(meeting, visibility="public")
    assert action.code in client.get(address).text


def test_a_reserved_decision_is_not_there_for_the_public(client: Client, committee_member: User, meeting) -> None:
    reserved = room.decision(meeting, text_es="Se reserva.")
    room.approved_minutes(meeting, visibility="public")
    assert client.get(reserved.get_absolute_url()).status_code == 404
    assert "Se reserva." in signed_in(committee_member).get(reserved.get_absolute_url()).text
    for address in ("/es/comite/decisiones/2026-01/D99/", "/es/comite/decisiones/x/y/"):
        assert client.get(address).status_code == 404


def test_what_a_reserved_item_led_to_is_not_told(client: Client, meeting: Meeting, decided: Decision) -> None:
    """A decision can't be wider than its item; were a rule ever to fail, the page tells nothing of the item."""
    action = room.action(meeting, decision=decided)
    room.approved_minutes(meeting, visibility="public")
    decided.item.__class__.objects.filter(pk=decided.item_id).update(visibility="committee")
    page = client.get(decided.get_absolute_url()).text
    assert action.code not in page
    assert "Salud mental" not in page


def test_the_thread_takes_the_same_queries_however_long(client, oim, meeting: Meeting, decided: Decision) -> None:
    def more(number: int) -> None:
        for _ in range(number):
            Paper.objects.create(item=decided.item, resource=factories.resource(oim))
            decisions.complete(room.action(meeting, decision=decided), by=None, evidence=Resource.objects.first())

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert signed.get(decided.get_absolute_url()).status_code == 200
        return len(asked)

    signed = signed_in(User.objects.create_superuser("jefa@example.org", "una-clave-larga", name="Jefa"))
    more(1)
    queries()
    few = queries()
    more(9)
    assert queries() == few


# --- The record ------------------------------------------------------------------------------------------------------


def test_words_find_decisions_and_items_in_any_form_and_either_language(client, decided: Decision) -> None:
    record = room.approved_minutes(decided.meeting, visibility="public")
    for words in ("guía", "GUIAS", "guideline", "2026-01/D1", "approving", ""):
        page = client.get(RECORD, {"q": words}).text
        assert decided.get_absolute_url() in page, words
    for words in ("albergue", "mental shelters", "de la salud"):
        page = client.get(RECORD, {"q": words}).text
        assert f"{record.get_absolute_url()}#item-1" in page, words
        assert decided.get_absolute_url() not in page
    assert '<output name="total">' in page
    for words in ("reservado", "guías vacunas", "%", "'", '"', "\x00", "x" * 5000, "🙂"):
        answer = client.get(RECORD, {"q": words})
        assert answer.status_code == 200
        assert decided.get_absolute_url() not in answer.text, words


def test_the_committee_finds_what_is_reserved(committee_member: User, decided: Decision) -> None:
    room.approved_minutes(decided.meeting, visibility="public")
    assert "Un asunto reservado" in signed_in(committee_member).get(RECORD, {"q": "reservados"}).text


def test_the_record_by_year_and_page(client: Client, body: Body) -> None:
    for day in range(1, 23):
        room.approved_minutes(held(body, f"2025-10-{day:02}"), visibility="public")
    room.approved_minutes(held(body, "2026-01-08"), visibility="public")
    assert client.get(RECORD).text.count("Leer el acta") == 20
    assert client.get(RECORD, {"page": "2"}).text.count("Leer el acta") == 3
    assert client.get(RECORD, {"year": "2026"}).text.count("Leer el acta") == 1
    for odd in ("abc", "99999", "٢٠٢٦", "-1"):
        assert client.get(RECORD, {"year": odd, "page": odd}).status_code == 200


def test_the_record_takes_the_same_queries_for_any_number_of_meetings(client: Client, body: Body) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(RECORD, {"q": "salud"})
        return len(asked)

    room.approved_minutes(held(body, "2026-01-03"), visibility="public")
    queries()
    few = queries()
    for day in range(4, 10):
        room.approved_minutes(held(body, f"2026-01-{day:02}"), visibility="public")
    assert queries() == few


def test_without_a_committee_the_record_is_empty(client: Client) -> None:
    assert "Todavía no hay actas" in client.get(RECORD).text
