"""Values of indicators: how people type them, what they can be, and when to ask whether one is right."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.refused import Refused
from portal.core.templatetags.portal import exact
from steering.models import IndicatorTerms
from steering.models.indicator import VALUE

NUMBER = re.compile(r"([-−]?)(\d+|\d{1,3}(?:[.,'’\s]\d{3})+)(?:[.,](\d{1,2}))?")
"""With two decimals at most, three digits after a point or comma are thousands."""
UNCLEAR = re.compile(r"[-−]?\d{1,3}[.,]\d{3}")
"""In one country fifteen hundred, in its neighbour one and a half."""


@dataclass(frozen=True)
class Actual:
    """Where an indicator stands by its approved reports."""

    value: Decimal | None
    """In its measure; None for one that is told in words."""
    quarter: int
    """The last one that was reported on."""
    share: Decimal | None
    """Of the way from baseline to target, as `IndicatorTerms.share`."""
    words: str
    """The narrative of that report."""


class Unsure(Refused):
    """A value that may well be right, but that somebody should look at twice."""


class ValueField(forms.Field):
    """A number as people write it in the region: `1500.5`, `1,500.50`, `1.500,5` and `1 500,5` are the same."""

    widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "maxlength": 40})

    def to_python(self, value: str | None) -> Decimal | None:
        return parse(value) if (value or "").strip() else None

    def prepare_value(self, value: object) -> object:
        """Without zeros that nobody typed."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def parse(text: str) -> Decimal:
    """Raises `ValidationError` in the words of whoever typed it."""
    text = text.strip().removesuffix("%").rstrip()
    if UNCLEAR.fullmatch(text):
        told = _("Three digits after a point or a comma can be thousands or decimals: write it as 1500 or as 1.5.")
        raise ValidationError(told)
    found = NUMBER.fullmatch(text)
    if found is None:
        raise ValidationError(_("Write a number, with two decimals at most, such as 1500 or 12.5."))
    sign, whole, decimals = found.groups()
    digits = re.sub(r"\D", "", whole).lstrip("0")
    if len(digits) > VALUE["max_digits"] - VALUE["decimal_places"]:
        most = VALUE["max_digits"] - VALUE["decimal_places"]
        raise ValidationError(_("That number is too long: at most %(n)d digits before the decimals.") % {"n": most})
    return Decimal(f"{'-' if sign else ''}{digits or 0}.{decimals or 0}")


def standings(terms: IndicatorTerms, reported: Iterable[Decimal | None]) -> list[Decimal | None]:
    """
    Where an indicator stands after each of its reports, in the order of the quarters; None where none gave a value.

    One that counts up begins at its baseline, and each report adds to it; otherwise each tells how things stand.
    """
    stands, found = terms.baseline or Decimal(0), []
    for value in reported:
        if value is not None:
            stands = stands + value if terms.cumulative else value
        found.append(None if value is None else stands)
    return found


def check(terms: IndicatorTerms, value: Decimal, before: Actual | None, *, is_right: bool) -> None:
    """
    `before` is where it stood by the quarters before.

    Raises `Refused` for what can't be, and `Unsure` for one that goes the wrong way unless somebody says it is right.
    """
    stood = before.value if before and before.value is not None else terms.baseline
    stands = (stood or Decimal(0)) + value if terms.cumulative else value
    if terms.measure == IndicatorTerms.Measure.PERCENTAGE and not (0 <= stands <= 100):
        raise Refused({"value": _("A percentage lies between 0 and 100.")})
    if is_right or stood is None:
        return
    if terms.cumulative and value < 0:
        raise Unsure({"value": _("This indicator counts up, and this takes away. Is it right? Then tick it below.")})
    goes_wrong = stands < stood if terms.ascending else stands > stood
    if goes_wrong and not terms.cumulative:
        sentence = (
            _("It was %(before)s before and is meant to go up. Is this right? Then tick it below.")
            if terms.ascending
            else _("It was %(before)s before and is meant to go down. Is this right? Then tick it below.")
        )
        raise Unsure({"value": sentence % {"before": exact(stood)}})
