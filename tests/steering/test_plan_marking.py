"""Gender and human rights in a plan: what the first page prints about it, and what is still to be screened."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext

from network.models import Duty, User
from portal.core.refused import Refused
from resources.models import MarkerKind
from steering.models import ActivityMarker, ExpectedResult, PlanVersion
from steering.plan import drafting, figures, marking
from tests.conftest import signed_in
from tests.steering import plans

pytestmark = pytest.mark.django_db


# --- The profile -----------------------------------------------------------------------------------------------------


def test_the_profile_tells_activities_and_budget_by_code():
    version = plans.draft()
    plans.screened(plans.activity(version, budget=Decimal(300)), 2)
    plans.screened(plans.activity(version, budget=Decimal(100)), 0)
    plans.screened(plans.activity(version, budget=Decimal(50), currency="GTQ"), 0)
    plans.activity(version)
    for found in marking.profile(version):
        assert [(row.code, row.number) for row in found.rows] == [(0, 2), (1, 0), (2, 1), (None, 1)]
        assert list(found.rows[0].budget) == [("GTQ", Decimal(50)), ("USD", Decimal(100))]
        assert found.rows[2].budget.of("USD") == Decimal(300)
        assert not found.rows[-1].budget


def test_not_screened_is_never_told_as_zero():
    version = plans.draft()
    plans.scale(MarkerKind.GENDER)
    plans.activity(version)
    gender = marking.profile(version)[0]
    assert gender.rows[0].code == 0
    assert gender.rows[0].number == 0
    assert gender.rows[-1].label == "Sin examinar"


def test_a_reader_gets_the_profile_of_what_this_reader_may_see():
    version = plans.draft()
    plans.screened(plans.activity(version, budget=Decimal(7)), 1)
    plans.screened(plans.activity(version, budget=Decimal(5), audience="committee"), 1)
    version = plans.in_force(version)
    public = figures.of(version, AnonymousUser()).profile[0]
    assert [(row.number, row.budget.of("USD")) for row in public.rows if row.code == 1] == [(1, Decimal(7))]
    assert [row.number for row in marking.profile(version)[0].rows] == [0, 2, 0, 0]


def test_the_profile_takes_three_queries_however_many_activities():
    version = plans.draft()
    for _each in range(4):
        plans.screened(plans.activity(version), 1)
    with CaptureQueriesContext(connection) as seen:
        marking.profile(version)
    assert len(seen) <= 3


# --- Coding ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def client_(secretary: User):
    return signed_in(secretary)


@pytest.fixture
def version() -> PlanVersion:
    made = plans.draft()
    for _each in range(3):
        plans.activity(made)
    return made


def address(version: PlanVersion) -> str:
    return reverse("admin:steering_plan_markers", args=[version.pk])


def filled(client, version: PlanVersion, **typed: object) -> dict[str, object]:
    """The table as the page shows it, with something typed: `a0_gender_code=2`."""
    page = client.get(address(version))
    data = {}
    for number, row in enumerate(page.context["rows"]):
        for form in row.forms:
            for name, field in form.fields.items():
                value = form.get_initial_for_field(field, name)
                data[form.add_prefix(name)] = typed.get(f"a{number}_{form.kind}_{name}", "" if value is None else value)
    return data


def codes(version: PlanVersion) -> dict[tuple[str, str], int | None]:
    rows = ActivityMarker.objects.filter(terms__version=version)
    return {(row.terms.activity.code, row.kind): row.code for row in rows}


def test_all_activities_are_coded_in_one_table(client_, version):
    plans.in_force(plans.draft(2028))
    page = client_.get(address(version)).text
    assert "3 actividades aún sin examinar" in page
    typed = {"a0_gender_code": "0", "a0_human_rights_code": "2", "a0_human_rights_justification": "Derecho a la salud"}
    answer = client_.post(address(version), filled(client_, version, **typed))
    assert answer.status_code == 302
    assert codes(version) == {("1.1.1", "gender"): 0, ("1.1.1", "human_rights"): 2}
    marker = ActivityMarker.objects.get(kind="human_rights")
    assert (marker.justification, marker.coded_by.email) == ("Derecho a la salud", "secretaria@example.org")
    page = client_.get(address(version)).text
    assert "2 actividades aún sin examinar" in page
    assert "Derecho a la salud" in page


def test_what_is_right_is_saved_and_what_is_wrong_told_beside_it(client_, version):
    typed = {"a0_gender_code": "1", "a1_gender_code": "1", "a1_gender_justification": "Parteras", "a2_gender_code": "9"}
    typed["a2_human_rights_justification"] = "Sin código todavía"
    answer = client_.post(address(version), filled(client_, version, **typed))
    assert answer.status_code == 422
    assert codes(version) == {("1.1.2", "gender"): 1, ("1.1.3", "human_rights"): None}
    wrong = [row.terms.activity.code for row in answer.context["rows"] if row.is_wrong]
    assert wrong == ["1.1.1", "1.1.3"]
    assert gettext("Say in a sentence or two what justifies a code above 0.") in answer.text
    again = {}
    for row in answer.context["rows"]:
        again |= {form.add_prefix(name): form[name].value() for form in row.forms for name in form.fields}
    first = answer.context["rows"][0].forms[0].add_prefix("justification")
    last = answer.context["rows"][2].forms[0].add_prefix("code")
    answer = client_.post(address(version), again | {first: "Lideresas", last: "0"})
    assert answer.status_code == 302
    assert codes(version)["1.1.1", "gender"] == 1


def test_a_table_opened_before_undoes_nobodys_work(client_, version, coordinator):
    data = filled(client_, version, a1_gender_code="0")
    first = version.terms.in_order().first()
    marking.mark(first, MarkerKind.GENDER, 2, "De otra persona", by=coordinator)
    assert client_.post(address(version), data).status_code == 302
    assert codes(version) == {("1.1.1", "gender"): 2, ("1.1.2", "gender"): 0}
    data = filled(client_, version, a0_gender_code="0", a0_gender_justification="Mía")
    marking.mark(first, MarkerKind.GENDER, 1, "Otra vez", by=coordinator)
    answer = client_.post(address(version), data)
    assert answer.status_code == 422
    assert "Otra persona lo codificó entretanto: 1. Otra vez" in answer.text
    assert "Mía" in answer.text
    again = {}
    for row in answer.context["rows"]:
        again |= {form.add_prefix(name): form[name].value() for form in row.forms for name in form.fields}
    client_.post(address(version), again)
    assert codes(version)["1.1.1", "gender"] == 0


def test_markers_are_coded_while_the_version_is_in_preparation(client_, version):
    data = filled(client_, version, a0_gender_code="0")
    terms = version.terms.in_order().first()
    for kind in MarkerKind:
        plans.scale(kind)
    plans.in_force(version)
    assert client_.post(address(version), data).status_code == 302
    assert codes(version) == {}
    with pytest.raises(Refused):
        marking.mark(terms, MarkerKind.GENDER, 0, "", by=None)


def test_the_duty_is_done_with_the_last_marker(secretary, version):
    terms = version.terms.in_order().first()
    version.terms.exclude(pk=terms.pk).delete()
    drafting.keep_activity(terms, by=secretary)
    marking.mark(terms, MarkerKind.GENDER, 0, "", by=secretary)
    assert Duty.objects.get(kind="markers").done_at is None
    marking.mark(terms, MarkerKind.HUMAN_RIGHTS, 0, "", by=secretary)
    assert Duty.objects.get(kind="markers").done_by == secretary


def test_the_table_takes_as_many_queries_for_three_activities_as_for_thirty(client_, version):
    def queries() -> int:
        client_.get(address(version))
        with CaptureQueriesContext(connection) as seen:
            assert client_.get(address(version)).status_code == 200
        return len(seen)

    few = queries()
    for _each in range(27):
        plans.screened(plans.activity(version), 1)
    assert queries() == few


def test_three_hundred_activities_come_in_pages_that_can_be_sent(client_, version):
    under = ExpectedResult.objects.get(objective__version=version)
    for number in range(4, 304):
        plans.activity(version, version.terms.first().lead, result=under, code=f"1.1.{number}")
    page = client_.get(f"{address(version)}?p=4")
    assert len(page.context["rows"]) == 3
    data = filled(client_, version, a99_gender_code="0")
    assert client_.post(address(version), data).status_code == 302
    assert list(codes(version).values()) == [0]
