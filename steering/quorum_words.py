"""What the quorum of a meeting comes to, in words."""

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from network.models import Country, Sector
from steering import attendance
from steering.models import Meeting
from steering.quorum import Tally


def is_forecast(meeting: Meeting) -> bool:
    return meeting.state == Meeting.State.CONVENED and not meeting.attendance.exists()


def line(meeting: Meeting) -> SafeString | str:
    """Forecast, count or result, whichever the meeting has come to."""
    if is_forecast(meeting):
        return _in_words(_("Forecast from the answers"), attendance.forecast(meeting))
    if meeting.state == Meeting.State.CONVENED:
        return _in_words(_("Now"), attendance.count_at(meeting, timezone.now()))
    if kept := meeting.quorum_snapshot:
        best = {name: tuple(v) if isinstance(v, list) else v for name, v in kept["best"].items()}
        return _in_words(_("As counted"), Tally(**best))
    return ""


def _in_words(what: str, tally: Tally) -> SafeString:
    words = {"counted": tally.counted, "filled": tally.filled, "needed": tally.needed}
    sentence = _("%(counted)d of %(filled)d seats; %(needed)d are needed") % words
    verdict = _("There is a quorum.") if tally.reached else " ".join(_lacks(tally))
    sectors = Sector.objects.filter(slug__in=tally.sectors)
    countries = Country.objects.filter(code__in=tally.countries)
    who = ", ".join([*(str(row) for row in sectors), *(str(row) for row in countries)])
    return format_html("{}: {}. <strong>{}</strong><br>{}", what, sentence, verdict, who)


def _lacks(tally: Tally) -> list[str]:
    lacks = [_("There is no quorum.")]
    if tally.missing_seats:
        lacks.append(_("Seats missing: %(n)d.") % {"n": tally.missing_seats})
    if tally.missing_sectors:
        lacks.append(_("Sectors missing: %(n)d.") % {"n": tally.missing_sectors})
    if tally.missing_countries:
        lacks.append(_("Countries missing: %(n)d.") % {"n": tally.missing_countries})
    return lacks
