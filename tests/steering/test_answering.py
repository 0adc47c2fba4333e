"""The link of an invitation: what it shows to whom, what it takes, and when it does not open any more."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.models import Duty, Person, User
from portal.core import links
from portal.core.models import AuditEntry
from portal.core.refused import Refused
from resources.models.resource import Audience
from steering import answering, attendance, invitations, meetings, seats
from steering.models import Body, Designation, Invitation, Letter, Meeting, Paper
from tests import factories
from tests.conftest import signed_in
from tests.steering import room
from tests.steering.mailbox import newest, received

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def body() -> Body:
    body = room.committee()
    for sector in ("government", "un", "academia"):
        room.filled(body, room.organisation(sector))
    return body


@pytest.fixture
def meeting(body: Body) -> Meeting:
    day = (timezone.localdate() + 9 * DAY).isoformat()
    made = room.meeting(body, day=day, mode="hybrid", place="Hotel", url="https://video.example/secreto")
    meetings.convene(made, by=None)
    return made


@pytest.fixture
def titular(meeting: Meeting) -> Invitation:
    return meeting.invitations.filter(designation__order=0).first()


@pytest.fixture
def link(titular: Invitation) -> str:
    return newest(titular.person.email).link


def again(invitation: Invitation) -> Invitation:
    return Invitation.objects.get(pk=invitation.pk)


def answered(invitation: Invitation) -> list[tuple[str, str]]:
    entries = AuditEntry.objects.about(invitation).filter(verb="invitation-answered").order_by("pk")
    return [(entry.after, entry.reason) for entry in entries]


# --- What it shows ---------------------------------------------------------------------------------------------------


def test_whoever_is_called_sees_the_meeting(client: Client, link: str, titular: Invitation) -> None:
    page = client.get(link)
    assert page.status_code == 200
    for said in ("Reunión ordinaria", "America/Guatemala", "Hotel", "https://video.example/secreto", "Punto"):
        assert said in page.text
    assert titular.person.name in page.text
    english = client.get(link.replace("/es/comite/convocatoria/", "/en/committee/invitation/"))
    assert "Will you come?" in english.text
    assert "Regular meeting" in english.text


def test_nobody_keeps_or_passes_on_its_address(client: Client, link: str) -> None:
    page = client.get(link)
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in page.text
    assert "canonical" not in page.text
    assert 'rel="alternate"' not in page.text


def test_looking_changes_nothing(client: Client, link: str, titular: Invitation) -> None:
    """Mail programs open every link of a letter."""
    entries = AuditEntry.objects.count()
    client.get(link)
    client.head(link)
    client.get(link, {"answer": "yes"})
    assert client.put(link, {"answer": "yes"}).status_code == 405
    assert again(titular).answer == "none"
    assert AuditEntry.objects.count() == entries


def test_the_hour_in_the_readers_own_country(client: Client, body: Body) -> None:
    panama = room.filled(body, room.organisation("civil-society", "PA")).designations.get(order=0)
    day = (timezone.localdate() + 9 * DAY).isoformat()
    room.convened(body, day=day)
    assert "Hora de PA: 10:00 a 13:00" in client.get(newest(panama.person.email).link).text


def test_a_guest_sees_what_they_may_read_anyway(client: Client, meeting: Meeting) -> None:
    public, own = factories.resource(title_es="Guía"), factories.resource(title_es="Acta", audience=Audience.COMMITTEE)
    item = room.item(meeting, title_es="Campaña pública", visibility="public")
    for work in (public, own):
        Paper.objects.create(item=item, resource=work)
    guest = room.person(factories.organisation(member=False))
    attendance.answer(Invitation(meeting=meeting, person=guest), by=None, reply="none")
    invitations.call_those_who_lack_one(meeting, by=None)
    theirs = client.get(newest(guest.email).link).text
    assert "Punto" not in theirs
    assert "Guía" in theirs
    assert "Acta" not in theirs
    assert "https://video.example/secreto" in theirs
    assert 'value="instead"' not in theirs
    assert 'value="propose"' not in theirs
    ours = client.get(received(subject="Invitación")[0].link).text
    assert "Acta" in ours


def test_it_takes_as_many_queries_for_one_item_as_for_ten(client: Client, link: str, meeting: Meeting) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(link)
        return len(seen)

    queries()
    few = queries()
    for _ in range(9):
        Paper.objects.create(item=room.item(meeting), resource=factories.resource())
    assert queries() == few


# --- Answering -------------------------------------------------------------------------------------------------------


def test_the_last_answer_counts_and_each_is_written_down(link: str, titular: Invitation) -> None:
    client = Client(enforce_csrf_checks=True)
    for reply in ("yes", "maybe", "no", "no", "yes"):
        answer = client.post(link, {"answer": reply})
        assert answer.status_code == 302
        assert again(titular).answer == reply
    name = titular.person.name
    assert answered(titular) == [("yes", name), ("maybe", name), ("no", name), ("yes", name)]
    assert "Asiste" in client.get(link).text or "Viene" in client.get(link).text


@pytest.mark.parametrize("data", [{}, {"answer": "quizás"}, {"answer": "none"}, {"answer": "\x00"}])
def test_what_is_no_answer_is_told(client: Client, link: str, titular: Invitation, data: dict) -> None:
    answer = client.post(link, data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert again(titular).answer == "none"


def test_answers_feed_the_forecast(client: Client, meeting: Meeting, secretary: User) -> None:
    first, second, third = meeting.invitations.filter(designation__order=0)
    client.post(newest(first.person.email).link, {"answer": "yes"})
    client.post(newest(second.person.email).link, {"answer": "no"})
    page = signed_in(secretary).get(room.page_of(meeting)).text
    assert "1 de 3 asientos" in page
    assert "Faltan asientos: 1." in page
    silent = page[page.index("No han respondido:") :]
    assert third.person.name in silent[: silent.index("</ul>")]
    assert first.person.name not in silent[: silent.index("</ul>")]
    assert str(first.designation.term.organisation) not in silent[: silent.index("</ul>")]


def test_a_move_asks_again(client: Client, link: str, titular: Invitation, secretary: User) -> None:
    client.post(link, {"answer": "yes"})
    meeting = titular.meeting
    day = (timezone.localdate() + 20 * DAY).isoformat()
    given = {"day": day, "begins": "09:00", "hours": "3", "mode": "online", "reason": "Feriado"}
    room.take(signed_in(secretary), meeting, "move", zone="America/Guatemala", **given)
    old = client.get(link)
    assert old.status_code == 410
    assert "Esta invitación fue reemplazada" in old.text
    assert "secreto" not in old.text
    client.post(link, {"answer": "no"})
    assert again(titular).answer == "none"
    client.post(newest(titular.person.email).link, {"answer": "maybe"})
    assert again(titular).answer == "maybe"


# --- Who comes instead -----------------------------------------------------------------------------------------------


def alternate_of(invitation: Invitation) -> Designation:
    return invitation.designation.term.designations.get(order=1)


def test_an_alternate_comes_instead_and_is_asked_to(client: Client, link: str, titular: Invitation) -> None:
    alternate = alternate_of(titular)
    sent = len(mail.outbox)
    client.post(link, {"answer": "instead", "instead": alternate.pk})
    client.post(link, {"answer": "instead", "instead": alternate.pk})
    held = again(titular)
    assert (held.answer, held.instead) == ("no", alternate)
    assert len(mail.outbox) == sent + 1
    letter = newest(alternate.person.email)
    assert "asistir en lugar" in letter.subject
    assert titular.person.name in letter.text
    assert f"en su lugar asiste {alternate.person.name}" in client.get(link).text
    assert attendance.forecast(titular.meeting).counted == 1
    client.post(letter.link, {"answer": "no"})
    assert attendance.forecast(titular.meeting).counted == 0


def test_who_comes_after_all_sends_nobody(client: Client, link: str, titular: Invitation) -> None:
    client.post(link, {"answer": "instead", "instead": alternate_of(titular).pk})
    client.post(link, {"answer": "yes"})
    assert (again(titular).answer, again(titular).instead) == ("yes", None)
    assert attendance.forecast(titular.meeting).counted == 1


def test_only_accredited_alternates_of_the_same_seat_can_be_sent(client, link, titular, meeting) -> None:
    term = titular.designation.term
    others = [
        room.named(term, 2, accredited=False),
        Designation.objects.filter(order=1).exclude(term=term).first(),
        titular.designation,
    ]
    for other in others:
        answer = client.post(link, {"answer": "instead", "instead": other.pk})
        assert answer.status_code == 422
        assert f'<option value="{other.pk}"' not in client.get(link).text
    assert client.post(link, {"answer": "instead"}).status_code == 422
    assert again(titular).answer == "none"


def test_whatever_the_form_let_through_is_refused(link: str, titular: Invitation) -> None:
    """Somebody's accreditation may end between the page and the button."""
    opened = answering.opened(link.split("/")[-2])
    other = Designation.objects.filter(order=1).exclude(term=titular.designation.term).first()
    with pytest.raises(Refused):
        answering.send(opened, other)
    meetings.cancel(titular.meeting, by=None, reason="Huracán")
    with pytest.raises(Refused):
        answering.answer(opened, reply="yes")
    assert again(titular).answer == "none"


