"""Membership is the source of truth for who may contribute; two of one organisation never overlap."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from network import membership
from network.models import Membership, Organisation, User
from portal.core.models import AuditEntry
from tests import factories
from tests.conftest import signed_in

UPLOAD = "/es/mi-mesa/entregar/"


def today() -> date:
    return timezone.localdate()


@pytest.fixture
def of_oim(oim: Organisation) -> Membership:
    return oim.memberships.get()


def test_people_of_a_member_contribute(contributor: User, oim: Organisation) -> None:
    assert contributor.organisations == [oim]
    assert contributor.is_member
    assert signed_in(contributor).get(UPLOAD).status_code == 200


@pytest.mark.parametrize("step", [membership.suspend, membership.end])
@pytest.mark.parametrize(
    ("desk", "words"), [("/es/mi-mesa/", "suspendida o ha terminado"), ("/en/my-desk/", "suspended or has ended")]
)
def test_people_of_a_resting_member_only_read(
    contributor: User, oim: Organisation, of_oim: Membership, step, desk: str, words: str
) -> None:
    draft = factories.resource(oim, published=False, title_es="Borrador")
    inner = factories.resource(oim, title_es="Interno", audience="members")
    foreign = factories.resource(title_es="Ajeno", audience="members")
    step(of_oim, by=None, reason="No respondió")
    client = signed_in(contributor)
    assert client.get(UPLOAD).status_code == 403
    assert words in client.get(desk).text
    assert "Borrador" in client.get(desk).text
    assert f"/{draft.pk}/" not in client.get(desk).text.split("<main")[1].replace(draft.get_absolute_url(), "")
    assert client.get(draft.get_absolute_url()).status_code == 200
    assert client.get(inner.get_absolute_url()).status_code == 200
    assert client.get(foreign.get_absolute_url()).status_code == 404  # no longer one of the network
    assert client.get(f"/es/mi-mesa/{draft.pk}/").status_code == 404
    assert client.post(f"/es/mi-mesa/{draft.pk}/", {"submit": ""}).status_code == 404


def test_why_stands_on_the_page_for_handing_in(contributor: User, of_oim: Membership) -> None:
    membership.suspend(of_oim, by=None, reason="No respondió")
    page = signed_in(contributor).get(UPLOAD).text
    assert "está suspendida o ha terminado" in page
    assert "No respondió" not in page  # the reason is for the organisation, not for every colleague's screen


def test_a_membership_holds_on_its_last_day_and_not_after(oim: Organisation, of_oim: Membership) -> None:
    Membership.objects.update(until=today())
    assert list(Membership.objects.active()) == [of_oim]
    assert not Membership.objects.active(today() + timedelta(days=1))
    assert not Membership.objects.active(date(2016, 4, 30))


def test_steps_are_taken_once_and_written_down(coordinator: User, of_oim: Membership) -> None:
    membership.suspend(of_oim, by=coordinator, reason="Sin noticias desde marzo")
    with pytest.raises(membership.WrongState):
        membership.suspend(of_oim, by=coordinator, reason="Otra vez")
    membership.resume(of_oim, by=coordinator)
    assert of_oim.state_reason == ""
    membership.end(of_oim, by=coordinator, reason="Se retira")
    assert of_oim.until == today()
    for step in (membership.suspend, membership.resume, membership.end):
        with pytest.raises(membership.WrongState):
            step(of_oim, by=coordinator, reason="x")
    written = AuditEntry.objects.about(of_oim).order_by("pk").values_list("verb", "before", "after", "reason")
    assert list(written) == [
        ("membership_suspended", "active", "suspended", "Sin noticias desde marzo"),
        ("membership_resumed", "suspended", "active", ""),
        ("membership_ended", "active", "ended", "Se retira"),
    ]


def test_an_organisation_that_comes_back_begins_another_membership(oim: Organisation, of_oim: Membership) -> None:
    membership.end(of_oim, by=None, reason="Se retira")
    again = {"organisation": oim, "decision": "2026-01/D1", "decided_on": today()}
    with pytest.raises(membership.Overlap):
        membership.begin(Membership(since=today(), **again), by=None)
    membership.begin(Membership(since=today() + timedelta(days=1), **again), by=None)
    assert oim.memberships.count() == 2


SPANS = [
    ((2016, None), (2020, None), True),
    ((2016, 2018), (2018, 2020), True),
    ((2016, 2018), (2010, None), True),
    ((2016, 2018), (2010, 2016), True),
    ((2016, 2018), (2019, None), False),
    ((2016, None), (2010, 2015), False),
]


@pytest.mark.parametrize(("one", "other", "clash"), SPANS)
def test_the_database_keeps_memberships_apart(db, one: tuple, other: tuple, clash: bool) -> None:
    def span(years: tuple) -> dict:
        return {"since": date(years[0], 1, 1), "until": years[1] and date(years[1], 1, 1)}

    row = factories.organisation(member=False)
    factories.membership(factories.organisation(member=False), **span(other))  # another organisation's is no hindrance
    factories.membership(row, **span(one))
    second = Membership(organisation=row, exception="x", **span(other))
    assert Membership.objects.overlapping(second).exists() is clash
    if clash:
        with pytest.raises(IntegrityError), transaction.atomic():
            second.save()
    else:
        second.save()
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE network_membership SET since = '2000-01-01', until = NULL")


@pytest.mark.parametrize("given", [{}, {"decision": "2026-01/D1"}, {"decided_on": date(2026, 1, 1)}])
def test_a_membership_rests_on_a_decision_or_a_stated_exception(db, given: dict) -> None:
    row = factories.organisation(member=False)
    with pytest.raises(IntegrityError):
        Membership.objects.create(organisation=row, **given)


def test_standing_costs_no_query_of_its_own(contributor: User, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert anew_roles(contributor)


def anew_roles(user: User) -> bool:
    return bool(user.organisations) and user.is_member and not user.resting_organisations
