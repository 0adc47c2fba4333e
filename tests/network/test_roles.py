"""What somebody may do follows from the roles that hold today."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from network.models import Organisation, Role, User
from tests import factories

TODAY = timezone.localdate


def test_a_role_holds_on_its_last_day_and_not_after(oim: Organisation) -> None:
    user = factories.user("x@example.org")
    role = Role.objects.create(user=user, kind=Role.Kind.CONTRIBUTOR, organisation=oim, until=TODAY())
    assert list(Role.objects.in_force()) == [role]
    assert not Role.objects.in_force(TODAY() + timedelta(days=1))
    assert not Role.objects.in_force(TODAY() - timedelta(days=1))


def test_an_ended_coordinator_is_out_of_the_admin(client, oim: Organisation) -> None:
    user = factories.user("x@example.org")
    role = Role.objects.create(user=user, kind=Role.Kind.COORDINATOR, organisation=oim)
    client.force_login(user)
    assert client.get("/admin/").status_code == 200
    Role.objects.filter(pk=role.pk).update(since=TODAY() - timedelta(days=9), until=TODAY() - timedelta(days=1))
    assert client.get("/admin/").status_code == 302


def test_a_contributor_has_no_way_into_the_admin(client, contributor: User) -> None:
    client.force_login(contributor)
    assert client.get("/admin/").status_code == 302


def test_a_committee_member_reads_but_does_not_change(client, committee_member: User) -> None:
    client.force_login(committee_member)
    assert client.get("/admin/resources/resource/").status_code == 200
    assert client.get("/admin/resources/resource/add/").status_code == 403
    assert client.get("/admin/network/user/").status_code == 403


def test_a_coordinator_cannot_change_an_administrator(client, coordinator: User) -> None:
    above = User.objects.create_superuser("jefa@example.org", "una-clave-larga", name="Jefa")
    client.force_login(coordinator)
    assert client.get(f"/admin/network/user/{above.pk}/change/").status_code == 200  # may look
    assert client.post(f"/admin/network/user/{above.pk}/change/", {"name": "x"}).status_code == 403
    assert client.post(f"/admin/network/user/{above.pk}/password/", {}).status_code == 403
    assert client.post(f"/admin/network/user/{above.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_contributor_acts_for_an_organisation(db) -> None:
    user = factories.user("x@example.org")
    with pytest.raises(IntegrityError):
        Role.objects.create(user=user, kind=Role.Kind.CONTRIBUTOR)


def test_addresses_are_kept_in_small_letters(db) -> None:
    assert User.objects.create_user("Ana@Example.ORG", None, name="Ana").email == "ana@example.org"
    with pytest.raises(IntegrityError):
        User.objects.create(email="LUIS@example.org", name="Luis")
