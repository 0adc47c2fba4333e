"""What organisations say about a plan, quarter by quarter, and what of it counts: what somebody else has approved."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from network import duties
from network.models import User
from portal.core import audit, versions
from portal.core.refused import Refused
from steering.models import Activity, IndicatorTerms, Letter, Period, Plan, PlanVersion, ProgressReport
from steering.models.plan import QUARTERS
from steering.plan import periods, requests, values
from steering.plan.periods import Line
from steering.plan.values import Actual
from steering.record import CHASE_DUTY, REPORT_DUTY, Verb

ALL_QUARTERS = len(QUARTERS)
State = ProgressReport.State
SAID = [Activity.State.PLANNED, Activity.State.ONGOING, Activity.State.DELAYED, Activity.State.COMPLETED]
"""How an activity may be reported to stand; what is cancelled or carried over, the committee says."""

# --- What counts -----------------------------------------------------------------------------------------------------


def latest(version: PlanVersion, *, upto: int = ALL_QUARTERS) -> dict[int, ProgressReport]:
    """By activity of this version its last approved report, with its period; in one query."""
    rows = ProgressReport.objects.counting(upto).filter(activity__terms__version=version)
    return {report.activity_id: report for report in rows.select_related("period__plan")}


def actuals(version: PlanVersion, *, upto: int = ALL_QUARTERS) -> dict[int, Actual]:
    """By indicator of this version where it stood by the end of that quarter, as far as reported; in two queries."""
    rows = ProgressReport.objects.counting(upto).filter(indicator__terms__version=version)
    reports = defaultdict(list)
    for report in rows.select_related("period").order_by("period__quarter"):
        reports[report.indicator_id].append(report)
    terms = version.indicator_terms.filter(indicator__in=reports) if reports else []
    return {line.indicator_id: _stands(line, reports[line.indicator_id]) for line in terms}


def actual(terms: IndicatorTerms, upto: int = ALL_QUARTERS) -> Actual | None:
    """The same for one indicator; None while nothing about it is approved."""
    rows = terms.indicator.reports.counting(upto)
    reports = list(rows.select_related("period").order_by("period__quarter"))
    return _stands(terms, reports) if reports else None


def _stands(terms: IndicatorTerms, reports: list[ProgressReport]) -> Actual:
    last = reports[-1]
    stood = [value for value in values.standings(terms, [report.value for report in reports]) if value is not None]
    value = stood[-1] if stood else None
    share = None if value is None else terms.share(value)
    return Actual(value, last.period.quarter, share, last.narrative)


def approved_before(report: ProgressReport) -> ProgressReport | None:
    """The last approved report on the same, of a quarter before."""
    on = {"activity": report.activity_id, "indicator": report.indicator_id}
    earlier = ProgressReport.objects.approved().filter(**on, period__quarter__lt=report.period.quarter)
    return earlier.select_related("period__plan").order_by("period__quarter").last()


# --- Reporting -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reporter:
    """Who reports: somebody signed in, or whoever holds the link of a letter."""

    user: User | None = None
    letter: Letter | None = None
    on_behalf: bool = False
    """The secretariat writes down what an organisation has told it; it may also correct what waits for approval."""

    @property
    def name(self) -> str:
        return self.letter.name if self.letter else str(self.user)


class Changed(Refused):
    """Somebody else has written this line since it was shown."""


Said = Mapping[str, object]
"""What a form says of a line, by the names of the report's fields; what it does not name stays as it is."""


@transaction.atomic
def keep_draft(line: Line, said: Said, *, reporter: Reporter, seen: str | None = None) -> ProgressReport | None:
    """
    Keep what is written so far, however little; None where that is nothing. `seen` is the version that was shown.

    Raises `Refused`, for a quarter that takes no reports with the day it closed, and `Changed`. Drafts are no acts:
    the record of the portal does not tell of them.
    """
    held = _held(line, said, reporter, seen)
    if held.pk is None and not any(said.values()):
        return None
    if held.state == State.SUBMITTED:
        return held
    _write(held, said, line, reporter)
    return held


@transaction.atomic
def submit(
    line: Line, said: Said, *, reporter: Reporter, seen: str | None = None, is_right: bool = False
) -> ProgressReport:
    """
    Send a line in, to be approved by somebody else. A second time with the same words is harmless.

    Raises `Refused`, also by field, `Changed`, and `values.Unsure` for a value that goes the wrong way and of which
    nobody has said that it `is_right`.
    """
    held = _held(line, said, reporter, seen)
    if held.state == State.SUBMITTED and _says(held, said):
        return held
    _write(held, said, line, reporter, state=State.SUBMITTED)
    _check_complete(line, held, is_right=is_right)
    audit.record(Verb.REPORTED, held, by=reporter.user, reason="" if reporter.user else reporter.name)
    work = requests.about_work(held.period, line.organisation)
    duties.open_about(REPORT_DUTY, [work])
    _close_chase(held.period, line)
    return held


