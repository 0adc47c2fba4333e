"""Days and hours as committees count them."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.core import get_global
from django.utils.translation import gettext as _

from portal.core.refused import Refused

CAPITALS = {"MX": "America/Mexico_City", "US": "America/New_York", "CA": "America/Toronto", "ES": "Europe/Madrid"}
"""Whose clocks are meant in countries that have several zones."""


def zone_in(country: str) -> ZoneInfo | None:
    """The zone of a country (ISO code); None where it has several and nobody has said which one is meant."""
    territories = get_global("zone_territories")
    zones = [name for name, code in territories.items() if code == country and "/" in name]
    name = CAPITALS.get(country) or (zones[0] if len(zones) == 1 else "")
    return ZoneInfo(name) if name else None


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or that month's last: 31 January and one month is 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day_of(since: date, months: int) -> date:
    """The last day of a term of so many months that begins on this day."""
    return months_later(since, months) - timedelta(days=1)


def moment(day: date, time: time, zone: str) -> datetime:
    """
    That hour on the clocks of that zone. Raises `Refused` for an hour that the clocks leave out there, or show twice,
    because they are put forward or back.
    """
    local = datetime.combine(day, time, ZoneInfo(zone))
    if local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Refused(_("That night the clocks of the time zone skip this hour: choose another one."))
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        raise Refused(_("That night the clocks of the time zone show this hour twice: choose another one."))
    return local.astimezone(UTC)
