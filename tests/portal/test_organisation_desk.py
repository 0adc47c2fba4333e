"""An organisation looked after by whoever manages it: profile, colleagues, invitations."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network import people, roles
from network.models import Invitation, Organisation, Role, User
from portal.core.models import AuditEntry
from portal.core.versions import version_of
from tests import factories
from tests.conftest import signed_in

PAGE = "/es/mi-mesa/organizacion/oim/"
PROFILE = {"name_es": "Organización Nueva", "name_en": "New Organisation", "acronym": "ON", "description_es": "Somos."}


def test_a_manager_comes_straight_to_the_own_organisation(colleague: User) -> None:
    assert signed_in(colleague).get("/es/mi-mesa/organizacion/").url == PAGE


def test_a_manager_of_two_chooses(colleague: User, insp: Organisation) -> None:
    Role.objects.create(user=colleague, kind=Role.Kind.MANAGER, organisation=insp)
    page = signed_in(colleague).get("/es/mi-mesa/organizacion/").text
    assert PAGE in page
    assert "/es/mi-mesa/organizacion/insp/" in page


# --- Profile ---------------------------------------------------------------------------------------------------------


def test_the_profile_in_both_languages_is_read_at_once(client, colleague: User, oim: Organisation) -> None:
    work = factories.resource(oim)
    honduras = factories.country("HN", "Honduras")
    answer = signed_in(colleague).post(PAGE, PROFILE | {"countries": [honduras.code], "version": version_of(oim)})
    assert answer.status_code == 302
    assert "Organización Nueva" in client.get("/es/red/oim/").text
    assert "New Organisation" in client.get("/en/network/oim/").text
    assert client.get("/es/recursos/", {"q": "Organización Nueva"}).context["listing"].results.total == 1
    assert work.organisation.countries.get() == honduras


def test_what_a_manager_does_not_decide_stays(colleague: User, oim: Organisation, insp: Organisation) -> None:
    sector = oim.sector_id
    signed_in(colleague).post(
        PAGE, PROFILE | {"version": version_of(oim), "slug": "otra", "sector": 99, "merged_into": insp.pk}
    )
    oim.refresh_from_db()
    assert (oim.slug, oim.sector_id, oim.merged_into_id) == ("oim", sector, None)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name_es": ""}, "obligatorio"),
        ({"name_es": "x" * 10_000}, "200"),
        ({"name_en": "x" * 10_000}, "200"),
        ({"acronym": "x" * 10_000}, "30"),
        ({"description_es": "x" * 10_000}, "5000"),
        ({"website": "javascript:alert(1)"}, "URL"),
        ({"countries": ["ZZ"]}, "errorlist"),
    ],
)
def test_a_profile_that_cannot_be_is_refused_and_kept_on_the_page(
    colleague: User, oim: Organisation, data: dict, words: str
) -> None:
    answer = signed_in(colleague).post(PAGE, PROFILE | {"description_en": "Lo que escribí"} | data)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Lo que escribí" in answer.text
    assert "<h1>Organización Internacional para las Migraciones (OIM)</h1>" in answer.text


@pytest.mark.parametrize("who", ["contributor", "stranger", "committee_member", "secretary"])
def test_nobody_else_looks_after_it(request, oim: Organisation, who: str) -> None:
    client = signed_in(request.getfixturevalue(who))
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, PROFILE).status_code == 404
    assert not Organisation.objects.filter(acronym="ON").exists()


# --- Colleagues ------------------------------------------------------------------------------------------------------


def test_a_manager_ends_a_colleagues_role(colleague: User, contributor: User) -> None:
    role = contributor.roles.get()
    client = signed_in(colleague)
    assert "Terminar este rol" in client.get(f"/es/mi-mesa/roles/{role.pk}/terminar/").text
    for expected in (302, 404):  # the second click finds it ended
        assert client.post(f"/es/mi-mesa/roles/{role.pk}/terminar/", {"reason": ""}).status_code == expected
    assert not roles.Role.objects.in_force().filter(pk=role.pk).exists()
    assert AuditEntry.objects.filter(verb="role-ended").count() == 1


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_last_manager_names_a_successor(colleague: User, contributor: User, language: str) -> None:
    role = colleague.roles.get()
    address = {"es": f"/es/mi-mesa/roles/{role.pk}/terminar/", "en": f"/en/my-desk/roles/{role.pk}/end/"}[language]
    sentence = {"es": "la única persona responsable", "en": "is the only one who manages"}[language]
    client = signed_in(colleague)
    assert sentence in client.get(address).text
    answer = client.post(address, {"reason": "Me voy"})
    assert answer.status_code == 422
    assert "Me voy" in answer.text
    assert client.post(address, {"successor": contributor.pk, "reason": "Me voy"}).status_code == 302
    assert contributor.has_role(Role.Kind.MANAGER)
    assert client.get(PAGE).status_code == 404


def test_the_last_manager_alone_is_told_whom_to_ask(colleague: User) -> None:
    page = signed_in(colleague).get(f"/es/mi-mesa/roles/{colleague.roles.get().pk}/terminar/").text
    assert "invite a una o escriba a la coordinación" in page


def test_a_coordinator_may_name_somebody_from_elsewhere(coordinator: User, colleague: User, stranger: User) -> None:
    address = f"/es/mi-mesa/roles/{colleague.roles.get().pk}/terminar/"
    assert signed_in(coordinator).post(address, {"successor": stranger.pk}).status_code == 302
    assert stranger.has_role(Role.Kind.MANAGER)


def test_a_coordinators_role_is_not_ended_from_an_organisations_page(
    colleague: User, coordinator: User, administrator: User
) -> None:
    for somebody in (coordinator, administrator):
        address = f"/es/mi-mesa/roles/{somebody.roles.get().pk}/terminar/"
        assert signed_in(colleague).post(address).status_code == 404


@pytest.mark.parametrize("state", ["merged", "over"])
def test_nobody_begins_to_act_for_an_organisation_that_has_left(
    coordinator: User, oim: Organisation, insp: Organisation, state: str
) -> None:
    if state == "merged":
        Organisation.objects.filter(pk=oim.pk).update(merged_into=insp)
    else:
        oim.memberships.update(state="ended", until="2020-01-01")
    oim.refresh_from_db()
    newcomer = factories.user("n@example.org")
    with pytest.raises(roles.Refused, match="ya no pertenece a la red"):
        roles.give(newcomer, Role.Kind.CONTRIBUTOR, organisation=oim, by=coordinator)


# --- Invitations -----------------------------------------------------------------------------------------------------

GUEST = {"name": "Rosa", "email": "rosa@example.org", "kind": "contributor", "language": "es"}


def test_inviting_sending_again_and_withdrawing(colleague: User, oim: Organisation) -> None:
    client = signed_in(colleague)
    for _click in range(2):
        assert client.post(f"{PAGE}invitar/", GUEST).status_code == 302
    invitation = Invitation.objects.get()
    assert [letter.to for letter in mail.outbox] == [["rosa@example.org"]]
    assert "rosa@example.org" in client.get(PAGE).text
    for _click in range(2):
        assert client.post(f"/es/mi-mesa/invitaciones/{invitation.pk}/retirar/").status_code == 302
    assert "rosa@example.org" not in client.get(PAGE).text
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["invited", "invitation-revoked"]
    page = client.post(f"/es/mi-mesa/invitaciones/{invitation.pk}/reenviar/", follow=True).text
    assert "ya fue respondida o retirada" in page


def test_an_address_with_an_account_is_invited_like_any_other(colleague: User, stranger: User) -> None:
    """Nobody learns here who has an account; whoever has one accepts after signing in."""
    client = signed_in(colleague)
    unknown = client.post(f"{PAGE}invitar/", GUEST, follow=True)
    known = client.post(f"{PAGE}invitar/", GUEST | {"email": stranger.email}, follow=True)
    for answer in (unknown, known):
        assert "Invitación enviada" in answer.text
    assert not stranger.has_role(Role.Kind.MANAGER)


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "coordinator"},
        {"kind": "administrator"},
        {"name": "x" * 10_000},
        {"email": "nadie"},
        {"email": "x" * 10_000 + "@example.org"},
        {"until": "2020-01-01"},
        {"until": "mañana"},
    ],
)
def test_an_invitation_that_cannot_be_is_refused_in_a_sentence(colleague: User, data: dict[str, str]) -> None:
    answer = signed_in(colleague).post(f"{PAGE}invitar/", GUEST | data)
    assert answer.status_code == 422
    assert "errorlist" in answer.text
    assert not Invitation.objects.exists()


def test_what_a_manager_who_left_has_offered_is_void(colleague: User, contributor: User, oim: Organisation) -> None:
    from network import invitations

    signed_in(colleague).post(f"{PAGE}invitar/", GUEST)
    roles.end(colleague.roles.get(), by=colleague, successor=contributor)
    with pytest.raises(invitations.NotOpen):
        invitations.accept_invitation(Invitation.objects.get(), name="Rosa", language="es", password="una-clave-larga")
    assert not User.objects.filter(email="rosa@example.org").exists()


def test_as_many_queries_for_one_colleague_as_for_ten(colleague: User, oim: Organisation) -> None:
    client = signed_in(colleague)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(PAGE).status_code == 200
        return len(seen)

    def add(n: int) -> None:
        factories.user(f"u{n}@example.org", Role.Kind.CONTRIBUTOR, oim)
        people.record(f"Rosa {n}", organisation=oim, by=colleague)
        client.post(f"{PAGE}invitar/", GUEST | {"email": f"i{n}@example.org"})

    add(0)
    queries()
    few = queries()
    for n in range(1, 11):
        add(n)
    assert queries() == few
