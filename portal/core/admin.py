"""The one admin site: Django's own, in the words of a committee's secretary."""

from typing import Any

from allauth.account.utils import get_next_redirect_url
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from portal.core import second_factor


class MesaAdminSite(admin.AdminSite):
    """Stock admin with our name; who may enter follows from roles, not from a flag, and takes a second factor."""

    site_header = "Salud y Migración"
    site_title = "Salud y Migración"
    index_title = _("Administration")
    empty_value_display = _("no data")
    enable_nav_sidebar = True

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """Models by app; those whose page names a `task` stand together under that instead."""
        listed = []
        for app in super().get_app_list(request, app_label):
            tasks: dict[str, list[dict]] = {}
            for entry in app["models"]:
                task = getattr(self._registry[entry["model"]], "task", None)
                tasks.setdefault(str(task or app["name"]), []).append(entry)
            listed += [{**app, "name": name, "models": models} for name, models in tasks.items()]
        return listed

    def has_permission(self, request: HttpRequest) -> bool:
        return _may_enter(request) and second_factor.was_given(request)

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The site's own sign-in, then whatever this person still has to show."""
        goal = get_next_redirect_url(request) or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(goal)
        if not _may_enter(request):
            raise PermissionDenied
        if self.has_permission(request):
            return redirect(goal)
        if not second_factor.has_one(request.user):
            messages.info(request, gettext("To enter the administration, first set up a second factor."))
        return redirect_to_login(goal, second_factor.where_to(request.user))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The site's own page, which counts tries and tells the person by letter."""
        return redirect("account_change_password")


def _may_enter(request: HttpRequest) -> bool:
    return request.user.is_active and getattr(request.user, "is_staff", False)
