"""What people let be known about themselves, what they get to see of it, and what stays when they leave."""

import json

import pytest
from django.core import mail

from network import people, privacy, roles
from network.models import Affiliation, Organisation, Person, Role, User
from portal.core.models import AuditEntry
from resources import actions
from tests import factories
from tests.conftest import body, signed_in

ADDRESS = "ana.privada@example.org"
PHONE = "+506 5555 0101"
CONTACTS = {"title": "Dra.", "email": ADDRESS, "phone": PHONE}
MY_DATA = {"es": "/es/mi-mesa/mis-datos/", "en": "/en/my-desk/my-data/"}


def keep(user: User, **more: object) -> Person:
    return people.keep_contacts(user, **CONTACTS, public=False, **more)


# --- Private unless the person says otherwise ------------------------------------------------------------------------


def everywhere(client, oim: Organisation, work) -> str:
    """What the public can get at: pages, lists, search with and without a hit, the map of the site."""
    addresses = [
        "/es/", "/es/recursos/", "/es/recursos/?q=Ana", f"/es/recursos/?q={ADDRESS}", "/es/recursos/?q=5555",
        "/es/red/", "/es/red/organizaciones.csv", oim.get_absolute_url(), work.get_absolute_url(), "/es/paises/",
        "/es/paises/cr/", "/es/temas/", "/es/recursos/sugerencias/?q=ana", "/robots.txt",
    ]  # fmt: skip
    pages = [body(client.get(address, follow=True)).decode().replace(f'value="{ADDRESS}"', "") for address in addresses]
    return "\n".join(page.split("<main")[-1].replace(f"“{ADDRESS}”", "") for page in pages)


def test_contacts_are_on_no_public_page_without_consent(client, contributor: User, oim: Organisation) -> None:
    keep(contributor)
    people.record("Rosa Sola", organisation=oim, by=contributor, email="rosa@example.org", phone="+506 5555 0202")
    work = factories.resource(oim, created_by=contributor, title_es="Guía de la frontera")
    shown = everywhere(client, oim, work)
    for secret in (PHONE, "rosa@example.org", "0202", contributor.email, f"mailto:{ADDRESS}"):
        assert secret not in shown, secret


def test_with_consent_they_are_on_the_organisations_page_and_go_with_it(
    client, contributor: User, oim: Organisation
) -> None:
    own = signed_in(contributor)
    own.post(MY_DATA["es"], CONTACTS | {"public": "on"})
    assert ADDRESS in client.get(oim.get_absolute_url()).text
    own.post(MY_DATA["es"], CONTACTS)
    assert ADDRESS not in client.get(oim.get_absolute_url()).text
    verbs = [entry.verb for entry in AuditEntry.objects.order_by("pk")]
    assert verbs == ["contacts-public", "contacts-private"]


def test_who_has_left_is_no_longer_on_the_public_page(client, contributor: User, oim: Organisation) -> None:
    people.keep_contacts(contributor, **CONTACTS, public=True)
    roles.end(contributor.roles.get(), by=contributor)
    assert ADDRESS not in client.get(oim.get_absolute_url()).text


def test_consent_without_contacts_is_asked_for_them(contributor: User) -> None:
    answer = signed_in(contributor).post(MY_DATA["es"], {"title": "", "email": "", "phone": "", "public": "on"})
    assert answer.status_code == 422
    assert "Escriba un correo o un teléfono" in answer.text


def test_consent_keeps_its_day(contributor: User) -> None:
    person = people.keep_contacts(contributor, **CONTACTS, public=True)
    Person.objects.filter(pk=person.pk).update(consent_public="2024-01-31")
    assert str(people.keep_contacts(contributor, **CONTACTS, public=True).consent_public) == "2024-01-31"


def test_the_log_names_no_address(contributor: User, caplog) -> None:
    signed_in(contributor).post(MY_DATA["es"], CONTACTS | {"public": "on"})
    assert ADDRESS not in caplog.text


# --- What is held about me -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "words"), [("es", "Lo que se guarda sobre mí"), ("en", "What is held about me")])
def test_the_page_shows_what_is_held(contributor: User, oim: Organisation, language: str, words: str) -> None:
    keep(contributor)
    factories.resource(oim, created_by=contributor, title_es="Guía de la frontera")
    page = signed_in(contributor).get(MY_DATA[language]).text
    for held in (words, contributor.email, ADDRESS, PHONE, "Guía de la frontera", oim.acronym):
        assert held in page


def test_reading_it_writes_nothing(contributor: User) -> None:
    signed_in(contributor).get(MY_DATA["es"])
    assert not Person.objects.exists()


