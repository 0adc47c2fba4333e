"""How plans word their activities today, for whoever may read them."""

from collections.abc import Iterable

from resources.models.resource import Reader, audiences_of
from steering.models import ActivityTerms, PlanVersion

ONCE_IN_FORCE = [PlanVersion.State.IN_FORCE, PlanVersion.State.SUPERSEDED]


def latest(activities: Iterable[int], reader: Reader) -> list[ActivityTerms]:
    """
    What the newest version that was ever in force says about each activity, by plan and code, in one query.

    What that version keeps from this reader is left out, whatever an older version told everybody.
    """
    lines = ActivityTerms.objects.filter(activity__in=activities, version__state__in=ONCE_IN_FORCE)
    newest: dict[int, ActivityTerms] = {}
    for line in lines.select_related("activity__plan", "lead").order_by("version__number"):
        newest[line.activity_id] = line
    audiences = audiences_of(reader)
    seen = [line for line in newest.values() if line.audience in audiences]
    return sorted(seen, key=lambda line: (-line.activity.plan.first_year, line.activity_id))
