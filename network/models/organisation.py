from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from network.models.place import Country


class Sector(models.Model):
    """One of the six kinds of body that make up the Initiative."""

    slug = models.SlugField(_("short name in addresses"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")

    def __str__(self) -> str:
        return self.name or self.slug


class Organisation(models.Model):
    """A body of the network: it contributes documents, and people act for it."""

    slug = models.SlugField(_("short name in addresses"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="organisations", verbose_name=_("sector"))
    country = models.ForeignKey(
        Country, models.PROTECT, related_name="seated_organisations", verbose_name=_("country of its seat")
    )
    countries = models.ManyToManyField(
        Country, related_name="organisations", blank=True, verbose_name=_("countries it works in")
    )
    website = models.URLField(_("website"), blank=True)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return f"{self.name} ({self.acronym})" if self.acronym else self.name

    def get_absolute_url(self) -> str:
        return reverse("organisation", args=[self.slug])

    @property
    def short_name(self) -> str:
        """The acronym people know it by, else its name."""
        return self.acronym or self.name
