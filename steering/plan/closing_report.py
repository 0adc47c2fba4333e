"""The report of a plan that was closed, as far as its reader may know: for the page, the PDF and the Word document."""

from dataclasses import dataclass, field

from resources.models.resource import Reader
from steering.models import Activity, ActivityTerms, Objective, Plan, PlanVersion, PolicyOutcome
from steering.plan import money
from steering.plan.closing import OFTEN
from steering.plan.money import Giving

State = Activity.State


@dataclass
class Chapter:
    """One objective and what became of its activities."""

    objective: Objective
    completed: list[ActivityTerms] = field(default_factory=list)
    carried: list[ActivityTerms] = field(default_factory=list)
    dropped: list[ActivityTerms] = field(default_factory=list)


@dataclass
class Carried:
    """One activity that goes on in the next plan."""

    terms: ActivityTerms
    goes_on_as: Activity | None
    """None where the reader may not see the next plan yet."""
    times: int

    @property
    def is_often_carried(self) -> bool:
        return self.times >= OFTEN


@dataclass
class Report:
    plan: Plan
    version: PlanVersion
    chapters: list[Chapter]
    carried: list[Carried]
    giving: Giving
    outcomes: list[PolicyOutcome]

    def number(self, of: str) -> int:
        return sum(len(getattr(chapter, of)) for chapter in self.chapters)

    @property
    def totals(self) -> tuple[int, int, int]:
        """Completed, carried over, dropped."""
        return self.number("completed"), self.number("carried"), self.number("dropped")


def report(plan: Plan, reader: Reader) -> Report:
    """What became of a closed plan, in a fixed number of queries. Lines the reader may not see are not counted."""
    version = plan.versions.in_force().get()
    terms = ActivityTerms.objects.visible_to(reader).filter(version=version).in_order()
    chapters = {row.pk: Chapter(row) for row in version.objectives.all()}
    for row in terms.select_related("activity__carried_to__plan", "result", "lead"):
        chapter = chapters[row.result.objective_id]
        places = {State.COMPLETED: chapter.completed, State.CARRIED_OVER: chapter.carried}
        places |= {State.CANCELLED: chapter.dropped}
        places.get(row.activity.state, []).append(row)
    shelf = list(chapters.values())
    carried = [row for chapter in shelf for row in chapter.carried]
    outcomes = PolicyOutcome.objects.published().filter(activities__in=[row.activity_id for row in terms]).distinct()
    return Report(
        plan=plan,
        version=version,
        chapters=shelf,
        carried=_goes_on(carried, reader),
        giving=money.giving(plan, reader),
        outcomes=list(outcomes.select_related("country")),
    )


def _goes_on(carried: list[ActivityTerms], reader: Reader) -> list[Carried]:
    following = {row.pk: getattr(row.activity, "carried_to", None) for row in carried}
    plans = Plan.objects.visible_to(reader).filter(pk__in={one.plan_id for one in following.values() if one})
    seen = set(plans.values_list("pk", flat=True))
    return [_one(row, following[row.pk], seen) for row in carried]


def _one(terms: ActivityTerms, copy: Activity | None, seen: set[int]) -> Carried:
    return Carried(terms, copy if copy and copy.plan_id in seen else None, terms.activity.times_carried + 1)
