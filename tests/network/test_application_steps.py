"""What the coordination does with an application, in the admin, and what time does with it."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from network import admission, application_links, joining, membership
from network.models import Application, Invitation, Membership, Organisation, Role, User
from portal.core.models import AuditEntry
from tests import factories
from tests.conftest import signed_in
from tests.network import applying

pytestmark = pytest.mark.django_db
State = Application.State
TODAY = timezone.localdate


def outcome(**changed: object) -> dict[str, object]:
    return {"decision": "2026-03/D4", "decided_on": TODAY(), "category": "allied"} | changed


def step(client: Client, application: Application, name: str, **given: object) -> object:
    """Press a button and confirm it on the page behind it."""
    address = f"/admin/network/application/{application.pk}/change/"
    pressed = {"CHANGE_FORM-action": name, "_selected_action": application.pk}
    page = client.post(address, pressed)
    assert page.status_code == 200, page
    assert 'name="confirmed"' in page.text
    return client.post(address, pressed | {"confirmed": "1"} | given, follow=True)


def test_the_whole_way_through_the_admin(coordinator: User) -> None:
    application = applying.handed_in()
    client = signed_in(coordinator)
    listed = client.get("/admin/network/application/").text
    assert "Casa de la Persona Migrante" in listed
    step(client, application, "screen")
    step(client, application, "ask", question="¿Cuántas personas?")
    joining.answer(application, "Unas 200")
    step(client, application, "screen")
    step(client, application, "note", text="Llamar a la sede")
    step(client, application, "bring")
    mail.outbox.clear()
    page = step(client, application, "admit", **outcome())
    assert page.status_code == 200
    invited = Invitation.objects.get()
    assert (invited.email, invited.kind) == (applying.EMAIL, Role.Kind.MANAGER)
    assert any(letter.to == [applying.EMAIL] and "/invitacion/" in letter.body for letter in mail.outbox)
    assert "Llamar a la sede" in page.text
    application.refresh_from_db()
    assert application.state == State.ADMITTED
    made = application.organisation
    assert invited.organisation == made
    assert (made.slug, made.name_es, made.sector.slug, made.country_id) == (
        "cpm",
        "Casa de la Persona Migrante",
        "civil-society",
        "HN",
    )
    assert [country.code for country in made.countries.all()] == ["HN"]
    held = made.memberships.active().get()
    assert (held.category, held.decision, held.decided_on, held.since) == ("allied", "2026-03/D4", TODAY(), TODAY())
    verbs = list(AuditEntry.objects.about(application).order_by("pk").values_list("verb", flat=True))
    assert [verb.removeprefix("application_") for verb in verbs] == [
        "begun", "submitted", "screened", "asked", "answered", "screened", "brought", "admitted",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_step_writes_to_the_applicant_in_their_language(coordinator: User, language: str) -> None:
    mail.outbox.clear()
    application = applying.before_committee(coordinator, language=language)
    admission.admit(application, by=coordinator, **outcome())
    subjects = [letter.subject for letter in mail.outbox if letter.to == [applying.EMAIL]]
    expected = {
        "es": ["Su solicitud", "Recibimos", "La Coordinación Técnica", "Su solicitud va", "Les damos"],
        "en": ["Your application", "We have received", "The Technical", "Your application goes", "Welcome"],
    }
    for subject, start in zip(subjects, expected[language], strict=False):
        assert subject.startswith(start)
    for letter in mail.outbox:
        if letter.to == [applying.EMAIL]:
            assert ("/en/" if language == "en" else "/es/") in letter.body


@pytest.mark.parametrize("name", ["screen", "ask", "bring", "admit", "decline"])
def test_a_step_too_late_says_so(coordinator: User, name: str) -> None:
    application = applying.handed_in()
    joining.withdraw(application, reason="No")
    given = outcome(question="¿?", reason="Porque")
    answer = step(signed_in(coordinator), application, name, **given)
    assert "ya no es posible" in answer.text
    application.refresh_from_db()
    assert application.state == State.WITHDRAWN


ALLOWED = {
    "screen": {State.SUBMITTED},
    "ask": {State.SUBMITTED, State.SCREENING},
    "bring": {State.SCREENING},
    "admit": {State.BEFORE_COMMITTEE},
    "decline": {State.BEFORE_COMMITTEE},
    "answer": {State.NEEDS_INFO},
    "hand_in": {State.DRAFT},
    "withdraw": set(Application.OPEN),
}


@pytest.mark.parametrize("state", [state for state in State if state not in (State.ADMITTED, State.DECLINED)])
@pytest.mark.parametrize("name", ALLOWED)
def test_steps_lead_on_only_from_their_states(coordinator: User, name: str, state: State) -> None:
    application = applying.filled()
    Application.objects.update(state=state)
    acts = {
        "screen": lambda: joining.screen(application, by=coordinator),
        "ask": lambda: joining.ask(application, by=coordinator, question="¿?"),
        "bring": lambda: joining.bring_before_committee(application, by=coordinator),
        "admit": lambda: admission.admit(application, by=coordinator, **outcome()),
        "decline": lambda: joining.decline(
            application, by=coordinator, decision="1", decided_on=TODAY(), reason="Porque"
        ),
        "answer": lambda: joining.answer(application, "Sí"),
        "hand_in": lambda: joining.hand_in(application),
        "withdraw": lambda: joining.withdraw(application, reason="No"),
    }
    if state in ALLOWED[name]:
        acts[name]()
        assert Application.objects.get().state != state
    else:
        with pytest.raises(joining.WrongState):
            acts[name]()
        assert Application.objects.get().state == state
        assert not Membership.objects.filter(decision="2026-03/D4").exists()


def test_buttons_follow_the_state(coordinator: User) -> None:
    application = applying.handed_in()
    page = signed_in(coordinator).get(f"/admin/network/application/{application.pk}/change/").text
    assert 'value="screen"' in page
    assert 'value="admit"' not in page
    assert 'name="_save"' not in page


def test_a_decision_needs_its_number_and_a_day_that_has_been(coordinator: User) -> None:
    application = applying.before_committee(coordinator)
    client = signed_in(coordinator)
    for wrong in ({"decision": ""}, {"decided_on": TODAY() + timedelta(days=1)}, {"decided_on": "ayer"}):
        answer = step(client, application, "admit", **outcome(**wrong))
        assert answer.status_code == 422
    assert Application.objects.get().state == State.BEFORE_COMMITTEE
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.update(state=State.ADMITTED)


def test_a_refusal_tells_the_applicant_why(coordinator: User) -> None:
    application = applying.before_committee(coordinator)
    step(signed_in(coordinator), application, "decline", **outcome(reason="Trabaja en otra región"))
    assert Application.objects.get().state == State.DECLINED
    assert "Trabaja en otra región" in mail.outbox[-1].body
    assert not Organisation.objects.filter(slug="cpm").exists()


# --- Conflicts -------------------------------------------------------------------------------------------------------


def of_the_applicant(application: Application) -> User:
    known = factories.organisation("casa", name_es=application.name_es, member=False)
    user = factories.user("c@coordina.example", Role.Kind.COORDINATOR)
    Role.objects.create(user=user, kind=Role.Kind.CONTRIBUTOR, organisation=known)
    return user


def with_its_mail(application: Application) -> User:
    return factories.user("ana@casa-migrante.example", Role.Kind.COORDINATOR)


def who_declared(application: Application) -> User:
    user = factories.user("c@coordina.example", Role.Kind.COORDINATOR)
    joining.declare_conflict(application, by=user, note="Mi hermana trabaja ahí")
    return user


@pytest.mark.parametrize("who", [of_the_applicant, with_its_mail, who_declared])
@pytest.mark.parametrize("name", ["admit", "decline"])
def test_whoever_is_too_close_cannot_record_the_outcome(coordinator: User, who, name: str) -> None:
    application = applying.before_committee(coordinator)
    user = who(application)
    client = signed_in(user)
    address = f"/admin/network/application/{application.pk}/change/"
    page = client.post(address, {"CHANGE_FORM-action": name, "_selected_action": application.pk})
    assert 'class="errornote"' in page.text  # said before anybody types
    answer = step(client, application, name, **outcome(reason="Porque"))
    assert answer.status_code == 422
    assert 'class="errorlist' in answer.text
    assert Application.objects.get().state == State.BEFORE_COMMITTEE
    admission.admit(application, by=coordinator, **outcome())


def test_a_mailbox_of_everybodys_is_no_conflict(coordinator: User) -> None:
    application = applying.before_committee(coordinator)
    Application.objects.update(contact_email="rosa@gmail.com")
    user = factories.user("ana@gmail.com", Role.Kind.COORDINATOR)
    application.refresh_from_db()
    admission.admit(application, by=user, **outcome())


def test_a_conflict_is_declared_once(coordinator: User) -> None:
    application = applying.handed_in()
    for _ in range(2):
        step(signed_in(coordinator), application, "conflict", note="Fui su asesora")
    assert application.conflicts.get().note == "Fui su asesora"
    assert AuditEntry.objects.filter(verb="application_conflict").count() == 1


# --- Admission -------------------------------------------------------------------------------------------------------


def test_an_organisation_the_portal_knows_is_not_made_twice(coordinator: User) -> None:
    known = factories.organisation("casa", name_es="CASA de la persona migrante", member=False)
    application = applying.before_committee(coordinator)
    client = signed_in(coordinator)
    assert "CASA de la persona" in client.get(f"/admin/network/application/{application.pk}/change/").text
    step(client, application, "admit", **outcome(organisation=known.pk))
    assert Application.objects.get().organisation == known
    assert Organisation.objects.filter(name_es__icontains="persona migrante").count() == 1


def test_a_member_is_not_admitted_again(coordinator: User) -> None:
    application = applying.before_committee(coordinator)
    known = factories.organisation("casa", name_es=application.name_es)
    answer = step(signed_in(coordinator), application, "admit", **outcome(organisation=known.pk))
    assert answer.status_code == 422  # not among the choices
    with pytest.raises(membership.Overlap):
        admission.admit(application, by=coordinator, organisation=known, **outcome())
    assert Application.objects.get().state == State.BEFORE_COMMITTEE  # all of it or nothing


@pytest.mark.parametrize("acronym", ["OIM", "Unirse", "join", "!!!", "", "Ñandú 5"])
def test_short_names_are_free_and_no_page(coordinator: User, oim: Organisation, acronym: str) -> None:
    application = applying.before_committee(coordinator, acronym=acronym)
    made = admission.admit(application, by=coordinator, **outcome())
    assert made.slug not in ("", "oim", "unirse", "join")
    assert Client().get(made.get_absolute_url()).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_admissions_at_once_are_one(coordinator: User) -> None:
    application = applying.before_committee(coordinator)
    start, outcomes = threading.Barrier(2), []

    def decide() -> None:
        start.wait()
        try:
            admission.admit(Application.objects.get(pk=application.pk), by=coordinator, **outcome())
            outcomes.append("done")
        except joining.WrongState:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "told"]
    assert Organisation.objects.filter(slug__startswith="cpm").count() == 1
    assert Membership.objects.filter(decision="2026-03/D4").count() == 1
    assert Invitation.objects.count() == 1


# --- Who reads -------------------------------------------------------------------------------------------------------


def test_applications_are_for_the_coordination(committee_member: User, contributor: User) -> None:
    application = applying.handed_in()
    address = f"/admin/network/application/{application.pk}/change/"
    for user, status in ((committee_member, 403), (contributor, 302)):
        assert signed_in(user).get(address).status_code == status
        assert signed_in(user).get("/admin/network/application/").status_code == status


def test_drafts_are_their_writers_alone(coordinator: User) -> None:
    applying.filled()
    assert "Casa de la Persona" not in signed_in(coordinator).get("/admin/network/application/").text


def test_files_are_for_the_coordination(client, coordinator: User, committee_member: User) -> None:
    application = applying.filled()
    from tests.network.test_joining import upload

    client.post(application_links.path(application), applying.answers(file=upload(), attach=""))
    joining.hand_in(application)
    file = application.attachments.get()
    address = f"/admin/network/application/{application.pk}/attachments/{file.pk}/"
    answer = signed_in(coordinator).get(address)
    assert b"".join(answer).startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert signed_in(committee_member).get(address).status_code == 404
    assert client.get(address).status_code == 302
    assert file.name in signed_in(coordinator).get(f"/admin/network/application/{application.pk}/change/").text


def test_the_list_takes_as_many_queries_for_one_as_for_ten(coordinator: User, django_assert_max_num_queries) -> None:
    from django.test.utils import CaptureQueriesContext

    client = signed_in(coordinator)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/admin/network/application/").status_code == 200
        return len(seen)

    applying.handed_in()
    queries()
    few = queries()
    for _ in range(10):
        applying.handed_in()
    assert queries() == few


# --- Time ------------------------------------------------------------------------------------------------------------


def long_ago(application: Application, days: int) -> None:
    Application.objects.filter(pk=application.pk).update(touched_at=timezone.now() - timedelta(days=days))


def test_drafts_and_unanswered_questions_expire(coordinator: User) -> None:
    old, new, asked, waiting = applying.filled(), applying.filled(), applying.handed_in(), applying.handed_in()
    joining.ask(asked, by=coordinator, question="¿?")
    for application, days in ((old, 31), (new, 29), (asked, 61), (waiting, 300)):
        long_ago(application, days)
    mail.outbox.clear()
    assert joining.expire_stale() == 2
    assert joining.expire_stale() == 0
    states = dict(Application.objects.values_list("pk", "state"))
    assert states == {
        old.pk: State.EXPIRED,
        new.pk: State.DRAFT,
        asked.pk: State.EXPIRED,
        waiting.pk: State.SUBMITTED,
    }
    assert len(mail.outbox) == 2
    assert "venció" in mail.outbox[0].subject


def test_contacts_of_what_came_to_nothing_are_removed(client, settings, coordinator: User) -> None:
    from tests.network.test_joining import upload

    gone, kept = applying.filled(), applying.handed_in()
    client.post(application_links.path(gone), applying.answers(file=upload(), attach=""))
    joining.withdraw(gone, reason="No")
    long_ago(gone, 91)
    page = application_links.path(gone)
    assert client.get(page).status_code == 200
    assert joining.forget_old() == 1
    assert joining.forget_old() == 0
    gone.refresh_from_db()
    assert (gone.contact_name, gone.contact_email, gone.motivation, gone.confirmed_email) == ("", "", "", "")
    assert gone.name_es
    assert not gone.attachments.exists()
    kept.refresh_from_db()
    assert kept.contact_email
    assert client.get(application_links.path(gone)).status_code == 200


def test_the_night_does_both(settings) -> None:
    from network.tasks import tidy_applications
    from portal.settings import TASKS

    assert tidy_applications.call() == 0
    names = {schedule["task"] for schedule in TASKS["default"]["OPTIONS"]["SCHEDULES"].values()}
    assert "network.tasks.tidy_applications" in names
