"""A secretary makes a plan in the admin: what it opens with, the codes of its activities, and what is refused."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import Duty, Organisation, User
from portal.core.refused import Refused
from steering.models import (
    Activity,
    ActivityTerms,
    ExpectedResult,
    Indicator,
    IndicatorTerms,
    Objective,
    Plan,
    PlanVersion,
)
from steering.plan import drafting
from tests import factories
from tests.conftest import signed_in
from tests.steering import plans, room

pytestmark = pytest.mark.django_db
OUTSIDE = gettext_lazy("The quarter lies outside the two years of the plan.")


@pytest.fixture
def client_(secretary: User):
    return signed_in(secretary)


@pytest.fixture
def version() -> PlanVersion:
    return plans.draft()


def add_activity(client, version: PlanVersion, lead: Organisation, **values: object) -> object:
    under = ExpectedResult.objects.filter(objective__version=version).first()
    given = {"result": under.pk, "text_es": "Capacitar", "lead": lead.pk, "first_quarter": 1, "last_quarter": 4}
    return room.add(client, "activityterms", **{**given, "currency": "USD", "audience": "public"} | values)


def add_indicator(client, version: PlanVersion, holder: Organisation, **values: object) -> object:
    under = ExpectedResult.objects.filter(objective__version=version).first()
    given = {"result": under.pk, "text_es": "Protocolos", "measure": "unit", "responsible": holder.pk}
    return room.add(client, "indicatorterms", **given | {"ascending": "on", "baseline": "0", "target": "8"} | values)


# --- Made ------------------------------------------------------------------------------------------------------------


def test_a_plan_opens_with_three_objectives_and_eight_quarters(client_):
    body = room.committee()
    answer = room.add(client_, "plan", body=body.pk, first_year=2026, title_es="Plan bianual")
    version = PlanVersion.objects.get()
    assert answer.url == room.page_of(version)
    assert version.state == "draft"
    assert [row.short_es for row in version.objectives.all()] == [
        "Información estratégica", "Alianzas", "Políticas inclusivas",
    ]  # fmt: skip
    assert all(row.text_en and row.text_es and row.short_en for row in version.objectives.all())
    assert [period.quarter for period in version.plan.periods.all()] == list(range(1, 9))


def test_there_is_one_plan_for_two_years(client_, version):
    answer = room.add(client_, "plan", body=version.plan.body_id, first_year=2026, title_es="Otro")
    assert _("There is a plan for these two years already.") in answer.text
    assert Plan.objects.count() == 1


def test_everything_is_written_from_the_page_of_the_version(client_, version, oim):
    page = client_.get(room.page_of(version)).text
    assert f"/admin/steering/expectedresult/add/?version={version.pk}&amp;objective=" in page
    room.add(client_, "objective", version=version.pk, short_es="Otra", text_es="Otro objetivo")
    made = Objective.objects.get(short_es="Otra")
    assert made.code == "2"
    room.add(client_, "expectedresult", objective=made.pk, text_es="Se logra", kind="outcome")
    under = ExpectedResult.objects.get(objective=made)
    assert under.code == "2.1"
    answer = add_activity(client_, version, oim, result=under.pk)
    assert answer.url == room.page_of(version)
    terms = ActivityTerms.objects.get()
    assert (terms.activity.code, terms.version) == ("2.1.1", version)
    assert "2.1.1" in client_.get(room.page_of(version)).text


def test_partners_and_countries_are_kept_and_who_leads_is_no_partner_beside(client_, version, oim, insp):
    country = factories.country("HN", "Honduras")
    add_activity(client_, version, oim, partners=[oim.pk, insp.pk], countries=[country.pk])
    terms = ActivityTerms.objects.get()
    assert list(terms.partners.all()) == [insp]
    assert list(terms.countries.all()) == [country]


# --- Codes -----------------------------------------------------------------------------------------------------------


def test_a_code_stays_with_its_activity_and_goes_to_no_other(client_, version, oim):
    for _each in range(3):
        add_activity(client_, version, oim)
    assert list(Activity.objects.values_list("code", flat=True)) == ["1.1.1", "1.1.2", "1.1.3"]
    other = plans.result(version.objectives.get())
    last = ActivityTerms.objects.get(activity__code="1.1.3")
    room.change(client_, last, result=other.pk)
    last.refresh_from_db()
    assert (last.activity.code, last.result, last.position) == ("1.1.3", other, 1)
    add_activity(client_, version, oim)
    assert Activity.objects.filter(code="1.1.4").exists()


def test_the_code_of_one_that_was_dropped_is_not_given_again(client_, version, oim):
    add_activity(client_, version, oim)
    add_activity(client_, version, oim)
    dropped = ActivityTerms.objects.get(activity__code="1.1.2")
    plans.contribution(version.plan, activity=dropped.activity)
    room.take(client_, dropped, "remove", reason="Ya no")
    gone = Activity.objects.get(code="1.1.2")
    assert (gone.state, gone.state_reason, gone.terms.count()) == ("cancelled", "Ya no", 0)
    add_activity(client_, version, oim)
    assert Activity.objects.filter(code="1.1.3").exists()


def test_a_mistake_in_a_first_draft_leaves_nothing_behind(client_, version, oim):
    add_activity(client_, version, oim)
    answer = room.take(client_, ActivityTerms.objects.get(), "remove", reason="Error")
    assert answer.url == room.page_of(version)
    assert not Activity.objects.exists()


def test_an_indicator_gets_a_code_of_its_result(client_, version, oim):
    for _each in range(2):
        add_indicator(client_, version, oim)
    assert list(Indicator.objects.values_list("code", flat=True)) == ["I1.1.1", "I1.1.2"]
    room.take(client_, IndicatorTerms.objects.get(indicator__code="I1.1.1"), "remove", reason="Error")
    assert list(Indicator.objects.values_list("code", flat=True)) == ["I1.1.2"]


def test_what_others_stand_under_is_not_removed(client_, version, oim):
    add_activity(client_, version, oim)
    under = ExpectedResult.objects.get()
    assert "Muévalos o quítelos" in room.take(client_, under, "remove", reason="x").text
    assert "Quítelos primero" in room.take(client_, under.objective, "remove", reason="x").text
    room.take(client_, ActivityTerms.objects.get(), "remove", reason="x")
    room.take(client_, under, "remove", reason="x")
    room.take(client_, under.objective, "remove", reason="x")
    assert not version.objectives.exists()


# --- Bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quarter", ["9", "0", "-1", "99999999999999999999", "x"])
def test_a_quarter_outside_the_biennium_is_refused_in_a_sentence(client_, version, oim, quarter):
    answer = add_activity(client_, version, oim, last_quarter=quarter, text_es="No se pierde")
    assert str(OUTSIDE) in answer.text
    assert "No se pierde" in answer.text
    assert not ActivityTerms.objects.exists()


def test_quarters_are_offered_by_the_names_of_the_plan(client_, version):
    under = ExpectedResult.objects.get()
    page = client_.get(f"/admin/steering/activityterms/add/?version={version.pk}&result={under.pk}").text
    assert "2026-T1" in page
    assert "2027-T4" in page
    assert "2028" not in page


def test_the_last_quarter_is_not_before_the_first(client_, version, oim):
    answer = add_activity(client_, version, oim, first_quarter=4, last_quarter=3)
    assert answer.status_code == 200
    assert not ActivityTerms.objects.exists()


def test_nobody_who_left_leads_an_activity_or_reports(client_, version, oim):
    oim.memberships.update(state="ended", until="2020-01-01")
    answer = add_activity(client_, version, oim, text_es="No se pierde")
    assert "OIM" in answer.text
    assert "No se pierde" in answer.text
    assert add_indicator(client_, version, oim).status_code == 200
    assert not ActivityTerms.objects.exists()
    assert not IndicatorTerms.objects.exists()
    terms = ActivityTerms(result=ExpectedResult.objects.get(), text_es="x", first_quarter=1, last_quarter=1, lead=oim)
    with pytest.raises(Refused):
        drafting.keep_activity(terms, by=None)


def test_a_currency_that_does_not_exist_is_refused(client_, version, oim):
    assert "XYZ" in add_activity(client_, version, oim, currency="xyz", budget="5").text
    assert not ActivityTerms.objects.exists()
    assert add_activity(client_, version, oim, currency="gtq", budget="5").status_code == 302
    assert ActivityTerms.objects.get().currency == "GTQ"


def test_a_budget_has_a_currency(client_, version, oim):
    assert add_activity(client_, version, oim, currency="", budget="5").status_code == 200
    assert not ActivityTerms.objects.exists()


def test_amounts_of_thirteen_digits_are_kept_and_longer_ones_told(client_, version, oim):
    answer = add_activity(client_, version, oim, budget="123456789012345")
    assert "13 dígitos" in answer.text
    assert "123456789012345" in answer.text
    assert add_activity(client_, version, oim, budget="1234567890123.45").status_code == 302
    assert ActivityTerms.objects.get().budget == Decimal("1234567890123.45")
    assert "mayor o igual" in add_activity(client_, version, oim, budget="-1").text


@pytest.mark.parametrize(
    "values",
    [
        {"baseline": "10", "target": "4"},
        {"ascending": "", "baseline": "4", "target": "10"},
        {"measure": "percentage", "target": "120"},
        {"measure": "percentage", "baseline": "-3"},
        {"target": ""},
    ],
)
def test_an_indicator_whose_numbers_contradict_each_other_is_refused(client_, version, oim, values):
    answer = add_indicator(client_, version, oim, **values)
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert not IndicatorTerms.objects.exists()


def test_an_indicator_may_go_down_begin_at_zero_or_be_in_words(client_, version, oim):
    assert add_indicator(client_, version, oim, ascending="", baseline="40", target="10").status_code == 302
    assert add_indicator(client_, version, oim, baseline="0").status_code == 302
    words = {"measure": "qualitative", "target": "", "baseline": "", "target_words_es": "Se debate"}
    assert add_indicator(client_, version, oim, **words).status_code == 302
    assert IndicatorTerms.objects.count() == 3


def targets(**rows: str) -> dict[str, object]:
    """The table of targets: quarter=value."""
    data: dict[str, object] = {"targets-TOTAL_FORMS": len(rows), "targets-INITIAL_FORMS": 0}
    for number, (quarter, value) in enumerate(rows.items()):
        data |= {f"targets-{number}-quarter": quarter.removeprefix("q"), f"targets-{number}-value": value}
    return data


def test_targets_by_quarter(client_, version, oim):
    add_indicator(client_, version, oim, measure="percentage", target="80")
    terms = IndicatorTerms.objects.get()
    assert "2026-T1" in client_.get(room.page_of(terms)).text
    assert str(OUTSIDE) in room.change(client_, terms, **targets(q9="10")).text
    assert _("A percentage lies between 0 and 100.") in room.change(client_, terms, **targets(q2="120")).text
    assert room.change(client_, terms, **targets(q2="20", q4="50")).status_code == 302
    assert [(row.quarter, row.value) for row in terms.targets.all()] == [(2, 20), (4, 50)]


@pytest.mark.parametrize("model", ["activityterms", "indicatorterms", "expectedresult"])
@pytest.mark.parametrize(
    "asked", ["version=x&result=y&objective=z", "version=999999&result=999999", "version=" + "9" * 40]
)
def test_an_address_that_names_nothing_still_opens(client_, version, model, asked):
    assert client_.get(f"/admin/steering/{model}/add/?{asked}").status_code == 200


# --- Only while it is in preparation ---------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["before_committee", "in_force"])
def test_nothing_is_written_into_a_version_that_is_not_in_preparation(client_, version, oim, state):
    terms = plans.activity(version, oim)
    if state == "in_force":
        plans.in_force(version)
    else:
        PlanVersion.objects.filter(pk=version.pk).update(state=state)
    assert add_activity(client_, version, oim).status_code == 200
    assert ActivityTerms.objects.count() == 1
    assert client_.post(room.page_of(terms), {"text_es": "Otro"}).status_code == 403
    fresh = ActivityTerms.objects.get()
    fresh.text_es = "Otro"
    with pytest.raises(Refused):
        drafting.keep_activity(fresh, by=None)
    assert room.take(client_, fresh, "remove", reason="x").status_code == 422
    assert "addlink" not in client_.get(room.page_of(version)).text.split("plan-tree")[1]


def test_a_line_is_not_moved_into_another_version(client_, version, oim):
    terms = plans.activity(version, oim)
    other = plans.draft(2028)
    foreign = ExpectedResult.objects.get(objective__version=other)
    assert room.change(client_, terms, result=foreign.pk).status_code == 200
    terms.result = foreign
    with pytest.raises(Refused):
        drafting.keep_activity(terms, by=None)


def test_a_plan_is_deleted_by_a_step_while_nothing_rests_on_it(client_, version, oim):
    add_activity(client_, version, oim)
    gift = plans.contribution(version.plan)
    assert "se queda" in room.take(client_, version.plan, "discard_plan", reason="Duplicado").text
    gift.delete()
    answer = room.take(client_, version.plan, "discard_plan", reason="Duplicado")
    assert answer.url.endswith("/admin/steering/plan/")
    assert not Plan.objects.exists()
    assert not Activity.objects.exists()


# --- Work and queries ------------------------------------------------------------------------------------------------


def test_a_plan_puts_the_coding_of_its_markers_on_the_desk(client_, version, oim):
    add_activity(client_, version, oim)
    duty = Duty.objects.get(kind="markers")
    assert duty.about_key == str(version.pk)
    room.take(client_, ActivityTerms.objects.get(), "remove", reason="Error")
    duty.refresh_from_db()
    assert duty.done_at


def test_the_page_of_a_version_takes_as_many_queries_for_one_activity_as_for_ten(client_, version):
    def queries() -> int:
        client_.get(room.page_of(version))
        with CaptureQueriesContext(connection) as seen:
            assert client_.get(room.page_of(version)).status_code == 200
        return len(seen)

    plans.screened(plans.activity(version), 1)
    plans.indicator(version)
    few = queries()
    for _each in range(10):
        plans.screened(plans.activity(version), 1)
        plans.indicator(version)
    assert queries() == few
