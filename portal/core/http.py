"""Helpers of views."""

from collections.abc import Callable

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def render_part(request: HttpRequest, template: str, context: dict[str, object], *, part: str) -> HttpResponse:
    """The whole page, or only its partial `part` when htmx asks for it."""
    wanted = f"{template}#{part}" if request.htmx and not request.htmx.history_restore_request else template
    response = render(request, wanted, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def afterwards(response: HttpResponse, action: Callable[[], None]) -> None:
    """Do something once the reader has the answer."""
    close = response.close

    def act_and_close() -> None:
        try:
            action()
        finally:
            close()

    response.close = act_and_close


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: behind our own proxy, what that proxy wrote last; the rest anybody may write."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")


def page_number(value: str | None) -> int:
    """A page number out of a parameter: 1 for anything that is none; far too large ones are the caller's to bound."""
    text = (value or "").strip()
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def paginate(items: object, value: str | None, *, size: int) -> Page:
    """The page a reader asked for, or the nearest there is."""
    return Paginator(items, size).get_page(page_number(value))
