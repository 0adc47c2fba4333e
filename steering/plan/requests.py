"""
Each quarter a letter to whoever is to report on the plan, with a link to one form for all of it, without an account;
again before the quarter closes and the day after. Nobody gets the same one twice.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Max
from django.tasks import task
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network import duties
from network.models import Organisation, Role, User
from portal.core import audit, links
from portal.core.refused import Refused
from steering import acting, called, outbox
from steering.acting import Recipient
from steering.models import Letter, Period, Plan, ProgressReport
from steering.plan import periods
from steering.plan.periods import DAY, Silence
from steering.record import CHASE_DUTY, Verb

PURPOSE = "plan-report"
DAYS_BEFORE = 7
DAYS_AFTER = 14
"""After nights without a worker, the letter of the day after still goes out so many days late."""
FIRST = 0


# --- When ------------------------------------------------------------------------------------------------------------


@task
def ask_in_time() -> int:
    """
    Open the quarter that has just ended, and remind whoever owes reports; gives how many letters. The settings say
    when.
    """
    before, today = Letter.objects.count(), timezone.localdate()
    for plan in Plan.objects.in_force():
        open_what_ended(plan, today)
    late = Period.objects.filter(plan__state=Plan.State.IN_FORCE, closes_on__gte=today - DAYS_AFTER * DAY)
    for period in late.select_related("plan"):
        if (round_ := round_on(period, today)) is not None:
            _remind(period, round_)
    return Letter.objects.count() - before


@transaction.atomic
def open_what_ended(plan: Plan, today: date) -> None:
    """The last quarter that is over takes reports from now on, unless somebody has opened it before."""
    period = plan.periods.filter(quarter=periods.just_ended(plan, today)).first()
    if period and periods.locked(period).opened_on is None:
        open_and_ask(period, closes_on=usual_last_day(today), by=None)


def usual_last_day(today: date) -> date:
    """Of a quarter that is opened today."""
    return today + settings.PLAN_REPORT_DAYS * DAY


def round_on(period: Period, day: date) -> int | None:
    """Which reminder is due that day: a week before the last day, the day after it, or none."""
    late = (day - period.closes_on).days
    soon = period.closes_on - DAYS_BEFORE * DAY
    if 0 < late <= DAYS_AFTER:
        return number_of(period, period.closes_on + DAY)
    if -DAYS_BEFORE <= late <= 0 and period.opened_on < soon:
        return number_of(period, soon)
    return None


def number_of(period: Period, day: date) -> int:
    """A day of the quarter, from 1: it numbers the letters of that day, so that each leaves once."""
    return (day - period.plan.quarter_days(period.quarter)[0]).days + 1


@transaction.atomic
def _remind(period: Period, round_: int) -> None:
    owing = _write_to(period, periods.silent(period), round_)
    if not period.is_open:
        duties.open_about(CHASE_DUTY, [about_work(period, entry.organisation) for entry in owing])


def about_work(period: Period, organisation: Organisation) -> tuple[str, str, str]:
    """How work of the shared desk on the reports of one organisation in one quarter is known: type, key, name."""
    return (period._meta.label_lower, f"{period.pk}-{organisation.pk}", f"{period} · {organisation.short_name}")


# --- Asking ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_and_ask(period: Period, *, closes_on: date, by: User | None) -> None:
    """Open a quarter and write to everybody who owes a report in it. Raises `Refused`."""
    is_first = periods.locked(period).opened_on is None
    held = periods.open_period(period, closes_on=closes_on, by=by)
    _write_to(held, periods.silent(held), FIRST if is_first else number_of(held, timezone.localdate()))


@transaction.atomic
def ask_again(period: Period, *, by: User | None, organisation: Organisation | None = None) -> None:
    """
    Write once more to all who owe reports, or to one organisation; at most once a day. Raises `Refused`.
    """
    held = periods.locked(period)
    if held.opened_on is None:
        raise Refused(periods.why_locked(held))
    owing = [entry for entry in periods.silent(held) if organisation is None or entry.organisation == organisation]
    if not owing:
        raise Refused(_("Everything has been reported."))
    round_ = number_of(held, timezone.localdate())
    before = held.letters.filter(round=round_).count()
    _write_to(held, owing, round_)
    if held.letters.filter(round=round_).count() == before:
        raise Refused(_("Nobody could be written to: they were asked today already, or no address is known."))
    audit.record(Verb.REPORTS_ASKED, held, by=by, after=organisation.slug if organisation else "")


def reach_in_words(period: Period) -> str:
    """Whom a letter about this quarter would go to, and who can't be reached."""
    owing = [entry.organisation for entry in periods.silent(period, locked_too=True)]
    people = acting.people_of({one.pk for one in owing})
    written = [one for one in owing if not one.has_left and acting.each_once(people[one.pk])]
    n = len(written)
    said = ngettext("%(n)d organisation will be written to.", "%(n)d organisations will be written to.", n) % {"n": n}
    if not (silent := [one.short_name for one in owing if one not in written]):
        return said
    told = _("Nobody can be written to at: %(names)s (it has left, or has no focal point with an e-mail address).")
    return " ".join([said, told % {"names": ", ".join(silent)}])


