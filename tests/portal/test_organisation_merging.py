"""An organisation becomes part of another: everything follows, in every room, and the old address leads there."""

from datetime import date

import pytest
from django.db.models import ForeignObjectRel, UniqueConstraint
from django.utils import timezone

from network import merging
from network.invitations import invite
from network.models import Invitation, Membership, Organisation, Role, User
from portal.core.models import AuditEntry
from resources.models import Author, Gathering, Source
from steering.models import ActionItem, Attendance, Observation, Office, SeatTerm
from tests import factories
from tests.conftest import signed_in
from tests.steering import plans, room

pytestmark = pytest.mark.django_db


def merge(old: Organisation, new: Organisation, by: User | None = None) -> None:
    merging.merge(old, into=new, by=by, reason="Se fusionaron por decreto")


def can_refuse(relation: ForeignObjectRel) -> bool:
    """Might two rows of one table not both name the same organisation?"""
    meta, name = relation.related_model._meta, relation.field.name
    unique = [one.fields for one in meta.constraints if isinstance(one, UniqueConstraint)]
    expressions = [
        str(one.expressions) for one in meta.constraints if isinstance(one, UniqueConstraint) and one.expressions
    ]
    named = any(name in fields for fields in (*unique, *meta.unique_together)) or any(name in e for e in expressions)
    return relation.field.unique or named


def test_every_relation_that_could_refuse_has_a_rule() -> None:
    """A new table that names organisations follows by itself; with a uniqueness of its own it must say how."""
    without = [name for name, one in merging.relations().items() if can_refuse(one) and not merging.has_rule(name)]
    assert not without
    assert {"resources.Resource.organisation", "network.Role.organisation"} <= merging.relations().keys()


def test_nothing_names_the_old_one_any_more(oim: Organisation, insp: Organisation, contributor: User) -> None:
    work = factories.resource(oim, title_es="Uno")
    Author.objects.create(resource=work, name="OIM", kind="body", organisation=oim)
    Source.objects.create(name="Fuente", organisation=oim)
    Gathering.objects.create(organisation=oim, kind="files")
    oim.countries.add(factories.country("HN", "Honduras"))
    insp.countries.add(factories.country("HN", "Honduras"))
    merge(oim, insp)
    kept = {"network.Membership.organisation", "network.Organisation_countries.organisation"}  # its history and place
    for name, relation in merging.relations().items():
        left = relation.related_model._base_manager.filter(**{relation.field.name: oim})
        assert name in kept or not left.exists(), name
    assert User.objects.get(pk=contributor.pk).organisations == [insp]


def test_what_organisations_hold_and_owe_in_the_committee_follows(oim: Organisation) -> None:
    room.everything()
    names = list(Attendance.objects.order_by("pk").values_list("organisation_name", flat=True))
    for old in Organisation.objects.exclude(pk=oim.pk):
        merge(old, oim)
    for model in (SeatTerm, Office, ActionItem, Attendance, Observation):
        assert {row.organisation for row in model.objects.select_related("organisation")} == {oim}, model
    assert list(Attendance.objects.order_by("pk").values_list("organisation_name", flat=True)) == names


def test_what_it_led_and_took_part_in_follows(oim: Organisation, insp: Organisation) -> None:
    shared = plans.activity(plans.draft(), oim)
    shared.partners.add(oim, insp)
    alone = plans.activity(shared.version)
    alone.partners.add(oim)
    merge(oim, insp)
    shared.refresh_from_db()
    assert shared.lead == insp
    assert [*shared.partners.all()] == [*alone.partners.all()] == [insp]


def test_documents_are_found_under_the_other_name(client, oim: Organisation, insp: Organisation) -> None:
    factories.resource(oim, title_es="Vacunas en la frontera")
    merge(oim, insp)
    assert '<output name="total">1</output>' in client.get("/es/recursos/?organisation=insp").text
    assert '<output name="total">0</output>' in client.get("/es/recursos/?organisation=oim").text


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_old_address_leads_to_the_other_for_good(client, oim: Organisation, insp: Organisation, language) -> None:
    third = factories.organisation("tercera")
    merge(oim, insp)
    merge(insp, third)
    path = {"es": "/es/red/", "en": "/en/network/"}[language]
    for slug in ("oim", "insp"):
        answer = client.get(f"{path}{slug}/")
        assert (answer.status_code, answer.url) == (301, f"{path}tercera/")
    page = client.get(f"{path}tercera/")
    assert {row.slug for row in page.context["formerly"]} == {"oim", "insp"}
    assert client.get(path).text.count("data-organisation=") == 1


