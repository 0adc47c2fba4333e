"""Accounts begin with an invitation: a signed link, good for two weeks and once, for one person and one role."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network import invitations
from network.models import Invitation, Organisation, Role, User
from tests import factories
from tests.conftest import signed_in
from tests.network.letters import link_in, newest

ADD = "/admin/network/invitation/add/"
NEW = {"name": "Rosa", "language": "es", "password1": "rio-puente-mango", "password2": "rio-puente-mango"}


def offer(by: User, organisation: Organisation, email: str = "rosa@example.org", **more: object) -> Invitation:
    given = {"name": "Rosa Paz", "kind": Role.Kind.CONTRIBUTOR, "organisation": organisation, **more}
    return invitations.invite(by=by, email=email, **given)


def path_of(invitation: Invitation) -> str:
    return invitation.link.removeprefix("http://localhost:8000")


def later(invitation: Invitation, **change: object) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(**change)


# --- The whole way, through the admin and the mailbox ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", ["le invita al portal", "Su rol: Persona colaboradora", "/es/cuenta/invitacion/"]),
        ("en", ["invites you to the portal", "Your role: Contributor", "/en/account/invitation/"]),
    ],
)
def test_from_the_admin_to_the_desk(coordinator: User, oim, language: str, words: list[str]) -> None:
    admin = signed_in(coordinator)
    assert admin.get("/admin/network/user/add/").url == ADD
    data = {"name": "Rosa Paz", "email": "Rosa@Example.org", "language": language, "kind": "contributor"}
    admin.post(ADD, data | {"organisation": oim.pk, "until": ""}, follow=True)
    letter = newest("rosa@example.org")
    for word in [*words, "Coordina", "OIM"]:
        assert word in letter.body
    link = link_in(letter.body)

    person = Client()
    page = person.get(link)
    assert f'<html lang="{language}">' in page.text
    assert all(word in page.text for word in ("Rosa Paz", "Coordina", "OIM"))
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["Referrer-Policy"] == "same-origin"  # the link does not travel on
    answer = person.post(link, NEW | {"language": language}, follow=True)
    assert answer.redirect_chain[-1][0] in ("/es/mi-mesa/", "/en/my-desk/")
    user = User.objects.get(email="rosa@example.org")
    assert (user.name, user.language, user.organisations) == ("Rosa", language, [oim])
    assert EmailAddress.objects.get(user=user).verified
    done = Invitation.objects.get()
    assert done.accepted_by == user
    again = Client().post("/es/cuenta/entrar/", {"login": "rosa@example.org", "password": "rio-puente-mango"})
    assert again.status_code == 302


def test_an_invited_coordinator_sets_up_a_second_factor_without_typing_the_password_again(coordinator, oim) -> None:
    made = offer(coordinator, None, kind=Role.Kind.COORDINATOR)
    person = Client()
    person.post(path_of(made), NEW)
    page = person.get("/admin/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/es/cuenta/segundo-factor/")
    assert person.get("/es/cuenta/segundo-factor/aplicacion/").status_code == 200


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"password2": "otra-cosa-larga"}, "no son iguales"),
        ({"password1": "corta", "password2": "corta"}, "corta"),
        ({"password1": "rosa@example.org", "password2": "rosa@example.org"}, "similar"),
        ({"password1": "contraseña", "password2": ""}, "obligatorio"),
        ({"name": ""}, "obligatorio"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(coordinator, oim, given: dict, words: str) -> None:
    made = offer(coordinator, oim)
    answer = Client().post(path_of(made), NEW | given)
    assert answer.status_code == 422
    assert "errorlist" in answer.text
    assert words in answer.text
    assert not User.objects.filter(email="rosa@example.org").exists()
    assert Client().post(path_of(made), NEW).status_code == 302


# --- Links that don't lead on ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "es", "en"),
    [
        ({"expires": -1}, "Esta invitación venció", "This invitation ran out"),
        ({"revoked_at": 0}, "Esta invitación fue retirada", "This invitation was withdrawn"),
        ({"accepted_at": 0}, "Esta invitación ya fue aceptada", "This invitation was accepted"),
    ],
)
def test_a_link_that_is_over_says_what_to_do(coordinator, oim, change: dict, es: str, en: str) -> None:
    made = offer(coordinator, oim)
    path = path_of(made)
    later(made, **{name: timezone.now() + timedelta(days=days) for name, days in change.items()})
    for address, words in ((path, es), (path.replace("/es/cuenta/invitacion/", "/en/account/invitation/"), en)):
        for answer in (Client().get(address), Client().post(address, NEW)):
            assert answer.status_code == 410
            assert words in answer.text
            assert "Coordina" in answer.text  # whom to ask
    assert not User.objects.filter(email="rosa@example.org").exists()


@pytest.mark.parametrize("mangled", ["x", "1:", "1:abc", ":", "%00", "9" * 300, "í:ñ"])
def test_a_forged_link_is_none(coordinator, oim, mangled: str) -> None:
    made = offer(coordinator, oim)
    answer = Client().get(f"/es/cuenta/invitacion/{mangled}/")
    assert answer.status_code in (400, 404)
    token = path_of(made).split("/")[-2]
    for forged in (token[:-1], token[:-1] + ("A" if token[-1] != "A" else "B"), f"{made.pk + 1}:{token.split(':')[1]}"):
        answer = Client().post(f"/es/cuenta/invitacion/{forged}/", NEW)
        assert answer.status_code == 404
        assert "no está completo" in answer.text
    assert not User.objects.filter(email="rosa@example.org").exists()


def test_a_double_click_makes_one_account(coordinator, oim) -> None:
    made = offer(coordinator, oim)
    first, second = Client(), Client()
    assert first.post(path_of(made), NEW).url == "/es/mi-mesa/"
    assert second.post(path_of(made), NEW).status_code == 410
    assert User.objects.filter(email="rosa@example.org").count() == 1
    assert Role.objects.filter(user__email="rosa@example.org").count() == 1


def test_who_comes_a_moment_late_is_told(coordinator, oim, monkeypatch) -> None:
    """Between the look and the step somebody withdrew it."""
    made = offer(coordinator, oim)
    monkeypatch.setattr(Invitation, "is_open", True)
    later(made, revoked_at=timezone.now())
    answer = Client().post(path_of(made), NEW)
    assert answer.status_code == 302
    assert not User.objects.filter(email="rosa@example.org").exists()


# --- An address that has an account ----------------------------------------------------------------------------------


def test_an_account_that_is_there_gets_the_role(coordinator, contributor: User, insp) -> None:
    made = offer(coordinator, insp, contributor.email)
    path = path_of(made)
    page = Client().get(path)
    assert "Ya hay una cuenta" in page.text
    assert f'href="/es/cuenta/entrar/?next={path.replace(":", "%3A")}"' in page.text
    assert 'name="password1"' not in page.text
    assert Client().post(path, NEW).status_code == 200  # nobody takes an account over with a link
    contributor.refresh_from_db()
    assert contributor.check_password("una-clave-larga")
    person = Client()
    person.post("/es/cuenta/entrar/", {"login": contributor.email, "password": "una-clave-larga", "next": path})
    assert "Aceptar la invitación" in person.get(path).text
    assert not contributor.roles.filter(organisation=insp).exists()  # looking accepts nothing
    answer = person.post(path, follow=True)
    assert "Aceptado: Persona colaboradora." in answer.text
    assert contributor.roles.filter(organisation=insp, kind="contributor").exists()
    assert person.post(path).status_code == 410


def test_somebody_else_can_t_take_it(coordinator, contributor: User, stranger: User, insp) -> None:
    for email in ("nadie@example.org", contributor.email):
        made = offer(coordinator, insp, email)
        client = signed_in(stranger)
        page = client.get(path_of(made))
        assert "cierre primero la sesión" in page.text
        assert client.post(path_of(made), NEW).status_code in (200, 422)
        assert not Invitation.objects.get(pk=made.pk).accepted_at
        with pytest.raises(PermissionDenied):
            invitations.accept_invitation(made, by=stranger)
    assert stranger.roles.count() == 1


def test_whoever_invites_does_not_learn_who_has_an_account(coordinator, contributor: User, insp) -> None:
    admin = signed_in(coordinator)
    pages, letters = [], []
    for email in (contributor.email, "nadie@example.org"):
        data = {"name": "Alguien", "email": email, "language": "es", "kind": "contributor", "organisation": insp.pk}
        pages.append(admin.post(ADD, data, follow=True).redirect_chain)
        letters.append(newest(email).body.replace(link_in(newest(email).body), ""))
    assert pages[0] == pages[1]
    assert letters[0] == letters[1]


def test_a_role_that_holds_already_is_only_made_longer(coordinator, contributor: User, oim) -> None:
    held = contributor.roles.get()
    for until in (timezone.localdate() + timedelta(days=9), timezone.localdate() + timedelta(days=3), None):
        if until:
            Role.objects.filter(pk=held.pk).update(until=timezone.localdate() + timedelta(days=5))
        made = offer(coordinator, oim, contributor.email, until=until)
        invitations.accept_invitation(made, by=contributor)
    assert contributor.roles.get().until is None
    assert contributor.roles.count() == 1


def test_an_offer_does_not_shorten_a_role(coordinator, contributor: User, oim) -> None:
    made = offer(coordinator, oim, contributor.email, until=timezone.localdate() + timedelta(days=3))
    invitations.accept_invitation(made, by=contributor)
    assert contributor.roles.get().until is None


# --- Who may invite, again and no longer -----------------------------------------------------------------------------


def test_managers_invite_to_their_own_organisation_only(colleague: User, contributor: User, oim, insp) -> None:
    assert offer(colleague, oim, kind=Role.Kind.MANAGER).is_open
    for by, organisation, kind in (
        (colleague, insp, Role.Kind.CONTRIBUTOR),
        (colleague, oim, Role.Kind.COMMITTEE),
        (colleague, None, Role.Kind.COORDINATOR),
        (contributor, oim, Role.Kind.CONTRIBUTOR),
    ):
        with pytest.raises(PermissionDenied):
            offer(by, organisation, "otra@example.org", kind=kind)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "wrong", [{"kind": "contributor", "organisation": None}, {"until": -1}, {"kind": "emperor"}, {"email": "no"}]
)
def test_a_role_that_can_t_be_given_is_not_offered(coordinator, oim, wrong: dict) -> None:
    given = dict(wrong)
    if "until" in given:
        given["until"] = timezone.localdate() + timedelta(days=given["until"])
    with pytest.raises(ValidationError):
        offer(coordinator, **{"organisation": oim, **given})
    data = {"name": "Rosa", "email": "rosa@example.org", "language": "es", "kind": "contributor"}
    data |= {"organisation": oim.pk} | {name: value or "" for name, value in given.items()}
    page = signed_in(coordinator).post(ADD, data)
    assert page.status_code == 200
    assert "errorlist" in page.text
    assert not Invitation.objects.exists()


def test_inviting_twice_renews_the_one_there_is(coordinator, oim) -> None:
    first = offer(coordinator, oim)
    assert offer(coordinator, oim, name="Rosa P.").pk == first.pk
    assert len(mail.outbox) == 1  # a double click
    later(first, sent_at=timezone.now() - timedelta(hours=1), expires=timezone.now() - timedelta(days=1))
    again = offer(coordinator, oim, language="en")
    again.refresh_from_db()
    assert again.pk == first.pk
    assert again.is_open
    assert "invites you" in mail.outbox[-1].body
    assert offer(coordinator, oim, kind=Role.Kind.MANAGER).pk != first.pk


def test_in_the_admin_an_invitation_is_sent_again_and_withdrawn(coordinator, oim) -> None:
    made = offer(coordinator, oim)
    admin = signed_in(coordinator)
    page = f"/admin/network/invitation/{made.pk}/change/"
    assert "espera respuesta" in admin.get(page).text

    def step(name: str) -> str:
        return admin.post(page, {"CHANGE_FORM-action": name, "_selected_action": [made.pk]}, follow=True).text

    step("resend")
    assert len(mail.outbox) == 1  # within the minute
    later(made, sent_at=timezone.now() - timedelta(minutes=2))
    step("resend")
    step("resend")
    assert len(mail.outbox) == 2
    step("revoke")
    step("revoke")
    assert Client().get(path_of(made)).status_code == 410
    assert "ya respondió, o la invitación fue retirada" in step("resend")
    assert len(mail.outbox) == 2
    assert admin.post(f"/admin/network/invitation/{made.pk}/delete/", {"post": "yes"}).status_code == 403


def test_an_accepted_one_can_t_be_withdrawn(coordinator, oim) -> None:
    made = offer(coordinator, oim)
    Client().post(path_of(made), NEW)
    with pytest.raises(invitations.NotOpen):
        invitations.revoke_invitation(made, by=coordinator)
    with pytest.raises(invitations.NotOpen):
        invitations.resend_invitation(made, by=coordinator)


def test_others_neither_send_again_nor_withdraw(colleague: User, stranger: User, oim) -> None:
    made = offer(colleague, oim)
    for step in (invitations.resend_invitation, invitations.revoke_invitation):
        with pytest.raises(PermissionDenied):
            step(made, by=stranger)


def test_the_committee_does_not_see_who_is_invited(committee_member: User, coordinator, oim) -> None:
    made = offer(coordinator, oim)
    client = signed_in(committee_member)
    assert client.get("/admin/network/invitation/").status_code == 403
    assert client.get(f"/admin/network/invitation/{made.pk}/change/").status_code == 403


def test_the_link_is_nowhere_in_the_database(coordinator, oim, settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_ox.backend.OxBackend"}}
    from django_ox.models import OxTask

    made = offer(coordinator, oim)
    token = path_of(made).split("/")[-2]
    waiting = OxTask.objects.get()
    assert token.split(":")[1] not in str(waiting.__dict__)
    assert token.split(":")[1] not in str(Invitation.objects.values().get())


def test_a_withdrawn_one_is_not_sent_by_a_late_worker(coordinator, oim) -> None:
    made = offer(coordinator, oim)
    later(made, revoked_at=timezone.now())
    mail.outbox.clear()
    assert invitations.send_invitation.func(made.pk) == "no longer open"
    assert not mail.outbox


def test_the_list_takes_as_many_queries_for_one_as_for_ten(coordinator, oim) -> None:
    client = signed_in(coordinator)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/admin/network/invitation/").status_code == 200
        return len(seen)

    offer(coordinator, oim)
    queries()
    few = queries()
    for n in range(10):
        offer(coordinator, factories.organisation(f"o{n}"), f"x{n}@example.org")
    assert queries() == few
