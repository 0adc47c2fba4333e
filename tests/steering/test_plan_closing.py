"""The end of a biennium: choices kept, plan closed, what goes on copied, and the report in every form."""

import io
import json
import threading
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from network import merging
from network.models import Organisation, User
from portal.core.models import AuditEntry
from portal.core.refused import Refused
from steering.models import (
    Activity,
    ActivityMarker,
    ActivityTerms,
    Plan,
    PlanVersion,
    ProgressReport,
    Settlement,
)
from steering.plan import closing
from tests import factories
from tests.conftest import body, signed_in
from tests.steering import giving as world
from tests.steering import plans, room

pytestmark = pytest.mark.django_db
State = Activity.State
YEAR = world.YEAR
PAGE = f"/es/plan/{YEAR}/cierre/"


@pytest.fixture
def version(db) -> PlanVersion:
    return world.in_force(activities=3)


def walk(version: PlanVersion) -> str:
    return f"/admin/steering/settlement/{version.plan_id}/walk/"


def preview(version: PlanVersion) -> str:
    return f"/admin/steering/settlement/{version.plan_id}/preview/"


def left_the_network(organisation: Organisation) -> None:
    organisation.memberships.update(state="ended", until=timezone.localdate(), state_reason="Se fue")


def lines_of(page: object, choices: dict[Activity, tuple[str, str]]) -> dict[str, object]:
    """What a browser sends for the page of the assistant, with these choices made."""
    data = {}
    for _line, form in page.context["rows"]:
        for name in form.fields:
            data[form.add_prefix(name)] = form[name].value() or ""
    for activity, (what, words) in choices.items():
        data |= {f"a{activity.pk}-what": what, f"a{activity.pk}-words": words}
    return data


# --- Choosing --------------------------------------------------------------------------------------------------------


def test_the_walk_can_be_left_and_taken_up_again(version, secretary: User):
    client, (first, second, third) = signed_in(secretary), world.activities(version)
    page = client.get(walk(version))
    assert "0 de 3 decididas" in page.text
    data = lines_of(page, {first: ("complete", "Hay acta"), second: ("carry", "")})
    assert client.post(walk(version), data).status_code == 302
    again = client.get(walk(version))
    assert "2 de 3 decididas" in again.text
    assert "Hay acta" in again.text
    assert {one.state for one in world.activities(version)} == {State.PLANNED}  # nothing happens yet
    assert client.get(preview(version)).context["left"][0].activity == third


def test_a_choice_without_words_is_told_and_the_others_are_kept(version, secretary: User):
    client, (first, second, third) = signed_in(secretary), world.activities(version)
    choices = {first: ("complete", ""), second: ("drop", "Sin fondos"), third: ("", "Todavía no sé")}
    answer = client.post(walk(version), lines_of(client.get(walk(version)), choices))
    assert answer.status_code == 422
    assert "Diga qué muestra que está completa" in answer.text
    assert "Todavía no sé" in answer.text
    assert Settlement.objects.get().activity == second


def test_an_organisation_that_left_leads_nothing_any_more(version, oim):
    activity = world.activities(version)[0]
    left_the_network(activity.terms.get().lead)
    with pytest.raises(Refused, match="ya no pertenece a la red"):
        world.settled(activity, "carry", reason="")
    world.settled(activity, "carry", reason="", lead=oim)
    assert activity.settlement.lead == oim


def test_the_assistant_asks_for_another_lead(version, secretary: User, oim):
    activity = world.activities(version)[0]
    left_the_network(activity.terms.get().lead)
    client = signed_in(secretary)
    page = client.get(walk(version))
    data = lines_of(page, {activity: ("carry", "")})
    assert client.post(walk(version), data).status_code == 422
    data[f"a{activity.pk}-lead"] = oim.pk
    assert client.post(walk(version), data).status_code == 302
    assert Settlement.objects.get().lead == oim


def test_two_who_choose_at_once_are_told(version, secretary: User, coordinator: User):
    activity = world.activities(version)[0]
    mine, other = signed_in(secretary), signed_in(coordinator)
    seen = mine.get(walk(version))
    other.post(walk(version), lines_of(other.get(walk(version)), {activity: ("drop", "Sin fondos")}))
    data = lines_of(seen, {activity: ("complete", "Hay acta")})
    told = mine.post(walk(version), data)
    assert told.status_code == 422
    assert f"{coordinator} eligió: Se descarta" in told.text
    assert "Hay acta" in told.text
    assert Settlement.objects.get().what == "drop"
    data[f"a{activity.pk}-seen"] = next(form for line, form in told.context["rows"] if line.activity == activity)[
        "seen"
    ].value()
    assert mine.post(walk(version), data).status_code == 302
    assert Settlement.objects.get().what == "complete"


def test_pages_of_twenty(secretary: User):
    version = world.in_force(activities=23)
    client = signed_in(secretary)
    page = client.get(walk(version))
    assert len(page.context["rows"]) == 20
    choices = {line.activity: ("complete", "Hecho") for line, _form in page.context["rows"]}
    client.post(walk(version), lines_of(page, choices))
    assert "20 de 23 decididas" in client.get(walk(version)).text
    assert client.get(walk(version)).context["page"].number == 2


