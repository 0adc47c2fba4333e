"""A plan in preparation: made here, filled with objectives, results, activities and indicators, and emptied again."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from network import duties
from network.models import User
from portal.core import audit
from portal.core.refused import Refused
from steering.models import (
    Activity,
    ActivityTerms,
    ExpectedResult,
    Indicator,
    IndicatorTarget,
    IndicatorTerms,
    Objective,
    Period,
    Plan,
    PlanVersion,
)
from steering.models.plan import QUARTERS
from steering.plan import marking
from steering.plan.preparation import in_preparation
from steering.record import MARKERS_DUTY, Verb
from steering.seats import checked

OBJECTIVES = [
    {
        "short_es": "Información estratégica",
        "short_en": "Strategic information",
        "text_es": (
            "Que quienes deciden, legislan y programan en la región cuenten con información estratégica para mejorar "
            "la salud de las personas migrantes y sus familias."
        ),
        "text_en": (
            "Those who decide, legislate and plan programmes in the region have the strategic information they need "
            "to improve the health of migrants and their families."
        ),
    },
    {
        "short_es": "Alianzas",
        "short_en": "Alliances",
        "text_es": (
            "Crear y fortalecer alianzas entre sectores y países que acuerden y lleven a la práctica estrategias y "
            "planes de salud, regionales y nacionales, para las personas migrantes y sus familias."
        ),
        "text_en": (
            "Build and strengthen alliances across sectors and countries that agree on regional and national health "
            "strategies and plans for migrants and their families, and put them into practice."
        ),
    },
    {
        "short_es": "Políticas inclusivas",
        "short_en": "Inclusive policies",
        "text_es": (
            "Promover políticas, leyes e instrumentos internacionales que den a las personas migrantes y sus familias "
            "un acceso equitativo a los servicios sociales y de salud."
        ),
        "text_en": (
            "Promote policies, laws and international instruments that give migrants and their families equitable "
            "access to social and health services."
        ),
    },
]
"""The three strategic objectives of the Initiative, which every plan begins with."""


# --- The plan --------------------------------------------------------------------------------------------------------


@transaction.atomic
def make(plan: Plan, *, by: User | None, after: PlanVersion | None = None) -> PlanVersion:
    """
    Begin a plan: its eight quarters and its first version, with three strategic objectives or with the objectives and
    results of the plan it comes `after`. Gives the version.
    """
    plan.state = Plan.State.DRAFT
    checked(plan)
    plan.save(force_insert=True)
    Period.objects.bulk_create([Period(plan=plan, quarter=number) for number in QUARTERS])
    version = PlanVersion.objects.create(plan=plan)
    if after is None:
        for position, words in enumerate(OBJECTIVES, 1):
            Objective.objects.create(version=version, position=position, **words)
    else:
        _aim_alike(version, after)
    audit.record(Verb.NEXT_PLAN_DRAFTED if after else Verb.PLAN_MADE, plan, by=by, after=plan.state)
    return version


def _aim_alike(version: PlanVersion, before: PlanVersion) -> None:
    """The same objectives and results, numbered anew without gaps."""
    for number, objective in enumerate(before.objectives.order_by("position").prefetch_related("results"), 1):
        copy = Objective(version=version, position=number, **_words(objective, "text", "short"))
        copy.save(force_insert=True)
        for place, result in enumerate(sorted(objective.results.all(), key=lambda one: one.position), 1):
            words = _words(result, "text")
            ExpectedResult.objects.create(objective=copy, position=place, kind=result.kind, **words)


def _words(row: Objective | ExpectedResult, *names: str) -> dict[str, str]:
    """In both languages."""
    return {key: getattr(row, key) for name in names for key in (f"{name}_es", f"{name}_en")}


@transaction.atomic
def correct(plan: Plan, *, by: User | None) -> Plan:
    """Its title, years and introduction, while it is in preparation. Raises `Refused`."""
    held = Plan.objects.select_for_update().get(pk=plan.pk)
    if held.state != Plan.State.DRAFT:
        raise Refused(_("This plan isn't in preparation any more: it is changed by its next version only."))
    if plan.first_year != held.first_year and held.activities.filter(carried_from__isnull=False).exists():
        raise Refused(_("Activities were carried over into these two years, so they stay."))
    checked(plan)
    plan.save(force_update=True)
    audit.record(Verb.PLAN_CORRECTED, plan, by=by)
    return plan


@transaction.atomic
def correct_reason(version: PlanVersion, *, by: User | None) -> PlanVersion:
    """Why the plan is amended, while the amendment is in preparation. Raises `Refused`."""
    in_preparation(version)
    checked(version)
    version.save(update_fields=["reason"])
    audit.record(Verb.VERSION_CORRECTED, version, by=by)
    return version


# --- Objectives and results ------------------------------------------------------------------------------------------


@transaction.atomic
def keep_objective(objective: Objective, *, by: User | None) -> Objective:
    """Write an objective; a new one comes last. Raises `Refused`."""
    version = in_preparation(objective.version)
    if objective.position is None:
        objective.position = _next(version.objectives)
    return _kept(objective, version, by)


@transaction.atomic
def keep_result(result: ExpectedResult, *, by: User | None) -> ExpectedResult:
    """Write an expected result; a new one comes last under its objective. Raises `Refused`."""
    version = in_preparation(result.objective.version)
    _stays_in(result, version, "objective__version")
    if result.position is None or _has_moved(result, "objective"):
        result.position = _next(result.objective.results)
    return _kept(result, version, by)


@transaction.atomic
def remove_objective(objective: Objective, *, by: User | None, reason: str) -> PlanVersion:
    """Take out an objective under which nothing stands. Gives the version. Raises `Refused`."""
    version = in_preparation(objective.version)
    if objective.results.exists():
        raise Refused(_("There are expected results under this objective. Remove them first."))
    return _removed(objective, version, by, reason)


@transaction.atomic
def remove_result(result: ExpectedResult, *, by: User | None, reason: str) -> PlanVersion:
    """Take out an expected result under which nothing stands. Gives the version. Raises `Refused`."""
    version = in_preparation(result.objective.version)
    if result.terms.exists() or result.indicator_terms.exists():
        raise Refused(_("There are activities or indicators under this result. Move or remove them first."))
    return _removed(result, version, by, reason)


# --- Activities ------------------------------------------------------------------------------------------------------


@transaction.atomic
def keep_activity(terms: ActivityTerms, *, by: User | None) -> ActivityTerms:
    """
    Write what a version says about an activity. A new one gets its code, such as 1.2.3, from the result it is first
    written under; it keeps the code wherever it goes, and no other gets it. Partners and countries are set afterwards,
    in the same transaction. Raises `Refused`.
    """
    version = in_preparation(terms.result.objective.version if terms.version_id is None else terms.version)
    terms.version = version
    if terms.activity_id is None:
        number = _number(terms, version.plan.activities)
        terms.position = number
        terms.activity = Activity.objects.create(plan=version.plan, code=f"{terms.result.code}.{number}")
    elif terms.position is None or _has_moved(terms, "result"):
        terms.position = _next(terms.result.terms)
    _stays_in(terms, version, "version")
    _kept(terms, version, by)
    duties.open_for(MARKERS_DUTY, [version])
    return terms


@transaction.atomic
def remove_activity(terms: ActivityTerms, *, by: User | None, reason: str) -> PlanVersion:
    """
    Take an activity out of a version in preparation. Gives the version. Raises `Refused`.

    One that no other version speaks of is forgotten, unless something rests on it or it was carried over: then it
    stays, cancelled for this reason. One of the version in force stays what it is until this version takes its place.
    """
    version = in_preparation(terms.version)
    activity = terms.activity
    _removed(terms, version, by, reason)
    forget([activity], by=by, reason=reason)
    marking.settle_duty(version, by=by)
    return version


def forget(activities: list[Activity], *, by: User | None, reason: str) -> None:
    """Of these, those no version speaks of any more: deleted, or cancelled where something rests on them."""
    for activity in activities:
        if activity.terms.exists():
            continue
        if activity.carried_from_id or _is_named(activity):
            cancel([activity], by=by, reason=reason)
        else:
            activity.delete()


def cancel(activities: list[Activity], *, by: User | None, reason: str) -> None:
    """Those of them that are unfinished are cancelled; each says why."""
    waiting = Activity.objects.unfinished().filter(pk__in=[row.pk for row in activities]).select_for_update()
    held = list(waiting)
    gone = {"state": Activity.State.CANCELLED, "state_reason": reason}
    Activity.objects.filter(pk__in=[row.pk for row in held]).update(**gone)
    audit.record_all(Verb.ACTIVITY_CANCELLED, held, by=by, reason=reason, after=Activity.State.CANCELLED)


def _is_named(activity: Activity) -> bool:
    """Does a report, a contribution, an outcome or a document speak of it?"""
    relations = [one for one in Activity._meta.related_objects if one.name != "terms"]
    return any(one.related_model._base_manager.filter(**{one.field.name: activity}).exists() for one in relations)


# --- Indicators ------------------------------------------------------------------------------------------------------


@transaction.atomic
def keep_indicator(terms: IndicatorTerms, *, by: User | None) -> IndicatorTerms:
    """Write what a version says about an indicator. A new one gets a code of its result, such as I1.2.1, for good."""
    version = in_preparation(terms.result.objective.version if terms.version_id is None else terms.version)
    terms.version = version
    if terms.indicator_id is None:
        stem = f"I{terms.result.code}."
        number = _last_number(stem, version.plan.indicators) + 1
        terms.indicator = Indicator.objects.create(plan=version.plan, code=f"{stem}{number}")
    _stays_in(terms, version, "version")
    if terms.responsible.has_left:
        sentence = _("%(name)s has left the network: name another organisation to report on this indicator.")
        raise Refused(sentence % {"name": terms.responsible.short_name})
    return _kept(terms, version, by)


@transaction.atomic
def keep_target(target: IndicatorTarget, *, by: User | None) -> IndicatorTarget:
    """What an indicator is to have reached by the end of a quarter. Raises `Refused`."""
    in_preparation(target.terms.version)
    checked(target)
    target.save()
    return target


@transaction.atomic
def remove_target(target: IndicatorTarget, *, by: User | None) -> None:
    in_preparation(target.terms.version)
    target.delete()


@transaction.atomic
def remove_indicator(terms: IndicatorTerms, *, by: User | None, reason: str) -> PlanVersion:
    """Take an indicator out of a version in preparation. Gives the version. Raises `Refused`."""
    version = in_preparation(terms.version)
    indicator = terms.indicator
    _removed(terms, version, by, reason)
    forget_indicators([indicator])
    return version


def forget_indicators(indicators: list[Indicator]) -> None:
    """Of these, those that no version and no report speaks of."""
    for indicator in indicators:
        if not indicator.terms.exists() and not indicator.reports.exists():
            indicator.delete()


# --- What all of them need -------------------------------------------------------------------------------------------


def _next(rows: object) -> int:
    return (rows.aggregate(last=Max("position"))["last"] or 0) + 1


def _number(terms: ActivityTerms, activities: object) -> int:
    """After every number under this result that an activity of any version ever had, and after the last line there."""
    return max(_last_number(f"{terms.result.code}.", activities) + 1, _next(terms.result.terms))


def _last_number(stem: str, rows: object) -> int:
    codes = rows.filter(code__startswith=stem).values_list("code", flat=True)
    numbers = [code.removeprefix(stem) for code in codes]
    return max((int(number) for number in numbers if number.isdecimal()), default=0)


def _has_moved(row: ExpectedResult | ActivityTerms, parent: str) -> bool:
    """To another place than it has in the database?"""
    key = f"{parent}_id"
    stood = type(row).objects.filter(pk=row.pk).values_list(key, flat=True).first()
    return stood is not None and stood != getattr(row, key)


def _stays_in(row: ExpectedResult | ActivityTerms | IndicatorTerms, version: PlanVersion, way: str) -> None:
    """A row that is there is not moved from one version to another: that one may be in force."""
    stood = type(row).objects.filter(pk=row.pk).values_list(way, flat=True).first()
    if stood is not None and stood != version.pk:
        raise Refused(_("That belongs to another version of the plan."))


def _kept(row: object, version: PlanVersion, by: User | None) -> object:
    checked(row)
    row.save()
    audit.record(Verb.PLAN_WRITTEN, row, by=by)
    return row


def _removed(row: object, version: PlanVersion, by: User | None, reason: str) -> PlanVersion:
    audit.record(Verb.PLAN_TAKEN_OUT, row, by=by, reason=reason)
    row.delete()
    return version
