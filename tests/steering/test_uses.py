"""A document's page says where it was used, a decision's what has come of it: as far as each reader may see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.models import Organisation, User
from resources.models import Resource
from steering import decisions
from steering.models import ActivityTerms, Decision, Paper, PlanVersion
from steering.plan import origins
from tests import factories
from tests.conftest import signed_in
from tests.steering import outcomes as made
from tests.steering import plans, room

pytestmark = pytest.mark.django_db


def used(work: Resource, decided: Decision) -> None:
    """A paper of an item that was decided on, evidence of an action item, of a report and of an outcome; an output."""
    if not work.agenda_items.exists():
        Paper.objects.create(item=decided.item, resource=work)
    shown = room.action(made.meeting("committee"))
    decisions.complete(shown, by=None, evidence=work)
    origins.name_origin(work, decision=decided, by=None)
    row = made.outcome(state="published", instrument_es="Ley 5")
    row.documents.add(work)
    made.evidence(made.outcome(state="published", instrument_es="Ley 6"), document=work)
    made.outcome(instrument_es="Aún no").documents.add(work)


def groups(client, work: Resource) -> dict[str, list[str]]:
    found = client.get(work.get_absolute_url()).context["used_in"]
    return {group.title: [f"{one.label} {one.words}" for one in group.mentions] for group in found}


def test_the_committee_sees_all_and_the_public_what_is_public(
    client, oim: Organisation, committee_member: User, contributor: User
) -> None:
    work = factories.resource(oim)
    held = made.meeting("committee")
    used(work, made.decision(held, "committee", text_es="Se acuerda algo"))
    made.report(work, text_es="Capacitar", audience="members")
    public = groups(client, work)
    assert list(public) == ["Cambios de política"]
    assert [line[-5:] for line in public["Cambios de política"]] == ["Ley 6", "Ley 5"]
    assert len(groups(signed_in(contributor), work)["Demuestra que algo se hizo"]) == 1
    everything = groups(signed_in(committee_member), work)
    assert list(everything) == [
        "Salió de", "Sobre la mesa del Comité", "Demuestra que algo se hizo", "Cambios de política",
    ]  # fmt: skip
    assert [len(lines) for lines in everything.values()] == [1, 2, 2, 3]
    page = signed_in(committee_member).get(work.get_absolute_url()).text
    assert "Se acuerda algo" in page
    assert "Se acuerda algo" not in client.get(work.get_absolute_url()).text


def test_a_public_item_is_told_once_its_minutes_are_approved(client, oim: Organisation) -> None:
    work = factories.resource(oim)
    held = made.meeting()
    Paper.objects.create(item=held.items.first(), resource=work)
    room.decision(held, visibility="public", text_es="Se acuerda en público")
    assert groups(client, work) == {}
    record = room.approved_minutes(held, visibility="public")
    found = groups(client, work)["Sobre la mesa del Comité"]
    assert len(found) == 2
    page = client.get(work.get_absolute_url()).text
    assert record.get_absolute_url() in page
    assert "Se acuerda en público" in page


def test_a_work_nobody_uses_costs_one_query_and_others_always_the_same(
    oim: Organisation, committee_member: User
) -> None:
    client = signed_in(committee_member)
    work, decided = factories.resource(oim), made.decision(visibility="committee")

    def queries() -> int:
        client.get(work.get_absolute_url())
        with CaptureQueriesContext(connection) as seen:
            client.get(work.get_absolute_url())
        return len(seen)

    unused = queries()
    used(work, decided)
    made.report(work)
    few = queries()
    assert few - unused <= 12
    for _more in range(3):
        used(work, decided)
    assert queries() == few


# --- The thread of a decision ----------------------------------------------------------------------------------------


def thread(client, decided: Decision):
    return client.get(decided.get_absolute_url()).context["thread"]


def test_a_decision_shows_what_came_of_it(client, oim: Organisation, contributor: User) -> None:
    decided = made.decision()
    version = plans.draft()
    line = plans.activity(version, oim, origin=decided, text_es="Capacitar")
    hidden = plans.activity(version, oim, origin=decided, audience="members", text_es="Reservada")
    assert thread(client, decided).activities == []
    version = plans.in_force(version)
    with plans.thawed():
        PlanVersion.objects.update(decision=decided)
    work = factories.resource(oim)
    members = factories.resource(audience="members")
    for one in (work, members):
        origins.name_origin(one, decision=decided, by=None)
    direct, through = (made.outcome(state="published") for _ in range(2))
    direct.decisions.add(decided)
    through.activities.add(line.activity)
    made.outcome().decisions.add(decided)
    shown = thread(client, decided)
    assert shown.activities == [line]
    assert shown.plan_versions == [version]
    assert shown.produced == [work]
    assert set(shown.outcomes) == {direct, through}
    assert set(thread(signed_in(contributor), decided).activities) == {line, hidden}
    page = client.get(decided.get_absolute_url()).text
    assert "Capacitar" in page
    assert direct.get_absolute_url() in page
    assert decided.get_absolute_url() in client.get(direct.get_absolute_url()).text


def test_an_outcome_of_a_hidden_activity_does_not_tell_of_it(client, oim: Organisation) -> None:
    decided = made.decision()
    version = plans.draft()
    line = plans.activity(version, oim, origin=decided, audience="committee")
    plans.in_force(version)
    made.outcome(state="published").activities.add(line.activity)
    assert thread(client, decided).outcomes == []


def test_the_thread_takes_as_many_queries_however_long(client, oim: Organisation) -> None:
    decided = made.decision()
    version = plans.draft()

    def more(times: int) -> None:
        for _each in range(times):
            with plans.thawed():
                line = plans.activity(version, oim, origin=decided)
            made.outcome(state="published").activities.add(line.activity)
            made.outcome(state="published").decisions.add(decided)
            origins.name_origin(factories.resource(oim), decision=decided, by=None)

    def queries() -> int:
        client.get(decided.get_absolute_url())
        with CaptureQueriesContext(connection) as seen:
            client.get(decided.get_absolute_url())
        return len(seen)

    more(1)
    plans.in_force(version)
    few = queries()
    more(9)
    assert queries() == few


# --- Saying where a document came from -------------------------------------------------------------------------------


@pytest.fixture
def line(oim: Organisation) -> ActivityTerms:
    version = plans.draft()
    row = plans.activity(version, oim, text_es="Capacitar")
    plans.in_force(version)
    return row


def test_whoever_looks_after_a_document_says_where_it_came_from(oim, contributor: User, line: ActivityTerms) -> None:
    work = factories.resource(oim, published=False)
    client, address = signed_in(contributor), f"/es/mi-mesa/{work.pk}/origen/"
    assert address in client.get(work.get_absolute_url()).text
    assert "Capacitar" in client.get(address).text
    for _twice in range(2):
        client.post(address, {"origin": f"activity-{line.activity_id}"})
    said = work.produced_by.get()
    assert said.activity == line.activity
    assert "Capacitar" in client.get(work.get_absolute_url()).text
    for _twice in range(2):
        client.post(f"{address}{said.pk}/quitar/")
    assert not work.produced_by.exists()


def test_one_names_no_activity_of_others_and_takes_nothing_of_another_document(
    oim, insp, contributor: User, stranger: User, line: ActivityTerms
) -> None:
    work, theirs = factories.resource(insp, published=False), factories.resource(oim, published=False)
    client = signed_in(stranger)
    sent = {"origin": f"activity-{line.activity_id}"}
    assert client.post(f"/es/mi-mesa/{work.pk}/origen/", sent).status_code == 422
    assert client.post(f"/es/mi-mesa/{theirs.pk}/origen/", sent).status_code == 404
    said = origins.name_origin(theirs, activity=line.activity, by=None)
    client.post(f"/es/mi-mesa/{work.pk}/origen/{said.pk}/quitar/")
    assert theirs.produced_by.get() == said