def test_whose_accreditation_has_ended_counts_for_nobody(client: Client, link: str, titular: Invitation) -> None:
    alternate = alternate_of(titular)
    client.post(link, {"answer": "instead", "instead": alternate.pk})
    seats.end_designation(alternate, by=None, on=timezone.localdate(), reason="Dejó el cargo")
    assert attendance.forecast(titular.meeting).counted == 0


def test_the_yes_of_somebody_no_longer_accredited_counts_for_nobody(client, link, titular) -> None:
    client.post(link, {"answer": "yes"})
    assert attendance.forecast(titular.meeting).counted == 1
    seats.end_designation(titular.designation, by=None, on=timezone.localdate(), reason="Dejó el cargo")
    assert attendance.forecast(titular.meeting).counted == 0


def propose(client: Client, link: str, **given: str) -> object:
    values = {"name": "Nueva Persona", "email": "nueva@example.org", "job_title": "Directora", **given}
    return client.post(link, {"answer": "propose", **values})


def test_somebody_new_is_proposed_to_the_secretariat_and_does_not_count(client, link, titular, secretary) -> None:
    assert propose(client, link).status_code == 302
    proposed = Designation.objects.get(person__name="Nueva Persona")
    term = titular.designation.term
    assert (proposed.term, proposed.order, proposed.accredited_on) == (term, 2, None)
    assert proposed.person.affiliations.get().organisation == term.organisation
    assert again(titular).answer == "no"
    assert attendance.forecast(titular.meeting).counted == 0
    assert not received("nueva@example.org")
    entry = AuditEntry.objects.about(proposed).get(verb="designation-proposed")
    assert entry.reason == titular.person.name
    page = signed_in(secretary).get("/es/mi-mesa/coordinacion/").text
    assert "Nueva Persona" in page
    assert "Se ha propuesto a Nueva Persona" in client.get(link).text
    seats.accredit(proposed, by=secretary)
    assert not Duty.objects.open().filter(kind="accredit").exists()
    invitations.call_those_who_lack_one(titular.meeting, by=secretary)
    assert newest("nueva@example.org").event


