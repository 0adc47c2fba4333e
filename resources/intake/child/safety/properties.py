"""Who and where: names of people, computers and folders that programs write into a file about its making."""

import re

from ..guess.authors import ACCOUNTS, HAS_ORGANISATION, PARTICLES
from ..guess.words import norm
from ..package import Package
from ..properties import Properties
from .notes import Notes

FOLDER = re.compile(
    r"(?:(?<![A-Za-z])[A-Za-z]:[\\/](?!/)|\\\\[\w.-]+\\|file:/{2,}|/(?:Users|home|mnt|media|Volumes|private)/)[^\s\"<>|*?]"
    r"(?:[^\"<>|*?\r\n]{0,200}[^\s\"<>|*?])?"
)
PROGRAMS = re.compile(
    r"microsoft|adobe|acrobat|libreoffice|openoffice|pdfium|skia|ghostscript|python|apache|apple|google|canva|quartz",
    re.IGNORECASE,
)
MAX_ACRONYM = 5  # of a body; login names are longer
# Elements of the parts with properties, as Office and OpenDocument call them.
NAMES = ("creator", "lastModifiedBy", "initial-creator", "printed-by", "Manager", "manager")
COMPANIES = ("Company", "company")


def office(package: Package, parts: list[str], head: str, notes: Notes) -> None:
    """Notes on the parts with properties of an office file."""
    for part in parts:
        found = package.parse(part, Properties())
        for name, values in found.values.items():
            for value in values:
                look(name, value, head, notes)


def look(name: str, value: str, head: str, notes: Notes) -> None:
    """Note one property. `head` is the printed text of the first pages: what stands there is no secret."""
    value = value.strip()
    if name in NAMES:
        person(value, head, notes)
    elif name in COMPANIES and is_unprinted(value, head):
        notes.add("company", "properties", excerpt=value, cleans=True)
    if match := FOLDER.search(value):
        notes.add("file_path", "properties", excerpt=match[0], cleans=True)


def person(
    value: str, head: str, notes: Notes, *, place: str = "properties", name: str = "", cleans: bool = True
) -> None:
    """Note a name, unless it is that of a body or program, or printed in the document as well."""
    if is_unprinted(value, head) and not HAS_ORGANISATION.search(value):
        notes.add("author", place, name, excerpt=value, cleans=cleans)


def is_unprinted(value: str, head: str) -> bool:
    words = norm(value).split()
    is_generic = all(word in ACCOUNTS or word in PARTICLES or word.isdigit() for word in words) or PROGRAMS.search(
        value
    )
    is_acronym = value.isupper() and value.isalpha() and len(value) <= MAX_ACRONYM
    return bool(words) and not (is_generic or is_acronym) and f" {' '.join(words)} " not in f" {norm(head)} "
