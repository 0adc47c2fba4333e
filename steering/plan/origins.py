"""Which activity or decision a document of the library came out of, and what came out of each."""

from collections import defaultdict

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from network.models import User
from portal.core import audit
from portal.core.refused import Refused
from resources.models import Resource
from resources.models.resource import Reader
from steering.models import Activity, ActivityTerms, Decision, Origin, Plan, PlanVersion
from steering.models.activity import ActivityTermsQuerySet
from steering.models.decision import DecisionQuerySet
from steering.plan import wording
from steering.record import Verb


@transaction.atomic
def name_origin(
    resource: Resource, *, activity: Activity | None = None, decision: Decision | None = None, by: User | None
) -> Origin:
    """Say that this document came out of an activity or a decision. Said already, it stays so. Raises `Refused`."""
    if (activity is None) == (decision is None):
        raise Refused(_("Name one activity or one decision."))
    if decision and decision.state == Decision.State.ANNULLED:
        raise Refused(_("That decision was annulled: nothing came out of it."))
    said, is_new = Origin.objects.get_or_create(resource=resource, activity=activity, decision=decision)
    if is_new:
        audit.record(Verb.ORIGIN_NAMED, resource, by=by, after=str(activity or decision))
    return said


@transaction.atomic
def take_origin(origin: Origin, *, by: User | None) -> None:
    """It was named by mistake. Taken away already, nothing happens."""
    removed, _rows = Origin.objects.filter(pk=origin.pk).delete()
    if removed:
        audit.record(Verb.ORIGIN_TAKEN, origin.resource, by=by, before=str(origin.activity or origin.decision))


def outputs(version: PlanVersion, reader: Reader) -> dict[int, list[Resource]]:
    """The documents on the shelf that each activity of a version produced, by the activity's key, in one query."""
    lines = ActivityTerms.objects.filter(version=version).visible_to(reader)
    said = Origin.objects.filter(activity__in=lines.values("activity"))
    on_the_shelf = said.filter(resource__in=Resource.objects.on_the_shelf_for(reader))
    found = defaultdict(list)
    for origin in on_the_shelf.select_related("resource").order_by("activity", "pk"):
        found[origin.activity_id].append(origin.resource)
    return dict(found)


def may_come_from(user: User) -> tuple[list[ActivityTerms], list[Decision]]:
    """
    What this person may name as an origin: activities of plans in force that their organisations lead or take part
    in, as the version in force words them, and decisions they may see. A coordinator may name any of either.
    """
    return list(_activities(user)), list(_decisions(user))


def _activities(user: User) -> ActivityTermsQuerySet:
    lines = ActivityTerms.objects.in_force().visible_to(user).filter(version__plan__state=Plan.State.IN_FORCE)
    if not user.is_coordinator:
        theirs = user.own_organisation_ids
        with_them = ActivityTerms.partners.through.objects.filter(organisation__in=theirs).values("activityterms")
        lines = lines.filter(Q(lead__in=theirs) | Q(pk__in=with_them))
    return lines.select_related("activity", "version__plan").in_order()


def _decisions(user: User) -> DecisionQuerySet:
    return Decision.objects.visible_to(user).select_related("meeting__body")


def said(resource: Resource, reader: Reader) -> list[Origin]:
    """What is said of one document, as far as this reader may see; each with `words`, what it is about."""
    rows = list(resource.produced_by.select_related("activity__plan", "decision__meeting__body"))
    lines = wording.latest({row.activity_id for row in rows if row.activity_id}, reader)
    words = {("activity", line.activity_id): line.shown_text for line in lines}
    decisions = Decision.objects.visible_to(reader).filter(pk__in={row.decision_id for row in rows if row.decision_id})
    words |= {("decision", row.pk): row.shown_text for row in decisions}
    for row in rows:
        row.words = words.get(("activity", row.activity_id) if row.activity_id else ("decision", row.decision_id))
    return [row for row in rows if row.words is not None]
