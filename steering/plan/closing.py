"""
The end of a biennium: what becomes of each unfinished activity, the plan closed, and the draft of the next one.

Choices are kept while somebody walks through the activities, and done all at once when the plan is closed. What is
carried over is copied: the activity of the old plan stays there, frozen.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Organisation, User
from portal.core import audit
from portal.core.refused import Refused
from portal.core.versions import version_of
from steering.models import (
    Activity,
    ActivityTerms,
    Contribution,
    ExpectedResult,
    Objective,
    Plan,
    PlanVersion,
    ProgressReport,
    Settlement,
)
from steering.plan import drafting
from steering.plan.money import Ledger
from steering.record import Verb
from steering.seats import checked

What = Settlement.What
State = Activity.State
OFTEN = 2
"""An activity carried over so many times is shown to the committee as such wherever it is listed."""


# --- What is unfinished ----------------------------------------------------------------------------------------------


def unfinished(plan: Plan) -> QuerySet[Activity]:
    """Activities of the version in force that are neither completed, cancelled nor carried over yet."""
    said = ActivityTerms.objects.in_force().filter(activity=OuterRef("pk"), version__plan=plan)
    return Activity.objects.unfinished().filter(Exists(said), plan=plan)


@dataclass
class Line:
    """One activity at close-out, with what there is to judge it by."""

    terms: ActivityTerms
    settlement: Settlement | None
    report: ProgressReport | None
    """The last one that was approved."""
    ledger: Ledger

    @property
    def activity(self) -> Activity:
        return self.terms.activity

    @property
    def needs_lead(self) -> bool:
        """Has whoever leads it left the network, so that a carried one needs another?"""
        return self.terms.lead.has_left

    @property
    def seen(self) -> str:
        """Another one after every change of the choice."""
        return version_of(self.settlement) if self.settlement else ""

    @property
    def is_often_carried(self) -> bool:
        """Would carrying it over make it the second time, or more?"""
        return self.activity.times_carried + 1 >= OFTEN


def lines(plan: Plan) -> list[Line]:
    """Every unfinished activity in the order of the plan, in a fixed number of queries."""
    reports = ProgressReport.objects.counting().select_related("period__plan")
    given = Contribution.objects.standing().prefetch_related("movements")
    terms = ActivityTerms.objects.in_force().filter(version__plan=plan, activity__in=unfinished(plan)).in_order()
    found = terms.select_related("activity__settlement__lead", "activity__settlement__by", "lead").prefetch_related(
        "lead__memberships",
        Prefetch("activity__reports", reports),
        Prefetch("activity__contributions", given),
    )
    return [_line(row) for row in found]


def _line(terms: ActivityTerms) -> Line:
    """The committee's own page: with every amount."""
    ledger = Ledger()
    for contribution in terms.activity.contributions.all():
        for movement in contribution.movements.all():
            ledger.add(movement, contribution.currency)
    report = next(iter(terms.activity.reports.all()), None)
    return Line(terms, getattr(terms.activity, "settlement", None), report, ledger)


def waiting_reports(plan: Plan) -> QuerySet[ProgressReport]:
    """Reports that nobody has approved or returned: once the plan is closed nobody can."""
    return ProgressReport.objects.waiting().filter(period__plan=plan).select_related("period__plan", "activity")


# --- Choosing --------------------------------------------------------------------------------------------------------


@transaction.atomic
def settle(
    activity: Activity,
    what: str,
    reason: str,
    *,
    by: User | None,
    lead: Organisation | None = None,
    seen: str | None = None,
) -> Settlement:
    """
    Choose what becomes of an unfinished activity. It happens when the plan is closed, and may be chosen anew till then.

    `reason` is what shows that it is complete, or why it is dropped or carried over once more. `lead` is needed for one
    that is carried over while its organisation has left the network. `seen` is `Line.seen` as it was shown: somebody
    else's choice in between is told. Raises `Refused`.
    """
    plan = _open(activity.plan_id)
    if not unfinished(plan).filter(pk=activity.pk).exists():
        raise Refused(_("%(code)s is not unfinished any more.") % {"code": activity.code})
    row = Settlement.objects.filter(activity=activity).first() or Settlement(activity=activity)
    if seen is not None and seen != (version_of(row) if row.pk else ""):
        _tell_who_was_quicker(row, what, reason)
    row.what, row.words, row.by, row.at = what, reason.strip(), by, timezone.now()
    row.lead = lead if what == What.CARRY else None
    _check(row)
    row.save()
    audit.record(Verb.ACTIVITY_SETTLED, activity, by=by, after=what)
    return row


