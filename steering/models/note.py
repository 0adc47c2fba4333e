import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from steering.models.meeting import AgendaItem, Meeting


class Note(models.Model):
    """
    What a secretary writes about an item while people meet; the minutes begin with it.

    Each language is a row of its own, so that two people may write at once, and `version` tells whether a text that
    is sent was written over the one that stands.
    """

    class Language(models.TextChoices):
        ES = "es", _("Spanish")
        EN = "en", _("English")

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="notes", verbose_name=_("agenda item"))
    language = models.CharField(_("language"), max_length=2, choices=Language)
    text = models.TextField(_("notes"), max_length=20_000, blank=True)
    version = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("written by")
    )
    at = models.DateTimeField(_("written"), null=True)

    class Meta:
        ordering = ["item", "language"]
        verbose_name = _("notes on an item")
        verbose_name_plural = _("notes on items")
        constraints = [models.UniqueConstraint(fields=["item", "language"], name="note_once_per_language")]

    def __str__(self) -> str:
        return f"{self.item} ({self.language})"


class Receipt(models.Model):
    """A form of the room that has been taken: sent again over a bad line, it is not taken twice."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.key)
