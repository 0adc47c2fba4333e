from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SoughtQuerySet(models.QuerySet["Sought"]):
    def of_the_last(self, days: int) -> Self:
        return self.filter(day__gt=timezone.localdate() - timedelta(days=days))

    def in_vain(self) -> Self:
        """Searches that found nothing."""
        return self.filter(results=0)

    def by_words(self) -> models.QuerySet:
        """Each wording once, the most frequent first: `words`, `total` times, `found` at most, `last` day."""
        groups = self.order_by().values("words", "language")
        return groups.annotate(total=Sum("times"), found=Max("results"), last=Max("day")).order_by("-total", "words")


class Sought(models.Model):
    """What was searched for on a day, and how much was found. Nothing about who searched."""

    day = models.DateField(_("day"), default=timezone.localdate)
    language = models.CharField(_("language of the page"), max_length=2, choices=settings.LANGUAGES)
    words = models.CharField(_("words"), max_length=100)
    results = models.PositiveIntegerField(_("documents found"))
    times = models.PositiveIntegerField(_("times"), default=1)

    objects = SoughtQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-times"]
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        constraints = [models.UniqueConstraint(fields=["day", "language", "words"], name="sought_once_a_day")]
        indexes = [models.Index(fields=["results", "day"])]

    def __str__(self) -> str:
        return self.words
