"""Whoever may enter the admin proves it twice. A password alone, theirs or found out, stays outside."""

import re
import time
from types import SimpleNamespace

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from network.models import Organisation, Role, User
from portal.core import second_factor
from portal.core.models import Mark
from resources import actions
from tests import factories
from tests.conftest import PortalClient
from tests.network.letters import newest
from tests.portal.doors import SITE

INDEX = "/es/cuenta/segundo-factor/"
APP = "/es/cuenta/segundo-factor/aplicacion/"
CODES = "/es/cuenta/segundo-factor/codigos-de-recuperacion/"
SECOND = "/es/cuenta/entrar/segundo-factor/"


@pytest.fixture(autouse=True)
def _half_minute_that_does_not_end(monkeypatch) -> None:
    """A busy machine may take longer over a test than a code is good for."""
    now = time.time()
    monkeypatch.setattr(totp, "time", SimpleNamespace(time=lambda: now))


def by_password(user: User, **data: str) -> Client:
    client = Client()
    client.post("/es/cuenta/entrar/", {"login": user.email, "password": "una-clave-larga", **data})
    return client


def code_of(key: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(key, int(totp.time.time()) // 30 + steps))


def set_up_app(client: Client) -> str:
    """The key that the page shows; one of its codes came back."""
    key = re.search(r'class="key">([A-Z2-7]{32})<', client.get(APP).text)[1]
    assert client.post(APP, {"code": code_of(key, -1)}).url == CODES
    return key


def shown_codes(page: str) -> list[str]:
    return re.findall(r"<code>(\d{8})</code>", page)


@pytest.fixture(params=[Role.Kind.COORDINATOR, Role.Kind.COMMITTEE, "administrator"])
def staff(request, oim: Organisation) -> User:
    if request.param == "administrator":
        return User.objects.create_superuser("jefa@example.org", "una-clave-larga", name="Jefa")
    return factories.user("jefe@example.org", request.param, oim)


def test_a_password_alone_does_not_open_the_admin(staff: User) -> None:
    client = by_password(staff)
    assert client.get("/es/mi-mesa/").status_code == 200
    for address in ("/admin/", "/admin/resources/resource/", "/admin/network/organisation/add/"):
        page = client.get(address, follow=True)
        assert [where.split("?")[0] for where, _ in page.redirect_chain] == ["/admin/login/", INDEX]
        assert "configure primero un segundo factor" in page.text


def test_who_sets_one_up_enters_in_the_same_session(staff: User) -> None:
    client = by_password(staff)
    set_up_app(client)
    assert client.get("/admin/").status_code == 200


def test_the_next_session_takes_a_code(staff: User) -> None:
    key = set_up_app(by_password(staff))
    client = by_password(staff)
    assert client.get("/es/mi-mesa/").status_code == 302  # not half signed in
    assert client.post(SECOND, {"code": code_of(key)}).url == "/es/mi-mesa/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("address", "words"),
    [("/es/cuenta/entrar/", "código"), ("/en/account/sign-in/", "code")],
)
def test_the_admin_s_own_sign_in_is_the_site_s(coordinator: User, address: str, words: str) -> None:
    client = Client(headers={"accept-language": address[1:3]})
    page = client.get("/admin/resources/resource/", follow=True)
    assert page.redirect_chain[-1][0] == f"{address}?next=/admin/resources/resource/"
    key = set_up_app(by_password(coordinator))
    data = {"login": coordinator.email, "password": "una-clave-larga", "next": "/admin/resources/resource/"}
    second = client.post(address, data, follow=True)
    assert words in second.text
    assert client.post(second.redirect_chain[-1][0], {"code": code_of(key)}).url == "/admin/resources/resource/"


def test_a_contributor_is_told_that_the_admin_is_not_for_them(client, contributor: User) -> None:
    client.force_login(contributor)
    page = client.get("/admin/", follow=True)
    assert page.status_code == 403
    assert "<h1" in page.text


def test_the_admin_s_sign_in_does_not_lead_to_another_site(client, coordinator: User) -> None:
    client.force_login(coordinator)
    assert client.get("/admin/login/?next=https://evil.example/").url == "/admin/"


def test_a_code_is_good_once(coordinator: User) -> None:
    key = set_up_app(by_password(coordinator))
    code = code_of(key, 1)
    assert by_password(coordinator).post(SECOND, {"code": code}).status_code == 302
    for _ in range(2):
        again = by_password(coordinator).post(SECOND, {"code": code})
        assert again.status_code == 200
        assert "no es correcto" in again.text
        app = Authenticator.objects.get(user=coordinator, type="totp").wrap()
        assert cache.delete(app._get_used_cache_key(code))  # after half a minute; the code is good for another one


def test_a_wrong_code_says_so(coordinator: User) -> None:
    set_up_app(by_password(coordinator))
    client = by_password(coordinator)
    assert "no es correcto" in client.post(SECOND, {"code": "000000"}).text
    assert client.get("/es/mi-mesa/").status_code == 302


def test_without_a_password_the_second_step_is_nowhere(db) -> None:
    assert Client().get(SECOND).url == "/es/cuenta/entrar/"
    assert Client().post(SECOND, {"code": "000000"}).url == "/es/cuenta/entrar/"


def test_recovery_codes_are_shown_once_and_open_once(coordinator: User) -> None:
    client = by_password(coordinator)
    set_up_app(client)
    page = client.get(CODES).text
    codes = shown_codes(page)
    assert len(codes) == 10
    assert f'download="codigos-de-recuperacion.txt" href="data:text/plain;charset=utf-8,{codes[0]}%0A' in page
    assert not shown_codes(client.get(CODES).text)
    later = by_password(coordinator)
    assert later.post(SECOND, {"code": codes[3]}).url == "/es/mi-mesa/"
    assert later.get("/admin/").status_code == 200
    assert by_password(coordinator).post(SECOND, {"code": codes[3]}).status_code == 200


def test_new_recovery_codes_end_the_old_ones(coordinator: User, django_capture_on_commit_callbacks) -> None:
    client = by_password(coordinator)
    set_up_app(client)
    old = shown_codes(client.get(CODES).text)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{CODES}nuevos/").url == CODES
    assert set(old).isdisjoint(shown_codes(client.get(CODES).text))
    assert "códigos de recuperación nuevos" in newest(coordinator.email).body
    assert by_password(coordinator).post(SECOND, {"code": old[0]}).status_code == 200


def test_every_change_is_told_by_letter(coordinator: User) -> None:
    client = by_password(coordinator)
    set_up_app(client)
    assert client.post(f"{APP}quitar/").url == INDEX
    client.post(
        "/es/cuenta/clave/cambiar/", {"oldpassword": "una-clave-larga", "password1": "x" * 12, "password2": "x" * 12}
    )
    assert "cambió la contraseña" in newest(coordinator.email).body
    assert any("Se quitó la aplicación" in letter.body for letter in mail.outbox)


def test_the_first_one_ends_every_other_session(client, coordinator: User) -> None:
    thief = by_password(coordinator)
    mine = by_password(coordinator)
    assert UserSession.objects.filter(user=coordinator).count() == 2
    set_up_app(mine)
    assert thief.get("/es/mi-mesa/").status_code == 302
    assert mine.get("/es/mi-mesa/").status_code == 200


def test_a_session_opened_without_it_is_asked_for_it(client, coordinator: User) -> None:
    """A password-only session that somehow outlived the first one is asked for it, whatever it adds."""
    Client.force_login(client, coordinator)
    key = generate_totp_secret()
    TOTP.activate(coordinator, key)
    where = client.get("/admin/", follow=True).redirect_chain[-1][0]
    assert where == "/es/cuenta/confirmar/codigo/?next=/admin/"
    assert client.post(where, {"code": code_of(key)}).url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_whoever_removes_the_last_one_is_out_of_the_admin(coordinator: User) -> None:
    client = by_password(coordinator)
    set_up_app(client)
    client.post(f"{APP}quitar/")
    assert client.get("/admin/").status_code == 302
    assert not Authenticator.objects.exists()  # recovery codes are nothing by themselves


def test_after_a_working_day_the_admin_asks_again(coordinator: User) -> None:
    client = by_password(coordinator)
    key = set_up_app(client)
    session = client.session
    for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["at"] -= 12 * 60 * 60 + 1
    session.save()
    page = client.get("/admin/network/country/", follow=True)
    where = page.redirect_chain[-1][0]
    assert where.startswith("/es/cuenta/confirmar/codigo/")
    data = {"code": code_of(key), "next": "/admin/network/country/"}
    assert client.post(where, data).url == "/admin/network/country/"
    assert client.get("/admin/network/country/").status_code == 200


def test_changing_it_asks_for_the_password_again(coordinator: User) -> None:
    client = by_password(coordinator)
    set_up_app(client)
    session = client.session
    for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["at"] -= 600
    session.save()
    page = client.get(f"{APP}quitar/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/es/cuenta/confirmar/?next=")
    assert "¿Sigue siendo usted?" in page.text
    assert "Con un código" in page.text
    assert "no es su contraseña" in client.post(page.redirect_chain[-1][0], {"password": "no"}).text
    assert client.post(page.redirect_chain[-1][0], {"password": "una-clave-larga"}).url == f"{APP}quitar/"


def test_a_key_can_t_be_read_in_the_database(coordinator: User, settings) -> None:
    key = set_up_app(by_password(coordinator))
    kept = Authenticator.objects.get(user=coordinator, type="totp")
    assert key not in str(kept.data)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert kept.wrap().validate_code(code_of(key))
    settings.SECRET_KEY_FALLBACKS = []
    assert not kept.wrap().validate_code(code_of(key, 1))  # a sentence instead of an error


def test_a_coordinator_takes_a_lost_one_away(client, coordinator: User, committee_member: User) -> None:
    lost = by_password(committee_member)
    set_up_app(lost)
    client.force_login(coordinator)
    address = f"/admin/network/user/{committee_member.pk}/change/"
    assert "Quitar el segundo factor" in client.get(address).text
    for _ in range(2):
        client.post(
            address, {"CHANGE_FORM-action": "take_second_factor_away", "_selected_action": [committee_member.pk]}
        )
    assert not Authenticator.objects.filter(user=committee_member).exists()
    assert lost.get("/es/mi-mesa/").status_code == 302
    told = [letter for letter in mail.outbox if "quitó el segundo factor" in letter.body]
    assert [letter.to for letter in told] == [[committee_member.email]]


def test_nobody_takes_it_from_an_administrator(client, coordinator: User) -> None:
    above = User.objects.create_superuser("jefa@example.org", "una-clave-larga", name="Jefa")
    set_up_app(by_password(above))
    client.force_login(coordinator)
    data = {"CHANGE_FORM-action": "take_second_factor_away", "_selected_action": [above.pk]}
    client.post(f"/admin/network/user/{above.pk}/change/", data)
    assert Authenticator.objects.filter(user=above, type="totp").exists()


@pytest.mark.parametrize(
    ("debug", "marked", "enters"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_only_the_demo_does_without(coordinator: User, settings, debug: bool, marked: bool, enters: bool) -> None:
    settings.DEBUG = debug
    if marked:
        Mark.objects.create(name="demo:people")
    client = by_password(coordinator)
    assert (client.get("/admin/").status_code == 200) == enters
    assert ("En esta demostración" in client.get("/es/cuenta/").text) == enters


def test_pages_of_the_second_factor_in_english(coordinator: User) -> None:
    client = by_password(coordinator)
    assert "Second factor" in client.get("/en/account/second-factor/").text
    page = client.get("/en/account/second-factor/app/").text
    assert "Let the app read this drawing" in page
    assert '<svg class="qr"' in page
    assert "style=" not in page
    assert "This code is not right" in client.post("/en/account/second-factor/app/", {"code": "1"}).text


def test_others_may_have_one_too(contributor: User) -> None:
    key = set_up_app(by_password(contributor))
    client = by_password(contributor)
    assert client.get("/es/mi-mesa/").status_code == 302
    assert client.post(SECOND, {"code": code_of(key)}).url == "/es/mi-mesa/"


def test_the_helper_of_the_tests_switches_nothing_off(coordinator: User) -> None:
    helped, plain = PortalClient(), Client()
    helped.force_login(coordinator)
    plain.force_login(coordinator)
    assert helped.get("/admin/").status_code == 200
    assert plain.get("/admin/").status_code == 302


# --- Outside the admin -----------------------------------------------------------------------------------------------

OWN = ("account_", "mfa_", "usersessions_", "network:account", "network:invitation", "network:session_end")
ANYBODYS = ("set_language", "network:join", "network:application", "steering:verify")


def test_whoever_coordinates_changes_nothing_anywhere_with_a_password_alone(coordinator: User) -> None:
    client = by_password(coordinator)
    for name, door in SITE.items():
        if "coordinator" in door.who and not name.startswith(OWN + ANYBODYS):
            named = {key: "csv" if key == "format" else "1" for key in door.args}
            answer = client.post(reverse(name, kwargs=named))
            assert answer.url.startswith(f"{INDEX}?next="), name


def test_it_is_said_before_anybody_types(coordinator: User, contributor: User) -> None:
    words = "todavía no cambiar ni decidir nada"
    client = by_password(coordinator)
    assert words in client.get("/es/mi-mesa/").text
    assert "not change or decide anything yet" in client.get("/en/my-desk/").text
    set_up_app(client)
    assert words not in client.get("/es/mi-mesa/").text
    assert words not in by_password(contributor).get("/es/mi-mesa/").text


def test_a_password_alone_publishes_nothing(coordinator: User, oim: Organisation) -> None:
    work = factories.resource(oim, published=False)
    actions.submit(work, by=None)
    client, address = by_password(coordinator), reverse("resources:publish", args=[work.pk])
    page = work.get_absolute_url()
    answer = client.post(address, headers={"referer": f"http://testserver{page}"})
    assert answer.url == f"{INDEX}?next={page}"
    assert client.post(address, headers={"referer": "https://evil.example/x"}).url == f"{INDEX}?next=/es/mi-mesa/"
    assert client.post(address, headers={"hx-request": "true"}).headers["HX-Redirect"].startswith(INDEX)
    work.refresh_from_db()
    assert not work.is_published
    set_up_app(client)
    client.post(address)
    work.refresh_from_db()
    assert work.is_published


def test_others_need_none(contributor: User, oim: Organisation) -> None:
    assert by_password(contributor).post("/es/mi-mesa/subir/").status_code in (422, 404)


def grown_old(client: Client, *, hours: float, idle: float) -> None:
    """The second factor was given so many hours ago, and the last page asked for so many."""
    session = client.session
    for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["at"] = time.time() - hours * 3600
    session[second_factor.ACTIVE] = time.time() - idle * 3600
    session.save()


@pytest.mark.parametrize(
    ("hours", "idle", "reads", "sends"),
    [
        (1, 1, True, True),
        (5, 1.9, True, True),
        (5, 2.1, False, True),  # the machine was left; a form that lies open may still be sent
        (11, 0.1, True, True),
        (13, 0.1, False, True),
        (14, 12.1, False, False),
    ],
)
def test_how_long_a_second_factor_holds(
    coordinator: User, oim: Organisation, hours: float, idle: float, reads: bool, sends: bool
) -> None:
    client = by_password(coordinator)
    set_up_app(client)
    grown_old(client, hours=hours, idle=idle)
    assert (client.get("/admin/network/country/").status_code == 200) == reads
    grown_old(client, hours=hours, idle=idle)
    assert client.post(reverse("network:absence_add"), {}).status_code == (422 if sends else 302)


def test_whoever_works_is_not_asked_again_for_a_pause(coordinator: User) -> None:
    client = by_password(coordinator)
    set_up_app(client)
    for _page in range(3):
        grown_old(client, hours=6, idle=1.5)
        assert client.get("/admin/network/country/").status_code == 200
        assert time.time() - client.session[second_factor.ACTIVE] < 60
