"""The quarters of a plan that take reports, what is owed in each of them and by whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from network.models import Organisation, User
from portal.core import audit
from portal.core.refused import Refused
from steering.models import (
    Activity,
    ActivityTerms,
    Indicator,
    IndicatorTerms,
    Period,
    Plan,
    PlanVersion,
    ProgressReport,
)
from steering.record import Verb

DAY = timedelta(days=1)
MOST_DAYS = 120
"""A quarter stays open for so long at most: a slip of the year in a date must not leave it open for ever."""
State = ProgressReport.State
IN = (State.SUBMITTED, State.APPROVED)
OVER = (Activity.State.COMPLETED, Activity.State.CANCELLED, Activity.State.CARRIED_OVER)


# --- Opening and closing ---------------------------------------------------------------------------------------------


@transaction.atomic
def open_period(period: Period, *, closes_on: date, by: User | None) -> Period:
    """
    Let a quarter take reports until that day; for one that is open, another last day. Raises `Refused`.

    Only of a plan in force, and not before the quarter has begun.
    """
    held = locked(period)
    if held.plan.state != Plan.State.IN_FORCE:
        raise Refused(_("Only a plan in force is reported on."))
    begins, today = held.plan.quarter_days(held.quarter)[0], timezone.localdate()
    if today < begins:
        sentence = _("This quarter begins on %(day)s: nothing can be reported before.")
        raise Refused(sentence % {"day": _day(begins)})
    if not today <= closes_on <= today + MOST_DAYS * DAY:
        raise Refused(_("The last day lies between today and %(n)d days from now.") % {"n": MOST_DAYS})
    before, held.opened_on, held.closes_on = held.closes_on, held.opened_on or today, closes_on
    held.save(update_fields=["opened_on", "closes_on"])
    audit.record(Verb.PERIOD_OPENED, held, by=by, before=_iso(before), after=_iso(closes_on))
    return held


@transaction.atomic
def close_period(period: Period, *, by: User | None) -> None:
    """From now on it takes no reports. Raises `Refused` for one that is closed."""
    held = locked(period)
    check_open(held)
    closed = timezone.localdate() - DAY
    Period.objects.filter(pk=held.pk).update(closes_on=closed)
    audit.record(Verb.PERIOD_CLOSED, held, by=by, before=_iso(held.closes_on), after=_iso(closed))


def locked(period: Period) -> Period:
    """The row as it stands, held: of closing it and reporting into it, one is first and the other sees that."""
    return Period.objects.select_for_update(of=("self",)).select_related("plan").get(pk=period.pk)


def check_open(period: Period) -> None:
    """Raises `Refused` where the quarter takes no reports, with the day on which it closed."""
    if sentence := why_locked(period):
        raise Refused(sentence)


def why_locked(period: Period) -> str:
    """Why a quarter takes no reports; empty for one that does."""
    if period.plan.state != Plan.State.IN_FORCE:
        return _("Only a plan in force is reported on.")
    if period.opened_on is None:
        return _("The quarter %(name)s does not take reports yet.") % {"name": period}
    if not period.is_open:
        sentence = _("The quarter %(name)s took reports until %(day)s. The secretariat can open it again.")
        return sentence % {"name": period, "day": _day(period.closes_on)}
    return ""


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def just_ended(plan: Plan, today: date) -> int | None:
    """The last of the plan's quarters that is over; None in its first one."""
    ended = [number for number in range(1, 9) if plan.quarter_days(number)[1] < today]
    return ended[-1] if ended else None


# --- What is owed ----------------------------------------------------------------------------------------------------


@dataclass
class Line:
    """One thing an organisation reports on in a quarter, and what it has said so far."""

    period: Period
    terms: ActivityTerms | IndicatorTerms
    report: ProgressReport | None = None

    @property
    def is_activity(self) -> bool:
        return isinstance(self.terms, ActivityTerms)

    @property
    def key(self) -> str:
        """Which line of the plan it is, in forms: `a12`, `i5`."""
        return f"a{self.terms.activity_id}" if self.is_activity else f"i{self.terms.indicator_id}"

    @property
    def about(self) -> dict[str, Activity | Indicator]:
        """What of a report says that it is on this."""
        return {"activity": self.terms.activity} if self.is_activity else {"indicator": self.terms.indicator}

    @property
    def code(self) -> str:
        return self.terms.activity.code if self.is_activity else self.terms.indicator.code

    @property
    def organisation(self) -> Organisation:
        """Who is to report on it today."""
        return self.terms.lead if self.is_activity else self.terms.responsible

    @property
    def state(self) -> str:
        return self.report.state if self.report else ""

    @property
    def is_in(self) -> bool:
        """Is it sent in, and not returned?"""
        return self.state in IN


