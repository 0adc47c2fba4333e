"""Gender and human rights in a plan: what the first page prints about it, and what is still to be screened."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resources.models import MarkerKind
from steering.plan import marking
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
        assert [(row.code, row.activities) for row in found.rows] == [(0, 2), (1, 0), (2, 1), (None, 1)]
        assert list(found.rows[0].budget) == [("GTQ", Decimal(50)), ("USD", Decimal(100))]
        assert found.rows[2].budget_shares == [("USD", Decimal("0.75"))]
        assert found.rows[0].share == Decimal("0.5")
        assert found.unscreened.activities == 1
        assert not found.unscreened.budget


def test_not_screened_is_never_told_as_zero():
    version = plans.draft()
    plans.scale(MarkerKind.GENDER)
    plans.activity(version)
    gender = marking.profile(version)[0]
    assert gender.rows[0].code == 0
    assert gender.rows[0].activities == 0
    assert gender.unscreened.label == "Sin examinar"


def test_a_reader_gets_the_profile_of_what_this_reader_may_see():
    version = plans.draft()
    plans.screened(plans.activity(version, budget=Decimal(7)), 1)
    plans.screened(plans.activity(version, budget=Decimal(5), audience="committee"), 1)
    version = plans.in_force(version)
    public = marking.profile(version, AnonymousUser())[0]
    assert (public.activities, public.budget.of("USD")) == (1, Decimal(7))
    assert marking.profile(version)[0].activities == 2


def test_the_profile_takes_three_queries_however_many_activities():
    version = plans.draft()
    for _each in range(4):
        plans.screened(plans.activity(version), 1)
    with CaptureQueriesContext(connection) as seen:
        marking.profile(version)
    assert len(seen) <= 3
