"""What calendars are told, against the rules of RFC 5545 and 5546."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Timezone

from portal.core.languages import Worded
from steering.ical import Entry, Party, zone_of

STAMP = datetime(2026, 1, 5, 6, 30, 15, 123456, tzinfo=ZoneInfo("America/Guatemala"))


def entry(zone: str = "Europe/Madrid", day: datetime = datetime(2026, 10, 24, 9), **changed: object) -> Entry:
    starts = day.replace(tzinfo=ZoneInfo(zone))
    given = {
        "uid": "b7f1@example.org",
        "sequence": 3,
        "stamp": STAMP,
        "starts": starts,
        "ends": starts + timedelta(hours=3),
        "title": Worded("Reunión", "es"),
        "description": "Orden del día",
        "location": "Sala",
        "url": "",
        "organizer": Party("Comité Directivo", "comite@example.org"),
        "attendee": Party("Ana Pérez", "ana@example.org"),
    }
    return Entry(**given | changed)


def read(one: Entry) -> Calendar:
    return Calendar.from_ical(one.as_bytes())


def test_what_an_invitation_must_hold() -> None:
    calendar = read(entry())
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "REQUEST")
    assert calendar["PRODID"]
    (event,) = calendar.walk("VEVENT")
    assert (event["UID"], event["SEQUENCE"], event["STATUS"], event["TRANSP"]) == (
        "b7f1@example.org", 3, "CONFIRMED", "OPAQUE",
    )  # fmt: skip
    assert event.to_ical().count(b"\r\nATTENDEE") == 1
    assert event["ORGANIZER"] == "mailto:comite@example.org"
    attendee = event["ATTENDEE"]
    assert attendee == "mailto:ana@example.org"
    assert (attendee.params["CN"], attendee.params["RSVP"], attendee.params["PARTSTAT"]) == (
        "Ana Pérez", "TRUE", "NEEDS-ACTION",
    )  # fmt: skip
    assert event["SUMMARY"].params["LANGUAGE"] == "es"


def test_times_stand_in_the_zone_of_the_meeting_and_the_stamp_in_utc() -> None:
    text = entry().as_bytes().decode()
    assert "DTSTART;TZID=Europe/Madrid:20261024T090000\r\n" in text
    assert "DTEND;TZID=Europe/Madrid:20261024T120000\r\n" in text
    assert "DTSTAMP:20260105T123015Z\r\n" in text


def test_a_cancellation_takes_the_same_entry_out() -> None:
    calendar = read(entry(is_cancelled=True, sequence=4))
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["STATUS"], event["UID"], event["SEQUENCE"]) == (
        "CANCEL", "CANCELLED", "b7f1@example.org", 4,
    )  # fmt: skip
    assert event["ATTENDEE"]
    assert event["ORGANIZER"]


def test_by_correspondence_the_whole_span_is_shown_as_free() -> None:
    (event,) = read(entry(blocks_time=False)).walk("VEVENT")
    assert event["TRANSP"] == "TRANSPARENT"


@pytest.mark.parametrize(
    "text",
    ["a" * 200, "ñ" * 200, "día; coma, y \\ barra\nsegunda línea", "BEGIN:VEVENT\r\nATTENDEE:mailto:x@y", "🗓" * 60],
)
def test_lines_are_folded_and_texts_escaped(text: str) -> None:
    one = entry(description=text, title=Worded(text, "es"), location=text)
    raw = one.as_bytes()
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    for line in raw.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # never folded within a letter
    (event,) = read(one).walk("VEVENT")
    assert str(event["DESCRIPTION"]) == text.replace("\r\n", "\n")
    assert raw.replace(b"\r\n ", b"").count(b"\r\nATTENDEE") == 1


@pytest.mark.parametrize("name", ['María "Mari" López, Dra.; PhD: x', "Dos\r\nATTENDEE:mailto:otra@example.org"])
def test_no_name_breaks_out_of_its_place(name: str) -> None:
    (event,) = read(entry(attendee=Party(name, "ana@example.org"))).walk("VEVENT")
    assert event["ATTENDEE"] == "mailto:ana@example.org"
    assert event["ATTENDEE"].params["CN"] == " ".join(name.replace('"', "'").split())


# --- Time zones ------------------------------------------------------------------------------------------------------

ZONES = [
    "America/Guatemala", "America/Tijuana", "America/New_York", "America/Santiago", "America/Asuncion",
    "Europe/Madrid", "Africa/Casablanca", "Australia/Lord_Howe", "Asia/Gaza", "UTC",
]  # fmt: skip


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("year", [2022, 2026])
def test_a_calendar_that_knows_no_zones_reads_the_hours_right(name: str, year: int) -> None:
    """Every six hours of the year, by the rules in the message alone."""
    zone = ZoneInfo(name)
    begins = datetime(year, 6, 1, 9, tzinfo=zone)
    made = zone_of(zone, begins, begins + timedelta(hours=3))
    told = Timezone.from_ical(made.to_ical()).to_tz(lookup_tzid=False)
    hours = [datetime(year, 1, 1, 4, 30, tzinfo=UTC) + timedelta(hours=6 * n) for n in range(4 * 364)]
    assert [hour for hour in hours if hour.astimezone(told).utcoffset() != hour.astimezone(zone).utcoffset()] == []


def test_summer_time_begins_by_the_clocks_before_it() -> None:
    """RFC 5545, 3.6.5: the onset is in the local time of the offset that was in use until then."""
    text = entry().as_bytes().decode()
    summer = text[text.index("BEGIN:DAYLIGHT") : text.index("END:DAYLIGHT")]
    assert "DTSTART:20250330T020000" in summer
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in summer
    assert "TZOFFSETFROM:+0100" in summer
    assert "TZOFFSETTO:+0200" in summer


@pytest.mark.parametrize("day", [24, 26])  # before and after the clocks change
def test_the_zone_in_the_message_is_the_one_its_times_name(day: int) -> None:
    calendar = read(entry(day=datetime(2026, 10, day, 9)))
    (zone,) = calendar.walk("VTIMEZONE")
    (event,) = calendar.walk("VEVENT")
    assert zone["TZID"] == event["DTSTART"].params["TZID"] == event["DTEND"].params["TZID"] == "Europe/Madrid"
    told = zone.to_tz(lookup_tzid=False)
    local = event.start.replace(tzinfo=told)
    assert local.astimezone(UTC).hour == (7 if day == 24 else 8)
