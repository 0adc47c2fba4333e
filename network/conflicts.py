"""Who is too close to an applicant to record the outcome, and which organisations an application may be about."""

import unicodedata
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from network.models import Application, Organisation, User

ANYBODYS = {
    "gmail.com", "googlemail.com", "hotmail.com", "hotmail.es", "outlook.com", "outlook.es", "live.com", "msn.com",
    "yahoo.com", "yahoo.es", "yahoo.com.mx", "ymail.com", "icloud.com", "me.com", "aol.com", "protonmail.com",
    "proton.me", "gmx.com", "gmx.es", "mail.com", "zoho.com",
}  # fmt: skip
"""Mail providers whose domain says nothing about where somebody works."""


def conflict_of(user: User, application: Application) -> str:
    """Why this person can't record the outcome, in a sentence; empty when they can."""
    if application.conflicts.filter(user=user).exists():
        return _("You have declared a conflict of interest with this application.")
    known = {row.pk for row in namesakes(application)} | {application.organisation_id}
    if user.roles.in_force().filter(organisation__in=known - {None}).exists():
        return _("You act for this organisation, so somebody else has to record the outcome.")
    if _domain(user.email) in _domains(application):
        return _("Your e-mail address is of this organisation, so somebody else has to record the outcome.")
    return ""


def namesakes(application: Application) -> list[Organisation]:
    """Organisations the portal knows by the same name or website: perhaps the same one."""
    return known_as(application.names, application.website)


def known_as(names: list[str], website: str = "") -> list[Organisation]:
    wanted, host = {plain(name) for name in names if name.strip()}, host_of(website)
    return [
        row
        for row in Organisation.objects.standing()
        if wanted & {plain(row.name_es or ""), plain(row.name_en or "")} or (host and host == host_of(row.website))
    ]


def plain(name: str) -> str:
    """Without accents, capitals and punctuation: how two spellings of one name are alike."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c)).split())


def host_of(website: str) -> str:
    try:
        return (urlsplit(website).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _domains(application: Application) -> set[str]:
    return {_domain(application.contact_email), host_of(application.website)} - ANYBODYS - {""}


def _domain(email: str) -> str:
    return email.rpartition("@")[2].lower()
