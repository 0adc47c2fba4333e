"""What a field of a work said before somebody changed it, kept for good."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from resources.models.gathering import FieldOrigin
from resources.models.resource import Resource


class Unchangeable(Exception):
    """What was written down stays written down."""


class FieldChangeQuerySet(models.QuerySet["FieldChange"]):
    """Rows are added and read. Only the end of their work takes them away: a cascade goes by the base manager."""

    def update(self, **values: Any) -> NoReturn:
        raise Unchangeable

    def delete(self) -> NoReturn:
        raise Unchangeable


class FieldChange(models.Model):
    """
    One field of a work that said one thing before and says another since; both values are what JSON holds.

    A value that came in with the work has no row: it is what the first change found, or what the field says today.
    """

    class How(models.TextChoices):
        """By which door, where origin and name do not tell."""

        WRITTEN = "written", _("Changed")
        MERGED = "merged", _("Put together with another document")
        UNDONE = "undone", _("A list was taken back out")

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="field_changes", verbose_name=_("document"))
    field = models.CharField(_("field"), max_length=40)
    before = models.JSONField(_("before"))
    after = models.JSONField(_("after"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    how = models.CharField(_("how"), max_length=10, choices=How, default=How.WRITTEN)
    origin = models.CharField(_("origin"), max_length=12, choices=FieldOrigin.Origin, blank=True)
    detail = models.CharField(_("more exactly"), max_length=200, blank=True)
    before_origin = models.CharField(_("origin before"), max_length=12, choices=FieldOrigin.Origin, blank=True)
    before_detail = models.CharField(_("more exactly, before"), max_length=200, blank=True)

    objects = FieldChangeQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("change of a field")
        verbose_name_plural = _("changes of fields")

    def __str__(self) -> str:
        return f"{self.field} · {self.at:%Y-%m-%d}"

    def save(self, **options: Any) -> None:
        if self.pk is not None:
            raise Unchangeable
        super().save(**options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise Unchangeable
