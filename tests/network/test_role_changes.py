"""Roles given, changed and ended: by whom, with which rules, and with an entry of the record for each."""

from datetime import timedelta

import pytest
from django.utils import timezone

from network import roles
from network.models import Organisation, Role, User
from portal.core.models import AuditEntry
from tests import factories
from tests.conftest import signed_in

Kind = Role.Kind
TODAY = timezone.localdate
DAY = timedelta(days=1)


def role_of(user: User) -> Role:
    return user.roles.get()


# --- Giving ----------------------------------------------------------------------------------------------------------

MAY_GIVE = {
    "administrator": set(Kind),
    "coordinator": set(Kind) - {Kind.ADMINISTRATOR},
    "colleague": {Kind.CONTRIBUTOR, Kind.MANAGER},
    "contributor": set(),
    "secretary": set(),
    "committee_member": set(),
    "stranger": set(),
}


@pytest.mark.parametrize("who", MAY_GIVE)
def test_who_may_give_which_role(request, oim: Organisation, who: str) -> None:
    by = request.getfixturevalue(who)
    for number, kind in enumerate(Kind):
        newcomer = factories.user(f"n{number}@example.org")
        body = None if kind == Kind.ADMINISTRATOR else oim
        if kind in MAY_GIVE[who]:
            roles.give(newcomer, kind, organisation=body, by=by)
            assert newcomer.has_role(kind)
        else:
            with pytest.raises(roles.Refused, match="no puede otorgar este rol"):
                roles.give(newcomer, kind, organisation=body, by=by)


def test_a_manager_decides_only_in_the_own_organisation(colleague: User, insp: Organisation) -> None:
    with pytest.raises(roles.Refused):
        roles.give(factories.user("n@example.org"), Kind.CONTRIBUTOR, organisation=insp, by=colleague)


def test_a_role_given_twice_is_there_once(colleague: User, oim: Organisation) -> None:
    newcomer = factories.user("n@example.org")
    roles.give(newcomer, Kind.CONTRIBUTOR, organisation=oim, by=colleague)
    with pytest.raises(roles.Refused, match="ya tiene este rol"):
        roles.give(newcomer, Kind.CONTRIBUTOR, organisation=oim, by=colleague)
    assert AuditEntry.objects.filter(verb="role-given").count() == 1


def test_a_role_ended_and_given_again_on_one_day_holds(colleague: User, contributor: User, oim: Organisation) -> None:
    roles.end(role_of(contributor), by=colleague)
    assert not User.objects.get(pk=contributor.pk).is_member
    roles.give(contributor, Kind.CONTRIBUTOR, organisation=oim, by=colleague)
    assert User.objects.get(pk=contributor.pk).is_member


def test_dates_the_wrong_way_round(coordinator: User, oim: Organisation) -> None:
    newcomer = factories.user("n@example.org")
    with pytest.raises(Exception, match="no puede terminar antes de empezar"):
        roles.give(newcomer, Kind.COMMITTEE, organisation=oim, since=TODAY(), until=TODAY() - DAY, by=coordinator)
    assert not newcomer.roles.exists()


def test_a_closed_account_gets_no_role(coordinator: User, oim: Organisation) -> None:
    gone = factories.user("n@example.org", is_active=False)
    with pytest.raises(roles.Refused, match="cerrada"):
        roles.give(gone, Kind.CONTRIBUTOR, organisation=oim, by=coordinator)


# --- Ending ----------------------------------------------------------------------------------------------------------


def test_an_ended_role_grants_nothing_from_that_moment(client, coordinator: User, administrator: User) -> None:
    client.force_login(coordinator)
    assert client.get("/admin/").status_code == 200
    roles.end(role_of(coordinator), by=administrator, reason="Cambió de trabajo")
    assert client.get("/admin/").status_code == 302
    entry = AuditEntry.objects.get(verb="role-ended")
    assert (entry.whom, entry.by, entry.before) == (coordinator, administrator, Kind.COORDINATOR)
    assert entry.reason == "Cambió de trabajo"