def due(period: Period, *, organisations: Iterable[int] | None = None) -> list[Line]:
    """
    What is to be reported in a quarter by the version in force, in the order of the plan, activities first; in a fixed
    number of queries. Only that of some organisations, if asked.

    An activity is from its first quarter on until it is finished, late or not; once it is reported on, it stays in the
    list of that quarter, whatever has become of it. An indicator is in every quarter.
    """
    version = period.plan.versions.in_force().first()
    if version is None:
        return []
    activities, indicators = activities_of(version), indicators_of(version)
    if organisations is not None:
        activities = activities.filter(lead__in=organisations)
        indicators = indicators.filter(responsible__in=organisations)
    reports = {report.activity_id or -report.indicator_id: report for report in _reports(period)}
    lines = [Line(period, terms, reports.get(terms.activity_id)) for terms in activities]
    begun = [line for line in lines if line.terms.first_quarter <= period.quarter]
    owed = [line for line in begun if line.report or line.terms.activity.state not in OVER]
    return [*owed, *(Line(period, terms, reports.get(-terms.indicator_id)) for terms in indicators)]


def _reports(period: Period) -> Iterable[ProgressReport]:
    return period.reports.select_related("organisation", "decided_by", "version__plan").prefetch_related("documents")


def activities_of(version: PlanVersion) -> Iterable[ActivityTerms]:
    """With what a line of a report prints."""
    rows = version.terms.in_order().select_related("activity", "version__plan")
    return rows.prefetch_related(_organisation("lead"))


def indicators_of(version: PlanVersion) -> Iterable[IndicatorTerms]:
    rows = version.indicator_terms.select_related("indicator", "version__plan").prefetch_related("targets")
    order = ["result__objective__position", "result__position", "pk"]
    return rows.order_by(*order).prefetch_related(_organisation("responsible"))


def _organisation(name: str) -> Prefetch:
    """With what tells whether it has left."""
    return Prefetch(name, Organisation.objects.prefetch_related("memberships"))


@dataclass
class Silence:
    """What an organisation has not reported in a quarter."""

    organisation: Organisation
    missing: list[Line]
    of: int
    since: date | None

    @property
    def has_left(self) -> bool:
        return self.organisation.has_left


def silent(period: Period, *, locked_too: bool = False) -> list[Silence]:
    """
    Organisations that owe reports in a quarter that was opened, the ones that owe most first; `locked_too`: who would
    owe them in one that was not.
    """
    if period.opened_on is None and not locked_too:
        return []
    found: dict[int, Silence] = {}
    for line in due(period):
        who = line.organisation
        entry = found.setdefault(who.pk, Silence(who, [], 0, period.opened_on))
        entry.of += 1
        if not line.is_in:
            entry.missing.append(line)
    owing = [entry for entry in found.values() if entry.missing]
    return sorted(owing, key=lambda entry: (-len(entry.missing), entry.organisation.short_name))


def asked_last() -> list[Period]:
    """Of each plan in force the last quarter that was opened."""
    opened = Period.objects.filter(plan__state=Plan.State.IN_FORCE, opened_on__isnull=False)
    last = {period.plan_id: period for period in opened.select_related("plan").order_by("quarter")}
    return list(last.values())


@dataclass
class Asked:
    """What the plan asks of somebody's organisation now."""

    period: Period
    organisation: Organisation
    missing: int
    of: int
    returned: int


def for_desk(user: User) -> list[Asked]:
    """The open quarters in which one of this person's organisations has lines, one that has left excepted."""
    own = user.own_organisation_ids
    found: dict[tuple[int, int], Asked] = {}
    for period in Period.objects.open().filter(plan__state=Plan.State.IN_FORCE).select_related("plan") if own else ():
        for line in due(period, organisations=own):
            who = line.organisation
            if not who.has_left:
                entry = found.setdefault((period.pk, who.pk), Asked(period, who, 0, 0, 0))
                entry.of, entry.missing = entry.of + 1, entry.missing + (not line.is_in)
                entry.returned += line.state == State.RETURNED
    return list(found.values())