def _write_to(period: Period, owing: list[Silence], round_: int) -> list[Silence]:
    """A letter to the focal points and managers of each, but not of one that has left; gives whom it concerned."""
    there = [entry for entry in owing if not entry.has_left]
    people = acting.people_of({entry.organisation.pk for entry in there})
    outbox.put(
        _letter(who, period, entry.organisation, round_)
        for entry in there
        for who in acting.each_once(people[entry.organisation.pk])
    )
    return there


def _letter(who: Recipient, period: Period, organisation: Organisation, round_: int, **about: object) -> Letter:
    return Letter(
        kind=Letter.Kind.REPORT, person=who.person, name=who.name[:200], email=who.email, language=who.language,
        period=period, organisation=organisation, round=round_, **about,
    )  # fmt: skip


def tell_returned(report: ProgressReport) -> None:
    """In the transaction in which it is returned: to whoever reported, or if they have gone, to all who act there."""
    round_ = (report.letters.aggregate(last=Max("round"))["last"] or 0) + 1
    about = {"round_": round_, "report": report}
    outbox.put(_letter(who, report.period, report.organisation, **about) for who in _reporters(report))


def _reporters(report: ProgressReport) -> list[Recipient]:
    there = acting.each_once(acting.people_of([report.organisation_id])[report.organisation_id])
    if report.letter_id:
        same = [one for one in there if one.email == report.letter.email]
    elif report.reported_by and may_report(report.organisation, report.reported_by.email):
        user = report.reported_by
        same = [Recipient(str(user), user.email, user.language)]
    else:
        same = []
    return same or there


def language_of(report: ProgressReport) -> str:
    """In which whoever reported is written to."""
    if report.letter:
        return report.letter.language
    return report.reported_by.language if report.reported_by else settings.LANGUAGE_CODE


# --- Writing ---------------------------------------------------------------------------------------------------------


@outbox.writes(Letter.Kind.REPORT)
def _write(letter: Letter) -> EmailMessage | None:
    """None where everything has come in meanwhile, or the organisation has left."""
    period = Period.objects.select_related("plan__body").get(pk=letter.period_id)
    organisation = Organisation.objects.prefetch_related("memberships").get(pk=letter.organisation_id)
    if organisation.has_left or period.plan.state != Plan.State.IN_FORCE:
        return None
    context = {"period": period, "plan": period.plan, "organisation": organisation, "link": address(letter)}
    if letter.report_id:
        report = ProgressReport.objects.select_related("activity", "indicator", "period__plan").get(pk=letter.report_id)
        is_back = report.state == ProgressReport.State.RETURNED
        return outbox.plain(letter, "steering/letters/returned", context | {"report": report}) if is_back else None
    lines = periods.due(period, organisations=[organisation.pk])
    missing = [line for line in lines if not line.is_in]
    if not missing:
        return None
    context |= {"lines": missing, "n": len(missing), "is_first": letter.round == FIRST}
    return outbox.plain(letter, "steering/letters/report", context)


def address(letter: Letter) -> str:
    with translation.override(letter.language):
        return settings.SITE_URL + reverse("steering:report_by_letter", args=[links.token(PURPOSE, letter.pk)])


# --- The link --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opened:
    """What a link opens: all that one organisation is to report in one quarter."""

    letter: Letter
    period: Period
    organisation: Organisation


def opened(token: str) -> Opened:
    """
    Any letter about a quarter opens it for its organisation, whichever round it came with.

    Raises `links.OldLink`, also for somebody who does not act for that organisation any more and for one that has left
    the network, or `links.BrokenLink`.
    """
    letter = called.letter_behind(PURPOSE, token)
    if letter.kind != Letter.Kind.REPORT:
        raise links.BrokenLink
    organisation = Organisation.objects.prefetch_related("memberships").get(pk=letter.organisation_id)
    if organisation.has_left or not may_report(organisation, letter.email):
        raise links.OldLink
    return Opened(letter, Period.objects.select_related("plan__body").get(pk=letter.period_id), organisation)


def may_report(organisation: Organisation, email: str) -> bool:
    """Does whoever has this address act for the organisation today?"""
    if email in [one.email for one in acting.people_of([organisation.pk])[organisation.pk]]:
        return True
    kinds: Collection[str] = [Role.Kind.CONTRIBUTOR, Role.Kind.MANAGER]
    roles = Role.objects.in_force().filter(organisation=organisation, kind__in=kinds)
    return roles.filter(user__email=email, user__is_active=True).exists()
