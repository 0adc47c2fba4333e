"""
Meetings as calendars read them (iCalendar, RFC 5545; invitations by e-mail, RFC 5546 and 6047).

`icalendar` writes, folds and escapes; what a meeting says in it stands here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText

from portal.core.languages import Worded

PRODUCT = "-//Salud y Migracion//Portal//ES"
HOUR = timedelta(hours=1)
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
YEARS_ASKED = 5
"""So many years a rule must hold before it is written as one."""


@dataclass(frozen=True)
class Party:
    """Somebody in a calendar: the organiser, or whom the message is for."""

    name: str
    email: str

    def address(self) -> vCalAddress:
        """Quotation marks end a name in a calendar, so they become single ones."""
        address = vCalAddress(f"mailto:{self.email}")
        address.params["CN"] = " ".join(self.name.replace('"', "'").split())
        return address


@dataclass(frozen=True)
class Entry:
    """What a calendar learns of a meeting, in the words of one recipient."""

    uid: str
    sequence: int
    stamp: datetime
    starts: datetime
    ends: datetime
    """Both by the clocks of the meeting's zone (ZoneInfo)."""
    title: Worded
    description: str
    location: str
    url: str
    organizer: Party
    attendee: Party
    is_titular: bool = True
    blocks_time: bool = True
    is_cancelled: bool = False

    @property
    def method(self) -> str:
        return "CANCEL" if self.is_cancelled else "REQUEST"

    def as_bytes(self) -> bytes:
        """The whole calendar: one event for one attendee, with the time zone it stands in."""
        calendar = Calendar()
        calendar.add("prodid", PRODUCT)
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("method", self.method)
        calendar.add_component(zone_of(self.starts.tzinfo, self.starts, self.ends))
        calendar.add_component(self._event())
        return calendar.to_ical()

    def _event(self) -> Event:
        event = Event()
        event.add("uid", self.uid)
        event.add("sequence", self.sequence)
        event.add("dtstamp", self.stamp.astimezone(UTC).replace(microsecond=0))
        event.add("dtstart", self.starts)
        event.add("dtend", self.ends)
        event.add("summary", str(self.title), parameters={"LANGUAGE": self.title.language})
        event.add("description", self.description)
        if self.location:
            event.add("location", self.location)
        if self.url:
            event.add("conference", self.url, parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
        event.add("status", "CANCELLED" if self.is_cancelled else "CONFIRMED")
        event.add("transp", "OPAQUE" if self.blocks_time else "TRANSPARENT")
        event.add("organizer", self.organizer.address(), encode=False)
        event.add("attendee", self._attendee(), encode=False)
        return event

    def _attendee(self) -> vCalAddress:
        attendee = self.attendee.address()
        attendee.params["CUTYPE"] = vText("INDIVIDUAL")
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT" if self.is_titular else "OPT-PARTICIPANT")
        attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
        attendee.params["RSVP"] = vText("TRUE")
        return attendee


# --- Time zones ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A moment at which the clocks of a zone are put forward or back."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool

    @property
    def onset(self) -> datetime:
        """By the clocks as they were until then, as a calendar wants it."""
        return (self.at + self.before).replace(tzinfo=None)

    @property
    def rule(self) -> dict[str, object]:
        """ "The last Sunday of March": the same every year, if the zone keeps to it."""
        day = self.onset
        is_last = (day + timedelta(days=7)).month != day.month
        week = -1 if is_last else (day.day - 1) // 7 + 1
        return {"freq": "yearly", "bymonth": day.month, "byday": f"{week}{WEEKDAYS[day.weekday()]}"}


def zone_of(zone: ZoneInfo, begins: datetime, ends: datetime) -> Timezone:
    """
    VTIMEZONE for that span, with the rules by which the zone changes its clocks.

    Not `Timezone.from_tzinfo`: it gives the onset of summer time by the new clocks, one hour late (icalendar 7.3).
    """
    found = Timezone()
    found.add("tzid", zone.key)
    since, until = begins.year - 1, ends.year + YEARS_ASKED
    changes = list(_changes(zone, since, until))
    needed = [change for change in changes if change.onset.year <= ends.year]
    if not needed:
        found.add_component(_observance(zone, begins))
    for kind in dict.fromkeys((change.name, change.before, change.after) for change in needed):
        same = [change for change in changes if (change.name, change.before, change.after) == kind]
        found.add_component(_observed(same, until=ends.year, years=until - since + 1))
    return found


def _changes(zone: ZoneInfo, since: int, until: int) -> Iterator[Change]:
    """Every change of the clocks in these years, hour by hour where two days differ."""
    first, last = datetime(since, 1, 1, tzinfo=UTC), datetime(until + 1, 1, 1, tzinfo=UTC)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    for day, following in pairwise(days):
        if day.astimezone(zone).utcoffset() == following.astimezone(zone).utcoffset():
            continue
        at = next(m for m in _quarters(day) if m.astimezone(zone).utcoffset() != day.astimezone(zone).utcoffset())
        after = at.astimezone(zone)
        yield Change(at, day.astimezone(zone).utcoffset(), after.utcoffset(), after.tzname() or "", bool(after.dst()))


def _quarters(day: datetime) -> Iterator[datetime]:
    return (day + timedelta(minutes=15) * n for n in range(1, 97))


def _observed(changes: list[Change], *, until: int, years: int) -> TimezoneStandard | TimezoneDaylight:
    """Changes of one kind: by their rule if they keep to one in all these years, else day by day."""
    first = changes[0]
    part = TimezoneDaylight() if first.is_summer else TimezoneStandard()
    part.DTSTART, part.TZOFFSETFROM, part.TZOFFSETTO = first.onset, first.before, first.after
    part.add("tzname", first.name)
    follows = all(change.rule == first.rule and change.onset.time() == first.onset.time() for change in changes)
    if follows and len(changes) == years:
        part.add("rrule", first.rule)
    elif others := [change.onset for change in changes[1:] if change.onset.year <= until]:
        part.add("rdate", others)
    return part


def _observance(zone: ZoneInfo, at: datetime) -> TimezoneStandard:
    """A zone whose clocks are left alone."""
    part = TimezoneStandard()
    part.DTSTART = datetime(1970, 1, 1)
    part.TZOFFSETFROM = part.TZOFFSETTO = at.utcoffset()
    part.add("tzname", at.tzname() or zone.key)
    return part
