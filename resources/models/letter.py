"""Letters that came in by e-mail."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from resources.models.gathering import Gathering


class LetterQuerySet(models.QuerySet["Letter"]):
    def of_today(self, sender: models.Model) -> Self:
        """What came in this sender's name within a day."""
        return self.filter(sender=sender, came_at__gt=timezone.now() - timedelta(days=1))


class Letter(models.Model):
    """A letter from a member, kept so that it is taken once: its files are the lines of the gathering."""

    digest = models.CharField(_("digest"), max_length=64, unique=True)
    message_id = models.CharField("Message-ID", max_length=300, blank=True)
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("sender"))
    gathering = models.OneToOneField(
        Gathering, models.SET_NULL, null=True, related_name="letter", verbose_name=_("gathering")
    )
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    came_at = models.DateTimeField(_("came"), auto_now_add=True)
    done_at = models.DateTimeField(_("answered"), null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def __str__(self) -> str:
        return f"{self.sender} · {self.came_at:%Y-%m-%d}"