def test_the_walk_takes_as_many_queries_for_eleven_activities_as_for_one(secretary: User):
    client = signed_in(secretary)

    def queries(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    def filled(first_year: int, number: int) -> PlanVersion:
        version = world.in_force(first_year, activities=number)
        for activity in world.activities(version):
            world.given(version, activity=activity)
            world.settled(activity)
        return version

    one, eleven = filled(2010, 1), filled(2014, 11)
    assert queries(walk(one)) == queries(walk(eleven))
    assert queries(preview(one)) == queries(preview(eleven))
    for version in (one, eleven):
        closing.close(version.plan, by=None, words_es="Fin")
    assert queries("/es/plan/2010/cierre/") == queries("/es/plan/2014/cierre/")


# --- Closing ---------------------------------------------------------------------------------------------------------


def test_nothing_closes_while_an_activity_has_no_choice(version, secretary: User):
    world.settled(world.activities(version)[0])
    answer = signed_in(secretary).post(preview(version), {"words_es": "Fin"})
    assert answer.status_code == 422
    assert "faltan 2" in answer.text
    assert Plan.objects.get(pk=version.plan_id).state == Plan.State.IN_FORCE


def test_before_its_end_a_plan_closes_for_a_reason_only():
    version = world.in_force(timezone.localdate().year)
    world.settled(world.activities(version)[0])
    with pytest.raises(Refused, match="por qué se cierra"):
        closing.close(version.plan, by=None, words_es="Fin")
    closing.close(version.plan, by=None, words_es="Fin", reason="El Comité lo pidió")
    assert AuditEntry.objects.get(verb="plan-closed").reason == "El Comité lo pidió"


def test_a_report_that_waits_is_told(version, secretary: User, oim):
    period = version.plan.periods.first()
    given = {"period": period, "version": version, "organisation": oim, "state": "submitted"}
    ProgressReport.objects.create(activity=world.activities(version)[0], submitted_at=timezone.now(), **given)
    for address in (walk(version), preview(version)):
        assert "1 informe espera aprobación" in signed_in(secretary).get(address).text


def test_a_version_in_the_making_is_told(version):
    PlanVersion.objects.create(plan=version.plan, number=2, reason="Una donación")
    with pytest.raises(Refused, match="en preparación"):
        world.closed(version)


def test_what_is_carried_over_is_copied_and_the_original_frozen(oim):
    """Invariant 16."""
    version = world.in_force(
        activities=1, deliverable_es="Diez talleres", budget=Decimal(500), first_quarter=5, last_quarter=8
    )
    gone = room.organisation()
    with plans.thawed():
        terms = plans.screened(world.terms_of(version)[0], code=1)
        terms.partners.set([oim, gone])
        terms.countries.add(factories.country("HN"))
    left_the_network(gone)
    original = terms.activity
    before = ActivityTerms.objects.filter(activity=original).values().get()
    world.closed(version, "carry")

    copy = Activity.objects.get(carried_from=original)
    made = copy.terms.get()
    assert (copy.plan.first_year, copy.plan.state, copy.times_carried, copy.state) == (YEAR + 2, "draft", 1, "planned")
    assert (made.text_es, made.deliverable_es, made.budget) == (terms.text_es, "Diez talleres", Decimal(500))
    assert (made.first_quarter, made.last_quarter, made.lead) == (1, 4, terms.lead)
    assert list(made.partners.all()) == [oim]
    assert [one.code for one in made.countries.all()] == ["HN"]
    assert made.result.text_es == terms.result.text_es
    assert not ActivityMarker.objects.filter(terms=made).exists()
    assert copy.plan.periods.count() == 8

    assert ActivityTerms.objects.filter(activity=original).values().get() == before
    original.refresh_from_db()
    assert original.plan == version.plan
    assert original.state == State.CARRIED_OVER


@pytest.mark.parametrize("change", [{"state": "planned"}, {"plan": None}, {"code": "9.9.9"}])
def test_no_statement_changes_what_was_carried_over(version, change):
    world.closed(version, "carry")
    activity = world.activities(version)[0]
    change = {name: value or plans.draft(2040).plan for name, value in change.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=activity.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=version.plan_id).update(state="in_force")


def test_what_was_carried_over_is_not_deleted(version):
    world.closed(version, "carry")
    with pytest.raises(IntegrityError, match="stays as it was"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM steering_activity WHERE id = %s", [world.activities(version)[0].pk])


def test_a_chain_of_two_is_flagged(version, secretary: User, client):
    world.closed(version, "carry")
    following = plans.in_force(PlanVersion.objects.get(plan__first_year=YEAR + 2))
    with pytest.raises(Refused, match="una vez más"):
        world.settled(world.activities(following)[0], "carry", reason="")
    assert "si se prorroga otra vez se avisa" in signed_in(secretary).get(walk(following)).text
    for activity in world.activities(following):
        world.settled(activity, "carry", reason="Falta el convenio")
    assert "ya prorrogada antes" in signed_in(secretary).get(preview(following)).text
    closing.close(following.plan, by=None, words_es="Fin")
    assert set(Activity.objects.filter(plan__first_year=YEAR + 4).values_list("times_carried", flat=True)) == {2}
    last = Plan.objects.get(first_year=YEAR + 4)
    assert "Prorrogada 2 veces" in signed_in(secretary).get(f"/admin/steering/contribution/gap/{last.pk}/").text
    assert "Prorrogada 2 veces" in client.get(f"/es/plan/{YEAR + 2}/cierre/").text
    assert "Prorrogada 2 veces" not in client.get(PAGE).text


def test_a_chain_of_two_is_told_on_every_list_and_in_every_file(version, secretary: User):
    cache.clear()
    world.closed(version, "carry")
    following = plans.in_force(PlanVersion.objects.get(plan__first_year=YEAR + 2))
    for activity in world.activities(following):
        world.settled(activity, "carry", reason="Falta el convenio")
    closing.close(following.plan, by=None, words_es="Fin")
    committee, last = signed_in(secretary), f"/es/plan/{YEAR + 4}/"
    for address in (f"{last}aportes/", f"{last}matriz/"):
        assert "2 veces" in committee.get(address).text, address
    data = json.loads(body(committee.get(f"{last}plan.json")))
    assert {one["times-carried"] for one in data["iati-activity"]} == {2}
    rows = list(load_workbook(io.BytesIO(body(committee.get(f"{last}plan.xlsx"))))["Matriz"].values)
    assert [row.count(2) for row in rows[-3:]] == [1, 1, 1]
    for ending in ("pdf", "docx"):
        assert "2 veces" in world.text_of(committee, "es", ending, YEAR + 2), ending


def test_it_goes_into_the_draft_there_is(version):
    coming = plans.draft(YEAR + 2)
    own = plans.activity(coming, text_es="Ya estaba")
    world.closed(version, "carry")
    assert Plan.objects.filter(first_year=YEAR + 2).count() == 1
    codes = list(ActivityTerms.objects.filter(version=coming).in_order().values_list("activity__code", flat=True))
    assert codes == [own.activity.code, "1.1.2", "1.1.3", "1.1.4"]


def test_a_result_of_other_words_is_not_taken_for_the_same(version):
    coming = plans.draft(YEAR + 2)
    plans.result(coming.objectives.get(), text_es="Otra cosa")
    coming.objectives.get().results.filter(position=1).update(text_es="Cosa distinta")
    world.closed(version, "carry")
    assert set(ActivityTerms.objects.filter(version=coming).values_list("result__text_es", flat=True)) == {
        "La biblioteca se consulta"
    }


def test_into_a_plan_past_its_draft_nothing_is_carried(version):
    plans.in_force(plans.draft(YEAR + 2))
    with pytest.raises(Refused, match="enmienda"):
        world.closed(version, "carry")
    assert Plan.objects.get(pk=version.plan_id).state == Plan.State.IN_FORCE
    assert {one.state for one in world.activities(version)} == {State.PLANNED}
    for activity in world.activities(version):
        world.settled(activity, "drop", reason="Sin fondos")
    closing.close(version.plan, by=None, words_es="Fin")


def test_nothing_of_a_closed_plan_is_settled_or_closed_again(version, secretary: User):
    world.closed(version)
    with pytest.raises(Refused, match="ya está cerrado"):
        world.settled(world.activities(version)[0], "drop", reason="Tarde")
    with pytest.raises(Refused, match="ya está cerrado"):
        closing.close(version.plan, by=None, words_es="Otra vez")
    for address in (walk(version), preview(version)):
        assert signed_in(secretary).post(address, {"words_es": "Tarde"}).headers["Location"] == PAGE
    assert Plan.objects.get(pk=version.plan_id).closing_words_es == "Se cumplió"


@pytest.mark.django_db(transaction=True)
def test_two_who_close_at_once_close_once():
    version = world.in_force(activities=2)
    for activity in world.activities(version):
        world.settled(activity, "carry", reason="")
    start, told = threading.Barrier(2), []

    def work() -> None:
        start.wait()
        try:
            closing.close(version.plan, by=None, words_es="Fin")
        except Refused as refused:
            told.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    assert Activity.objects.filter(plan__first_year=YEAR + 2).count() == 2
    assert AuditEntry.objects.filter(verb="plan-closed").count() == 1


def test_an_organisation_that_merges_keeps_what_it_is_to_lead(version, oim):
    activity = world.activities(version)[0]
    other = room.organisation()
    left_the_network(activity.terms.get().lead)
    world.settled(activity, "carry", reason="", lead=other)
    merging.merge(other, into=oim, by=None, reason="Por decreto")
    assert Settlement.objects.get().lead == oim


def test_the_first_page_of_the_admin_says_that_a_plan_is_over(version, secretary: User):
    client = signed_in(secretary)
    assert walk(version) in client.get("/admin/").text
    assert walk(version) in client.get("/admin/steering/settlement/").text
    world.closed(version)
    assert walk(version) not in client.get("/admin/").text
