"""The desk the coordination shares: work comes and goes by itself, passes from hand to hand, and is counted."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network import concentration, duties, privacy
from network.concentration import Quarter
from network.models import Absence, Duty, Organisation, Role, Rota, User
from portal.core.models import AuditEntry
from resources import actions, asked_in_vain
from resources.models import Resource, Sought
from tests import factories
from tests.conftest import signed_in

DESK = {"es": "/es/mi-mesa/coordinacion/", "en": "/en/my-desk/coordination/"}
TODAY = timezone.localdate
DAY = timedelta(days=1)


@pytest.fixture
def other(insp: Organisation) -> User:
    return factories.user("marta@example.org", Role.Kind.COORDINATOR, insp)


@pytest.fixture
def work(oim: Organisation, contributor: User) -> Resource:
    made = factories.resource(oim, title_es="Guía nueva", published=False)
    actions.submit(made, by=contributor)
    return made


@pytest.fixture
def duty(work: Resource) -> Duty:
    return Duty.objects.get()


def step(user: User, duty: Duty, name: str, **data: object) -> str:
    return signed_in(user).post(f"{DESK['es']}{duty.pk}/{name}/", data, follow=True).text


# --- Coming and going ------------------------------------------------------------------------------------------------


def test_a_document_sent_to_review_is_work_until_somebody_decides(work: Resource, coordinator: User) -> None:
    duty = Duty.objects.get()
    assert (duty.kind, duty.about_name, duty.done_at) == ("review", "Guía nueva", None)
    actions.return_to_draft(work, by=coordinator, reason="Falta el año")
    duty.refresh_from_db()
    assert (duty.done_by, duty.done_for) == (coordinator, coordinator.roles.get().organisation)
    actions.submit(work, by=None)
    assert Duty.objects.open().count() == 1
    actions.publish(work, by=coordinator, looked=True)
    assert not Duty.objects.open().exists()


def test_what_is_published_without_review_was_nobodys_work(oim: Organisation, coordinator: User) -> None:
    actions.publish(factories.resource(oim, published=False), by=coordinator, looked=True)
    assert not Duty.objects.exists()


def test_a_deleted_document_is_no_work_any_more(work: Resource, duty: Duty, coordinator: User) -> None:
    actions.delete(work, by=coordinator)
    duty.refresh_from_db()
    assert duty.done_at
    assert duty.done_by is None


def test_hundreds_cost_as_many_queries_as_one(oim: Organisation, coordinator: User) -> None:
    def queries(n: int) -> int:
        pks = [factories.resource(oim, published=False).pk for _ in range(n)]
        works = Resource.objects.filter(pk__in=pks)
        with CaptureQueriesContext(connection) as seen:
            assert actions.submit_all(works, by=coordinator) == n
            assert actions.publish_all(works, by=coordinator) == n
        return len(seen)

    queries(1)
    assert queries(1) == queries(30)
    assert Duty.objects.filter(done_by=coordinator).count() == 32


def test_work_goes_to_whom_the_rota_names(oim: Organisation, insp: Organisation, coordinator: User) -> None:
    Rota.objects.create(kind="review", organisation=oim, backup=insp, days=3)
    actions.submit(factories.resource(oim, published=False), by=None)
    duty = Duty.objects.get()
    assert (duty.organisation, duty.backup, duty.due) == (oim, insp, TODAY() + 3 * DAY)
    page = signed_in(coordinator).get(DESK["es"]).text
    assert "a cargo: OIM" in page
    assert "suplente: INSP" in page


@pytest.mark.parametrize(("days", "backup", "words"), [(0, "insp", "entre 1 y 365"), (7, "oim", "otra organización")])
def test_a_rota_that_makes_no_sense_is_refused(
    coordinator: User, oim: Organisation, insp: Organisation, days: int, backup: str, words: str
) -> None:
    stands_in = {"oim": oim, "insp": insp}[backup]
    data = {"kind": "review", "organisation": oim.pk, "backup": stands_in.pk, "days": days}
    assert words in signed_in(coordinator).post("/admin/network/rota/add/", data).text
    assert not Rota.objects.exists()


def test_what_nobody_finds_is_asked_for_once_and_rests_when_answered(secretary: User) -> None:
    Sought.objects.create(language="es", words="partería tradicional", results=0, times=3)
    Sought.objects.create(language="es", words="otra cosa", results=0, times=1)
    assert asked_in_vain.put_on_the_desk() == 1
    assert asked_in_vain.put_on_the_desk() == 0
    duty = Duty.objects.get()
    assert "q=parter" in duty.address
    assert signed_in(secretary).get(duty.address).status_code == 200
    step(secretary, duty, "tomar")
    assert "qué resultó" in step(secretary, duty, "hecho", note="")
    step(secretary, duty, "hecho", note="Se pidió el documento a la OPS")
    duty.refresh_from_db()
    assert (duty.done_by, duty.note) == (secretary, "Se pidió el documento a la OPS")
    assert asked_in_vain.put_on_the_desk() == 0


def test_what_is_found_by_now_leaves_the_desk_by_itself(db) -> None:
    seen = Sought.objects.create(language="es", words="partería", results=0, times=3)
    asked_in_vain.put_on_the_desk()
    Sought.objects.filter(pk=seen.pk).update(results=2)
    asked_in_vain.put_on_the_desk()
    duty = Duty.objects.get()
    assert duty.done_at
    assert duty.done_by is None


# --- From hand to hand -----------------------------------------------------------------------------------------------


def test_taking_twice_is_harmless_and_a_second_person_is_told(duty: Duty, coordinator: User, other: User) -> None:
    for _click in range(2):
        assert "en sus manos" in step(coordinator, duty, "tomar")
    assert "Coordina ya tomó esta tarea" in step(other, duty, "tomar")
    duty.refresh_from_db()
    assert duty.taken_by == coordinator
    assert AuditEntry.objects.filter(verb="duty-taken").count() == 1


def test_handing_over(duty: Duty, coordinator: User, other: User, stranger: User, secretary: User) -> None:
    step(coordinator, duty, "tomar")
    for somebody_else in (stranger, secretary):
        assert "elija a quién" in step(coordinator, duty, "traspasar", to=somebody_else.pk)
    step(coordinator, duty, "traspasar", to=other.pk)
    duty.refresh_from_db()
    assert duty.taken_by == other
    entry = AuditEntry.objects.get(verb="duty-handed-over")
    assert (entry.by, entry.whom) == (coordinator, other)


def test_nothing_is_handed_to_somebody_away(duty: Duty, coordinator: User, other: User) -> None:
    Absence.objects.create(user=other, since=TODAY(), until=TODAY() + 5 * DAY)
    step(coordinator, duty, "tomar")
    assert "Marta estará ausente hasta el" in step(coordinator, duty, "traspasar", to=other.pk)


def test_covering_for_somebody_away(duty: Duty, coordinator: User, other: User) -> None:
    step(coordinator, duty, "tomar")
    data = {"since": TODAY().isoformat(), "until": (TODAY() + 5 * DAY).isoformat()}
    for _click in range(2):
        signed_in(coordinator).post(f"{DESK['es']}ausencias/", data)
    assert Absence.objects.count() == 1
    assert "Cubrir a Coordina" in signed_in(other).get(DESK["es"]).text
    step(other, duty, "tomar")
    duty.refresh_from_db()
    assert duty.taken_by == other
    assert AuditEntry.objects.get(verb="duty-covered").whom == coordinator


def test_putting_back(duty: Duty, coordinator: User, other: User) -> None:
    step(coordinator, duty, "tomar")
    for _click in range(2):
        step(coordinator, duty, "devolver")
    step(other, duty, "tomar")
    duty.refresh_from_db()
    assert duty.taken_by == other


def test_work_that_a_step_closes_is_not_closed_by_hand(duty: Duty, coordinator: User) -> None:
    assert "se cierra sola" in step(coordinator, duty, "hecho", note="Listo")
    assert Duty.objects.open().exists()


def test_what_is_done_already_can_no_longer_be_taken(
    duty: Duty, work: Resource, coordinator: User, other: User
) -> None:
    actions.publish(work, by=coordinator, looked=True)
    assert "ya está hecha" in step(other, duty, "tomar")


def test_who_closes_the_account_leaves_the_work_to_others(duty: Duty, coordinator: User, other: User) -> None:
    step(coordinator, duty, "tomar")
    privacy.erase(coordinator, by=coordinator)
    step(other, duty, "tomar")
    duty.refresh_from_db()
    assert duty.taken_by == other


@pytest.mark.parametrize("who", ["contributor", "colleague", "stranger", "committee_member"])
def test_nobody_else_gets_near_it(request, duty: Duty, who: str) -> None:
    client = signed_in(request.getfixturevalue(who))
    assert client.get(DESK["es"]).status_code == 404
    for name in ("tomar", "devolver", "traspasar", "hecho"):
        assert client.post(f"{DESK['es']}{duty.pk}/{name}/").status_code == 404
    assert client.post(f"{DESK['es']}ausencias/", {}).status_code == 404


def test_the_secretariat_sees_what_it_may_do_and_no_drafts(duty: Duty, secretary: User) -> None:
    page = signed_in(secretary).get(DESK["es"])
    assert page.status_code == 200
    assert "Guía nueva" not in page.text
    assert signed_in(secretary).post(f"{DESK['es']}{duty.pk}/tomar/").status_code == 404


def test_absences_belong_to_whoever_wrote_them(coordinator: User, other: User) -> None:
    row = Absence.objects.create(user=coordinator, since=TODAY(), until=TODAY())
    assert signed_in(other).post(f"{DESK['es']}ausencias/{row.pk}/quitar/").status_code == 404
    assert signed_in(coordinator).post(f"{DESK['es']}ausencias/{row.pk}/quitar/").status_code == 302
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "words"), [(5, 1, "no puede ser anterior"), (-9, -8, "ya pasaron"), (None, 1, "obligatorio")]
)
def test_days_that_make_no_sense(coordinator: User, first: int | None, last: int, words: str) -> None:
    data = {"until": (TODAY() + last * DAY).isoformat()}
    if first is not None:
        data["since"] = (TODAY() + first * DAY).isoformat()
    answer = signed_in(coordinator).post(f"{DESK['es']}ausencias/", data)
    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize("language", ["es", "en"])
def test_as_many_queries_for_one_as_for_ten(coordinator: User, other: User, oim, language: str) -> None:
    client = signed_in(coordinator)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(DESK[language]).status_code == 200
        return len(seen)

    def add(n: int) -> None:
        for holder in (None, coordinator, other):
            work = factories.resource(factories.organisation(), published=False)
            actions.submit(work, by=None)
            Duty.objects.filter(about_key=str(work.pk)).update(taken_by=holder)
        person = factories.user(f"u{n}@example.org", Role.Kind.COORDINATOR, oim)
        Absence.objects.create(user=person, since=TODAY(), until=TODAY())
        done(person, oim, n=12)

    add(0)
    queries()
    few = queries()
    for n in range(1, 11):
        add(n)
    assert queries() == few


# --- On how many shoulders -------------------------------------------------------------------------------------------


def done(by: User, organisation: Organisation | None, *, n: int, on: date | None = None) -> None:
    day = on or concentration.last_quarter().first_day
    moment = timezone.make_aware(datetime.combine(day, time(12)))
    first = Duty.objects.count()
    Duty.objects.bulk_create(
        Duty(
            kind="review",
            about_type="resources.resource",
            about_key=f"x{first + number}",
            about_name="X",
            due=day,
            done_at=moment,
            done_by=by,
            done_for=organisation,
        )
        for number in range(n)
    )


@pytest.mark.parametrize(
    ("day", "quarter", "last"),
    [
        (date(2026, 1, 1), "2026-1", date(2026, 3, 31)),
        (date(2026, 6, 30), "2026-2", date(2026, 6, 30)),
        (date(2024, 12, 31), "2024-4", date(2024, 12, 31)),
    ],
)
def test_quarters(day: date, quarter: str, last: date) -> None:
    found = Quarter.of(day)
    assert (str(found), found.last_day) == (quarter, last)
    assert found.next.previous == found
    assert Quarter.read(quarter) == found


@pytest.mark.parametrize("text", ["", "2026", "2026-5", "x-1", "٢٠٢٦-1", "99999-1", "0001-1", "2026-"])
def test_what_is_no_quarter(coordinator: User, text: str) -> None:
    assert Quarter.read(text) is None
    assert signed_in(coordinator).get(DESK["es"], {"quarter": text}).status_code == 200


def test_the_share_of_the_busiest(coordinator: User, other: User, oim: Organisation, insp: Organisation) -> None:
    done(coordinator, oim, n=9)
    done(other, insp, n=3)
    done(other, insp, n=50, on=TODAY())  # another quarter
    page = signed_in(other).get(DESK["es"]).text
    assert "Coordina hizo el 75 % de las 12 tareas terminadas" in page
    assert "Es mucho para una sola persona" in page
    spread = concentration.of(concentration.last_quarter())
    assert [(share.name, share.number, share.percent) for share in spread.people] == [
        ("Coordina", 9, 75),
        ("Marta", 3, 25),
    ]
    assert [(share.name, share.percent) for share in spread.organisations] == [("OIM", 75), ("INSP", 25)]
    assert '<rect width="75"' in page


def test_a_handful_says_nothing(coordinator: User, oim: Organisation) -> None:
    done(coordinator, oim, n=concentration.FEWEST - 1)
    page = signed_in(coordinator).get(DESK["es"]).text
    assert "se terminaron 9 tareas: muy pocas" in page
    assert "100 %" not in page


def test_what_became_superfluous_counts_for_nobody(coordinator: User, oim: Organisation, work: Resource) -> None:
    actions.delete(work, by=coordinator)
    assert concentration.of(Quarter.of(TODAY())).total == 0


def test_the_desk_in_english(coordinator: User, duty: Duty) -> None:
    page = signed_in(coordinator).get(DESK["en"]).text
    for words in ("Shared desk of the coordination", "Review a document", "To be taken", "On how many shoulders"):
        assert words in page


def test_hands_are_those_with_the_role_today(coordinator: User, secretary: User, contributor: User) -> None:
    assert set(duties.hands()) == {coordinator, secretary}
    assert set(duties.hands(coordinators_only=True)) == {coordinator}
