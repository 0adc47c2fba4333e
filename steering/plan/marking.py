"""Gender and human rights on the activities of a plan: coded while it is made, and what comes of it."""

from django.db import transaction

from network import duties
from network.models import User
from portal.core import audit
from resources import markers
from resources.models import MarkerKind
from steering.models import ActivityMarker, ActivityTerms, PlanVersion
from steering.plan.money import Totals
from steering.plan.preparation import in_preparation
from steering.plan.profile import Levels, Profile, spread
from steering.record import MARKERS_DUTY, Verb

# --- The profile -----------------------------------------------------------------------------------------------------


def profile(version: PlanVersion) -> list[Profile]:
    """For each kind of marker how all activities and their budget are spread over its codes, in three queries."""
    terms = version.terms.values_list("pk", "currency", "budget")
    budgets = {pk: Totals([] if budget is None else [(currency, budget)]) for pk, currency, budget in terms}
    rows = ActivityMarker.objects.screened().filter(terms__version=version)
    coded = {(kind, pk): (scale, code) for kind, pk, scale, code in rows.values_list("kind", "terms", "scale", "code")}
    levels = Levels()
    return [
        spread(kind, [(coded.get((kind, pk)), budget) for pk, budget in budgets.items()], levels) for kind in MarkerKind
    ]


# --- Who is still to be screened -------------------------------------------------------------------------------------


def unscreened(version: PlanVersion) -> list[ActivityTerms]:
    """Activities of the version that lack a code on one marker or both, in the order of the plan; in two queries."""
    coded = set(ActivityMarker.objects.screened().filter(terms__version=version).values_list("terms", "kind"))
    terms = version.terms.in_order().select_related("activity")
    return [row for row in terms if any((row.pk, kind) not in coded for kind in MarkerKind)]


def settle_duty(version: PlanVersion, *, by: User | None) -> None:
    """Where every activity is coded on every marker, nobody has to do it any more."""
    if not unscreened(version):
        duties.close_for(MARKERS_DUTY, [version], by=by)


# --- Coding ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def mark(terms: ActivityTerms, kind: str, code: int | None, justification: str, *, by: User | None) -> ActivityMarker:
    """Code one marker of an activity, in a version in preparation; None is "not screened". Raises `Refused`."""
    version = in_preparation(terms.version)
    marker = ActivityMarker.objects.filter(terms=terms, kind=kind).first() or ActivityMarker(terms=terms, kind=kind)
    if markers.code_on(marker, code, justification, scale=markers.default_scales()[kind], by=by):
        said = f"{kind}: {'–' if code is None else code}"
        audit.record(Verb.ACTIVITY_MARKED, terms, by=by, reason=said)
        settle_duty(version, by=by)
    return marker


@transaction.atomic
def review(marker: ActivityMarker, *, by: User) -> None:
    """Somebody else than who coded it agrees; also when the plan is in force. Raises `Refused`."""
    held = ActivityMarker.objects.select_for_update(of=("self",)).select_related("terms__activity").get(pk=marker.pk)
    markers.sign(held, by=by)
    audit.record(Verb.ACTIVITY_MARKER_REVIEWED, held.terms, by=by, reason=f"{held.kind}: {held.code}")


def review_all(terms: ActivityTerms, *, by: User) -> None:
    """Both markers of an activity at once. Raises `Refused`."""
    with transaction.atomic():
        for marker in terms.markers.screened().filter(reviewed_by=None):
            review(marker, by=by)
