"""Doors of views: who has to sign in first, and where they come out."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse


def sign_in_first(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For steps that are only posted: signing in leads to the desk, not to an address that can't be read."""

    @wraps(view)
    def inner(request: HttpRequest, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(reverse("desk"))
        return view(request, **kwargs)

    return inner
