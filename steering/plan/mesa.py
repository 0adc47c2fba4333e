"""What reports on the plan give to the first page of the admin."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.models import User
from portal.core.mesa import SHOWN, List, Row, lends
from steering.models import ProgressReport
from steering.plan import periods

LIST = "admin:steering_progressreport_changelist"
TOLD_FOR = timedelta(days=90)


@lends(List.REPORTS)
def silent_on_the_plan(user: User) -> list[Row] | None:
    """Organisations that owe reports in the quarter that was opened last, with a word where one has left."""
    if not user.has_perm("steering.view_period"):
        return None
    return [
        Row(
            entry.organisation.short_name,
            reverse("admin:steering_silent", args=[period.pk]),
            _note(entry) % {"n": len(entry.missing), "of": entry.of, "quarter": period},
            entry.since,
        )
        for period in periods.asked_last()
        for entry in periods.silent(period)[:SHOWN]
    ]


def _note(entry: periods.Silence) -> str:
    if entry.has_left:
        return _("%(quarter)s: %(n)d lines led by an organisation that left")
    return _("%(quarter)s: %(n)d of %(of)d lines of the plan not reported")


@lends(List.WAITING)
def approved_alone(user: User) -> list[Row] | None:
    """For the committee: what was approved by the person who had reported it, in the last three months."""
    alone = ProgressReport.objects.approved().filter(approved_alone=True, decided_at__gt=timezone.now() - TOLD_FOR)
    n = alone.count() if user.has_perm("steering.view_progressreport") else 0
    if not n:
        return None
    told = ngettext(
        "%(n)d report was approved by who reported it", "%(n)d reports were approved by who reported them", n
    )
    return [Row(told % {"n": n}, f"{reverse(LIST)}?approved_alone__exact=1", _("Nobody else was there to approve it."))]
