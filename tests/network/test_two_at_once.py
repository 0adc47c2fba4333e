"""Every button of joining, admission and invitations, pressed twice at the same moment: done once, never an error."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from network import application_links, invitations, joining, people
from network.models import Affiliation, Application, Conflict, Invitation, Membership, Remark, User
from portal.core.models import AuditEntry
from tests import factories
from tests.conftest import signed_in
from tests.network import applying

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Button:
    """Where it is sent to and with what; `done` counts what it did."""

    address: str
    data: dict[str, object]
    done: Callable[[], int]
    by: User | None = None


def entries(verb: str) -> Callable[[], int]:
    return AuditEntry.objects.filter(verb=verb).count


def begin(coordinator: User) -> Button:
    return Button(applying.JOIN["es"], applying.beginning(), Application.objects.count)


def _of_the_applicant(application: Application, end: str, data: dict[str, object], done: Callable[[], int]) -> Button:
    address = reverse(f"network:{end}", args=[application_links.token(application, mailed=True)])
    return Button(address, data, done)


def hand_in(coordinator: User) -> Button:
    return _of_the_applicant(
        applying.filled(), "application", applying.answers(hand_in="1"), entries("application_submitted")
    )


def answer(coordinator: User) -> Button:
    application = applying.handed_in()
    joining.ask(application, by=coordinator, question="¿Cuántas?")
    written = Remark.objects.filter(kind=Remark.Kind.ANSWER).count
    return _of_the_applicant(application, "application_answer", {"text": "Unas 200"}, written)


def withdraw(coordinator: User) -> Button:
    data = {"reason": "Ya no"}
    return _of_the_applicant(applying.handed_in(), "application_withdraw", data, entries("application_withdrawn"))


def _step(application: Application, name: str, done: Callable[[], int], by: User, **given: object) -> Button:
    data = {"CHANGE_FORM-action": name, "_selected_action": application.pk, "confirmed": "1", **given}
    return Button(reverse("admin:network_application_change", args=[application.pk]), data, done, by)


def screen(coordinator: User) -> Button:
    return _step(applying.handed_in(), "screen", entries("application_screened"), coordinator)


def ask(coordinator: User) -> Button:
    return _step(applying.handed_in(), "ask", entries("application_asked"), coordinator, question="¿Cuántas?")


def bring(coordinator: User) -> Button:
    application = applying.handed_in()
    joining.screen(application, by=coordinator)
    return _step(application, "bring", entries("application_brought"), coordinator)


OUTCOME = {"decision": "2026-03/D4", "decided_on": timezone.localdate(), "category": "allied"}


def admit(coordinator: User) -> Button:
    application = applying.before_committee(coordinator)
    decided = Membership.objects.filter(decision="2026-03/D4").count
    return _step(application, "admit", decided, coordinator, **OUTCOME)


def decline(coordinator: User) -> Button:
    application = applying.before_committee(coordinator)
    given = {**OUTCOME, "reason": "Falta el mandato"}
    return _step(application, "decline", entries("application_declined"), coordinator, **given)


def note(coordinator: User) -> Button:
    return _step(applying.handed_in(), "note", Remark.objects.count, coordinator, text="Llamar el lunes")


def conflict(coordinator: User) -> Button:
    return _step(applying.handed_in(), "conflict", Conflict.objects.count, coordinator, note="Fui su asesora")


PERSON = {"email": "rosa@example.org", "name": "Rosa", "language": "es"}


def invite_in_the_admin(coordinator: User) -> Button:
    data = {**PERSON, "kind": "contributor", "organisation": factories.organisation().pk}
    return Button("/admin/network/invitation/add/", data, Invitation.objects.count, coordinator)


def _manager() -> User:
    return factories.user("jefa@example.org", "manager", factories.organisation("ops"))


def invite_a_colleague(coordinator: User) -> Button:
    address = reverse("network:colleague_invite", args=["ops"])
    return Button(address, {**PERSON, "kind": "contributor"}, Invitation.objects.count, _manager())


def _invited(by: User) -> Invitation:
    return invitations.invite(by=by, kind="contributor", organisation=by.organisations[0], **PERSON)


def withdraw_an_invitation(coordinator: User) -> Button:
    manager = _manager()
    address = reverse("network:invitation_revoke", args=[_invited(manager).pk])
    return Button(address, {}, entries("invitation-revoked"), manager)


def accept(coordinator: User) -> Button:
    address = reverse("network:invitation", args=[_invited(_manager()).link.rstrip("/").rsplit("/", 1)[1]])
    password = {"password1": "rio-puente-mango", "password2": "rio-puente-mango"}
    return Button(address, {"name": "Rosa", "language": "es", **password}, User.objects.filter(name="Rosa").count)


def record_a_person(coordinator: User) -> Button:
    address = reverse("network:person_add", args=["ops"])
    return Button(address, {"name": "Rosa", "language": "es"}, Affiliation.objects.count, _manager())


def a_person_leaves(coordinator: User) -> Button:
    manager = _manager()
    affiliation = people.record("Rosa", organisation=manager.organisations[0], by=manager)
    return Button(reverse("network:person_leaves", args=[affiliation.pk]), {}, entries("person-left"), manager)


def end_a_role(coordinator: User) -> Button:
    manager = _manager()
    role = factories.user("luis@example.org", "contributor", manager.organisations[0]).roles.get()
    return Button(reverse("network:role_end", args=[role.pk]), {"reason": ""}, entries("role-ended"), manager)


BUTTONS = [
    *(begin, hand_in, answer, withdraw),
    *(screen, ask, bring, admit, decline, note, conflict),
    *(invite_in_the_admin, invite_a_colleague, withdraw_an_invitation, accept),
    *(record_a_person, a_person_leaves, end_a_role),
]


@pytest.mark.parametrize("make", BUTTONS, ids=lambda make: make.__name__)
def test_pressed_twice_at_once_it_is_done_once(coordinator: User, make: Callable[[User], Button]) -> None:
    cache.clear()
    button = make(coordinator)
    clients = [signed_in(button.by) if button.by else Client() for _click in range(2)]
    start, answers = threading.Barrier(2), []

    def press(client: Client) -> None:
        try:
            start.wait()
            answers.append(client.post(button.address, button.data).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert button.done() == 1
    assert len(answers) == 2
    assert {*answers} <= {200, 302, 404, 410, 422}
    assert {200, 302} & {*answers}
