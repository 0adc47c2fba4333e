from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models import Organisation, Person
from steering.models.body import Body


class OfficeQuerySet(models.QuerySet["Office"]):
    def held(self, on: date) -> Self:
        return self.filter(Q(since__lte=on), Q(until__isnull=True) | Q(until__gte=on))

    def overlapping(self, other: "Office") -> Self:
        """The same office of the same body, on a day of this one."""
        rows = self.filter(Q(until__isnull=True) | Q(until__gte=other.since), body=other.body_id, kind=other.kind)
        if other.until:
            rows = rows.filter(since__lte=other.until)
        return rows.exclude(pk=other.pk)


class Office(models.Model):
    """Who presides, stands in or keeps the minutes of a body, from when to when."""

    class Kind(models.TextChoices):
        PRESIDENCY = "presidency", _("Presidency pro tempore")
        VICE = "vice", _("Vice-presidency")
        SECRETARIAT = "secretariat", _("Secretariat")

    body = models.ForeignKey(Body, models.PROTECT, related_name="offices", verbose_name=_("body"))
    kind = models.CharField(_("office"), max_length=20, choices=Kind)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="offices", verbose_name=_("organisation")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="offices", verbose_name=_("person")
    )
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("Last day; empty while it is open."))

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["body", "kind", "-since"]
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="office_ends_after_it_begins",
                violation_error_message=_("The last day can't lie before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.organisation.short_name}"

    def clean(self) -> None:
        super().clean()
        if not (self.body_id and self.kind and self.since and self.organisation_id):
            return
        if other := Office.objects.overlapping(self).select_related("organisation").first():
            raise ValidationError(_("%(name)s holds this office at that time.") % {"name": other.organisation})
