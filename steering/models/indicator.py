from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.models import Organisation
from portal.core import languages
from portal.core.languages import Worded
from steering.models.plan import ExpectedResult, Plan, PlanVersion

VALUE = {"max_digits": 15, "decimal_places": 2}


class Indicator(models.Model):
    """What tells whether a result is reached, the same through all versions of the plan."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="indicators", verbose_name=_("plan"))
    code = models.CharField(_("code"), max_length=12)

    class Meta:
        ordering = ["plan", "code"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="indicator_code_once",
                violation_error_message=_("Another indicator of this plan has that code."),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class IndicatorTerms(models.Model):
    """
    What one version of a plan says about an indicator. Values are in `measure`; percentages from 0 to 100.

    A qualitative indicator has no numbers: its baseline and its reports are words.
    """

    class Measure(models.TextChoices):
        UNIT = "unit", _("Number")
        PERCENTAGE = "percentage", _("Percentage")
        QUALITATIVE = "qualitative", _("In words")

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="indicator_terms", verbose_name=_("version"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="terms", verbose_name=_("indicator"))
    result = models.ForeignKey(
        ExpectedResult, models.PROTECT, related_name="indicator_terms", verbose_name=_("expected result")
    )
    text = models.TextField(_("indicator"), max_length=1000)
    measure = models.CharField(_("measured as"), max_length=12, choices=Measure, default=Measure.UNIT)
    unit = models.CharField(_("unit"), max_length=60, blank=True, help_text=_("Such as protocols or people trained."))
    ascending = models.BooleanField(
        _("more is better"), default=True, help_text=_("Not ticked: the value is meant to go down.")
    )
    cumulative = models.BooleanField(
        _("counts up over the quarters"), default=False,
        help_text=_("Each report adds to those before; otherwise each tells how things stand."),
    )  # fmt: skip
    baseline = models.DecimalField(_("baseline"), **VALUE, null=True, blank=True)
    baseline_year = models.PositiveSmallIntegerField(_("year of the baseline"), null=True, blank=True)
    baseline_source = models.CharField(_("source of the baseline"), max_length=300, blank=True)
    target = models.DecimalField(_("target"), **VALUE, null=True, blank=True)
    target_words = models.TextField(_("target in words"), max_length=500, blank=True)
    means = models.CharField(_("means of verification"), max_length=300, blank=True)
    disaggregation = models.CharField(
        _("broken down by"), max_length=200, blank=True, help_text=_("Such as sex, age, country.")
    )
    responsible = models.ForeignKey(
        Organisation, models.PROTECT, related_name="indicator_terms", verbose_name=_("reported by")
    )

    class Meta:
        ordering = ["version", "pk"]
        verbose_name = _("indicator of a version")
        verbose_name_plural = _("indicators of versions")
        constraints = [
            models.UniqueConstraint(fields=["version", "indicator"], name="indicator_terms_once_a_version"),
            models.CheckConstraint(
                condition=Q(measure="qualitative") | Q(target__isnull=False),
                name="indicator_measured_has_a_target",
                violation_error_message=_("Give the target."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.text[:80]}"

    @property
    def shown_text(self) -> Worded:
        return languages.of_row(self, "text")

    @property
    def shown_unit(self) -> Worded:
        return languages.of_row(self, "unit")

    def share(self, value: Decimal) -> Decimal | None:
        """
        How much of the way from baseline to target `value` has gone: 1 is there, below 0 the wrong way.

        Works downwards as well and from a baseline of 0; None where there's no way to go (target = baseline).
        """
        if self.target is None:
            return None
        start = self.baseline or Decimal(0)
        way = self.target - start
        return (value - start) / way if way else None

    def clean(self) -> None:
        super().clean()
        if self.measure == self.Measure.QUALITATIVE:
            return
        if self.target is None:
            raise ValidationError({"target": _("Give the target.")})
        if self.measure == self.Measure.PERCENTAGE:
            self._check_percentages()
        start = self.baseline or Decimal(0)
        if self.ascending and self.target < start:
            sentence = _("The target lies below the baseline. If the value is to go down, untick “more is better”.")
            raise ValidationError({"target": sentence})
        if not self.ascending and self.target > start:
            raise ValidationError(
                {"target": _("The target lies above the baseline, but the value is meant to go down.")}
            )

    def _check_percentages(self) -> None:
        for name in ("baseline", "target"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 100:
                raise ValidationError({name: _("A percentage lies between 0 and 100.")})


class IndicatorTarget(models.Model):
    """What an indicator is to have reached by the end of one quarter of the plan."""

    terms = models.ForeignKey(IndicatorTerms, models.CASCADE, related_name="targets", verbose_name=_("indicator"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    value = models.DecimalField(_("target"), **VALUE)

    class Meta:
        ordering = ["terms", "quarter"]
        verbose_name = _("target of a quarter")
        verbose_name_plural = _("targets of quarters")
        constraints = [
            models.UniqueConstraint(fields=["terms", "quarter"], name="indicator_target_once"),
            models.CheckConstraint(
                condition=Q(quarter__range=(1, 8)),
                name="indicator_target_within_the_biennium",
                violation_error_message=_("The quarter lies outside the two years of the plan."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.terms.indicator.code} · {self.terms.version.plan.quarter_name(self.quarter)}"

    def clean(self) -> None:
        super().clean()
        if self.terms_id and self.terms.measure == IndicatorTerms.Measure.QUALITATIVE:
            raise ValidationError(_("An indicator in words has no targets in numbers."))
        percentage = self.terms_id and self.terms.measure == IndicatorTerms.Measure.PERCENTAGE
        if percentage and self.value is not None and not 0 <= self.value <= 100:
            raise ValidationError({"value": _("A percentage lies between 0 and 100.")})
