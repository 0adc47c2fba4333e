from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core import languages
from portal.core.languages import Worded
from resources.models.resource import Resource


class MarkerKind(models.TextChoices):
    GENDER = "gender", _("Gender equality")
    HUMAN_RIGHTS = "human_rights", _("Human rights")


class MarkerScale(models.Model):
    """
    A scale for one kind of marker, with what each of its codes means. A row keeps the scale it was coded on.

    The default is the one of OECD-DAC: 0 not targeted, 1 significant, 2 principal; DAC has none for human rights.
    """

    slug = models.SlugField(_("short name"), unique=True)
    kind = models.CharField(_("marker"), max_length=20, choices=MarkerKind)
    name = models.CharField(_("name"), max_length=150)
    source = models.CharField(_("where the scale comes from"), max_length=300, blank=True)
    is_default = models.BooleanField(_("used for new markers"), default=False)

    class Meta:
        ordering = ["kind", "name"]
        verbose_name = _("scale of a marker")
        verbose_name_plural = _("scales of markers")
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(is_default=True),
                name="marker_scale_one_default",
                violation_error_message=_("Another scale is used for new markers of this kind."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MarkerLevel(models.Model):
    """One code of a scale and what it means."""

    scale = models.ForeignKey(MarkerScale, models.CASCADE, related_name="levels", verbose_name=_("scale"))
    code = models.PositiveSmallIntegerField(_("code"))
    label = models.CharField(_("name"), max_length=100)
    meaning = models.TextField(_("meaning"), max_length=1000, blank=True)

    class Meta:
        ordering = ["scale", "code"]
        verbose_name = _("level of a scale")
        verbose_name_plural = _("levels of scales")
        constraints = [models.UniqueConstraint(fields=["scale", "code"], name="marker_level_once")]

    def __str__(self) -> str:
        return f"{self.code} · {self.label}"

    @property
    def shown_label(self) -> Worded:
        return languages.of_row(self, "label")


class MarkerQuerySet(models.QuerySet["Marker"]):
    def screened(self) -> Self:
        """Looked at and coded; 0 is one of the codes."""
        return self.filter(code__isnull=False)


class Marker(models.Model):
    """
    How far something aims at gender equality or human rights. No code: nobody has screened it, which is not 0.

    A code above 0 needs a justification: "code what you see", in at most three sentences.
    """

    kind = models.CharField(_("marker"), max_length=20, choices=MarkerKind)
    scale = models.ForeignKey(MarkerScale, models.PROTECT, related_name="+", verbose_name=_("scale"))
    code = models.PositiveSmallIntegerField(_("code"), null=True, blank=True)
    justification = models.TextField(_("justification"), max_length=1000, blank=True)
    coded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("coded by"),
    )  # fmt: skip
    coded_at = models.DateTimeField(_("coded"), null=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("reviewed by"),
    )  # fmt: skip

    objects = MarkerQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(code__isnull=True) | Q(code=0) | Q(justification__gt=""),
                name="%(class)s_above_zero_is_justified",
                violation_error_message=_("Say in a sentence or two what justifies a code above 0."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {'–' if self.code is None else self.code}"

    def clean(self) -> None:
        super().clean()
        if self.scale_id and self.scale.kind != self.kind:
            raise ValidationError({"scale": _("That scale is for another marker.")})
        if self.code is not None and self.scale_id and not self.scale.levels.filter(code=self.code).exists():
            raise ValidationError({"code": _("The scale has no such code.")})
        if self.code and not self.justification.strip():
            raise ValidationError({"justification": _("Say in a sentence or two what justifies a code above 0.")})


class ResourceMarker(Marker):
    """The marker of a document."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="markers", verbose_name=_("resource"))

    class Meta(Marker.Meta):
        verbose_name = _("marker of a document")
        verbose_name_plural = _("markers of documents")
        constraints = [
            *Marker.Meta.constraints,
            models.UniqueConstraint(fields=["resource", "kind"], name="resource_marker_once"),
        ]