def _held(line: Line, said: Said, reporter: Reporter, seen: str | None) -> ProgressReport:
    """The line's report as it stands, or a new one, its quarter held and open."""
    period = periods.locked(line.period)
    periods.check_open(period)
    held = _rows_of(line).select_for_update(of=("self",)).first()
    if held is None:
        return ProgressReport(period=period, **line.about)
    held.period = period
    if held.state == State.APPROVED:
        raise Refused(_("This is approved and closed for this quarter."))
    if held.state == State.SUBMITTED and not reporter.on_behalf and not _says(held, said):
        raise Refused(_("This was sent in and waits for approval. To change it, ask the secretariat to return it."))
    if seen is not None and seen != versions.version_of(held) and not _says(held, said):
        told = _("Another person has changed this meanwhile. What you typed is still here: save again to keep yours.")
        raise Changed([told, *versions.standing(held, said)])
    return held


def standing(line: Line) -> ProgressReport | None:
    """The line's report as it stands now."""
    return _rows_of(line).first()


def _rows_of(line: Line) -> QuerySet[ProgressReport]:
    return ProgressReport.objects.filter(period=line.period, **line.about)


def _says(held: ProgressReport, said: Said) -> bool:
    """Does it say so already?"""
    if "documents" in said and set(said["documents"]) != set(held.documents.all()):
        return False
    return all(getattr(held, name) == value for name, value in said.items() if name != "documents")


def _write(held: ProgressReport, said: Said, line: Line, reporter: Reporter, state: str = "") -> None:
    """Keep the words with who said them, and in which wording of the plan; returned, it stays so until it is sent."""
    for name, value in said.items():
        if name != "documents":
            setattr(held, name, value)
    held.version, held.organisation = line.terms.version, line.organisation
    held.reported_by, held.letter = reporter.user, reporter.letter
    held.reporter_name = reporter.name[:200]
    if state:
        held.state, held.submitted_at, held.decided_by, held.decided_at = state, timezone.now(), None, None
    _check_fields(held, said)
    held.save()
    if "documents" in said:
        held.documents.set(said["documents"])


def _check_fields(held: ProgressReport, said: Said) -> None:
    """Raises `Refused` for words or values that the row can't hold."""
    others = [field.name for field in held._meta.fields if field.name not in said]
    try:
        held.clean_fields(exclude=others)
    except ValidationError as problem:
        raise Refused(problem.message_dict) from problem


def _check_complete(line: Line, held: ProgressReport, *, is_right: bool) -> None:
    """Raises `Refused` by field for what is needed before anybody can approve it."""
    lacking = {}
    if line.is_activity:
        if held.status_said not in SAID:
            lacking["status_said"] = _("Say how it stands.")
        if not held.narrative and held.status_said != Activity.State.PLANNED:
            lacking["narrative"] = _("Say in a few words what was done.")
    elif line.terms.measure == IndicatorTerms.Measure.QUALITATIVE:
        if not held.narrative:
            lacking["narrative"] = _("Say in a few words where it stands.")
    elif held.value is None:
        lacking["value"] = _("Give the value.")
    if lacking:
        raise Refused(lacking)
    if held.value is not None:
        values.check(line.terms, held.value, actual(line.terms, upto=held.period.quarter - 1), is_right=is_right)


def _close_chase(period: Period, line: Line) -> None:
    """Nobody has to ask for what is there."""
    lines = periods.due(period, organisations=[line.organisation.pk])
    if all(one.is_in for one in lines):
        type_, key, _name = requests.about_work(period, line.organisation)
        duties.close_about(CHASE_DUTY, type_, [key], by=None)


# --- Deciding --------------------------------------------------------------------------------------------------------


@transaction.atomic
def approve(report: ProgressReport, *, by: User, reason: str = "", seen: str | None = None) -> None:
    """
    From now on it counts, and the activity stands as it says. Raises `Refused`, and `Changed` where it is not the
    version that was `seen` any more.

    `reason` is for an activity that was completed and is not any more. Whoever reported it can't approve it, unless
    there is nobody else who could: then it is marked.
    """
    held = _waiting(report)
    if seen is not None and seen != versions.version_of(held):
        raise Changed(_("Another person has changed this meanwhile. Read it again before you approve it."))
    alone = _alone(held, by)
    decided = {"decided_by": by, "decided_at": timezone.now(), "approved_alone": alone}
    ProgressReport.objects.filter(pk=held.pk).update(state=State.APPROVED, **decided)
    if held.activity:
        _move_activity(held, by=by, reason=reason)
    verb = Verb.REPORT_APPROVED_ALONE if alone else Verb.REPORT_APPROVED
    audit.record(verb, held, by=by, reason=reason, before=held.state, after=State.APPROVED)
    _close_work(held, by)