def _tell_who_was_quicker(row: Settlement, what: str, reason: str) -> None:
    if (row.what, row.words) == (what, reason.strip()):  # the same once more: a second click
        return
    words = {"who": row.by or _("Somebody else"), "what": row.get_what_display()}
    raise Refused(_("%(who)s has chosen meanwhile: %(what)s. Save again to choose otherwise.") % words)


def _check(row: Settlement) -> None:
    checked(row)
    if row.what == What.CARRY and row.activity.times_carried + 1 >= OFTEN and not row.words:
        raise Refused(_("It has been carried over before: say why it should be once more."))
    if row.what != What.CARRY:
        return
    leader = row.lead or _terms_of(row.activity).lead
    if leader.has_left:
        sentence = _("%(name)s has left the network: name another organisation to lead this activity.")
        raise Refused(sentence % {"name": leader.short_name})


def _terms_of(activity: Activity) -> ActivityTerms:
    return activity.terms.in_force().select_related("lead", "result__objective").get()


# --- Closing ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def close(plan: Plan, *, by: User | None, words_es: str, words_en: str = "", reason: str = "") -> Plan:
    """
    Do what was chosen for every unfinished activity, and close the plan for good, with the words of its report.

    Raises `Refused` while an activity has no choice, while a version is in the making, before the end of the two years
    without a reason, or where somebody else was quicker.
    """
    held = _open(plan.pk)
    _check_closing(held, reason)
    rows = [line for line in lines(held) if line.settlement]
    target = next_draft(held, by=by, to_carry=any(line.settlement.what == What.CARRY for line in rows))
    for line in rows:
        _do(line, target, by=by)
    yesterday = timezone.localdate() - timedelta(days=1)
    held.periods.open().update(closes_on=yesterday)
    held.state, held.closed_on = Plan.State.CLOSED, timezone.localdate()
    held.closing_words_es, held.closing_words_en = words_es.strip(), words_en.strip()
    held.save()
    audit.record(Verb.PLAN_CLOSED, held, by=by, reason=reason, before=Plan.State.IN_FORCE, after=Plan.State.CLOSED)
    return held


def _check_closing(plan: Plan, reason: str) -> None:
    left = unfinished(plan).filter(settlement__isnull=True).count()
    if left:
        raise Refused(_("Choose first what becomes of every unfinished activity: %(n)d are left.") % {"n": left})
    if plan.versions.in_the_making().exists():
        raise Refused(_("A new version of this plan is in the making: adopt or discard it first."))
    if timezone.localdate() <= plan.last_day and not reason.strip():
        raise Refused(_("The two years of this plan are not over yet: say why it is closed now."))


def _open(pk: int) -> Plan:
    """The plan, held. Raises `Refused` unless it is in force."""
    plan = Plan.objects.select_for_update().get(pk=pk)
    if plan.state == Plan.State.CLOSED:
        raise Refused(_("This plan is closed already."))
    if plan.state != Plan.State.IN_FORCE:
        raise Refused(_("This plan is not in force."))
    return plan


def _do(line: Line, target: PlanVersion | None, *, by: User | None) -> None:
    activity, chosen = line.activity, line.settlement
    _check(chosen)
    if chosen.what == What.CARRY:
        carry(line.terms, target, lead=chosen.lead, by=by)
    states = {What.COMPLETE: State.COMPLETED, What.CARRY: State.CARRIED_OVER, What.DROP: State.CANCELLED}
    before, after = activity.state, states[chosen.what]
    Activity.objects.filter(pk=activity.pk).update(state=after, state_reason=chosen.words)
    audit.record(Verb.ACTIVITY_CLOSED, activity, by=by, reason=chosen.words, before=before, after=after)