def test_whom_the_portal_knows_there_is_not_written_down_twice(client: Client, link: str, titular: Invitation) -> None:
    term = titular.designation.term
    known = room.person(term.organisation, "Conocida")
    propose(client, link, name="Otra grafía", email=known.email.upper())
    assert term.designations.get(accredited_on=None).person == known
    assert not Person.objects.filter(name="Otra grafía").exists()


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("email", ""), ("email", "no es correo"), ("name", "x" * 151)]
)
def test_a_proposal_needs_a_name_and_an_address(client: Client, link: str, field: str, value: str) -> None:
    answer = propose(client, link, **{field: value})
    assert answer.status_code == 422
    assert "Directora" in answer.text
    assert not Designation.objects.filter(accredited_on=None).exists()


def test_somebody_accredited_is_chosen_not_proposed(client: Client, link: str, titular: Invitation) -> None:
    answer = propose(client, link, email=alternate_of(titular).person.email)
    assert answer.status_code == 422
    assert again(titular).answer == "none"


def test_proposals_have_an_end(client: Client, link: str, titular: Invitation) -> None:
    for n in range(5):
        propose(client, link, name=f"Persona nueva {n}", email=f"n{n}@example.org")
    assert titular.designation.term.designations.filter(accredited_on=None).count() == 3
    assert 'value="propose"' not in client.get(link).text


