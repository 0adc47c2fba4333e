"""Publication dates as people write them: a year, a month of a year, or a day."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

WRITTEN = re.compile(r"(?P<year>\d{4})(?:[-/](?P<month>\d{1,2})(?:[-/](?P<day>\d{1,2}))?)?")
"""ISO 8601 dates of reduced precision."""

Parts = tuple[int | None, int | None, int | None]


class PartialDateField(forms.CharField):
    """One field for 2016, 2016-10 and 2016-10-12; gives (year, month, day), None where it is not known."""

    default_error_messages = {
        "unreadable": _("Write the date as 2016, 2016-10 or 2016-10-12."),
        "impossible": _("There is no such day in the calendar."),
    }

    def to_python(self, value: str | None) -> Parts:
        text = super().to_python(value)
        if not text:
            return (None, None, None)
        if not (found := WRITTEN.fullmatch(text)):
            raise ValidationError(self.error_messages["unreadable"], code="unreadable")
        year, month, day = (int(part) if part else None for part in found.groups())
        self._check(year, month, day)
        return (year, month, day)

    def _check(self, year: int, month: int | None, day: int | None) -> None:
        try:
            date(year, month or 1, day or 1)
        except ValueError:
            raise ValidationError(self.error_messages["impossible"], code="impossible") from None
        if not 1500 <= year <= 2200:
            raise ValidationError(self.error_messages["impossible"], code="impossible")

    def validate(self, value: Parts) -> None:
        if self.required and not value[0]:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Parts) -> None:
        pass

    def prepare_value(self, value: object) -> object:
        return written(*value) if isinstance(value, tuple) else value


def written(year: int | None, month: int | None, day: int | None) -> str:
    """ISO 8601 with as much as is known; empty without a year."""
    parts = [f"{year:04}"] if year else []
    parts += [f"{part:02}" for part in (month, day if month else None) if part and year]
    return "-".join(parts)


def sound_date(year: int | None, month: int | None, day: int | None) -> Parts:
    """As much of a date somebody found as can be true."""
    if not year or not 1500 <= year <= 2200:
        return (None, None, None)
    for parts in ((year, month, day), (year, month, None)):
        try:
            date(year, parts[1] or 1, parts[2] or 1)
        except ValueError:
            continue
        if parts[1] or not parts[2]:
            return parts
    return (year, None, None)
