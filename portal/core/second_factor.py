"""
The second factor of whoever may enter the admin: an app's code, a passkey, or a recovery code kept for a bad day.

A password alone opens the rest of the portal to a person. It does not open the admin, neither to them nor to somebody
who found it out.
"""

import time

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse

from portal.core.models import Mark

KINDS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
"""What counts as one. Recovery codes stand in for these and are nothing without them."""

HOLDS = 12 * 60 * 60
"""Seconds after which whoever opens a page of the admin shows again who they are."""

IDLE = 2 * 60 * 60
"""The same when nobody did anything meanwhile: a machine that somebody left."""

ACTIVE = "active_at"
NOTED_EVERY = 5 * 60


def has_one(user: AbstractBaseUser) -> bool:
    return is_mfa_enabled(user, KINDS)


def was_given(request: HttpRequest) -> bool:
    """Was this session opened with a second factor that the person still has, not too long ago?"""
    return is_waived() or (_was_lately(request) and has_one(request.user))


def _was_lately(request: HttpRequest) -> bool:
    """A form that lay open may still be sent when a page would ask again, so that nothing typed is lost."""
    records = get_authentication_records(request, request.user)
    if not any(record["method"] == "mfa" for record in records):
        return False
    now, proved = time.time(), records[-1]["at"]
    active = max(proved, request.session.get(ACTIVE, 0))
    is_reading = request.method in ("GET", "HEAD")
    holds = now - proved < HOLDS and now - active < IDLE if is_reading else now - active < HOLDS
    if holds and now - active > NOTED_EVERY:
        request.session[ACTIVE] = now
    return holds


def is_wanting(request: HttpRequest) -> bool:
    """Is this somebody who may enter the admin, signed in with a password alone or too long ago?"""
    return _is_staff(request) and not was_given(request)


def should_be_asked_for(request: HttpRequest) -> bool:
    """The same for every page to say so, without a query for those who gave it."""
    return _is_staff(request) and not _was_lately(request) and not is_waived()


def _is_staff(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.is_staff


def is_waived() -> bool:
    """Only in the demo, whose passwords everybody knows: a database that bears its mark, on a developer's machine."""
    return settings.DEBUG and Mark.objects.filter(name__startswith="demo:").exists()


def was_set_up(request: HttpRequest) -> None:
    """The first one of this person was proved in this session: it counts as opened with it, and all others end."""
    record_authentication(request, request.user, "mfa", set_up=True)
    for session in UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key):
        session.end()


def where_to(user: AbstractBaseUser) -> str:
    """The page on which this person gives the second factor, or sets one up."""
    if not has_one(user):
        return reverse("mfa_index")
    ways = {way["id"]: way["url"] for way in get_adapter().get_reauthentication_methods(user)}
    return ways.get("mfa_reauthenticate") or ways["mfa_reauthenticate:webauthn"]
