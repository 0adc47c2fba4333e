"""My desk: what waits for me, my organisation's documents, my colleagues; in a few queries whatever the rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network import people, roles
from network.models import Duty, Organisation, Role, User
from resources import actions
from resources.models import Resource
from steering.models import ActionItem, AgendaItem
from tests import factories
from tests.conftest import signed_in
from tests.steering import room

DESK = {"es": "/es/mi-mesa/", "en": "/en/my-desk/"}
WHO = ["contributor", "colleague", "stranger", "committee_member", "secretary", "coordinator", "administrator"]


def queries(user: User, address: str = DESK["es"]) -> int:
    client = signed_in(user)
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def fill(oim: Organisation, user: User, n: int) -> None:
    """Of everything the desk shows, n more."""
    item = AgendaItem.objects.first() or room.meeting(room.committee()).items.get()
    for number in range(n):
        for status in Resource.Status:
            work = factories.resource(oim, published=status == Resource.Status.PUBLISHED, text="Texto")
            Resource.objects.filter(pk=work.pk).update(status=status)
        work = factories.resource(oim, published=False)
        actions.submit(work, by=None)
        Duty.objects.filter(about_key=str(work.pk)).update(taken_by=user)
        factories.user(f"{user.pk}-{number}-{oim.resources.count()}@example.org", Role.Kind.CONTRIBUTOR, oim)
        ActionItem.objects.create(
            **{"item": item, "meeting": item.meeting, "number": item.meeting.action_items.count() + 1},
            **{"text_es": "Traducir", "organisation": oim, "due": "2026-01-01", "code": f"A{number}"},
        )
        people.record(f"Rosa {oim.resources.count()}", organisation=oim, by=user)


@pytest.mark.parametrize("who", WHO)
def test_at_most_fourteen_queries_for_one_row_as_for_ten(request, oim: Organisation, who: str) -> None:
    user = request.getfixturevalue(who)
    if user.is_coordinator and not user.organisations:  # somebody who also contributes has the fullest desk
        Role.objects.create(user=user, kind=Role.Kind.MANAGER, organisation=oim)
    fill(oim, user, 1)
    few = queries(user)
    fill(oim, user, 10)
    assert queries(user) == few <= 14


@pytest.mark.parametrize("language", ["es", "en"])
def test_documents_by_how_far_they_have_come(contributor: User, oim: Organisation, language: str) -> None:
    titles = {}
    for status in ("draft", "submitted", "published", "withdrawn"):
        titles[status] = f"Guía {status}"
        work = factories.resource(oim, title_es=titles[status], title_en=titles[status], published=False)
        Resource.objects.filter(pk=work.pk).update(status=status, published_at="2026-01-01T00:00Z")
    factories.resource(factories.organisation(), title_es="Ajena", published=False)
    page = signed_in(contributor).get(DESK[language]).text
    places = [page.index(titles[status]) for status in ("draft", "submitted", "withdrawn", "published")]
    assert places == sorted(places)
    assert "Ajena" not in page


def test_a_document_sent_back_says_why(contributor: User, coordinator: User, oim: Organisation) -> None:
    work = factories.resource(oim, published=False)
    actions.submit(work, by=contributor)
    actions.return_to_draft(work, by=coordinator, reason="Falta el año de publicación")
    assert "Falta el año de publicación" in signed_in(contributor).get(DESK["es"]).text


def test_more_than_the_desk_holds_is_a_page_away(contributor: User, oim: Organisation) -> None:
    for number in range(25):
        factories.resource(oim, title_es=f"Borrador {number:02}", published=False)
    client = signed_in(contributor)
    page = client.get(DESK["es"])
    assert "Y 5 más" in page.text
    more = client.get("/es/mi-mesa/documentos/", {"status": "draft"}).text
    assert all(f"Borrador {number:02}" in more for number in range(25))


@pytest.mark.parametrize("query", [{"status": "x"}, {"status": "refused"}, {"page": "x"}, {"page": "9" * 30}])
def test_odd_questions_about_my_documents_get_a_page(contributor: User, oim, query: dict[str, str]) -> None:
    work = factories.resource(oim, title_es="Rechazada", published=False)
    Resource.objects.filter(pk=work.pk).update(status=Resource.Status.REFUSED)
    answer = signed_in(contributor).get("/es/mi-mesa/documentos/", query)
    assert answer.status_code == 200
    assert "Rechazada" not in answer.text


def test_my_documents_in_as_many_queries_for_one_as_for_ten(contributor: User, oim: Organisation) -> None:
    factories.resource(oim, published=False, text="Texto")
    few = queries(contributor, "/es/mi-mesa/documentos/")
    for _number in range(10):
        factories.resource(oim, published=False, text="Texto")
    assert queries(contributor, "/es/mi-mesa/documentos/") == few


def test_colleagues_with_and_without_an_account(contributor: User, colleague: User, stranger: User, oim) -> None:
    people.record("Rosa Sola", organisation=oim, by=colleague, job_title="Directora", is_focal_point=True)
    page = signed_in(contributor).get(DESK["es"]).text
    for words in ("Luis", "Responsable de la organización", "Rosa Sola", "Directora", "punto focal", "sin cuenta"):
        assert words in page
    assert "Eva" not in page.split("<main")[1]


def test_whoever_left_is_no_colleague(contributor: User, colleague: User) -> None:
    assert "Ana" in signed_in(colleague).get(DESK["es"]).text.split("<main")[1]
    roles.end(contributor.roles.get(), by=contributor)
    assert "Ana" not in signed_in(colleague).get(DESK["es"]).text.split("<main")[1]


def test_what_a_coordinator_has_taken_and_what_waits(coordinator: User, contributor: User, oim: Organisation) -> None:
    for title in ("Guía uno", "Guía dos"):
        actions.submit(factories.resource(oim, title_es=title, published=False), by=contributor)
    Duty.objects.filter(about_name="Guía uno").update(taken_by=coordinator, due="2020-01-01")
    page = signed_in(coordinator).get(DESK["es"]).text
    assert "Hay 1 tarea por tomar" in page
    assert "Revisar un documento: Guía uno" in page
    assert "atrasada desde el" in page


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("contributor", "comienza como borrador"),
        ("colleague", "Invite a alguien más"),
        ("committee_member", "Usted lee lo que es para la red"),
        ("nobody", "no tiene ningún rol"),
    ],
)
def test_an_empty_desk_says_what_to_do(request, db, who: str, words: str) -> None:
    user = factories.user("nadie@example.org") if who == "nobody" else request.getfixturevalue(who)
    assert words in signed_in(user).get(DESK["es"]).text


def test_a_role_that_ends_soon_says_when(contributor: User) -> None:
    contributor.roles.update(until="2199-12-31")
    assert "hasta el 31/12/2199" in signed_in(contributor).get(DESK["es"]).text


def test_what_the_committee_asked_of_my_organisation(contributor: User, stranger: User, oim: Organisation) -> None:
    body = room.committee()
    room.filled(body)
    held = room.held(room.convened(body, day="2026-03-03"), 1)
    mine = room.action(held, organisation=oim, text_es="Traducir la guía", decision=room.decision(held))
    page = signed_in(contributor).get(DESK["es"]).text
    assert f'data-action="{mine.code}"' in page
    assert "Traducir la guía" in page
    assert mine.decision.get_absolute_url() not in page  # reserved for the committee
    assert mine.code not in signed_in(stranger).get(DESK["es"]).text
