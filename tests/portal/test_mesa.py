"""The first page of the admin: what waits, what is late, the next meeting, applications; each for whom it is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.models import Application, Duty, User
from portal.core import mesa
from resources import actions
from steering import minutes
from steering.models import Designation, Minutes, Observation
from tests import factories
from tests.conftest import signed_in
from tests.steering import room

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def lists(user: User) -> dict[str, list[str]]:
    """The rows of each list by its code, as the page shows them."""
    page = signed_in(user).get("/admin/")
    return {panel.code: [row.text for row in panel.rows] for panel in page.context["panels"]}


@pytest.fixture
def submitted(oim, contributor: User) -> object:
    work = factories.resource(oim, published=False, title_es="Guía sin revisar")
    actions.submit(work, by=contributor)
    return work


def test_the_coordination_sees_what_waits_until_it_is_late(coordinator: User, submitted) -> None:
    assert any("Guía sin revisar" in row for row in lists(coordinator)["waiting"])
    Duty.objects.update(due=timezone.localdate() - DAY)
    found = lists(coordinator)
    assert not any("Guía sin revisar" in row for row in found["waiting"])
    assert any("Guía sin revisar" in row for row in found["overdue"])


def test_applications_are_for_coordinators(coordinator: User, secretary: User, committee_member: User) -> None:
    Application.objects.create(name_es="Casa Nueva", state="submitted", submitted_at=timezone.now())
    Application.objects.create(name_es="A medias", state="draft")
    assert lists(coordinator)["applications"] == ["Casa Nueva"]
    assert "applications" not in lists(secretary)
    assert set(lists(committee_member)) == {"overdue", "meeting", "reports"}


def test_the_secretariat_sees_what_stands_still_in_the_committee(secretary: User) -> None:
    body = room.committee()
    first = room.filled(body)
    named = room.named(first, 2, accredited=False)
    for _ in range(2):
        room.filled(body)
    held = room.held(room.convened(body, day="2026-03-03"), 1)
    decision = room.decision(held)
    action = room.action(held)
    assert any("Escribir el acta" in row for row in lists(secretary)["waiting"])
    record = minutes.draft(held, by=None)
    minutes.circulate(record, by=None)
    minutes.observe(Observation(minutes=record, organisation=room.organisation(), text="No"), by=None)
    Minutes.objects.update(objections_until=timezone.localdate() - DAY)
    over = room.convened(body, day="2026-04-03")
    found = lists(secretary)
    assert not any("Escribir el acta" in row for row in found["waiting"])
    for expected in (str(named.person), decision.code, str(over), str(Observation.objects.get())):
        assert any(expected in row for row in found["waiting"]), expected
    assert [row for row in found["overdue"] if action.code in row]
    assert found["reports"] == [action.organisation.short_name]
    page = signed_in(secretary).get("/admin/").text
    assert "1 compromiso sin informe" in page
    listed = signed_in(secretary).get(f"/admin/steering/actionitem/?organisation__id__exact={action.organisation_id}")
    assert action.code in listed.text


def test_the_next_meeting_comes_with_its_quorum(committee_member: User) -> None:
    body = room.committee()
    room.filled(body)
    day = (timezone.localdate() + 20 * DAY).isoformat()
    coming = room.convened(body, day=day)
    page = signed_in(committee_member).get("/admin/").text
    assert f"/admin/steering/meeting/{coming.pk}/change/" in page
    assert "0 de 1 asientos" in page
    assert "Nada: aquí todo está hecho." in page


def test_the_page_is_bounded(secretary: User) -> None:
    body = room.committee()
    client = signed_in(secretary)

    def more(number: int) -> None:
        for _ in range(number):
            room.named(room.term(room.seat(body)), accredited=False)
            room.convened(body, day="2026-05-05")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/admin/")
        assert all(len(panel.rows) <= mesa.SHOWN for panel in page.context["panels"])
        return len(asked)

    more(1)
    queries()
    few = queries()
    more(14)
    assert Designation.objects.count() == 15
    assert queries() == few
