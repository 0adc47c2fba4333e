"""Two people at one form: whoever saves second is told, in the language of the page, and loses nothing typed."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client

from network import membership, privacy
from network.models import Membership, Organisation, Person, Rota, User
from portal.core.models import AuditEntry
from portal.core.versions import version_of
from tests import factories
from tests.conftest import signed_in
from tests.steering.room import page_of

DESK = "/es/mi-mesa/organizacion/oim/"
TOLD = {"es": "Otra persona ha cambiado esto entretanto", "en": "Another person has changed this meanwhile"}


def form_of(client: Client, address: str) -> dict[str, object]:
    """Everything that a browser would send back, had nobody typed."""
    page = client.get(address)
    form = page.context["adminform"].form if "adminform" in page.context else page.context["form"]
    data = {field.html_name: field.value() for field in form}
    for inline in page.context.get("inline_admin_formsets", []):
        data |= {field.html_name: field.value() for field in inline.formset.management_form}
        data |= {field.html_name: field.value() for row in inline.formset.initial_forms for field in row}
    return {name: value for name, value in data.items() if value is not None}


@pytest.fixture
def of_oim(oim: Organisation) -> Membership:
    return oim.memberships.get()


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_second_to_correct_a_membership_is_told_what_stands_there(
    coordinator: User, administrator: User, of_oim: Membership, language: str
) -> None:
    one, other = signed_in(coordinator), signed_in(administrator)
    other.cookies["django_language"] = language
    mine, theirs = form_of(one, page_of(of_oim)), form_of(other, page_of(of_oim))
    assert one.post(page_of(of_oim), mine | {"category": "observer"}).status_code == 302
    late = other.post(page_of(of_oim), theirs | {"exception": "Carta de 2015"})
    assert TOLD[language] in late.text
    assert {"es": "Categoría ahora es: Observador", "en": "Category is now: Observer"}[language] in late.text
    assert "Carta de 2015" in late.text  # what was typed
    of_oim.refresh_from_db()
    assert (of_oim.category, of_oim.exception) == ("observer", "Fundadora")
    again = {field.html_name: field.value() for field in late.context["adminform"].form}
    assert other.post(page_of(of_oim), {k: v for k, v in again.items() if v is not None}).status_code == 302
    of_oim.refresh_from_db()
    assert (of_oim.category, of_oim.exception) == ("full", "Carta de 2015")  # knowing what was there


def test_a_step_taken_meanwhile_is_a_change_too(coordinator: User, of_oim: Membership) -> None:
    client = signed_in(coordinator)
    shown = form_of(client, page_of(of_oim))
    membership.suspend(of_oim, by=None, reason="Sin cuota")
    assert TOLD["es"] in client.post(page_of(of_oim), shown | {"category": "observer"}).text
    of_oim.refresh_from_db()
    assert (of_oim.state, of_oim.category) == ("suspended", "full")


def test_a_second_click_is_nobody_else(coordinator: User, of_oim: Membership) -> None:
    client = signed_in(coordinator)
    data = form_of(client, page_of(of_oim)) | {"category": "observer"}
    assert [client.post(page_of(of_oim), data).status_code for _click in range(2)] == [302, 302]


def test_whoever_sends_no_version_overwrites_nothing(coordinator: User, of_oim: Membership) -> None:
    client = signed_in(coordinator)
    data = form_of(client, page_of(of_oim)) | {"category": "observer", "version": ""}
    assert TOLD["es"] in client.post(page_of(of_oim), data).text


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_is_told(coordinator: User, of_oim: Membership) -> None:
    clients = [signed_in(coordinator) for _ in range(2)]
    data = form_of(clients[0], page_of(of_oim))
    start, answers = threading.Barrier(2), []

    def save(client: Client, category: str) -> None:
        try:
            start.wait()
            answers.append(client.post(page_of(of_oim), data | {"category": category}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=pair) for pair in zip(clients, ["observer", "allied"], strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 302]
    assert AuditEntry.objects.filter(verb="membership_corrected").count() == 1


def person() -> Person:
    return Person.objects.create(name="Rosa")


def rota() -> Rota:
    return Rota.objects.create(kind="review", organisation=factories.organisation())


@pytest.mark.parametrize(
    ("make", "typed", "change"),
    [
        (person, {"phone": "+504 2222"}, {"email": "rosa@example.org"}),
        (rota, {"days": "9"}, {"days": 3}),
        (factories.organisation, {"website": "https://a.example"}, {"acronym": "XYZ"}),
    ],
)
def test_other_pages_of_the_admin_tell_too(
    administrator: User, make: Callable[[], Model], typed: dict[str, str], change: dict[str, object]
) -> None:
    row, client = make(), signed_in(administrator)
    shown = form_of(client, page_of(row))
    type(row).objects.filter(pk=row.pk).update(**change)
    late = client.post(page_of(row), shown | typed)
    assert TOLD["es"] in late.text
    assert (
        client.post(page_of(row), shown | typed | {"version": version_of(type(row).objects.get(pk=row.pk))}).status_code
        == 302
    )


def test_two_managers_and_one_profile(colleague: User, coordinator: User, oim: Organisation) -> None:
    one, other = signed_in(colleague), signed_in(coordinator)
    mine, theirs = form_of(one, DESK), form_of(other, DESK)
    assert one.post(DESK, mine | {"acronym": "OIM-ONU"}).status_code == 302
    late = other.post(DESK, theirs | {"description_es": "Trabajamos en la frontera."})
    assert late.status_code == 422
    assert TOLD["es"] in late.text
    assert "OIM-ONU" in late.text
    assert "Trabajamos en la frontera." in late.text
    oim.refresh_from_db()
    assert (oim.acronym, oim.description_es) == ("OIM-ONU", "")
    again = {field.html_name: field.value() for field in late.context["form"] if field.value()}
    assert other.post(DESK, again).status_code == 302


# --- Contacts of somebody without an account -------------------------------------------------------------------------


def test_contacts_of_somebody_without_an_account_are_erased_by_a_button(coordinator: User, oim: Organisation) -> None:
    row = Person.objects.create(name="Rosa", email="rosa@example.org", phone="2222")
    row.affiliations.create(organisation=oim)
    client, address = signed_in(coordinator), page_of(row)
    pressed = {"CHANGE_FORM-action": "erase_contacts", "_selected_action": row.pk}
    assert "Borrar los datos de contacto" in client.get(address).text
    assert "no se puede deshacer" in client.post(address, pressed).text
    for _click in range(2):
        client.post(address, pressed | {"confirmed": "1", "reason": "Lo pidió por carta"})
    row.refresh_from_db()
    assert (row.name, row.email, row.phone, row.is_emptied) == ("Rosa", "", "", True)
    assert row.affiliations.get().until is not None
    assert AuditEntry.objects.get(verb="contacts-erased").reason == "Lo pidió por carta"
    client.get(address)
    assert "Borrar los datos de contacto" not in client.get(address).text


def test_who_has_an_account_is_erased_there(coordinator: User, contributor: User) -> None:
    row = Person.objects.create(name="Ana", email="ana@example.org", user=contributor)
    client = signed_in(coordinator)
    pressed = {"CHANGE_FORM-action": "erase_contacts", "_selected_action": row.pk, "confirmed": "1", "reason": "x"}
    assert "Esta persona tiene una cuenta" in client.post(page_of(row), pressed).text
    with pytest.raises(privacy.roles.Refused):
        privacy.erase_contacts(row, by=coordinator, reason="x")
    row.refresh_from_db()
    assert row.email == "ana@example.org"
