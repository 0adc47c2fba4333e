from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class CountryQuerySet(models.QuerySet["Country"]):
    def of_the_region(self) -> Self:
        """The countries the Initiative works in, from north to south."""
        return self.filter(position__gt=0).order_by("position")


class Country(models.Model):
    """A country or territory by its ISO 3166-1 alpha-2 code; names as the Unicode CLDR gives them."""

    code = models.CharField(_("ISO code"), max_length=2, primary_key=True)
    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(
        _("place in the region"), default=0, help_text=_("From north to south; 0 for a country outside the region.")
    )

    objects = CountryQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        constraints = [
            models.CheckConstraint(condition=models.Q(code__regex=r"^[A-Z]{2}$"), name="country_code_is_iso"),
        ]

    def __str__(self) -> str:
        return self.name or self.code

    def get_absolute_url(self) -> str:
        return reverse("country", args=[self.code.lower()])
