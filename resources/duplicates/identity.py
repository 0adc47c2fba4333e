"""Identifiers as they may have been written, and those that editions of one work have in common."""

import re

from django.db.models import Q

from resources.identifiers import clean_doi, clean_isbn, is_isbn

LANGUAGE_ENDING = re.compile(r"[._/-](?:es|en|pt|fr|spa|eng|sp)$")
ENDINGS = ["", ".es", ".en", ".pt", "-es", "-en", "_es", "_en", "/es", "/en", ".spa", ".eng", "-spa", "-eng"]
FAMILY = 10
"""First digits of an ISBN-13 shared by what one publisher brought out at about the same time."""


def doi_family(doi: str) -> str:
    """A DOI without the language at its end: some publishers give each translation one."""
    return LANGUAGE_ENDING.sub("", clean_doi(doi))


def isbn13(isbn: str) -> str:
    """The thirteen digits of a valid ISBN of either length, else "" (ISO 2108)."""
    digits = clean_isbn(isbn)
    if not is_isbn(digits):
        return ""
    if len(digits) == 13:
        return digits
    body = "978" + digits[:9]
    check = -sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(body)) % 10
    return f"{body}{check}"


def isbn_forms(isbn: str) -> list[str]:
    """How the database may hold it: as given, and its bare digits in both lengths."""
    if not (digits := isbn13(isbn)):
        return []
    forms = [isbn.strip(), digits]
    if digits.startswith("978"):
        check = sum((10 - at) * int(digit) for at, digit in enumerate(digits[3:12])) % 11
        forms.append(digits[3:12] + "0123456789X"[-check % 11])
    return list(dict.fromkeys(forms))


def address(url: str) -> str:
    """An address without what makes no difference: scheme, www, a slash or fragment at its end."""
    return re.sub(r"^(?:https?://)?(?:www\.)?|#[^#]*$", "", url.strip(), flags=re.IGNORECASE).rstrip("/")


def address_forms(url: str) -> list[str]:
    bare = address(url)
    if "/" not in bare:
        return []  # a body's front page is the source of many works
    return [f"{scheme}://{www}{bare}{end}" for scheme in ("https", "http") for www in ("", "www.") for end in ("", "/")]


def matching(doi: str, isbn: str, source_url: str) -> Q | None:
    """Rows that may have one of these identifiers, or the DOI of another language; None without any."""
    found = Q()
    if doi:
        found |= Q(doi__in=[doi_family(doi) + ending for ending in ENDINGS] + [clean_doi(doi)])
    if forms := isbn_forms(isbn):
        found |= Q(isbn__in=forms)
    if forms := address_forms(source_url):
        found |= Q(source_url__in=forms)
    return found or None