@transaction.atomic
def return_report(report: ProgressReport, *, by: User, note: str) -> None:
    """Back to whoever reported, with what is to be put right; they get a letter with the link. Raises `Refused`."""
    held = _waiting(report)
    periods.check_open(held.period)  # otherwise they could not send it again
    if not note.strip():
        raise Refused(_("Say what is to be added or put right."))
    decided = {"decided_by": by, "decided_at": timezone.now()}
    ProgressReport.objects.filter(pk=held.pk).update(state=State.RETURNED, note=note.strip(), **decided)
    audit.record(Verb.REPORT_RETURNED, held, by=by, reason=note.strip(), before=held.state, after=State.RETURNED)
    _close_work(held, by)
    requests.tell_returned(held)


@transaction.atomic
def reopen(report: ProgressReport, *, by: User, reason: str) -> None:
    """What was approved waits for approval again, and the activity stands as the report before said. `Refused`."""
    held = _locked(report)
    if held.state != State.APPROVED:
        raise Refused(_("This is not approved."))
    waiting = {"state": State.SUBMITTED, "decided_by": None, "decided_at": None, "approved_alone": False}
    ProgressReport.objects.filter(pk=held.pk).update(**waiting)
    if held.activity and held.activity.state == held.status_said:
        before = _others_approved(held).order_by("period__quarter").last()
        _set_state(held, before.status_said if before else Activity.State.PLANNED, by=by, reason=reason)
    audit.record(Verb.REPORT_REOPENED, held, by=by, reason=reason, before=held.state, after=State.SUBMITTED)
    duties.open_about(REPORT_DUTY, [requests.about_work(held.period, held.organisation)])


def _locked(report: ProgressReport) -> ProgressReport:
    """The report as it stands, held with its activity, in the order in which everybody holds them."""
    if report.activity_id:
        Activity.objects.select_for_update().get(pk=report.activity_id)
    rows = ProgressReport.objects.select_for_update(of=("self",)).select_related(
        "period__plan", "activity", "indicator", "organisation", "reported_by", "letter__person", "version"
    )
    held = rows.get(pk=report.pk)
    if held.period.plan.state != Plan.State.IN_FORCE:
        raise Refused(_("This plan is closed: nothing of it changes any more."))
    return held


def _waiting(report: ProgressReport) -> ProgressReport:
    """Of two who decide at once one does, and the other is told."""
    held = _locked(report)
    if held.state != State.SUBMITTED:
        raise Refused(_("This does not wait for approval any more: %(state)s.") % {"state": held.get_state_display()})
    return held


def is_reporter(report: ProgressReport, user: User) -> bool:
    """
    Did this person report it: by their account, or by a letter to them or to an address of theirs?

    The person counts, not the organisation: coordination and secretariat sit in organisations that lead activities
    themselves, and there would often be nobody left to approve those.
    """
    if report.reported_by_id == user.pk:
        return True
    if report.letter is None:
        return False
    person = report.letter.person
    return report.letter.email == user.email.lower() or bool(person and person.user_id == user.pk)


def _alone(report: ProgressReport, by: User) -> bool:
    """Is there nobody but the reporter to approve it? Raises `Refused` for the reporter where there is."""
    if not is_reporter(report, by):
        return False
    if any(not is_reporter(report, other) for other in duties.hands()):
        raise Refused(_("You reported this yourself: somebody else has to approve it."))
    return True


def _others_approved(report: ProgressReport) -> Iterable[ProgressReport]:
    return ProgressReport.objects.approved().filter(activity=report.activity_id).exclude(pk=report.pk)


def _move_activity(report: ProgressReport, *, by: User, reason: str) -> None:
    """As the report says, unless a later quarter says otherwise or it is cancelled or carried over."""
    activity = report.activity
    if _others_approved(report).filter(period__quarter__gt=report.period.quarter).exists():
        return
    if activity.state in (Activity.State.CANCELLED, Activity.State.CARRIED_OVER):
        return
    goes_back = activity.state == Activity.State.COMPLETED != report.status_said
    if goes_back and not reason.strip():
        raise Refused(_("This activity was completed. Say why it is not any more."))
    _set_state(report, report.status_said, by=by, reason=reason.strip() if goes_back else "")


def _set_state(report: ProgressReport, state: str, *, by: User, reason: str) -> None:
    activity = report.activity
    if activity.state == state:
        return
    Activity.objects.filter(pk=activity.pk).update(state=state, state_reason=reason)
    audit.record(Verb.ACTIVITY_MOVED, activity, by=by, reason=reason, before=activity.state, after=state)


def _close_work(report: ProgressReport, by: User) -> None:
    """Done, once nothing of that organisation and quarter waits."""
    left = ProgressReport.objects.waiting().filter(period=report.period, organisation=report.organisation)
    if not left.exists():
        type_, key, _name = requests.about_work(report.period, report.organisation)
        duties.close_about(REPORT_DUTY, type_, [key], by=by)