# --- The next plan ---------------------------------------------------------------------------------------------------


def next_plan(plan: Plan) -> Plan | None:
    """The plan of the two years that follow, if there is one."""
    return Plan.objects.filter(body=plan.body_id, first_year=plan.first_year + 2).first()


def next_draft(plan: Plan, *, by: User | None, to_carry: bool = True) -> PlanVersion | None:
    """
    The draft of the plan of the next two years: the one there is, or a new one with this one's objectives and results.

    None where that plan is past its draft and nothing is `to_carry` into it. Raises `Refused` where something is.
    """
    following = next_plan(plan)
    if following is None:
        return _new_draft(plan, by=by)
    draft = following.versions.filter(state=PlanVersion.State.DRAFT).first()
    if draft is None and to_carry:
        sentence = _("%(plan)s has no version in preparation, so nothing can be carried into it: begin an amendment.")
        raise Refused(sentence % {"plan": following})
    return draft


def _new_draft(plan: Plan, *, by: User | None) -> PlanVersion:
    following = Plan(body_id=plan.body_id, first_year=plan.first_year + 2)
    for field in ("title_es", "title_en"):
        title = (getattr(plan, field) or "").replace(plan.period, following.period)
        setattr(following, field, title.replace(plan.period.replace("–", "-"), following.period))
    return drafting.make(following, by=by, after=plan.versions.in_force().get())


def carry(terms: ActivityTerms, into: PlanVersion, *, lead: Organisation | None, by: User | None) -> ActivityTerms:
    """
    A copy of the activity in the draft: its words, partners who are still there, countries, deliverable and budget.

    Its quarters are those of the new plan's first year. Its markers are not copied: what is planned anew is screened
    anew, in another plan and often on another scale.
    """
    result = _same_result(terms.result, into)
    position = (result.terms.aggregate(last=Max("position"))["last"] or 0) + 1
    original = terms.activity
    copy = Activity.objects.create(
        plan_id=into.plan_id,
        code=_free_code(into.plan_id, result.code, position),
        carried_from=original,
        times_carried=original.times_carried + 1,
    )
    names = ("text_es", "text_en", "deliverable_es", "deliverable_en", "budget", "currency", "origin_id", "audience")
    made = ActivityTerms(
        **{name: getattr(terms, name) for name in names},
        **{"version": into, "activity": copy, "result": result, "position": position},
        **{"lead": lead or terms.lead, "first_quarter": 1, "last_quarter": 4},
    )
    made.save()
    made.partners.set([one for one in terms.partners.prefetch_related("memberships") if not one.has_left])
    made.countries.set(terms.countries.all())
    audit.record(Verb.ACTIVITY_CARRIED, copy, by=by, before=original.code, after=copy.code)
    return made


def _free_code(plan: int, prefix: str, position: int) -> str:
    taken = set(Activity.objects.filter(plan=plan).values_list("code", flat=True))
    while f"{prefix}.{position}" in taken:
        position += 1
    return f"{prefix}.{position}"


def _same_result(result: ExpectedResult, version: PlanVersion) -> ExpectedResult:
    """The result of these words in the draft; where there is none, it is added with the next number."""
    objective = _same_objective(result.objective, version)
    found = objective.results.filter(text_es=result.text_es).first()
    if found is None:
        last = objective.results.aggregate(last=Max("position"))["last"] or 0
        texts = {name: getattr(result, name) for name in ("text_es", "text_en", "kind")}
        found = ExpectedResult.objects.create(objective=objective, position=last + 1, **texts)
    return found


def _same_objective(objective: Objective, version: PlanVersion) -> Objective:
    found = version.objectives.filter(text_es=objective.text_es).first()
    if found is None:
        last = version.objectives.aggregate(last=Max("position"))["last"] or 0
        texts = {name: getattr(objective, name) for name in ("text_es", "text_en", "short_es", "short_en")}
        found = Objective.objects.create(version=version, position=last + 1, **texts)
    return found
