"""The thread of evidence: where a decision comes from, and what has come of it, as far as a reader may see."""

from dataclasses import dataclass

from django.db.models import Q

from network.models import Membership
from resources.models import Resource
from resources.models.resource import Reader, audiences_of
from steering.models import (
    ActionItem,
    ActivityTerms,
    AgendaItem,
    Decision,
    Meeting,
    Minutes,
    PlanVersion,
    PolicyOutcome,
)
from steering.plan import wording


@dataclass(frozen=True)
class Thread:
    """Backwards from the decision to its meeting and papers; forwards to what was done, and what shows it."""

    decision: Decision
    meeting: Meeting
    item: AgendaItem | None
    """None where the item is for fewer readers."""
    deferred_in: list[Meeting]
    """Meetings that left the item to the next one, the first of them first."""
    papers: list[Resource]
    minutes: Minutes | None
    replaces: Decision | None
    replaced_by: list[Decision]
    actions: list[ActionItem]
    evidence: dict[int, Resource]
    """Documents that show an action item done, by their number, where this reader may open them."""
    admitted: list[Membership]
    plan_versions: list[PlanVersion]
    """That it put in force."""
    activities: list[ActivityTerms]
    """That come from it, as the plan words them today."""
    produced: list[Resource]
    outcomes: list[PolicyOutcome]
    """That rest on it, or on one of those activities."""

    @property
    def has_come_of_it(self) -> bool:
        """Has anything been recorded that followed from it?"""
        later = [self.replaced_by, self.admitted, self.actions, self.plan_versions]
        return any([*later, self.activities, self.produced, self.outcomes])

    @property
    def lines(self) -> list[tuple[ActionItem, Resource | None]]:
        return [(action, self.evidence.get(action.evidence_id)) for action in self.actions]


def follow(decision: Decision, user: Reader) -> Thread:
    """In a fixed number of queries, however long the thread."""
    item = decision.item if decision.item.visibility in audiences_of(user) else None
    actions = _actions(decision, user) if item else []
    shown = Resource.objects.visible_to(user).filter(pk__in={row.evidence_id for row in actions if row.evidence_id})
    others = Decision.objects.visible_to(user)
    activities = _activities(decision, user)
    return Thread(
        decision=decision,
        meeting=decision.meeting,
        item=item,
        deferred_in=_left_by(decision.item) if item else [],
        papers=list(item.papers.visible_to(user)) if item else [],
        minutes=Minutes.objects.in_force().visible_to(user).filter(meeting=decision.meeting_id).first(),
        replaces=others.filter(pk=decision.supersedes_id).first(),
        replaced_by=list(others.filter(supersedes=decision).order_by("pk")),
        actions=actions,
        evidence=shown.in_bulk(),
        admitted=list(Membership.objects.filter(decision=decision.code).select_related("organisation")),
        plan_versions=list(PlanVersion.objects.visible_to(user).filter(decision=decision).select_related("plan")),
        activities=activities,
        produced=list(Resource.objects.visible_to(user).filter(produced_by__decision=decision).order_by("pk")),
        outcomes=_outcomes(decision, activities, user),
    )


def _activities(decision: Decision, user: Reader) -> list[ActivityTerms]:
    """Those whose newest wording still names it; a draft of a plan tells nobody yet."""
    named = ActivityTerms.objects.filter(origin=decision).values("activity")
    return [line for line in wording.latest(named, user) if line.origin_id == decision.pk]


def _outcomes(decision: Decision, activities: list[ActivityTerms], user: Reader) -> list[PolicyOutcome]:
    direct = PolicyOutcome.decisions.through.objects.filter(decision=decision).values("policyoutcome")
    keys = [line.activity_id for line in activities]
    through = PolicyOutcome.activities.through.objects.filter(activity__in=keys).values("policyoutcome")
    seen = PolicyOutcome.objects.visible_to(user).filter(Q(pk__in=direct) | Q(pk__in=through))
    return list(seen.select_related("country"))


def _actions(decision: Decision, user: Reader) -> list[ActionItem]:
    """As public as its item, and known once the minutes are approved; the committee knows before."""
    if decision.state == Decision.State.RECORDED and not (user.is_authenticated and user.is_committee_member):
        return []
    return list(decision.action_items.select_related("organisation"))


def _left_by(item: AgendaItem) -> list[Meeting]:
    """Found by walking back at most as many meetings as the item says it was carried over."""
    before = []
    while item.carried_from_id and len(before) < 20:
        item = AgendaItem.objects.select_related("meeting__body").get(pk=item.carried_from_id)
        before.append(item.meeting)
    return before[::-1]
