"""Which version of which plan a reader means by an address, and what else there is to read."""

from dataclasses import dataclass
from itertools import groupby

from resources.models.resource import Reader
from steering.models import Body, Plan, PlanVersion

State = PlanVersion.State


@dataclass(frozen=True)
class Chosen:
    """A version, the other ones of its plan, and of every other plan the one that stands; the newest first."""

    version: PlanVersion
    siblings: list[PlanVersion]
    elsewhere: list[PlanVersion]


def choose(reader: Reader, first_year: int | None = None, number: int | None = None) -> Chosen | None:
    """
    The version of the committee's plan that begins in `first_year`, without one of the plan in force or, between two
    plans, of the last that was. Without `number` the version in force; before there is one, for those who may see it,
    the one in the making. None where there is nothing for this reader. One query.
    """
    seen = PlanVersion.objects.visible_to(reader).filter(plan__body__kind=Body.Kind.COMMITTEE)
    rows = seen.select_related("plan__body").order_by("-plan__first_year", "plan_id", "-number")
    by_plan = [list(versions) for _, versions in groupby(rows, key=lambda row: row.plan_id)]
    versions = _current(by_plan) if first_year is None else _of_year(by_plan, first_year)
    wanted = [row for row in versions if row.number == number] if number is not None else _standing(versions)
    if not wanted:
        return None
    others = [one for rows in by_plan if rows is not versions for one in _standing(rows)]
    return Chosen(wanted[0], [row for row in versions if row != wanted[0]], others)


def _of_year(by_plan: list[list[PlanVersion]], first_year: int) -> list[PlanVersion]:
    return next((versions for versions in by_plan if versions[0].plan.first_year == first_year), [])


def _current(by_plan: list[list[PlanVersion]]) -> list[PlanVersion]:
    """The newest plan in force, else the newest that is closed, else the newest."""
    for state in (Plan.State.IN_FORCE, Plan.State.CLOSED):
        for versions in by_plan:
            if versions[0].plan.state == state:
                return versions
    return by_plan[0] if by_plan else []


def _standing(versions: list[PlanVersion]) -> list[PlanVersion]:
    """The one in force, else the newest; none of none."""
    in_force = [row for row in versions if row.state == State.IN_FORCE]
    return in_force or versions[:1]
