"""Approved minutes as files, and the Word templates they are written in."""

import uuid
from typing import Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from resources.models.resource import Audience, Reader, audiences_of
from steering.models.body import Body
from steering.models.meeting import WIDEST_FIRST
from steering.models.minutes import Minutes


class Language(models.TextChoices):
    SPANISH = "es", _("Spanish")
    ENGLISH = "en", _("English")


def copy_name(instance: "MinutesFile", filename: str) -> str:
    """A random name: an address guessed from a meeting's number opens nothing."""
    return f"minutes/{uuid.uuid4().hex}"


def template_name(instance: "MinutesTemplate", filename: str) -> str:
    return f"templates/{uuid.uuid4().hex}"


class MinutesFileQuerySet(models.QuerySet["MinutesFile"]):
    def best_for(self, user: Reader) -> list["MinutesFile"]:
        """Of each language and format the one that holds most of what this reader may read, Spanish PDF first."""
        found: dict[tuple[str, str], MinutesFile] = {}
        for file in self.filter(audience__in=audiences_of(user)):
            key = (file.language, file.format)
            if key not in found or WIDEST_FIRST.index(file.audience) > WIDEST_FIRST.index(found[key].audience):
                found[key] = file
        return [found[key] for key in sorted(found, reverse=True)]

    def readable_by(self, user: Reader) -> Self:
        """Files this reader may be given: of minutes they may read, and made for readers like them."""
        return self.filter(minutes__in=Minutes.objects.visible_to(user), audience__in=audiences_of(user))


class MinutesFile(models.Model):
    """
    Approved minutes as a file, in one language: kept as it was made, with its SHA-256 (FIPS 180-4), never made anew.

    `audience` is whom its text was made for: minutes with items for fewer readers have a file for each.
    """

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        WORD = "docx", "Word"

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="files", verbose_name=_("record of a meeting"))
    audience = models.CharField(_("who may read it"), max_length=12, choices=Audience)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    format = models.CharField(_("format"), max_length=4, choices=Format)
    content = models.FileField(_("file"), upload_to=copy_name)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    objects = MinutesFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of minutes")
        verbose_name_plural = _("files of minutes")
        constraints = [
            models.UniqueConstraint(fields=["minutes", "audience", "language", "format"], name="minutes_file_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("steering:minutes_file", args=[self.pk, self.name])

    @property
    def name(self) -> str:
        """The name it is downloaded under: acta-2026-03.pdf, minutes-2026-03-r2.docx."""
        word = {"es": "acta", "en": "minutes"}[self.language]
        revision = f"-r{self.minutes.revision}" if self.minutes.revision > 1 else ""
        return f"{word}-{self.minutes.meeting.code}{revision}.{self.format}"


class MinutesTemplateQuerySet(models.QuerySet["MinutesTemplate"]):
    def in_use(self, body: Body, language: str) -> "MinutesTemplate | None":
        return self.filter(body=body, language=language).order_by("-pk").first()


class MinutesTemplate(models.Model):
    """A Word document of the secretariat into which minutes are written. The last one brought is in use."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="minutes_templates", verbose_name=_("body"))
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.SPANISH)
    content = models.FileField(_("file"), upload_to=template_name)
    name = models.CharField(_("file name"), max_length=200, editable=False)
    brought_at = models.DateTimeField(_("brought"), default=timezone.now, editable=False)

    objects = MinutesTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("Word template of minutes")
        verbose_name_plural = _("Word templates of minutes")

    def __str__(self) -> str:
        return f"{self.name} ({self.get_language_display()})"