def test_ending_twice_is_harmless(colleague: User, contributor: User) -> None:
    assert roles.end(role_of(contributor), by=colleague)
    assert not roles.end(role_of(contributor), by=colleague)
    assert AuditEntry.objects.filter(verb="role-ended").count() == 1


def test_a_role_held_yesterday_was_in_force_yesterday(contributor: User, colleague: User) -> None:
    Role.objects.filter(user=contributor).update(since=TODAY() - 9 * DAY)
    roles.end(role_of(contributor), by=colleague)
    assert contributor.roles.in_force(TODAY() - DAY).exists()
    assert not contributor.roles.in_force().exists()


def test_a_role_that_has_not_begun_can_be_ended(contributor: User, colleague: User) -> None:
    Role.objects.filter(user=contributor).update(since=TODAY() + 9 * DAY)
    roles.end(role_of(contributor), by=colleague)
    assert not contributor.roles.in_force(TODAY() + 9 * DAY).exists()


def test_a_stranger_ends_nobodys_role(contributor: User, stranger: User) -> None:
    with pytest.raises(roles.Refused):
        roles.end(role_of(contributor), by=stranger)


def test_anybody_may_leave(contributor: User) -> None:
    assert roles.end(role_of(contributor), by=contributor)


def test_a_coordinator_does_not_end_an_administrator(coordinator: User, administrator: User) -> None:
    with pytest.raises(roles.Refused):
        roles.end(role_of(administrator), by=coordinator)


def test_the_portal_keeps_an_administrator(administrator: User) -> None:
    with pytest.raises(roles.Refused, match="necesita"):
        roles.end(role_of(administrator), by=administrator)
    other = factories.user("otra@example.org", Kind.ADMINISTRATOR)
    roles.end(role_of(administrator), by=administrator)
    assert not User.objects.get(pk=administrator.pk).is_superuser
    assert other.is_superuser


# --- The last manager ------------------------------------------------------------------------------------------------


def test_the_last_manager_stays_until_somebody_else_is_named(colleague: User, contributor: User) -> None:
    with pytest.raises(roles.LastManager, match="Luis"):
        roles.end(role_of(colleague), by=colleague)
    roles.end(role_of(colleague), by=colleague, successor=contributor)
    assert contributor.has_role(Kind.MANAGER)
    assert not User.objects.get(pk=colleague.pk).is_member


def test_with_two_managers_one_may_go(colleague: User, contributor: User, oim: Organisation) -> None:
    roles.give(contributor, Kind.MANAGER, organisation=oim, by=colleague)
    assert roles.end(role_of(colleague), by=colleague)
    with pytest.raises(roles.LastManager):
        roles.end(contributor.roles.get(kind=Kind.MANAGER), by=contributor)


def test_a_manager_names_a_colleague_and_a_coordinator_anybody(
    colleague: User, coordinator: User, stranger: User
) -> None:
    with pytest.raises(roles.Refused, match="misma organización"):
        roles.end(role_of(colleague), by=colleague, successor=stranger)
    roles.end(role_of(colleague), by=coordinator, successor=stranger)
    assert stranger.has_role(Kind.MANAGER)


def test_a_last_day_that_is_over_counts_as_leaving(colleague: User, coordinator: User) -> None:
    role = role_of(colleague)
    with pytest.raises(roles.LastManager):
        roles.change_dates(role, since=role.since, until=TODAY(), by=coordinator)
    roles.change_dates(role, since=role.since, until=TODAY() + 30 * DAY, by=coordinator)
    entry = AuditEntry.objects.get(verb="role-changed")
    assert entry.after == (TODAY() + 30 * DAY).isoformat()


# --- In the admin ----------------------------------------------------------------------------------------------------


def rows(**more: object) -> dict[str, object]:
    new = {f"roles-0-{name}": value for name, value in more.items()}
    return {"roles-TOTAL_FORMS": 1, "roles-INITIAL_FORMS": 0, "roles-MIN_NUM_FORMS": 0, **new}


def account(user: User) -> dict[str, object]:
    return {"name": user.name, "email": user.email, "language": "es", "is_active": "on"}


