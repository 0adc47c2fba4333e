"""A plan is in force by a decision only, with every activity screened, and changed by its next version only."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import User
from portal.core.refused import Refused
from resources.models import MarkerKind
from steering import decisions
from steering.models import (
    Activity,
    ActivityMarker,
    ActivityTerms,
    AgendaItem,
    Decision,
    ExpectedResult,
    Meeting,
    Plan,
    PlanVersion,
    ProgressReport,
)
from steering.plan import adoption, drafting, marking
from tests.conftest import signed_in
from tests.steering import plans, room

pytestmark = pytest.mark.django_db
KIND = AgendaItem.Kind.DECISION


@pytest.fixture
def client_(secretary: User):
    return signed_in(secretary)


@pytest.fixture
def version() -> PlanVersion:
    """Complete: one activity, screened."""
    made = plans.draft()
    plans.screened(plans.activity(made))
    return made


def item_for(plan: Plan, **fields: object) -> AgendaItem:
    if not plan.body.seats.exists():
        room.filled(plan.body)
    meeting = room.convened(plan.body, day=str(timezone.localdate() - timedelta(days=9)))
    return room.item(meeting, kind=KIND, title_es="Plan bianual", **fields)


def decided(item: AgendaItem, *, approved: bool = True) -> Decision:
    """The meeting has been held and decided on this item; its minutes are approved unless said otherwise."""
    meeting = Meeting.objects.get(pk=item.meeting_id)
    if meeting.state == Meeting.State.CONVENED:
        room.held(meeting, 1)
    row = decisions.record(Decision(item=AgendaItem.objects.get(pk=item.pk), text_es="Se aprueba."), by=None)
    if approved:
        Decision.objects.filter(pk=row.pk).update(state=Decision.State.IN_FORCE, ad_referendum=False)
    return Decision.objects.get(pk=row.pk)


def brought(version: PlanVersion) -> AgendaItem:
    item = item_for(version.plan)
    adoption.bring_before_committee(version, item=item, by=None)
    return item


def fresh(version: PlanVersion) -> PlanVersion:
    return PlanVersion.objects.select_related("plan").get(pk=version.pk)


def adopted(version: PlanVersion) -> PlanVersion:
    adoption.adopt(version, decision=decided(brought(version)), by=None)
    return fresh(version)


# --- Before the committee --------------------------------------------------------------------------------------------


def test_a_secretary_takes_a_plan_through_the_committee(client_, version):
    item = item_for(version.plan)
    assert room.offered(client_, version) == {"bring_before_committee", "adopt"}
    assert room.take(client_, version, "bring_before_committee", item=item.pk).status_code == 302
    assert (fresh(version).state, fresh(version).plan.state) == ("before_committee", "before_committee")
    assert room.offered(client_, version) == {"take_back", "adopt"}
    decision = decided(item)
    assert room.take(client_, version, "adopt", decision=decision.pk).status_code == 302
    now = fresh(version)
    assert (now.state, now.plan.state, now.decision) == ("in_force", "in_force", decision)
    assert now.in_force_since == timezone.localdate()
    assert room.offered(client_, version) == set()
    page = client_.get(room.page_of(version)).text
    assert decision.code in page


def test_a_plan_taken_back_can_be_changed_again(client_, version):
    brought(version)
    room.take(client_, version, "take_back")
    now = fresh(version)
    assert (now.state, now.plan.state, now.item) == ("draft", "draft", None)
    drafting.keep_activity(version.terms.get(), by=None)
    assert "no está ante el Comité" in room.take(client_, version, "take_back").text


def test_unscreened_activities_are_told_by_number_and_code(client_, version):
    for _each in range(2):
        plans.activity(version)
    item = item_for(version.plan)
    answer = room.take(client_, version, "bring_before_committee", item=item.pk)
    assert answer.status_code == 422
    assert "2 actividades aún no se han examinado" in answer.text
    assert "1.1.2, 1.1.3" in answer.text
    assert fresh(version).state == "draft"
    with pytest.raises(Refused):
        adoption.adopt(version, decision=decided(item), by=None)


def test_one_marker_of_two_is_not_enough(version):
    ActivityMarker.objects.filter(kind=MarkerKind.HUMAN_RIGHTS).delete()
    assert [row.activity.code for row in marking.unscreened(version)] == ["1.1.1"]
    assert adoption.lacking(version)


def test_a_marker_without_a_code_is_not_screened(version):
    ActivityMarker.objects.filter(kind=MarkerKind.GENDER).update(code=None)
    assert adoption.lacking(version)


def test_a_plan_without_activities_is_not_brought(version):
    empty = plans.draft(2028)
    with pytest.raises(Refused, match="No contiene ninguna actividad"):
        adoption.bring_before_committee(empty, item=item_for(empty.plan), by=None)


def test_somebody_who_left_leads_nothing_that_is_adopted(version, oim):
    plans.screened(plans.activity(version, oim))
    plans.indicator(version, oim)
    item = brought(version)
    oim.memberships.update(state="ended", until="2020-01-01")
    assert len(adoption.lacking(version)) == 2
    with pytest.raises(Refused, match="OIM"):
        adoption.adopt(version, decision=decided(item), by=None)


@pytest.mark.parametrize("case", ["another body", "not for decision", "cancelled meeting", "deferred"])
def test_only_an_open_item_for_decision_of_the_same_body_takes_it(client_, version, case):
    item = item_for(version.plan)
    if case == "another body":
        other = room.meeting(room.committee(kind="group", prefix="G"))
        item = room.item(other, kind=KIND)
    elif case == "not for decision":
        AgendaItem.objects.filter(pk=item.pk).update(kind="discussion")
    elif case == "cancelled meeting":
        Meeting.objects.filter(pk=item.meeting_id).update(state="cancelled")
    else:
        AgendaItem.objects.filter(pk=item.pk).update(state="deferred")
    assert room.take(client_, version, "bring_before_committee", item=item.pk).status_code == 422
    with pytest.raises(Refused):
        adoption.bring_before_committee(version, item=item, by=None)


# --- By which decision -----------------------------------------------------------------------------------------------


def test_a_decision_that_is_not_in_force_adopts_nothing(client_, version):
    decision = decided(brought(version), approved=False)
    assert room.take(client_, version, "adopt", decision=decision.pk).status_code == 422
    with pytest.raises(Refused, match="no está en vigor"):
        adoption.adopt(version, decision=decision, by=None)


def test_a_decision_of_another_body_adopts_nothing(version):
    other = room.committee(kind="group", prefix="G")
    room.filled(other)
    meeting = room.held(room.convened(other, day="2026-03-03"), 1)
    decision = room.decision(meeting)
    Decision.objects.filter(pk=decision.pk).update(state="in_force", ad_referendum=False)
    with pytest.raises(Refused, match="otro órgano"):
        adoption.adopt(version, decision=decision, by=None)


def test_a_decision_on_another_item_adopts_nothing_that_was_brought(version):
    item = brought(version)
    other = room.item(item.meeting, kind=KIND)
    with pytest.raises(Refused, match="otro punto"):
        adoption.adopt(version, decision=decided(other), by=None)


def test_a_decision_on_the_item_a_later_agenda_took_up_adopts_it(version):
    item = brought(version)
    AgendaItem.objects.filter(pk=item.pk).update(state="deferred")
    room.convened(version.plan.body, day=str(timezone.localdate() - timedelta(days=2)))
    later = AgendaItem.objects.get(carried_from=item)
    adoption.adopt(version, decision=decided(later), by=None)
    assert fresh(version).state == "in_force"


def test_an_older_decision_adopts_a_plan_that_was_never_brought(version):
    adoption.adopt(version, decision=plans.decision(), by=None)
    assert fresh(version).state == "in_force"


def test_a_decision_adopts_one_version(version):
    decision = plans.decision()
    adoption.adopt(version, decision=decision, by=None)
    second = adoption.amend(version.plan, reason="Una donación", by=None)
    with pytest.raises(Refused, match="Otra versión"):
        adoption.adopt(second, decision=decision, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanVersion.objects.filter(pk=second.pk).update(
            decision=decision, state="superseded", in_force_since="2026-01-01"
        )


def test_what_is_adopted_is_not_adopted_again(version):
    now = adopted(version)
    with pytest.raises(Refused, match="ya se aprobó"):
        adoption.adopt(now, decision=plans.decision(), by=None)


# --- Amended ---------------------------------------------------------------------------------------------------------


def said(version: PlanVersion) -> object:
    """Everything a version says, to compare two of them."""
    own = {"id", "version_id", "result_id", "objective_id", "terms_id"}

    def row(one: object) -> dict:
        names = [field.attname for field in one._meta.concrete_fields if field.attname not in own]
        return {name: getattr(one, name) for name in names}

    return [
        [row(one) for one in version.objectives.all()],
        [row(one) for one in ExpectedResult.objects.filter(objective__version=version)],
        [
            (
                row(one),
                set(one.partners.all()),
                set(one.countries.all()),
                [row(m) for m in one.markers.order_by("kind")],
            )
            for one in version.terms.in_order()
        ],
        [(row(one), [row(t) for t in one.targets.all()]) for one in version.indicator_terms.order_by("pk")],
    ]


def test_an_amendment_is_a_whole_copy_that_takes_the_place_of_the_version_before(client_, version):
    plans.full(version)
    first = adopted(version)
    answer = room.take(client_, first.plan, "amend", reason="Una donación nueva")
    second = PlanVersion.objects.get(number=2)
    assert answer.url == room.page_of(second)
    assert (second.state, second.reason) == ("draft", "Una donación nueva")
    assert said(second) == said(first)
    assert second.terms.first().activity == first.terms.first().activity
    assert fresh(first).state == "in_force"
    assert room.offered(client_, first.plan) == set()
    now = adopted(second)
    assert (now.state, fresh(first).state, now.plan.state) == ("in_force", "superseded", "in_force")
    assert said(now) == said(first)


def test_a_plan_has_one_amendment_at_a_time_and_a_closed_one_has_none(version):
    plan = adopted(version).plan
    adoption.amend(plan, reason="Una", by=None)
    with pytest.raises(Refused, match=_("Another version of this plan is in the making already.")):
        adoption.amend(plan, reason="Otra", by=None)
    adoption.discard(plan.versions.get(number=2), by=None, reason="No")
    Plan.objects.filter(pk=plan.pk).update(state="closed")
    with pytest.raises(Refused, match="en vigor"):
        adoption.amend(plan, reason="Otra", by=None)


def test_an_amendment_of_a_plan_closed_meanwhile_is_not_adopted(version):
    plan = adopted(version).plan
    second = adoption.amend(plan, reason="Una", by=None)
    Plan.objects.filter(pk=plan.pk).update(state="closed")
    with pytest.raises(Refused, match="cerrado"):
        adoption.adopt(second, decision=plans.decision(), by=None)


def test_an_amendment_says_why(client_, version):
    plan = adopted(version).plan
    assert room.take(client_, plan, "amend", reason=" ").status_code == 422
    with pytest.raises(Refused):
        adoption.amend(plan, reason=" ", by=None)


def test_an_amendment_left_aside_leaves_nothing_behind(client_, version, oim):
    plan = adopted(version).plan
    second = adoption.amend(plan, reason="Una", by=None)
    under = ExpectedResult.objects.filter(objective__version=second).first()
    new = ActivityTerms(result=under, text_es="Nueva", lead=oim, first_quarter=1, last_quarter=1)
    drafting.keep_activity(new, by=None)
    answer = room.take(client_, second, "discard", reason="No hay dinero")
    assert answer.url == room.page_of(fresh(version))
    assert not PlanVersion.objects.filter(number=2).exists()
    assert Activity.objects.get().code == "1.1.1"
    assert fresh(version).state == "in_force"
    with pytest.raises(Refused):
        adoption.discard(fresh(version), by=None, reason="x")


def test_an_activity_an_amendment_leaves_out_is_cancelled_and_says_so(client_, version):
    done, reported, kept = (plans.screened(plans.activity(version)) for _each in range(3))
    plan = adopted(version).plan
    Activity.objects.filter(pk=done.activity_id).update(state="completed")
    given = {"organisation": reported.lead, "version": version, "activity": reported.activity}
    ProgressReport.objects.create(period=plan.periods.get(quarter=1), narrative="Empezó", **given)
    second = adoption.amend(plan, reason="Una", by=None)
    for terms in second.terms.exclude(activity=kept.activity):
        drafting.remove_activity(terms, by=None, reason="Fuera")
    assert Activity.objects.filter(state="cancelled").count() == 0
    item = brought(second)
    decision = decided(item)
    page = room.take(client_, second, "adopt").text
    assert "1.1.1, 1.1.3" in page
    adoption.adopt(second, decision=decision, by=None)
    states = dict(Activity.objects.values_list("code", "state"))
    assert states == {"1.1.1": "cancelled", "1.1.2": "completed", "1.1.3": "cancelled", "1.1.4": "planned"}
    assert "2" in Activity.objects.get(code="1.1.3").state_reason
    assert ProgressReport.objects.count() == 1


# --- In force --------------------------------------------------------------------------------------------------------


def test_a_marker_of_a_plan_in_force_is_still_reviewed(client_, coordinator, version):
    ActivityMarker.objects.update(coded_by=coordinator)
    adopted(version)
    terms = version.terms.get()
    assert room.offered(signed_in(coordinator), terms) >= {"review_markers"}
    assert "Otra persona" in room.take(signed_in(coordinator), terms, "review_markers").text
    assert room.take(client_, terms, "review_markers").status_code == 302
    assert all(marker.reviewed_by for marker in terms.markers.all())
    coordinator.delete()  # whoever coded it may leave the portal
    assert not ActivityMarker.objects.filter(coded_by__isnull=False).exists()


@pytest.mark.parametrize("days", [-10, 1])
def test_in_force_neither_before_its_meeting_nor_in_days_to_come(version, days):
    decision = decided(brought(version))  # nine days ago
    with pytest.raises(Refused):
        adoption.adopt(version, decision=decision, since=timezone.localdate() + timedelta(days=days), by=None)


def test_in_force_since_the_day_the_secretary_gives(client_, version):
    decision = decided(brought(version))
    day = timezone.localdate() - timedelta(days=9)
    assert room.take(client_, version, "adopt", decision=decision.pk, since=day.isoformat()).status_code == 302
    assert PlanVersion.objects.get(pk=version.pk).in_force_since == day
