"""The links by which an applicant comes back: the one the browser is on, and those that came by e-mail."""

from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import override

from network.models import Application
from portal.core import links

PURPOSE = "application"
VALID = timedelta(days=90)
"""Every letter brings a fresh one."""
EVER = timedelta(days=3650)


class Opened(NamedTuple):
    """What a link opens, and whether it came by e-mail: then the address is the applicant's own."""

    application: Application
    is_mailed: bool


def token(application: Application, *, mailed: bool = False) -> str:
    """A mailed one dies when the e-mail address of the application changes."""
    return links.token(PURPOSE, application.pk, _mark(application.contact_email) if mailed else "")


def path(application: Application, *, mailed: bool = False) -> str:
    """In the language the applicant chose."""
    with override(application.language):
        return reverse("network:application", args=[token(application, mailed=mailed)])


def address(application: Application) -> str:
    """What a letter carries."""
    return settings.SITE_URL + path(application, mailed=True)


def read(token: str, *, valid: timedelta = VALID) -> Opened:
    """Raises `OldLink` for one whose time is over or whose address has changed, `BrokenLink` for anything else."""
    key, mark = links.read(PURPOSE, token, valid=valid)
    application = Application.objects.filter(pk=key).first()
    if application is None:
        raise links.BrokenLink
    if mark and mark != _mark(application.contact_email):
        raise links.OldLink
    return Opened(application, bool(mark))


def owner(token: str) -> Application | None:
    """Whose link this once was, also when it is too old to open anything: a new one may be sent to their address."""
    try:
        key, _mark = links.read(PURPOSE, token, valid=EVER)
    except links.BrokenLink:
        return None
    return Application.objects.filter(pk=key).first()


def _mark(email: str) -> str:
    return salted_hmac(PURPOSE, email.lower(), algorithm="sha256").hexdigest()[:16]