def test_a_role_given_in_the_admin_leaves_its_entry(coordinator: User, oim: Organisation) -> None:
    newcomer = factories.user("n@example.org")
    given = rows(user=newcomer.pk, kind=Kind.SECRETARIAT, since=TODAY().isoformat())
    address = f"/admin/network/user/{newcomer.pk}/change/"
    assert signed_in(coordinator).post(address, account(newcomer) | given).status_code == 302
    assert newcomer.has_role(Kind.SECRETARIAT)
    entry = AuditEntry.objects.get(verb="role-given")
    assert (entry.whom, entry.by, entry.after) == (newcomer, coordinator, Kind.SECRETARIAT)


def test_a_coordinator_makes_nobody_an_administrator(coordinator: User) -> None:
    given = rows(user=coordinator.pk, kind=Kind.ADMINISTRATOR, since=TODAY().isoformat())
    existing = role_of(coordinator)
    kept = {
        "roles-TOTAL_FORMS": 2,
        "roles-INITIAL_FORMS": 1,
        "roles-1-id": existing.pk,
        "roles-1-user": coordinator.pk,
        "roles-1-since": existing.since.isoformat(),
    }
    given = {name.replace("roles-0-", "roles-1-") if "roles-0-" in name else name: v for name, v in given.items()}
    kept = {name.replace("roles-1-", "roles-0-"): v for name, v in kept.items()}
    address = f"/admin/network/user/{coordinator.pk}/change/"
    answer = signed_in(coordinator).post(address, account(coordinator) | given | kept)
    assert answer.status_code == 200
    assert "errorlist" in answer.text
    data = {"user": coordinator.pk, "kind": Kind.ADMINISTRATOR, "since": TODAY().isoformat()}
    assert signed_in(coordinator).post("/admin/network/role/add/", data).status_code == 200
    assert not User.objects.get(pk=coordinator.pk).is_superuser


def test_what_a_role_is_and_whose_cannot_be_changed_in_the_admin(
    coordinator: User, contributor: User, stranger: User
) -> None:
    role = role_of(contributor)
    data = {"user": stranger.pk, "kind": Kind.MANAGER, "since": role.since.isoformat(), "until": "2199-01-01"}
    answer = signed_in(coordinator).post(f"/admin/network/role/{role.pk}/change/", data)
    assert answer.status_code == 302
    role.refresh_from_db()
    assert (role.user, role.kind, role.until.year) == (contributor, Kind.CONTRIBUTOR, 2199)
    assert AuditEntry.objects.get().verb == "role-changed"


@pytest.mark.parametrize(
    ("language", "words"), [("es", "es la única persona responsable"), ("en", "is the only one who manages")]
)
def test_the_admin_ends_the_last_manager_only_with_a_successor(
    coordinator: User, colleague: User, stranger: User, language: str, words: str
) -> None:
    role = role_of(colleague)
    address = f"/admin/network/role/{role.pk}/change/"
    client = signed_in(coordinator)
    client.cookies["django_language"] = language
    assert words in client.post(address, {"CHANGE_FORM-action": "end", "_selected_action": role.pk}).text
    step = {"CHANGE_FORM-action": "end", "_selected_action": role.pk, "reason": "Se jubila"}
    assert words in client.post(address, step).text
    assert role_of(colleague).ended_at is None
    client.post(address, step | {"successor": stranger.pk})
    assert role_of(colleague).ended_at
    assert stranger.has_role(Kind.MANAGER)


def test_roles_and_accounts_are_not_deleted_in_the_admin(administrator: User, contributor: User) -> None:
    client = signed_in(administrator)
    for address in (f"role/{role_of(contributor).pk}", f"user/{contributor.pk}"):
        assert client.post(f"/admin/network/{address}/delete/", {"post": "yes"}).status_code == 403
    for model, pk in (("role", role_of(contributor).pk), ("user", contributor.pk)):
        data = {"action": "delete_selected", "_selected_action": pk, "post": "yes"}
        client.post(f"/admin/network/{model}/", data)
    assert User.objects.filter(pk=contributor.pk, roles__isnull=False).exists()
