"""How a version of a plan comes into force: before the committee, by its decision, and amended by the next version."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network import duties
from network.models import User
from portal.core import audit
from portal.core.refused import Refused
from steering.models import (
    Activity,
    ActivityMarker,
    ActivityTerms,
    AgendaItem,
    Decision,
    ExpectedResult,
    Indicator,
    IndicatorTarget,
    IndicatorTerms,
    Meeting,
    Objective,
    Plan,
    PlanVersion,
)
from steering.plan import drafting, marking
from steering.plan.preparation import in_preparation
from steering.record import MARKERS_DUTY, Verb
from steering.seats import checked

State = PlanVersion.State


# --- What still lacks ------------------------------------------------------------------------------------------------


def lacking(version: PlanVersion) -> list[str]:
    """What stands in the way of adopting this version, in sentences; nothing when it is complete. Five queries."""
    terms = list(version.terms.in_order().select_related("activity", "lead").prefetch_related("lead__memberships"))
    if not terms:
        return [_("There is no activity in it.")]
    return [*_unscreened(version), *_led_by_nobody(terms), *_indicators_of_nobody(version)]


def _unscreened(version: PlanVersion) -> list[str]:
    codes = [row.activity.code for row in marking.unscreened(version)]
    if not codes:
        return []
    sentence = ngettext(
        "%(n)d activity is not screened for gender and human rights yet: %(codes)s.",
        "%(n)d activities are not screened for gender and human rights yet: %(codes)s.",
        len(codes),
    )
    return [sentence % {"n": len(codes), "codes": ", ".join(codes)}]


def _led_by_nobody(terms: list[ActivityTerms]) -> list[str]:
    sentence = _("%(name)s has left the network and would lead %(code)s: name another organisation.")
    gone = [row for row in terms if row.lead.has_left]
    return [sentence % {"name": row.lead.short_name, "code": row.activity.code} for row in gone]


def _indicators_of_nobody(version: PlanVersion) -> list[str]:
    sentence = _("%(name)s has left the network and would report on %(code)s: name another organisation.")
    rows = version.indicator_terms.select_related("indicator", "responsible")
    gone = [row for row in rows.prefetch_related("responsible__memberships") if row.responsible.has_left]
    return [sentence % {"name": row.responsible.short_name, "code": row.indicator.code} for row in gone]


def _complete(version: PlanVersion) -> None:
    if lacks := lacking(version):
        raise Refused(lacks)


# --- Before the committee --------------------------------------------------------------------------------------------


def open_items(version: PlanVersion) -> QuerySet[AgendaItem]:
    """Agenda items this version could be decided under: for decision, of its body, not treated yet."""
    shut = [Meeting.State.CANCELLED, Meeting.State.CLOSED]
    items = AgendaItem.objects.filter(meeting__body=version.plan.body_id, kind=AgendaItem.Kind.DECISION)
    return items.filter(state=AgendaItem.State.PLANNED).exclude(meeting__state__in=shut)


@transaction.atomic
def bring_before_committee(version: PlanVersion, *, item: AgendaItem, by: User | None) -> None:
    """
    Hang a version on the agenda item under which the body will decide; until then nothing in it changes.

    Raises `Refused` with everything that still lacks.
    """
    held = in_preparation(version)
    if not open_items(held).filter(pk=item.pk).exists():
        raise Refused(_("Choose an item for decision, of a meeting of the same body that has not decided on it yet."))
    _complete(held)
    PlanVersion.objects.filter(pk=held.pk).update(state=State.BEFORE_COMMITTEE, item=item)
    Plan.objects.filter(pk=held.plan_id, state=Plan.State.DRAFT).update(state=Plan.State.BEFORE_COMMITTEE)
    audit.record(Verb.VERSION_BROUGHT, version, by=by, before=State.DRAFT, after=State.BEFORE_COMMITTEE)


@transaction.atomic
def take_back(version: PlanVersion, *, by: User | None) -> None:
    """Off the agenda, to be changed again. Raises `Refused`."""
    Plan.objects.select_for_update().get(pk=version.plan_id)
    waiting = PlanVersion.objects.filter(pk=version.pk, state=State.BEFORE_COMMITTEE)
    if not waiting.update(state=State.DRAFT, item=None):
        raise Refused(_("This version isn't before the committee."))
    Plan.objects.filter(pk=version.plan_id, state=Plan.State.BEFORE_COMMITTEE).update(state=Plan.State.DRAFT)
    audit.record(Verb.VERSION_TAKEN_BACK, version, by=by, before=State.BEFORE_COMMITTEE, after=State.DRAFT)


# --- Into force ------------------------------------------------------------------------------------------------------


def decisions_for(version: PlanVersion) -> QuerySet[Decision]:
    """Decisions that could bring this version into force: of its body, in force, on its item, not yet used for one."""
    found = Decision.objects.filter(meeting__body=version.plan.body_id, state=Decision.State.IN_FORCE)
    if version.item_id:
        found = found.filter(item__in=_followed(version.item))
    return found.filter(plan_versions=None)


def _followed(item: AgendaItem) -> list[int]:
    """The item, and what later agendas carried it over as."""
    chain = [item.pk]
    while following := AgendaItem.objects.filter(carried_from=chain[-1]).values_list("pk", flat=True).first():
        chain.append(following)
    return chain


@transaction.atomic
def adopt(version: PlanVersion, *, decision: Decision, since: date | None = None, by: User | None) -> None:
    """
    The body has decided: this version is in force since that day (today), and the one before it no longer.

    An unfinished activity the new version leaves out is cancelled and says so. Raises `Refused` for a decision that is
    not in force, of another body, on another item or taken for another version; for a day before its meeting or to
    come; and for a version that lacks something.
    """
    plan = Plan.objects.select_for_update().get(pk=version.plan_id)
    held = PlanVersion.objects.select_for_update(of=("self",)).select_related("item").get(pk=version.pk)
    if plan.state == Plan.State.CLOSED:
        raise Refused(_("This plan is closed."))
    if not held.is_in_the_making:
        raise Refused(_("This version was adopted already."))
    since = since or timezone.localdate()
    _fits(held, decision, since)
    _complete(held)
    gone = list(left_out(held))
    plan.versions.in_force().update(state=State.SUPERSEDED)
    PlanVersion.objects.filter(pk=held.pk).update(state=State.IN_FORCE, decision=decision, in_force_since=since)
    Plan.objects.filter(pk=plan.pk).update(state=Plan.State.IN_FORCE)
    audit.record(Verb.VERSION_ADOPTED, version, by=by, reason=decision.code, before=held.state, after=State.IN_FORCE)
    duties.close_for(MARKERS_DUTY, [version], by=None)
    drafting.cancel(gone, by=by, reason=_("Left out by version %(number)d.") % {"number": held.number})


def left_out(version: PlanVersion) -> QuerySet[Activity]:
    """Unfinished activities of the version in force that this next one no longer speaks of."""
    now = PlanVersion.objects.in_force().filter(plan=version.plan_id).exclude(pk=version.pk)
    return Activity.objects.unfinished().filter(terms__version__in=now).exclude(terms__version=version)


def _fits(version: PlanVersion, decision: Decision, since: date) -> None:
    """May this decision bring the version into force on that day? Raises `Refused` with the reason why not."""
    found = Decision.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=decision.pk)
    if found.state != Decision.State.IN_FORCE:
        raise Refused(_("This decision isn't in force: the minutes have to be approved first."))
    if found.meeting.body_id != version.plan.body_id:
        raise Refused(_("This decision is of another body."))
    if version.item_id and found.item_id not in _followed(version.item):
        raise Refused(_("This decision was taken on another agenda item than the one the plan was brought under."))
    if PlanVersion.objects.filter(decision=found).exists():
        raise Refused(_("Another version of a plan rests on this decision."))
    if not found.meeting.local_start.date() <= since <= timezone.localdate():
        raise Refused(_("It is in force from a day between the meeting that decided on it and today."))


# --- Amended ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def amend(plan: Plan, *, reason: str, by: User | None) -> PlanVersion:
    """
    Begin the next version of a plan in force, as a whole copy to be changed. Gives it.

    Raises `Refused` for a plan that is not in force, and while another version is in the making.
    """
    held = Plan.objects.select_for_update().get(pk=plan.pk)
    if held.state != Plan.State.IN_FORCE:
        raise Refused(_("Only a plan in force is amended."))
    if held.versions.in_the_making().exists():
        raise Refused(_("Another version of this plan is in the making already."))
    now = held.versions.in_force().get()
    version = PlanVersion(plan=held, number=now.number + 1, reason=reason.strip())
    checked(version)
    version.save(force_insert=True)
    copy_content(now, version)
    audit.record(Verb.VERSION_AMENDED, version, by=by, reason=reason, after=State.DRAFT)
    return version


def copy_content(source: PlanVersion, target: PlanVersion) -> None:
    """Everything one version says, word for word, into another one of the same plan that says nothing yet."""
    objectives = _copied(source.objectives.all(), version=target)
    results = {}
    for old in ExpectedResult.objects.filter(objective__version=source):
        results |= _copied([old], objective=objectives[old.objective_id])
    terms = {}
    for old in source.terms.prefetch_related("partners", "countries", "markers"):
        terms |= _copied([old], version=target, result=results[old.result_id])
        terms[old.pk].partners.set(old.partners.all())
        terms[old.pk].countries.set(old.countries.all())
        _copied(old.markers.all(), terms=terms[old.pk])
    for old in source.indicator_terms.prefetch_related("targets"):
        new = _copied([old], version=target, result=results[old.result_id])[old.pk]
        _copied(old.targets.all(), terms=new)


Row = Objective | ExpectedResult | ActivityTerms | ActivityMarker | IndicatorTerms | IndicatorTarget


def _copied(rows: list[Row], **parents: object) -> dict[int, Row]:
    """A copy of each row under other parents, by the number of the old one."""
    made = {}
    for row in rows:
        columns = [field for field in row._meta.concrete_fields if not field.primary_key]
        values = {field.attname: getattr(row, field.attname) for field in columns}
        copy = type(row)(**values)
        for name, parent in parents.items():
            setattr(copy, name, parent)
        copy.save(force_insert=True)
        made[row.pk] = copy
    return made


@transaction.atomic
def discard(version: PlanVersion, *, by: User | None, reason: str) -> PlanVersion:
    """Delete an amendment in preparation. Gives the version in force, which stays as it is. Raises `Refused`."""
    held = in_preparation(version)
    now = held.plan.versions.in_force().first()
    if now is None:
        raise Refused(_("This is the first version of the plan: delete the plan instead."))
    audit.record(Verb.VERSION_DISCARDED, version, by=by, reason=reason)
    _empty(held, by=by, reason=reason)
    return now


@transaction.atomic
def discard_plan(plan: Plan, *, by: User | None, reason: str) -> None:
    """Delete a plan that was never adopted. Raises `Refused` where something rests on it."""
    held = Plan.objects.select_for_update().get(pk=plan.pk)
    version = held.versions.in_the_making().first()
    if held.state != Plan.State.DRAFT or version is None:
        raise Refused(_("Only a plan in preparation can be deleted."))
    in_preparation(version)
    audit.record(Verb.PLAN_DISCARDED, plan, by=by, reason=reason)
    if held.activities.filter(carried_from__isnull=False).exists() or held.contributions.exists():
        raise Refused(_("Contributions or activities carried over from an earlier plan rest on this plan: it stays."))
    _empty(version, by=by, reason=reason)
    if held.activities.exists() or held.indicators.exists() or held.periods.filter(reports__isnull=False).exists():
        raise Refused(_("Reports or documents rest on this plan: it stays."))
    held.periods.all().delete()
    held.delete()


def _empty(version: PlanVersion, *, by: User | None, reason: str) -> None:
    """The version and what it says, with activities and indicators nobody else speaks of."""
    activities = list(Activity.objects.filter(terms__version=version))
    indicators = list(Indicator.objects.filter(terms__version=version))
    version.terms.all().delete()
    version.indicator_terms.all().delete()
    duties.close_for(MARKERS_DUTY, [version], by=None)
    version.delete()
    drafting.forget(activities, by=by, reason=reason)
    drafting.forget_indicators(indicators)
