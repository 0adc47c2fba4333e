"""The report of a plan that was closed, as far as its reader may know: for the page, the PDF and the Word document."""

from dataclasses import dataclass

from resources.models.resource import Reader
from steering.models import Activity, ActivityTerms, Objective, Plan, PlanVersion, PolicyOutcome
from steering.plan import figures, money
from steering.plan.closing import OFTEN
from steering.plan.figures_parts import Group
from steering.plan.money import Giving

State = Activity.State


@dataclass
class Chapter:
    """One objective and what became of its activities."""

    objective: Objective
    completed: list[ActivityTerms]
    carried: list[ActivityTerms]
    dropped: list[ActivityTerms]


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
    found = figures.of(plan.versions.in_force().select_related("plan").get(), reader)
    chapters = [_chapter(group) for group in found.by_objective]
    seen = [line.terms.activity_id for line in found.lines]
    outcomes = PolicyOutcome.objects.published().filter(activities__in=seen).distinct()
    return Report(
        plan=plan,
        version=found.version,
        chapters=chapters,
        carried=_goes_on([row for chapter in chapters for row in chapter.carried], reader),
        giving=money.giving(plan, reader),
        outcomes=list(outcomes.select_related("country")),
    )


def _chapter(group: Group) -> Chapter:
    def those(state: str) -> list[ActivityTerms]:
        return [line.terms for line in group.lines if line.state == state]

    return Chapter(group.thing, those(State.COMPLETED), those(State.CARRIED_OVER), those(State.CANCELLED))


def _goes_on(carried: list[ActivityTerms], reader: Reader) -> list[Carried]:
    copies = Activity.objects.filter(carried_from__in=[row.activity_id for row in carried])
    seen = copies.filter(plan__in=Plan.objects.visible_to(reader)).select_related("plan")
    following = {copy.carried_from_id: copy for copy in seen}
    return [Carried(row, following.get(row.activity_id), row.activity.times_carried + 1) for row in carried]
