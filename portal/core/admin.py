"""The one admin site: Django's own, in the words of a committee's secretary."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class MesaAdminSite(admin.AdminSite):
    """Stock admin with our name; who may enter follows from roles, not from a flag."""

    site_header = "Salud y Migración"
    site_title = "Salud y Migración"
    index_title = _("Administration")
    empty_value_display = _("no data")
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and getattr(request.user, "is_staff", False)
