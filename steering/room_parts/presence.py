"""Who is here, seat by seat, and what the quorum comes to."""

from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Country, Sector
from steering import attendance
from steering import quorum as counting
from steering.composition import Place
from steering.models import Attendance, Meeting
from steering.quorum import Chair, Tally
from steering.room import stamp
from steering.room_parts.part import Part, clock

PICTURE = 240
"""Width of the drawn quorum, in its own units."""


def quorum(meeting: Meeting, is_listed: bool) -> Part:
    """The count now; as it was kept, once the meeting has been held."""
    kept, basis = meeting.quorum_snapshot, attendance.basis_of(meeting)
    if kept:
        tally = Tally(**{name: tuple(v) if isinstance(v, list) else v for name, v in kept["best"].items()})
    else:
        here = counting.speakers(attendance.presences_of(meeting), timezone.now())
        tally = counting.tally(basis.rule, basis.chairs, here)
    shown = {
        "kept": bool(kept),
        "listed": is_listed,
        "reached": tally.reached,
        "counted": tally.counted,
        "filled": tally.filled,
        "needed": tally.needed,
        "seats": tally.missing_seats,
        "sectors": tally.missing_sectors,
        "countries": tally.missing_countries,
        "marks": _marks(tally),
        "line": _step(tally.filled) * min(tally.needed, tally.filled),
        **_breadth(tally, basis.chairs),
    }
    return Part("quorum", "", shown)


def _step(filled: int) -> int:
    return PICTURE // max(1, filled)


def _marks(tally: Tally) -> list[tuple[int, int, bool]]:
    """A mark for each filled seat: where it begins, how wide it is, and whether somebody speaks for it."""
    step = _step(tally.filled)
    return [(n * step, max(2, step - 3), n < tally.counted) for n in range(tally.filled)]


def _breadth(tally: Tally, chairs: list[Chair]) -> dict[str, list[str]]:
    """Sectors and countries of the filled seats, those that are here and those that are not, by name."""
    names = {row.slug: str(row) for row in Sector.objects.all()} | {row.code: str(row) for row in Country.objects.all()}
    every = {"sectors": {chair.sector for chair in chairs}, "countries": {chair.country for chair in chairs}}
    found = {}
    for what, here in (("sectors", tally.sectors), ("countries", tally.countries)):
        found[f"{what}_here"] = sorted(names.get(code, code) for code in here)
        found[f"{what}_away"] = sorted(names.get(code, code) for code in every[what] - {"", *here})
    return found


def seat(place: Place, lines: list[Attendance], meeting: Meeting, is_open: bool) -> Part:
    shown = {
        "label": place.seat.shown_label,
        "organisation": str(place.organisation) if place.organisation else "",
        "short": place.organisation.short_name if place.organisation else "",
        "voting": place.seat.voting,
        "carried": place.is_carried_over,
        "unnamed": bool(place.term) and not place.people,
        "open": is_open,
    }
    slots = {"lines": [line(one, meeting, lines, is_open, f"seat-{place.seat.pk}-lines") for one in lines]}
    return Part("seat", str(place.seat.pk), shown, slots=slots)


def line(
    line: Attendance, meeting: Meeting, of_seat: list[Attendance], is_open: bool, inside: str = "others-lines"
) -> Part:
    shown = {
        "pk": line.pk,
        "name": line.name,
        "organisation": "" if line.term_id else line.organisation_name,
        "capacity": line.get_capacity_display(),
        "status": line.status,
        "state": line.get_status_display(),
        "there": line.is_there,
        "arrived": clock(line.arrived_at, meeting),
        "left": clock(line.left_at, meeting),
        "says": _says(line, of_seat),
        "counted": line.counted,
        "open": is_open,
    }
    return Part("line", str(line.pk), shown, inside, seen=stamp(line))


def _says(line: Attendance, of_seat: list[Attendance]) -> str:
    """Who speaks for the seat, where it is not plain: two of them are here, or an alternate stands in."""
    if not line.is_there or not line.term_id:
        return ""
    speaker = next((other for other in of_seat if other.counted), None)
    if line.counted:
        alone = not any(other.is_there and other != line for other in of_seat)
        if line.order == 0 and alone:
            return ""
        return _("Speaks for the seat.")
    if line.left_at:
        return _("Has left.")
    return _("Is here, but only %(name)s counts for this seat.") % {"name": speaker.name} if speaker else ""
