from datetime import date
from typing import Self

from django.db import models
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from resources.models.resource import Resource

MONTHS_SHOWN = 12


def month_before(months: int) -> date:
    """The first day of the month that lies so many before this one."""
    today = timezone.localdate()
    since_the_year_0 = today.year * 12 + today.month - 1 - months
    return date(since_the_year_0 // 12, since_the_year_0 % 12 + 1, 1)


class UseQuerySet(models.QuerySet["Use"]):
    def of_the_year(self) -> Self:
        """This month and the eleven before it."""
        return self.filter(day__gte=month_before(MONTHS_SHOWN - 1))

    def total(self) -> dict[str, int]:
        """How often `seen` and how often `downloaded`."""
        return self.aggregate(seen=Sum("views", default=0), downloaded=Sum("downloads", default=0))


class Use(models.Model):
    """
    How often a work's page was opened and its files were fetched on a day. Nothing about who did.

    Of a month that was folded, the row of its first day stands for the whole month.
    """

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="uses", verbose_name=_("resource"))
    day = models.DateField(_("day"), default=timezone.localdate)
    views = models.PositiveIntegerField(_("seen"), default=0)
    downloads = models.PositiveIntegerField(_("downloaded"), default=0)

    objects = UseQuerySet.as_manager()

    class Meta:
        ordering = ["-day"]
        verbose_name = _("use of a document")
        verbose_name_plural = _("use of documents")
        constraints = [models.UniqueConstraint(fields=["resource", "day"], name="use_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.views} / {self.downloads}"
