from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from network.models.place import Country
from portal.core.languages import Worded, worded

NO_SLUGS = ["unirse", "join"]
"""Addresses under /red/ and /network/ that are pages of their own."""


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


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def members(self) -> Self:
        """Those that belong to the network today and contribute to it."""
        from network.models.membership import Membership  # which knows organisations

        return self.filter(pk__in=Membership.objects.active().values("organisation"))

    def standing(self) -> Self:
        """Without those that have become part of another one."""
        return self.filter(merged_into__isnull=True)


class Organisation(models.Model):
    """
    A body the portal knows by name: it contributes documents, and people act for it.

    Whether it belongs to the network, and since when, its memberships say.
    """

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
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("has become part of"),
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                condition=~Q(slug__in=NO_SLUGS),
                name="organisation_slug_is_no_page",
                violation_error_message=_("That short name is the address of another page."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.acronym})" if self.acronym else self.name

    def get_absolute_url(self) -> str:
        return reverse("organisation", args=[self.slug])

    @property
    def has_left(self) -> bool:
        """Has it become part of another one, or are all its memberships over?"""
        memberships = list(self.memberships.all())
        return self.merged_into_id is not None or (bool(memberships) and all(one.is_over for one in memberships))

    @property
    def short_name(self) -> str:
        """The acronym people know it by, else its name."""
        return self.acronym or self.name

    @property
    def shown_name(self) -> Worded:
        """The name in the reader's language, or else in the other."""
        return self._shown("name")

    @property
    def shown_description(self) -> Worded:
        return self._shown("description")

    def _shown(self, field: str) -> Worded:
        asked = (get_language() or "es")[:2]
        others = [code for code, _name in settings.LANGUAGES if code != asked]
        texts = {code: getattr(self, f"{field}_{code}") for code, _name in settings.LANGUAGES}
        return worded(texts, order=[asked, *others])
