"""What a version in force says is changed, added to and taken from by no statement, on both databases."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import BooleanField, CharField, DateField, Field, TextField

from network import merging
from steering.models import (
    Activity,
    ActivityMarker,
    ActivityTerms,
    ExpectedResult,
    IndicatorTarget,
    IndicatorTerms,
    Objective,
    Plan,
    PlanVersion,
)
from steering.plan import adoption
from tests import factories
from tests.steering import plans, room

pytestmark = pytest.mark.django_db


def adopted(version: PlanVersion) -> PlanVersion:
    adoption.adopt(version, decision=plans.decision(), by=None)
    return PlanVersion.objects.select_related("plan").get(pk=version.pk)


def amended(version: PlanVersion) -> PlanVersion:
    """The version that takes its place."""
    return adopted(adoption.amend(version.plan, reason="Otra", by=None))


def _rows() -> dict[str, object]:
    version = plans.draft()
    plans.full(version)
    second = plans.activity(version)
    plans.screened(second)
    now = adopted(version)
    terms = now.terms.first()
    return {
        "steering_planversion": now,
        "steering_objective": Objective.objects.first(),
        "steering_expectedresult": ExpectedResult.objects.first(),
        "steering_activityterms": terms,
        "steering_activityterms_countries": ActivityTerms.countries.through.objects.get(),
        "steering_activityterms_partners": ActivityTerms.partners.through.objects.get(),
        "steering_activitymarker": ActivityMarker.objects.filter(terms=terms).first(),
        "steering_indicatorterms": IndicatorTerms.objects.get(),
        "steering_indicatortarget": IndicatorTarget.objects.get(),
    }


def refused(sql: str, *values: object, words: str = "next version only") -> None:
    with pytest.raises(IntegrityError, match=words), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


OPEN = {
    "steering_plan": {"state", "closed_on", "closing_words", "closing_words_es", "closing_words_en"},
    "steering_planversion": {"state", "item_id"},
    "steering_activitymarker": {"coded_by_id", "coded_at", "reviewed_by_id"},
}
"""Columns that are no wording of the plan: how far it is, and who has coded and reviewed."""


def other_value(field: Field) -> str:
    """One that no row of these tests has, as SQL. The triggers speak before any constraint does."""
    if isinstance(field, BooleanField):
        return f"NOT {field.column}"
    if isinstance(field, DateField):
        return "'2001-01-01'"
    held = field.target_field if field.is_relation else field
    return "'x'" if isinstance(held, CharField | TextField) else "7654"


@pytest.mark.parametrize("state", ["in_force", "superseded"])
def test_what_a_version_in_force_says_is_changed_and_deleted_by_no_statement(state):
    """What a later migration adds to one of these tables is frozen as well, or named in `OPEN`."""
    rows = _rows()
    plan = rows["steering_planversion"].plan
    if state == "superseded":
        amended(rows["steering_planversion"])
    for table, row in {**rows, "steering_plan": plan}.items():
        columns = {field.column: field for field in row._meta.concrete_fields if not field.primary_key}
        for column in columns.keys() - OPEN.get(table, set()):
            refused(f"UPDATE {table} SET {column} = {other_value(columns[column])} WHERE id = %s", row.pk)
        refused(f"DELETE FROM {table} WHERE id = %s", row.pk)
    for table in ("steering_plan", "steering_planversion"):
        refused(f"UPDATE {table} SET state = 'draft'")


def test_a_closed_plan_keeps_the_words_of_its_report():
    Plan.objects.filter(pk=_rows()["steering_planversion"].plan_id).update(state="closed")
    for change in ("closing_words_es = 'x'", "closed_on = '2001-01-01'", "state = 'in_force'"):
        refused(f"UPDATE steering_plan SET {change}", words="stays as it was|next version only")


def test_nothing_is_added_to_a_version_in_force():
    rows = _rows()
    terms, version = rows["steering_activityterms"], rows["steering_planversion"]
    under = rows["steering_expectedresult"]
    makers = [
        lambda: plans.objective(version),
        lambda: plans.result(rows["steering_objective"]),
        lambda: plans.activity(version, result=under),
        lambda: plans.indicator(version),
        lambda: terms.partners.add(room.organisation()),
        lambda: terms.countries.add(factories.country("GT", "Guatemala")),
        lambda: ActivityMarker.objects.create(terms=terms, kind="gender", scale=plans.scale()),
        lambda: IndicatorTarget.objects.create(terms=rows["steering_indicatorterms"], quarter=5, value=1),
    ]
    for make in makers:
        with pytest.raises(IntegrityError, match="next version only"), transaction.atomic():
            make()


def test_nothing_is_moved_into_a_version_in_force():
    rows = _rows()
    second = adoption.amend(rows["steering_planversion"].plan, reason="Otra", by=None)
    refused(
        "UPDATE steering_objective SET version_id = %s WHERE version_id = %s",
        rows["steering_planversion"].pk,
        second.pk,
    )
    line = second.indicator_terms.get()
    refused(
        "UPDATE steering_indicatortarget SET terms_id = %s, quarter = 8 WHERE terms_id = %s",
        rows["steering_indicatorterms"].pk, line.pk,
    )  # fmt: skip
    refused(
        "UPDATE steering_activityterms_partners SET activityterms_id = %s WHERE activityterms_id = %s",
        rows["steering_activityterms"].pk, second.terms.get(activity__code="1.1.1").pk,
    )  # fmt: skip


def test_an_activity_of_a_plan_in_force_keeps_its_code():
    _rows()
    for table in ("activity", "indicator"):
        for change in ("code = 'x'", "plan_id = 7654"):
            refused(f"UPDATE steering_{table} SET {change}", words="keeps its code")
    Activity.objects.update(state="ongoing")


DRAFTED = {
    "steering_planversion": ["reason = 'x'"],
    "steering_objective": ["text_es = 'x'", "short_en = 'x'"],
    "steering_expectedresult": ["text_es = 'x'", "kind = 'impact'"],
    "steering_activityterms": ["text_es = 'x'", "budget = 7", "currency = 'GTQ'", "last_quarter = 8"],
    "steering_activitymarker": ["code = 0", "justification = 'x'"],
    "steering_indicatorterms": ["target = 99", "baseline = 1", "unit_es = 'x'", "ascending = (1 = 2)"],
    "steering_indicatortarget": ["quarter = 3"],
}


def test_a_draft_is_open_to_all_of_it():
    plans.full(plans.draft())
    with connection.cursor() as cursor:
        for table, changes in DRAFTED.items():
            for change in changes:
                cursor.execute(f"UPDATE {table} SET {change}")
        cursor.execute("DELETE FROM steering_indicatortarget")
        cursor.execute("DELETE FROM steering_activityterms_partners")


def test_organisations_of_a_plan_in_force_merge_and_nothing_else_moves_them(oim, insp):
    version = plans.draft()
    terms = plans.screened(plans.activity(version, oim))
    second = plans.screened(plans.activity(version, insp))
    third = plans.screened(plans.activity(version, room.organisation()))
    for line, partner in ((second, oim), (third, oim), (third, insp)):
        line.partners.add(partner)
    plans.indicator(version, oim)
    adopted(version)
    refused("UPDATE steering_activityterms SET lead_id = %s WHERE id = %s", insp.pk, terms.pk)
    refused("UPDATE steering_indicatorterms SET responsible_id = %s", insp.pk)
    refused(
        "UPDATE steering_activityterms_partners SET organisation_id = %s WHERE activityterms_id = %s",
        insp.pk,
        second.pk,
    )
    merging.merge(oim, into=insp, by=None, reason="Por decreto")
    assert set(ActivityTerms.objects.exclude(pk=third.pk).values_list("lead", flat=True)) == {insp.pk}
    assert IndicatorTerms.objects.get().responsible == insp
    assert list(second.partners.all()) == []
    assert list(third.partners.all()) == [insp]
