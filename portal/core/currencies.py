"""Currencies by their ISO 4217 codes, and amounts as a reader of either language writes them."""

from decimal import Decimal
from functools import cache

from babel import Locale
from babel.core import get_global
from babel.numbers import format_currency, format_decimal
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

OF_THE_REGION = ["USD", "EUR", "CRC", "GTQ", "HNL", "NIO", "MXN", "BZD", "PAB", "DOP"]
"""What contributions of the region are written in, offered first."""

WRITTEN_AS = {"es": "es_419"}
"""Spain writes 12.500,00; Central America and Mexico don't."""

AMOUNT = {"max_digits": 15, "decimal_places": 2}
"""Of every amount of money: fifteen digits is what SQLite keeps exactly."""


@cache
def codes() -> frozenset[str]:
    """Every code ISO 4217 has given, also of currencies that are no more: old agreements name them."""
    return frozenset(get_global("all_currencies"))


def validate_currency(code: str) -> None:
    if code not in codes():
        sentence = _("There is no currency %(code)s: write the three letters of ISO 4217, such as USD or GTQ.")
        raise ValidationError(sentence, params={"code": code}, code="currency")


def name_of(code: str) -> str:
    return _names(get_language() or "es").get(code, code)


@cache
def _names(language: str) -> dict[str, str]:
    return dict(Locale(language).currencies)


def number(value: Decimal) -> str:
    """`12,500.5`: all its digits and no more, with the point and comma of the region."""
    return format_decimal(value.normalize(), locale=_locale(), decimal_quantization=False)


def shown(amount: Decimal, currency: str) -> str:
    """
    `12,500.00 USD`: with the code, as the region's currencies share their signs, and the point and comma of the region.
    """
    return format_currency(amount, currency, format="#,##0.00 ¤¤", locale=_locale(), currency_digits=False)


def _locale() -> str:
    return WRITTEN_AS.get(get_language() or "es", "en")