def test_memberships_move_where_they_do_not_overlap(oim: Organisation, insp: Organisation) -> None:
    Membership.objects.filter(organisation=insp).update(since=date(2020, 1, 1))
    Membership.objects.filter(organisation=oim).update(until=date(2018, 1, 1))
    later = factories.membership(oim, since=date(2019, 1, 1))
    merge(oim, insp)
    assert [held.since.year for held in insp.memberships.order_by("since")] == [2016, 2020]
    later.refresh_from_db()
    assert (later.organisation, later.state, later.until) == (oim, "ended", timezone.localdate())
    assert "INSP" in later.state_reason


def test_the_membership_comes_along_where_the_other_has_none(oim: Organisation) -> None:
    new = factories.organisation("nueva", member=False)
    merge(oim, new)
    assert new.memberships.active().exists()


def test_a_role_held_in_both_is_held_once_for_the_longer_time(oim, insp, contributor: User) -> None:
    same = Role.objects.create(user=contributor, kind="contributor", organisation=insp, until=timezone.localdate())
    merge(oim, insp)
    same.refresh_from_db()
    assert same.until is None
    assert contributor.roles.count() == 1


def test_somebody_invited_to_both_is_invited_once(oim, insp, coordinator: User) -> None:
    for organisation, email in ((oim, "a@x.example"), (insp, "a@x.example"), (oim, "b@x.example")):
        invite(by=coordinator, email=email, name="A", kind=Role.Kind.MANAGER, organisation=organisation)
    merge(oim, insp)
    assert sorted(Invitation.objects.open().values_list("email", flat=True)) == ["a@x.example", "b@x.example"]
    assert set(Invitation.objects.values_list("organisation", flat=True)) == {insp.pk}


def test_a_button_with_a_page_that_says_what_happens(
    coordinator: User, committee_member: User, oim: Organisation, insp: Organisation
) -> None:
    client = signed_in(coordinator)
    address = f"/admin/network/organisation/{oim.pk}/change/"
    assert 'value="merge"' in client.get(address).text
    pressed = {"CHANGE_FORM-action": "merge", "_selected_action": oim.pk}
    assert "no se puede deshacer" in client.post(address, pressed).text
    sent = pressed | {"confirmed": "1", "into": insp.pk, "reason": "Decreto"}
    assert client.post(address, sent | {"into": oim.pk}).status_code == 422
    assert client.post(address, sent | {"reason": ""}).status_code == 422
    assert signed_in(committee_member).post(address, sent).status_code == 403
    assert not Organisation.objects.get(pk=oim.pk).merged_into
    for _ in range(2):
        assert client.post(address, sent, follow=True).status_code in (200, 422)
    assert Organisation.objects.get(pk=oim.pk).merged_into == insp
    assert AuditEntry.objects.filter(verb="organisation_merged").count() == 2  # one line about each
    assert 'value="merge"' not in client.get(address).text
    assert client.post(address, {"name_es": "Otra"}).status_code == 403


def test_what_is_merged_is_not_merged_again(oim: Organisation, insp: Organisation) -> None:
    merge(oim, insp)
    for pair in ((oim, insp), (insp, oim), (insp, insp)):
        with pytest.raises(merging.NotPossible):
            merge(*pair)


def test_what_is_merged_is_offered_nowhere(coordinator: User, oim: Organisation, insp: Organisation) -> None:
    client = signed_in(coordinator)
    ask = "/admin/autocomplete/?app_label=network&model_name=role&field_name=organisation&term="
    assert len(client.get(ask).json()["results"]) == 2
    merge(oim, insp)
    assert len(client.get(ask).json()["results"]) == 1
    assert "Migraciones" not in client.get("/es/mi-mesa/entregar/").text.split("<form")[1]
