from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class TopicQuerySet(models.QuerySet["Topic"]):
    def at_the_top(self) -> Self:
        """Topics without a broader one."""
        return self.filter(parent__isnull=True)


class Topic(models.Model):
    """A controlled, bilingual subject heading. The MeSH number joins it to MeSH and DeCS alike."""

    class Axis(models.TextChoices):
        SUBJECT = "subject", _("Subject")
        POPULATION = "population", _("Population")
        PHASE = "phase", _("Phase of migration")

    slug = models.SlugField(_("short name in addresses"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    note = models.TextField(_("what it covers"), blank=True)
    axis = models.CharField(_("axis"), max_length=12, choices=Axis, default=Axis.SUBJECT)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="narrower", verbose_name=_("broader topic")
    )
    mesh = models.CharField(_("MeSH number"), max_length=12, blank=True, help_text=_("For example D008603."))

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("pk")),
                name="topic_not_its_own_parent",
                violation_error_message=_("A topic can't be broader than itself."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.slug

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])


class EntryTerm(models.Model):
    """Another word for a topic, in one language: what people type when they mean it."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="entry_terms", verbose_name=_("topic"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    text = models.CharField(_("term"), max_length=120)

    class Meta:
        ordering = ["language", "text"]
        verbose_name = _("entry term")
        verbose_name_plural = _("entry terms")
        constraints = [models.UniqueConstraint(fields=["topic", "language", "text"], name="entry_term_once")]

    def __str__(self) -> str:
        return self.text
