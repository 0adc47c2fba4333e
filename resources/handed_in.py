"""What an organisation has handed in, by how far each work has come: for the desk, in a fixed number of queries."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from network.models import User
from resources import use
from resources.models import Resource

Status = Resource.Status
OURS = [Status.DRAFT, Status.SUBMITTED, Status.WITHDRAWN, Status.PUBLISHED]
"""What an organisation sees of its own; what it has refused is the coordination's."""

SHOWN = 20
"""Works of each status on the desk; the rest is a page away."""


@dataclass(frozen=True)
class HandedIn:
    """The newest works of each status, and how many there are."""

    status: str
    works: list[Resource]
    total: int

    @property
    def label(self) -> str:
        return str(Status(self.status).label)

    @property
    def more(self) -> int:
        return self.total - len(self.works)


def of_my_organisations(user: User) -> QuerySet[Resource]:
    return Resource.objects.filter(organisation__in=user.own_organisation_ids, status__in=OURS)


def for_desk(user: User) -> tuple[list[Resource], dict[str, HandedIn], int]:
    """
    What waits for this person's review, their organisations' works by status, and how many works a coordinator finds
    refused by the organisation they were gathered for. In three queries.
    """
    mine = of_my_organisations(user)
    newest = [mine.filter(status=status).order_by("-updated_at")[:SHOWN].values("pk") for status in OURS]
    wanted = Q(*[("pk__in", some) for some in newest], _connector=Q.OR)
    if user.is_coordinator:
        wanted |= Q(pk__in=Resource.objects.submitted()[:SHOWN].values("pk"))
    works = list(use.counted(Resource.objects.filter(wanted).for_desk()).order_by("-updated_at"))
    counted = mine | Resource.objects.refused() if user.is_coordinator else mine
    totals = dict(counted.order_by().values_list("status").annotate(Count("pk")))
    own = {*user.own_organisation_ids}
    groups = {
        status: HandedIn(
            status,
            [work for work in works if work.status == status and work.organisation_id in own][:SHOWN],
            totals.get(status, 0),
        )
        for status in OURS
    }
    submitted = [work for work in reversed(works) if work.status == Status.SUBMITTED]
    return submitted if user.is_coordinator else [], groups, totals.get(Status.REFUSED, 0)
