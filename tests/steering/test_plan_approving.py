"""Invariant 12: reports only into an open quarter, approved by somebody else; approving closes the line."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.models import Duty, Person, Role, User
from portal.core.models import AuditEntry
from portal.core.refused import Refused
from steering.models import Activity, Letter, Plan, ProgressReport
from steering.plan import periods, reporting, requests
from steering.plan.reporting import Reporter
from tests import factories
from tests.conftest import signed_in
from tests.steering import room
from tests.steering.reporting import FOCAL, World, again, world

pytestmark = pytest.mark.django_db
State = ProgressReport.State
SAID = {"status_said": "ongoing", "narrative": "Se capacitó"}


@pytest.fixture
def here(db) -> World:
    here = world()
    here.open_quietly()
    return here


def press(user: User, report: ProgressReport, step: str, **said: str):
    sent = {"CHANGE_FORM-action": step, "_selected_action": report.pk, "confirmed": "1", **said}
    return signed_in(user).post(room.page_of(report), sent)


# --- Approving -------------------------------------------------------------------------------------------------------


def test_approved_by_somebody_else_it_counts_and_the_line_is_closed(here: World, secretary: User):
    terms = here.activity()
    report = here.reported(terms, status_said="delayed")
    assert not reporting.latest(here.version)
    assert press(secretary, report, "approve").status_code == 302
    held = again(report)
    assert (held.state, held.decided_by, held.approved_alone) == (State.APPROVED, secretary, False)
    assert reporting.latest(here.version) == {terms.activity_id: held}
    assert Activity.objects.get(pk=terms.activity_id).state == "delayed"
    with pytest.raises(Refused, match="aprobado y cerrado"):
        here.reported(terms, narrative="Otra cosa")
    with pytest.raises(Refused):
        reporting.submit(here.line(terms), SAID | {"narrative": "x"}, reporter=Reporter(user=secretary, on_behalf=True))
    assert not Duty.objects.open().filter(kind="progress-report").exists()
    assert Duty.objects.get(kind="progress-report").done_by == secretary


def test_nobody_approves_what_they_reported_by_their_account(here: World, secretary: User, coordinator: User):
    report = here.reported(here.activity(), secretary)
    answer = press(secretary, report, "approve")
    assert answer.status_code == 422
    assert "debe aprobarlo otra persona" in answer.text
    assert again(report).state == State.SUBMITTED
    reporting.approve(report, by=coordinator)
    assert not again(report).approved_alone


@pytest.mark.parametrize("known", ["by the account of the person", "by the address"])
def test_nobody_approves_what_they_reported_by_a_letter(here: World, secretary: User, coordinator: User, known: str):
    terms = here.activity()
    link = here.opened()
    letter = Letter.objects.get(email=FOCAL)
    assert link
    report = reporting.submit(here.line(terms), SAID, reporter=Reporter(letter=letter))
    if known == "by the address":
        Letter.objects.filter(pk=letter.pk).update(person=None)
        User.objects.filter(pk=secretary.pk).update(email=FOCAL)
    else:
        Person.objects.filter(email=FOCAL).update(user=secretary)
    with pytest.raises(Refused):
        reporting.approve(report, by=User.objects.get(pk=secretary.pk))
    reporting.approve(report, by=coordinator)


def test_a_colleague_of_the_reporter_may_approve(here: World, secretary: User):
    """The person counts, not the organisation."""
    Role.objects.filter(user=secretary).update(organisation=here.owner)
    reporting.approve(here.reported(here.activity()), by=secretary)


def test_where_nobody_else_could_it_is_approved_and_marked(here: World, secretary: User, committee_member: User):
    report = here.reported(here.activity(), secretary)
    reporting.approve(report, by=secretary)
    assert again(report).approved_alone
    assert AuditEntry.objects.about(report).filter(verb="progress-approved-alone").exists()
    client = signed_in(committee_member)
    assert "1 informe fue aprobado por quien lo envió" in client.get("/admin/").text
    listed = client.get("/admin/steering/progressreport/?approved_alone__exact=1")
    assert str(report.activity) in listed.text


def test_somebody_whose_role_has_ended_is_no_other_approver(here: World, secretary: User, coordinator: User):
    report = here.reported(here.activity(), secretary)
    User.objects.filter(pk=coordinator.pk).update(is_active=False)
    reporting.approve(report, by=secretary)
    assert again(report).approved_alone


def test_who_corrects_a_report_for_an_organisation_has_reported_it(here: World, secretary: User, coordinator: User):
    terms = here.activity()
    here.reported(terms)
    line = here.line(terms)
    report = reporting.submit(line, SAID | {"narrative": "Otra"}, reporter=Reporter(user=secretary, on_behalf=True))
    with pytest.raises(Refused):
        reporting.approve(report, by=secretary)
    reporting.approve(report, by=coordinator)


def test_approving_goes_on_after_the_quarter_has_closed(here: World, secretary: User):
    terms, other = here.activity(), here.activity()
    report = here.reported(terms)
    periods.close_period(here.period, by=None)
    with pytest.raises(Refused, match="recibió informes hasta"):
        here.reported(other, period=again(here.period))
    with pytest.raises(Refused, match="recibió informes hasta"):
        reporting.return_report(report, by=secretary, note="Falta")
    reporting.approve(report, by=secretary)
    assert again(report).state == State.APPROVED


def test_nothing_changes_once_the_plan_is_closed(here: World, secretary: User):
    report = here.reported(here.activity())
    Plan.objects.update(state=Plan.State.CLOSED)
    with pytest.raises(Refused):
        reporting.approve(report, by=secretary)


# --- How the activity stands -----------------------------------------------------------------------------------------


def test_back_from_completed_only_with_a_reason(here: World, secretary: User):
    terms = here.activity()
    report = here.reported(terms)
    Activity.objects.filter(pk=terms.activity_id).update(state="completed")
    assert press(secretary, report, "approve").status_code == 422
    assert again(report).state == State.SUBMITTED
    assert press(secretary, report, "approve", reason="Se reanudó en otro país").status_code == 302
    held = again(terms.activity)
    assert (held.state, held.state_reason) == ("ongoing", "Se reanudó en otro país")
    entry = AuditEntry.objects.about(held).get(verb="activity-moved")
    assert (entry.before, entry.after, entry.reason) == ("completed", "ongoing", "Se reanudó en otro país")


def test_a_report_on_an_earlier_quarter_moves_nothing(here: World, secretary: User):
    terms = here.activity()
    first = here.version.plan.periods.select_related("plan").get(quarter=1)
    periods.open_period(first, closes_on=timezone.localdate(), by=None)
    reporting.approve(here.reported(terms, status_said="completed"), by=secretary)
    earlier = reporting.submit(periods.Line(again(first), terms), SAID, reporter=Reporter(user=here.manager))
    reporting.approve(earlier, by=secretary)
    assert again(terms.activity).state == "completed"
    assert reporting.latest(here.version)[terms.activity_id].period_id == here.period.pk


def test_what_is_cancelled_stays_so(here: World, secretary: User):
    terms = here.activity()
    report = here.reported(terms)
    Activity.objects.filter(pk=terms.activity_id).update(state="cancelled", state_reason="Sin fondos")
    reporting.approve(report, by=secretary)
    assert again(terms.activity).state == "cancelled"


# --- Returning and reopening -----------------------------------------------------------------------------------------


def test_returned_with_words_or_not_at_all(here: World, secretary: User):
    report = here.reported(here.activity())
    assert press(secretary, report, "return").status_code == 422
    with pytest.raises(Refused):
        reporting.return_report(report, by=secretary, note="  ")
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressReport.objects.filter(pk=report.pk).update(state=State.RETURNED, note="")
    assert press(secretary, report, "return", beginning="number", note="Por municipio").status_code == 302
    note = again(report).note
    assert note.startswith("Thank you for your report")  # the manager reads English
    assert note.endswith("Por municipio")
    assert again(report).decided_by == secretary
    assert press(secretary, report, "return", note="Otra vez").status_code == 422


def test_reopened_only_with_a_reason_and_the_activity_goes_back(here: World, secretary: User):
    terms = here.activity()
    report = here.reported(terms, status_said="completed")
    reporting.approve(report, by=secretary)
    assert press(secretary, report, "reopen", reason="").status_code == 422
    assert again(report).state == State.APPROVED
    assert press(secretary, report, "reopen", reason="Era de otra actividad").status_code == 302
    assert again(report).state == State.SUBMITTED
    assert again(terms.activity).state == "planned"
    assert AuditEntry.objects.about(report).get(verb="progress-reopened").reason == "Era de otra actividad"
    assert not reporting.latest(here.version)
    with pytest.raises(Refused):
        reporting.reopen(report, by=secretary, reason="Otra vez")


# --- Who, and at once ------------------------------------------------------------------------------------------------


def test_only_who_keeps_the_plan_decides(here: World, committee_member: User, contributor: User):
    report = here.reported(here.activity())
    for step in ("approve", "return", "reopen"):
        assert press(committee_member, report, step, note="x", reason="x").status_code == 403
    assert press(contributor, report, "approve").status_code == 302  # to sign in to the admin
    assert again(report).state == State.SUBMITTED


@pytest.mark.django_db(transaction=True)
def test_two_people_approve_at_once_one_does_and_the_other_is_told():
    here = world()
    here.open_quietly()
    both = [factories.user(f"s{n}@example.org", Role.Kind.SECRETARIAT, here.owner) for n in range(2)]
    report = here.reported(here.activity())
    start, told = threading.Barrier(2), []

    def work(user: User) -> None:
        start.wait()
        try:
            reporting.approve(report, by=user)
        except Refused as refused:
            told.extend(refused.messages)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[user]) for user in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    assert AuditEntry.objects.filter(verb="progress-approved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_closed_while_somebody_sends_it_is_in_or_told():
    here = world()
    here.open_quietly()
    terms = here.activity()
    line = here.line(terms)
    start, told = threading.Barrier(2), []

    def send() -> None:
        start.wait()
        try:
            reporting.submit(line, SAID, reporter=Reporter(user=here.manager))
        except Refused as refused:
            told.extend(refused.messages)
        finally:
            connection.close()

    def close() -> None:
        start.wait()
        try:
            periods.close_period(here.period, by=None)
        finally:
            connection.close()

    threads = [threading.Thread(target=send), threading.Thread(target=close)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert terms.activity.reports.count() + len(told) == 1


def test_what_waits_comes_first_and_drafts_are_nobodys(here: World, secretary: User):
    done, waiting, draft = (here.activity() for _ in range(3))
    reporting.approve(here.reported(done), by=secretary)
    here.reported(waiting)
    reporting.keep_draft(here.line(draft), {"narrative": "A medias"}, reporter=Reporter(user=here.manager))
    client = signed_in(secretary)
    page = client.get("/admin/steering/progressreport/")
    assert [row.activity for row in page.context["cl"].result_list] == [waiting.activity, done.activity]
    row = draft.activity.reports.get()
    assert client.get(room.page_of(row)).status_code == 302
    assert "Aprobar informes de avance" in client.get("/admin/").text


# --- The page of a whole quarter -------------------------------------------------------------------------------------


def bulk(here: World) -> str:
    return f"/admin/steering/period/{here.period.pk}/progress/"


def filled(client, address: str, **typed: str) -> dict[str, str]:
    data = {}
    for row in client.get(address).context["table"].rows:
        if row.form:
            skipped = ("is_right", "approve")
            data |= {field.html_name: field.value() or "" for field in row.form if field.name not in skipped}
    return data | typed


def test_written_for_organisations_and_approved_row_by_row(here: World, secretary: User, coordinator: User):
    written, waiting, wrong, empty = (here.activity() for _ in range(4))
    told = here.indicator()
    report = here.reported(waiting)
    client = signed_in(secretary)
    a, b, c, i = (
        f"a{written.activity_id}",
        f"a{waiting.activity_id}",
        f"a{wrong.activity_id}",
        f"i{told.indicator_id}",
    )
    typed = {f"{a}-status_said": "ongoing", f"{a}-narrative": "Dicho por teléfono", f"{i}-value": "3"}
    typed |= {f"{b}-approve": "on", f"{c}-narrative": "Sin estado", f"{c}-approve": "on"}
    answer = client.post(bulk(here), filled(client, bulk(here), **typed))
    assert answer.status_code == 422
    assert "Diga en qué estado está" in answer.text
    assert "Sin estado" in answer.text
    assert again(report).state == State.APPROVED
    on_behalf = written.activity.reports.get()
    assert (on_behalf.state, on_behalf.reported_by, on_behalf.organisation) == ("submitted", secretary, here.owner)
    assert told.indicator.reports.get().value == 3
    assert wrong.activity.reports.get().state == State.DRAFT
    assert not empty.activity.reports.exists()
    approving = filled(client, bulk(here), **{f"{a}-approve": "on"})
    assert "debe aprobarlo otra persona" in client.post(bulk(here), approving).text
    other = signed_in(coordinator)
    assert other.post(bulk(here), filled(other, bulk(here), **{f"{a}-approve": "on"})).status_code == 302
    assert again(on_behalf).state == State.APPROVED


def test_what_the_table_does_not_ask_for_stays(here: World, secretary: User):
    terms = here.activity()
    work = factories.resource()
    here.reported(terms, challenges="Fondos", documents=[work])
    client = signed_in(secretary)
    client.post(bulk(here), filled(client, bulk(here), **{f"a{terms.activity_id}-narrative": "Mejor dicho"}))
    report = terms.activity.reports.get()
    assert (report.narrative, report.challenges, list(report.documents.all())) == ("Mejor dicho", "Fondos", [work])


def test_somebody_else_was_quicker_in_the_table(here: World, secretary: User):
    terms = here.activity()
    report = here.reported(terms)
    client = signed_in(secretary)
    mine = filled(client, bulk(here), **{f"a{terms.activity_id}-narrative": "Lo mío"})
    blind = filled(client, bulk(here), **{f"a{terms.activity_id}-approve": "on"})
    ProgressReport.objects.filter(pk=report.pk).update(narrative="Lo de otra")
    answer = client.post(bulk(here), mine)
    assert answer.status_code == 422
    assert "Lo mío" in answer.text
    assert "Lo de otra" in answer.text
    assert client.post(bulk(here), blind).status_code == 422
    ProgressReport.objects.filter(pk=report.pk).update(narrative=report.narrative, challenges="Fondos")
    assert "Léalo de nuevo" in client.post(bulk(here), blind).text
    assert (again(report).narrative, again(report).state) == (report.narrative, State.SUBMITTED)


def test_a_locked_quarter_can_still_be_approved_in_the_table(here: World, secretary: User):
    terms, other = here.activity(), here.activity()
    report = here.reported(terms)
    periods.close_period(here.period, by=None)
    client = signed_in(secretary)
    assert "readonly" in client.get(bulk(here)).text
    seen = filled(client, bulk(here))
    sent = {name: value for name, value in seen.items() if not name.endswith("status_said")}  # as a browser does
    assert client.post(bulk(here), sent | {f"a{terms.activity_id}-approve": "on"}).status_code == 302
    assert again(report).state == State.APPROVED
    late = client.post(bulk(here), seen | {f"a{other.activity_id}-narrative": "Tarde"})
    assert late.status_code == 422
    assert "Tarde" in late.text
    assert not other.activity.reports.exists()


def test_three_hundred_activities_on_pages_in_a_fixed_number_of_queries(
    here: World, secretary: User, committee_member: User
):
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    client = signed_in(secretary)
    here.activity()
    few = queries(bulk(here))
    others = [room.organisation("un", slug=f"o{n}", acronym=f"O{n}") for n in range(10)]
    for owner in others:
        for _ in range(6):
            here.activity(lead=owner)
    assert queries(bulk(here)) == few
    assert queries(f"{bulk(here)}?page=2") == few
    assert len(client.get(f"{bulk(here)}?organisation=o3").context["table"].rows) == 6
    assert client.get(f"{bulk(here)}?organisation=%00&page=x").status_code == 200
    assert signed_in(committee_member).get(bulk(here)).status_code == 404
    assert requests.FIRST == 0
