"""Days and hours as committees count them."""

from calendar import monthrange
from datetime import date, timedelta


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or that month's last: 31 January and one month is 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day_of(since: date, months: int) -> date:
    """The last day of a term of so many months that begins on this day."""
    return months_later(since, months) - timedelta(days=1)
