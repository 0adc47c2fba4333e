"""What becomes of works: a line in their own history, one in the record of the portal, and the shared desk told."""

from collections.abc import Iterable

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from network import duties, duty_kinds
from network.duty_kinds import DutyKind
from network.models import User
from portal.core import audit
from resources.models import Resource, StateChange

Status = Resource.Status
audit.register_states(Status)


@audit.register
class Verb(models.TextChoices):
    CAME_IN = "work-came-in", _("Document handed in")
    SUBMITTED = "work-submitted", _("Document sent to review")
    PUBLISHED = "work-published", _("Document published")
    RETURNED = "work-returned", _("Document sent back")
    WITHDRAWN = "work-withdrawn", _("Document taken off the shelf")
    REFUSED = "work-refused", _("Document said not to be of this organisation")
    TAKEN_UP = "work-taken-up", _("Document given to another organisation")
    MERGED = "work-merged", _("Documents put together")
    DELETED = "work-deleted", _("Document deleted")
    MARKED = "work-marked", _("Marker of a document coded")
    MARKER_REVIEWED = "work-marker-reviewed", _("Marker of a document reviewed")
    SCALE_KEPT = "marker-scale-kept", _("Scale of a marker written")
    SCALE_USED = "marker-scale-used", _("Scale used for new markers")


VERBS = {
    Status.DRAFT: Verb.RETURNED,
    Status.SUBMITTED: Verb.SUBMITTED,
    Status.PUBLISHED: Verb.PUBLISHED,
    Status.WITHDRAWN: Verb.WITHDRAWN,
    Status.REFUSED: Verb.REFUSED,
}

REVIEW = duty_kinds.register(
    DutyKind(
        code="review",
        label=_("Review a document"),
        address=lambda key: reverse("resources:by_number", args=[key]),
        days=7,
    )
)


def came_in(works: Iterable[Resource], *, by: User | None) -> None:
    """New works, in a fixed number of queries for some hundred."""
    works = list(works)
    StateChange.objects.bulk_create(StateChange(resource=work, to=work.status, by=by) for work in works)
    audit.record_all(Verb.CAME_IN, works, by=by)


def moved(works: Iterable[Resource], *, before: str = "", to: str, by: User | None, reason: str = "") -> None:
    """These works have another status now. Sent to review they wait on the shared desk; any other step clears them."""
    works = list(works)
    StateChange.objects.bulk_create(StateChange(resource=work, to=to, by=by, reason=reason) for work in works)
    verb = Verb.TAKEN_UP if before == Status.REFUSED else VERBS[to]
    audit.record_all(verb, works, by=by, before=before, after=to, reason=reason)
    if to == Status.SUBMITTED:
        duties.open_for(REVIEW, works)
    else:
        duties.close_for(REVIEW, works, by=by)


def merged(draft: Resource, into: Resource, *, by: User, reason: str) -> None:
    """The draft is part of the other work now, so whoever put them together has looked at it."""
    StateChange.objects.create(resource=into, to=into.status, by=by, reason=reason)
    audit.record(Verb.MERGED, into, by=by, reason=reason)
    duties.close_for(REVIEW, [draft], by=by)


def gone(works: Iterable[Resource], *, by: User | None) -> None:
    """To be called before these works are deleted: nobody needs to look at them any more."""
    works = list(works)
    audit.record_all(Verb.DELETED, works, by=by)
    duties.close_for(REVIEW, works, by=None)
