"""What somebody said of two works that looked like one."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from resources.models.resource import Resource


class PairingQuerySet(models.QuerySet["Pairing"]):
    def of(self, work: Resource) -> Self:
        return self.filter(Q(first=work) | Q(second=work))

    def proposed(self) -> Self:
        """Waiting for the coordination to put the two together."""
        return self.filter(verdict=Pairing.Verdict.PROPOSED)


class Pairing(models.Model):
    """Two works, the one with the lower number first: kept apart for good, or proposed to become one."""

    class Verdict(models.TextChoices):
        APART = "apart", _("Two different works")
        PROPOSED = "proposed", _("Proposed to become one")

    first = models.ForeignKey(Resource, models.CASCADE, related_name="+", verbose_name=_("one document"))
    second = models.ForeignKey(Resource, models.CASCADE, related_name="+", verbose_name=_("the other"))
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now=True)

    objects = PairingQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair of like documents")
        verbose_name_plural = _("pairs of like documents")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_judged_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} · {self.second_id}: {self.get_verdict_display()}"