def test_the_download_holds_everything_and_nobody_else(
    contributor: User, colleague: User, coordinator: User, oim: Organisation
) -> None:
    keep(contributor)
    work = factories.resource(oim, created_by=contributor, title_es="Guía de la frontera", published=False)
    actions.submit(work, by=contributor)
    roles.give(contributor, Role.Kind.MANAGER, organisation=oim, by=colleague)
    roles.give(factories.user("nueva@example.org"), Role.Kind.CONTRIBUTOR, organisation=oim, by=contributor)
    roles.end(contributor.roles.get(kind="manager"), by=coordinator, reason="Lo pidió")
    people.record("Rosa Sola", organisation=oim, by=coordinator)
    answer = signed_in(contributor).get("/es/mi-mesa/mis-datos/descargar/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mis-datos.json"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    held = json.loads(answer.text)
    assert held["account"][0]["email"] == contributor.email
    assert held["contacts"][0]["phone"] == PHONE
    assert len(held["roles"]) == 2
    assert held["documents"][0]["title"] == "Guía de la frontera"
    assert {"Documento enviado a revisión", "Rol otorgado", "Rol terminado"} <= {row["what"] for row in held["record"]}
    assert "Lo pidió" in answer.text
    for other in ("Luis", "Coordina", "Nueva", "Rosa", "nueva@example.org", "luis@example.org"):
        assert other not in answer.text, other


# --- Erasing ---------------------------------------------------------------------------------------------------------


def test_erasing_empties_the_account_and_keeps_the_name_in_the_record(
    client, contributor: User, oim: Organisation
) -> None:
    keep(contributor)
    work = factories.resource(oim, created_by=contributor, published=False)
    actions.submit(work, by=contributor)
    own, elsewhere = signed_in(contributor), signed_in(contributor)
    answer = own.post("/es/mi-mesa/mis-datos/cerrar/", {"email": contributor.email.upper()}, follow=True)
    assert "Su cuenta está cerrada" in answer.text
    for door in (own, elsewhere):
        assert door.get("/es/mi-mesa/").status_code == 302
    gone = User.objects.get(pk=contributor.pk)
    assert (gone.name, gone.is_active, gone.has_usable_password()) == ("Ana", False, False)
    assert gone.email.endswith("@erased.invalid")
    person = Person.objects.get(user=gone)
    assert (person.email, person.phone, bool(person.archived_at)) == ("", "", True)
    assert not gone.emailaddress_set.exists()
    assert not gone.roles.open().exists()
    assert work.state_changes.get(to="submitted").by.name == "Ana"
    assert AuditEntry.objects.get(verb="work-submitted").by_name == "Ana"
    assert AuditEntry.objects.get(verb="account-erased").whom_name == "Ana"


def test_the_address_can_be_invited_anew(contributor: User, coordinator: User, oim: Organisation) -> None:
    from network import invitations

    address = contributor.email
    privacy.erase(contributor, by=contributor)
    invitations.invite(by=coordinator, email=address, name="Ana", kind="contributor", organisation=oim)
    assert mail.outbox[-1].to == [address]


def test_erasing_asks_for_the_address(contributor: User) -> None:
    client = signed_in(contributor)
    answer = client.post("/es/mi-mesa/mis-datos/cerrar/", {"email": "otra@example.org"})
    assert answer.status_code == 422
    assert "no es el correo de su cuenta" in answer.text
    assert User.objects.get(pk=contributor.pk).is_active


def test_the_last_manager_names_another_before_closing_the_account(colleague: User) -> None:
    client = signed_in(colleague)
    answer = client.post("/es/mi-mesa/mis-datos/cerrar/", {"email": colleague.email})
    assert answer.status_code == 422
    assert "la única persona responsable" in answer.text
    assert User.objects.get(pk=colleague.pk).is_active
    assert not AuditEntry.objects.filter(verb="account-erased").exists()


def test_an_administrator_erases_on_request_and_a_coordinator_does_not(
    contributor: User, administrator: User, coordinator: User
) -> None:
    address = f"/admin/network/user/{contributor.pk}/change/"
    step = {"CHANGE_FORM-action": "erase", "_selected_action": contributor.pk, "reason": "Lo pidió por carta"}
    signed_in(coordinator).post(address, step)
    assert User.objects.get(pk=contributor.pk).is_active
    client = signed_in(administrator)
    assert "Esto no se puede deshacer" in client.post(address, {k: v for k, v in step.items() if k != "reason"}).text
    client.post(address, step)
    assert not User.objects.get(pk=contributor.pk).is_active
    assert AuditEntry.objects.get(verb="account-erased").by == administrator
    client.post(address, step)  # twice is harmless
    assert AuditEntry.objects.filter(verb="account-erased").count() == 1


# --- People without an account ---------------------------------------------------------------------------------------


def test_somebody_is_recorded_without_an_account_once(colleague: User, oim: Organisation) -> None:
    client = signed_in(colleague)
    data = {"name": "Rosa Sola", "job_title": "Directora", "language": "es", "is_focal_point": "on"}
    for _click in range(2):
        assert client.post("/es/mi-mesa/organizacion/oim/persona/", data).status_code == 302
    row = Affiliation.objects.get()
    assert (str(row.person), row.job_title, row.is_focal_point) == ("Rosa Sola", "Directora", True)
    assert "Rosa Sola" in client.get("/es/mi-mesa/organizacion/oim/").text
    client.post(f"/es/mi-mesa/organizacion/personas/{row.pk}/deja/")
    row.refresh_from_db()
    assert row.until
    assert [e.verb for e in AuditEntry.objects.order_by("pk")] == ["person-recorded", "person-left"]


def test_whoever_is_recorded_and_invited_is_one_person(colleague: User, oim: Organisation) -> None:
    recorded = people.record("Rosa Sola", organisation=oim, by=colleague, email="Rosa@example.org").person
    user = factories.user("rosa@example.org")
    people.link(user)
    assert user.person == recorded


def test_another_name_of_the_account_is_the_persons_too(contributor: User) -> None:
    keep(contributor)
    signed_in(contributor).post("/es/cuenta/", {"name": "Ana María", "language": "en"})
    assert Person.objects.get(user=contributor).name == "Ana María"


@pytest.mark.parametrize("field", ["name", "job_title", "phone"])
def test_ten_thousand_characters_are_refused_in_a_sentence(colleague: User, field: str) -> None:
    data = {"name": "Rosa", "language": "es", field: "x" * 10_000}
    answer = signed_in(colleague).post("/es/mi-mesa/organizacion/oim/persona/", data)
    assert answer.status_code == 422
    assert "errorlist" in answer.text
    assert not Person.objects.exists()
