"""Identifiers of publications: how people write them, and how we keep them."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

DOI = re.compile(r"10\.\d{4,9}/\S{1,180}", re.ASCII)
"""The registrant's prefix and any suffix (DOI Handbook, section 3)."""


def clean_doi(text: str) -> str:
    """`https://doi.org/10.1/X`, `doi: 10.1/x` and the like as the bare DOI in lower case."""
    return re.sub(r"^\s*(https?://(dx\.)?doi\.org/|doi:)\s*", "", text, flags=re.IGNORECASE).strip().lower()


def validate_doi(text: str) -> None:
    if not DOI.fullmatch(clean_doi(text)):
        raise ValidationError(_("This is not a DOI: it looks like 10.2471/BLT.07.046979."), code="doi")


def clean_isbn(text: str) -> str:
    """The digits (and a final X) alone."""
    return re.sub(r"[^0-9X]", "", text.upper())


def validate_isbn(text: str) -> None:
    if not is_isbn(clean_isbn(text)):
        raise ValidationError(_("This is not an ISBN: check its digits."), code="isbn")


def is_isbn(digits: str) -> bool:
    """Is the check digit right? ISBN-10 modulo 11, ISBN-13 modulo 10 (ISO 2108)."""
    if re.fullmatch(r"\d{9}[\dX]", digits):
        return sum((10 - i) * (10 if d == "X" else int(d)) for i, d in enumerate(digits)) % 11 == 0
    return (
        bool(re.fullmatch(r"97[89]\d{10}", digits))
        and sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10 == 0
    )
