"""A document says which activity or decision produced it; the plan lists what came out of each activity."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.models import Organisation, User
from portal.core.models import AuditEntry
from portal.core.refused import Refused
from steering.models import ActivityTerms, Decision, Origin, PlanVersion
from steering.plan import origins
from tests import factories
from tests.conftest import signed_in
from tests.steering import plans

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(oim: Organisation) -> PlanVersion:
    drafted = plans.draft()
    plans.activity(drafted, oim)
    return plans.in_force(drafted)


@pytest.fixture
def terms(version: PlanVersion) -> ActivityTerms:
    return version.terms.select_related("activity").get()


def test_said_twice_it_is_said_once(oim: Organisation, terms: ActivityTerms, coordinator: User) -> None:
    work = factories.resource(oim)
    for _twice in range(2):
        origins.name_origin(work, activity=terms.activity, by=coordinator)
    assert work.produced_by.get().activity == terms.activity
    assert AuditEntry.objects.filter(verb="origin-named").count() == 1


def test_it_is_one_thing(oim: Organisation, terms: ActivityTerms) -> None:
    work = factories.resource(oim)
    with pytest.raises(Refused, match="una actividad o una decisión"):
        origins.name_origin(work, by=None)
    with pytest.raises(Refused):
        origins.name_origin(work, activity=terms.activity, decision=plans.decision(), by=None)
    assert not Origin.objects.exists()


def test_nothing_comes_out_of_what_was_annulled(oim: Organisation) -> None:
    with pytest.raises(Refused, match="anul"):
        origins.name_origin(factories.resource(oim), decision=plans.decision(Decision.State.ANNULLED), by=None)


def test_taken_away_twice_it_is_taken_away_once(oim: Organisation, terms: ActivityTerms, coordinator: User) -> None:
    said = origins.name_origin(factories.resource(oim), activity=terms.activity, by=coordinator)
    for _twice in range(2):
        origins.take_origin(said, by=coordinator)
    assert not Origin.objects.exists()
    assert AuditEntry.objects.filter(verb="origin-taken").count() == 1


def test_the_plan_lists_what_each_reader_may_open(
    oim: Organisation, version: PlanVersion, terms: ActivityTerms, contributor: User
) -> None:
    everybodys, members, draft = (
        factories.resource(oim),
        factories.resource(oim, audience="members"),
        factories.resource(oim, published=False),
    )
    for work in (everybodys, members, draft):
        origins.name_origin(work, activity=terms.activity, by=None)
    key = terms.activity_id
    assert origins.outputs(version, AnonymousUser()) == {key: [everybodys]}
    assert origins.outputs(version, contributor) == {key: [everybodys, members]}
    with plans.thawed():
        ActivityTerms.objects.update(audience="committee")
    assert origins.outputs(version, contributor) == {}


def test_the_plan_lists_them_in_one_query(oim: Organisation, version: PlanVersion, terms: ActivityTerms) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            listed = origins.outputs(version, AnonymousUser())
            assert [str(work) for works in listed.values() for work in works]
        return len(seen)

    origins.name_origin(factories.resource(oim), activity=terms.activity, by=None)
    assert queries() == 1
    for _more in range(9):
        origins.name_origin(factories.resource(oim), activity=terms.activity, by=None)
    assert queries() == 1


def test_one_names_what_ones_organisation_takes_part_in(
    oim: Organisation, insp: Organisation, version: PlanVersion, contributor: User, stranger: User, coordinator: User
) -> None:
    with plans.thawed():
        other = plans.activity(version, insp)
    led = version.terms.order_by("pk").first()
    assert origins.may_come_from(contributor)[0] == [led]
    assert origins.may_come_from(stranger)[0] == [other]
    with plans.thawed():
        other.partners.add(oim)
    assert origins.may_come_from(contributor)[0] == [led, other]
    assert origins.may_come_from(coordinator)[0] == [led, other]
    assert [one.visibility for one in origins.may_come_from(coordinator)[1]] == ["committee"]
    assert origins.may_come_from(contributor)[1] == []


def test_a_contributor_says_where_a_published_document_comes_from(
    oim: Organisation, insp: Organisation, terms: ActivityTerms, contributor: User, stranger: User
) -> None:
    """Its description is the coordination's by then; where it comes from only its organisation knows."""
    work = factories.resource(oim)
    client = signed_in(contributor)
    address = f"/es/mi-mesa/{work.pk}/origen/"
    assert address in client.get(work.get_absolute_url()).text
    assert client.post(address, {"origin": f"activity-{terms.activity_id}"}).status_code == 302
    assert work.produced_by.get().activity == terms.activity
    other = signed_in(stranger)
    assert other.get(address).status_code == 404
    assert address not in other.get(work.get_absolute_url()).text
