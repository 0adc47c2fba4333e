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
"""Seconds after which the admin asks again who is there."""


def has_one(user: AbstractBaseUser) -> bool:
    return is_mfa_enabled(user, KINDS)


def was_given(request: HttpRequest) -> bool:
    """Was this session opened with a second factor that the person still has, not longer ago than a working day?"""
    if is_waived():
        return True
    records = get_authentication_records(request, request.user)
    given = any(record["method"] == "mfa" for record in records)
    return given and time.time() - records[-1]["at"] < HOLDS and has_one(request.user)


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
