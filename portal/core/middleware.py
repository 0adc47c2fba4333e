"""What every request passes: addresses that no database can hold are turned away, personal pages are not cached."""

import logging
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver
from django.utils.cache import patch_cache_control

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
