from typing import Self
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core import languages
from portal.core.languages import Worded


def validate_timezone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("There is no such time zone: write it like America/Guatemala."))


class BodyQuerySet(models.QuerySet["Body"]):
    def active(self) -> Self:
        return self.filter(closed_on__isnull=True)

    def committees(self) -> Self:
        return self.filter(kind=Body.Kind.COMMITTEE)


class Body(models.Model):
    """
    A body that meets and decides, with its own rules.

    The Initiative has not published its rules on quorum, terms, majority and objections: these are settings, and the
    defaults are what such bodies usually agree on.
    """

    class Kind(models.TextChoices):
        COMMITTEE = "committee", _("Steering Committee")
        COORDINATION = "coordination", _("Technical Coordination")
        GROUP = "group", _("Working group")

    class Majority(models.TextChoices):
        SIMPLE = "simple", _("More votes for than against")
        ABSOLUTE = "absolute", _("More than half of the seats present")
        TWO_THIRDS = "two_thirds", _("Two thirds of the votes for or against")

    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.GROUP)
    prefix = models.CharField(
        _("prefix of its numbers"),
        max_length=6,
        blank=True,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]*$", _("Capital letters only."))],
        help_text=_("Empty for the Steering Committee: 2026-03/D4. With CT: CT-2026-03/D4."),
    )
    timezone = models.CharField(
        _("time zone of its meetings"), max_length=60, default="America/Costa_Rica", validators=[validate_timezone]
    )
    quorum_numerator = models.PositiveSmallIntegerField(_("quorum: share of the filled voting seats"), default=1)
    quorum_denominator = models.PositiveSmallIntegerField(_("out of"), default=2)
    quorum_exceeded = models.BooleanField(
        _("more than that share"), default=True, help_text=_("Ticked: half plus one. Not ticked: half is enough.")
    )
    min_sectors = models.PositiveSmallIntegerField(_("sectors that must be present"), default=0)
    min_countries = models.PositiveSmallIntegerField(_("countries that must be present"), default=0)
    alternates_allowed = models.BooleanField(_("alternates may stand in"), default=True)
    term_months = models.PositiveSmallIntegerField(_("length of a term in months"), default=24)
    presidency_months = models.PositiveSmallIntegerField(_("length of a presidency in months"), default=12)
    majority = models.CharField(_("majority in a vote"), max_length=12, choices=Majority, default=Majority.SIMPLE)
    objection_days = models.PositiveSmallIntegerField(
        _("days for objections to minutes"),
        default=10,
        help_text=_("After these days without an objection minutes may be approved. 0: only a later meeting approves."),
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True, help_text=_("Empty while it is active."))

    objects = BodyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        constraints = [
            models.CheckConstraint(
                condition=Q(quorum_denominator__gte=1, quorum_numerator__lte=F("quorum_denominator")),
                name="body_quorum_is_a_share",
                violation_error_message=_("The quorum is a share of the seats, such as 1 out of 2."),
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(kind="committee", closed_on__isnull=True),
                name="body_one_committee",
                violation_error_message=_("There is a Steering Committee already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> Worded:
        return languages.of_row(self, "name")


class Counter(models.Model):
    """The last number of a series of a body. It goes up by one, in the transaction of the row that takes the number."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    series = models.CharField(max_length=30)
    value = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "series"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.series}: {self.value}"