def test_a_body_without_alternates_takes_none(client: Client, link: str, titular: Invitation) -> None:
    Body.objects.update(alternates_allowed=False)
    page = client.get(link).text
    assert 'value="instead"' not in page
    assert 'value="propose"' not in page
    assert propose(client, link).status_code == 422


# --- When it does not open -------------------------------------------------------------------------------------------


def test_a_forged_link_opens_nothing(client: Client, link: str) -> None:
    other = links.token("action", Letter.objects.first().pk)
    for forged in (link[:-8] + "AAAAAAA/", "/es/comite/convocatoria/x/", f"/es/comite/convocatoria/{other}/"):
        for answer in (client.get(forged), client.post(forged, {"answer": "yes"})):
            assert answer.status_code == 404
            assert "Este enlace no funciona" in answer.text
            assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_link_grows_old(client: Client, link: str, monkeypatch) -> None:
    from steering import called

    monkeypatch.setattr(called, "LINKS_READ_FOR", timedelta(seconds=-1))
    answer = client.get(link)
    assert answer.status_code == 410
    assert "Este enlace ya no funciona" in answer.text


def test_a_link_dies_with_the_address_it_went_to(client: Client, link: str, titular: Invitation) -> None:
    Person.objects.filter(pk=titular.person_id).update(email="otra@example.org")
    assert client.get(link).status_code == 410
    assert client.post(link, {"answer": "yes"}).status_code == 410
    assert again(titular).answer == "none"


def test_a_cancelled_meeting_takes_no_answer(client: Client, link: str, titular: Invitation) -> None:
    meetings.cancel(titular.meeting, by=None, reason="Huracán")
    for answer in (client.get(link), client.post(link, {"answer": "yes"})):
        assert "Esta reunión fue cancelada" in answer.text
        assert "secreto" not in answer.text
    assert client.get(link).status_code == 410
    assert again(titular).answer == "none"


def test_whoever_is_not_accredited_any_more_is_told(client: Client, link: str, titular: Invitation) -> None:
    seats.end_designation(titular.designation, by=None, on=timezone.localdate(), reason="Dejó el cargo")
    answer = client.get(link)
    assert answer.status_code == 410
    assert "ya no está convocad" in answer.text
    assert "secreto" not in answer.text


def test_once_it_has_begun_answers_are_over(client: Client, link: str, titular: Invitation) -> None:
    client.post(link, {"answer": "yes"})
    now = timezone.now()
    Meeting.objects.update(starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(hours=1))
    page = client.get(link)
    assert (page.status_code, "<form" in page.text.split("</header>")[1].split("<footer")[0]) == (200, False)
    assert "secreto" in page.text  # whoever comes late still finds the call
    answer = client.post(link, {"answer": "no"})
    assert answer.status_code == 422
    assert again(titular).answer == "yes"
    Meeting.objects.update(ends_at=now - timedelta(seconds=1))
    assert "secreto" not in client.get(link).text


def test_by_correspondence_answers_are_taken_to_the_end(client: Client, link: str, titular: Invitation) -> None:
    now = timezone.now()
    Meeting.objects.update(mode="correspondence", starts_at=now - DAY, ends_at=now + DAY)
    client.post(link, {"answer": "yes"})
    assert again(titular).answer == "yes"


def test_a_link_may_not_be_tried_without_end(client: Client, link: str, titular: Invitation, monkeypatch) -> None:
    from portal.core import limits

    monkeypatch.setattr(limits, "allow", lambda *args, **kwargs: False)
    answer = client.post(link, {"answer": "yes"})
    assert answer.status_code == 422
    assert again(titular).answer == "none"
