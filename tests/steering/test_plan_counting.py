"""What of the reports counts: those approved, the last of an activity, and where an indicator stands."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from steering.models import ActivityTerms, IndicatorTerms, PlanVersion, ProgressReport
from steering.plan import reporting
from tests.steering import plans

pytestmark = pytest.mark.django_db
APPROVED = ProgressReport.State.APPROVED


@pytest.fixture
def version() -> PlanVersion:
    return plans.draft()


def said(about: ActivityTerms | IndicatorTerms, quarter: int, state: str = APPROVED, **fields: object) -> None:
    period = about.version.plan.periods.get(quarter=quarter)
    if isinstance(about, ActivityTerms):
        on = {"activity": about.activity, "organisation": about.lead}
    else:
        on = {"indicator": about.indicator, "organisation": about.responsible}
    ProgressReport.objects.create(period=period, version=about.version, state=state, **on, **fields)


def test_of_an_activity_the_last_approved_report(version):
    terms = plans.activity(version)
    plans.activity(version)
    said(terms, 2, narrative="Segundo")
    said(terms, 1, narrative="Primero")
    said(terms, 3, "submitted", narrative="Sin aprobar")
    assert {key: one.narrative for key, one in reporting.latest(version).items()} == {terms.activity_id: "Segundo"}
    assert reporting.latest(version, upto=1)[terms.activity_id].narrative == "Primero"


def test_an_indicator_stands_where_its_last_report_says(version):
    terms = plans.indicator(version, baseline=10, target=20)
    said(terms, 1, value=14)
    said(terms, 2, value=12, narrative="Bajó")
    said(terms, 3, "returned", value=20, note="Falta")
    found = reporting.actuals(version)[terms.indicator_id]
    assert (found.value, found.quarter, found.share, found.words) == (12, 2, Decimal("0.2"), "Bajó")
    assert reporting.actual(terms) == found
    assert reporting.actual(terms, upto=1).value == 14


def test_one_that_counts_up_begins_at_its_baseline(version):
    terms = plans.indicator(version, baseline=3, target=13, cumulative=True)
    for quarter, value in ((1, 2), (2, Decimal("2.50")), (4, 3)):
        said(terms, quarter, value=value)
    assert reporting.actual(terms) == reporting.Actual(Decimal("10.50"), 4, Decimal("0.75"), "")
    assert reporting.actual(terms, upto=2).value == Decimal("7.50")


def test_a_zero_baseline_and_one_that_is_told_in_words(version):
    from_nothing = plans.indicator(version, baseline=0, target=8)
    none_given = plans.indicator(version, baseline=None, target=8)
    in_words = plans.indicator(version, measure="qualitative", baseline=None, target=None)
    for terms in (from_nothing, none_given):
        said(terms, 1, value=2)
    said(in_words, 1, narrative="Adoptado en dos países")
    found = reporting.actuals(version)
    assert found[from_nothing.indicator_id].share == found[none_given.indicator_id].share == Decimal("0.25")
    assert found[in_words.indicator_id] == reporting.Actual(None, 1, None, "Adoptado en dos países")
    assert reporting.actual(plans.indicator(version)) is None


def test_fifteen_digits_are_kept_exactly(version):
    terms = plans.indicator(version, baseline=0, target=Decimal("9999999999999.99"), cumulative=True)
    said(terms, 1, value="9999999999999.98")
    said(terms, 2, value="0.01")
    assert reporting.actual(terms).value == Decimal("9999999999999.99")


def test_in_one_query_and_in_two_for_any_number_of_rows(version):
    def queries() -> tuple[int, int]:
        counts = []
        for read in (reporting.latest, reporting.actuals):
            with CaptureQueriesContext(connection) as seen:
                assert read(version)
            counts.append(len(seen))
        return tuple(counts)

    for _ in range(2):
        for _each in range(4):
            said(plans.activity(version), 1)
            said(plans.indicator(version), 1, value=1)
        assert queries() == (1, 2)
