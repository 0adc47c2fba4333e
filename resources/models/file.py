import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core import languages
from resources.intake import kinds
from resources.models.resource import Reader, Resource
from resources.models.shown import ShownFile


def stored_name(instance: "File", filename: str) -> str:
    """A random name without ending: nothing an uploader types becomes a path, and no server guesses a type from it."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}"


class FileQuerySet(models.QuerySet["File"]):
    def visible_to(self, user: Reader) -> Self:
        """Files of the works this reader may open."""
        return self.filter(resource__in=Resource.objects.visible_to(user))

    def unread(self) -> Self:
        """Files whose text has still to be taken out."""
        return self.filter(state=File.State.WAITING)


class File(ShownFile, models.Model):
    """
    One edition of a work, in one language, as it was handed in: its bytes never change.

    `findings` is what the check before publication found (`resources.checking`); None until it has run.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Being read")
        READ = "read", _("Read")
        NO_TEXT = "no_text", _("No text inside (a scan or a picture)")
        ENCRYPTED = "encrypted", _("Protected by a password")
        DAMAGED = "damaged", _("Damaged, can't be read")
        TOO_HEAVY = "too_heavy", _("Too heavy to read whole")

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="files", verbose_name=_("resource"))
    language = models.CharField(_("language"), max_length=3, choices=languages.choices, blank=True)
    content = models.FileField(_("file"), upload_to=stored_name)
    name = models.CharField(_("file name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=10, choices=[(kind.name, kind.label) for kind in kinds.KINDS])
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    state = models.CharField(_("text"), max_length=12, choices=State, default=State.WAITING)
    thumbnail = models.FileField(_("picture of the first page"), upload_to=stored_name, blank=True)
    findings = models.JSONField(_("found before publication"), null=True, editable=False)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = FileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("file")
        verbose_name_plural = _("files")
        indexes = [models.Index(fields=["state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"],
                name="file_once",
                violation_error_message=_("This very file is already in the library."),
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="file_sha256_is_hex"),
        ]

    def __str__(self) -> str:
        return self.name


class Page(models.Model):
    """The text of one page (slide, sheet, chapter) of a file, counted from 1 as a reader counts."""

    file = models.ForeignKey(File, models.CASCADE, related_name="texts", verbose_name=_("file"))
    number = models.PositiveIntegerField(_("page"))
    text = models.TextField(_("text"))

    class Meta:
        ordering = ["file", "number"]
        verbose_name = _("page of text")
        verbose_name_plural = _("pages of text")
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="page_once")]

    def __str__(self) -> str:
        return f"{self.file} · {self.number}"
