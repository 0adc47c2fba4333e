"""What every request passes: addresses that no database can hold are turned away, personal pages are not cached,
and those with the widest rights prove twice who they are."""

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver, reverse
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django_htmx.http import HttpResponseClientRedirect

from portal.core import second_factor

log = logging.getLogger(__name__)
Door = Callable[[HttpRequest], HttpResponse]


def refuse_unreadable_addresses(get_response: Door) -> Door:
    """
    A NUL in the path answers 400: PostgreSQL cannot store it, and no honest link holds one.

    Parameters are the forms' business: they drop what they can't read and still give a page.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path:
            raise BadRequest("The address holds a character that no address may hold.")
        return get_response(request)

    return middleware


def keep_private_pages_private(get_response: Door) -> Door:
    """What a signed-in person sees may differ from what the public sees, so no shared cache keeps it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    return middleware


OWN_ACCOUNT = ("account_", "mfa_", "usersessions_", "network:account", "network:invitation", "network:session_end")
OPEN_TO_ALL = ("admin:", "set_language", "network:join", "network:application", "steering:verify")
"""Where one proves who one is, what the admin guards itself, and what needs no account at all."""


class LetStaffProveItTwice:
    """Nobody who may enter the admin changes anything elsewhere with a password alone: one door, whatever the view."""

    def __init__(self, get_response: Door) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Door, _args: list, _named: dict) -> HttpResponse | None:
        name = request.resolver_match.view_name or ""
        if request.method in ("GET", "HEAD", "OPTIONS") or name.startswith(OWN_ACCOUNT + OPEN_TO_ALL):
            return None
        if not second_factor.is_wanting(request):
            return None
        messages.info(request, gettext("Nothing was changed yet: first show once more that it is you."))
        goal = second_factor.where_to(request.user)
        answer = redirect_to_login(_page_before(request), goal)
        return HttpResponseClientRedirect(answer.url) if request.htmx else answer


def _page_before(request: HttpRequest) -> str:
    """The page whose form was sent, to come back to."""
    address = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return urlsplit(address).path
    return reverse("desk")


class RefuseUnstorableValues:
    """
    A value no column can hold (a number of forty digits, a NUL) answers 400, whichever form or filter let it through.

    The databases tell of it differently: SQLite's driver overflows, PostgreSQL refuses the data.
    """

    def __init__(self, get_response: Door) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OverflowError | DataError):
            return None
        log.warning("A value that can't be stored was refused at %s", request.path, exc_info=exception)
        return get_resolver().resolve_error_handler(400)(request, exception=exception)
