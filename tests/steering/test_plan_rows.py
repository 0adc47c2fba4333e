"""What the rows of a plan hold by themselves, by any path: constraints of both databases, and sums of money."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from portal.core import currencies
from resources.models import MarkerKind
from steering.models import Activity, ActivityMarker, PlanVersion
from steering.plan.money import Totals, by_activity, readable
from tests.steering import plans

pytestmark = pytest.mark.django_db


def refused(write: object, *args: object, **fields: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write(*args, **fields)


def test_quarters_are_those_of_the_biennium():
    plan = plans.draft(2026).plan
    assert [plan.quarter_name(number) for number in (1, 4, 5, 8)] == ["2026-T1", "2026-T4", "2027-T1", "2027-T4"]
    assert [day.isoformat() for day in plan.quarter_days(8)] == ["2027-10-01", "2027-12-31"]


@pytest.mark.parametrize("quarters", [(0, 1), (1, 9), (3, 2)])
def test_no_activity_lies_outside_the_biennium_or_ends_before_it_begins(quarters):
    first, last = quarters
    refused(plans.activity, plans.draft(), first_quarter=first, last_quarter=last)


def test_a_version_is_in_force_by_a_decision_only():
    version = plans.draft()
    refused(PlanVersion.objects.filter(pk=version.pk).update, state=PlanVersion.State.IN_FORCE)


def test_a_plan_has_one_version_in_the_making_and_an_amendment_its_reason():
    version = plans.draft()
    refused(PlanVersion.objects.create, plan=version.plan, number=2, reason="Otra")
    plans.in_force(version)
    refused(PlanVersion.objects.create, plan=version.plan, number=2)
    PlanVersion.objects.create(plan=version.plan, number=2, reason="Una donación nueva")


def test_not_screened_is_not_zero_and_a_code_above_zero_is_justified():
    terms = plans.activity(plans.draft())
    given = {"terms": terms, "kind": MarkerKind.GENDER, "scale": plans.scale()}
    refused(ActivityMarker.objects.create, **given, code=1)
    marker = ActivityMarker.objects.create(**given)
    assert not ActivityMarker.objects.screened().exists()
    marker.code = 0
    marker.save()
    assert ActivityMarker.objects.screened().get() == marker


def test_an_activity_is_cancelled_for_a_reason():
    terms = plans.activity(plans.draft())
    refused(Activity.objects.filter(pk=terms.activity_id).update, state=Activity.State.CANCELLED)


def test_the_amount_is_for_no_more_readers_than_the_contribution():
    plan = plans.draft().plan
    refused(plans.contribution, plan, audience="members", amount_audience="public")
    plans.contribution(plan, audience="public", amount_audience="members")


def test_two_currencies_are_never_added():
    total = Totals([("USD", Decimal(5)), ("GTQ", Decimal(7))]) + Totals([("USD", Decimal("0.10"))])
    assert list(total) == [("GTQ", Decimal(7)), ("USD", Decimal("5.10"))]
    with pytest.raises(TypeError):
        sum([Totals(), 1])


def test_fifteen_digits_are_kept_and_added_exactly():
    plan = plans.in_force(plans.draft()).plan
    given = plans.contribution(plan, audience="public", amount_audience="public")
    for _time in range(2):
        plans.movement(given, amount="9999999999999.99")
    found = by_activity(readable(plan, AnonymousUser()), AnonymousUser())
    assert found[None].money["pledge"].of("USD") == Decimal("19999999999999.98")


def test_a_ledger_holds_what_the_reader_may_know():
    plan = plans.in_force(plans.draft()).plan
    shown = plans.contribution(plan, audience="public", amount_audience="committee")
    plans.movement(shown)
    plans.movement(plans.contribution(plan))
    ledger = by_activity(readable(plan, AnonymousUser()), AnonymousUser())[None]
    assert ledger.givers == {shown.organisation_id}
    assert ledger.has_hidden
    assert not ledger.money


def test_amounts_are_written_as_the_region_does():
    assert currencies.shown(Decimal("12500"), "USD") == "12,500.00 USD"
    with translation.override("en"):
        assert currencies.shown(Decimal("12500"), "GTQ") == "12,500.00 GTQ"


def test_there_is_no_such_currency():
    with pytest.raises(ValidationError, match="XYZ"):
        currencies.validate_currency("XYZ")


@pytest.mark.parametrize(
    ("baseline", "target", "value", "share"), [(0, 8, 2, "0.25"), (40, 20, 30, "0.5"), (40, 20, 50, "-0.5")]
)
def test_an_indicator_may_go_down_and_begin_at_zero(baseline, target, value, share):
    terms = plans.indicator(plans.draft(), baseline=Decimal(baseline), target=Decimal(target))
    assert terms.share(Decimal(value)) == Decimal(share)


def test_an_indicator_without_a_way_has_no_share():
    assert plans.indicator(plans.draft(), baseline=Decimal(8), target=Decimal(8)).share(Decimal(8)) is None
