from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.models import Organisation
from portal.core import audit
from resources.models import Resource
from steering.models.activity import Activity
from steering.models.indicator import VALUE, Indicator
from steering.models.letter import Letter
from steering.models.plan import QUARTERS, Plan, PlanVersion


class PeriodQuerySet(models.QuerySet["Period"]):
    def open(self) -> Self:
        """Quarters that take reports today."""
        return self.filter(opened_on__isnull=False, closes_on__gte=timezone.localdate())


class Period(models.Model):
    """One quarter of a plan. It takes no report until the secretariat opens it, nor after the day it closes."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="periods", verbose_name=_("plan"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    opened_on = models.DateField(_("opened"), null=True, blank=True, editable=False)
    closes_on = models.DateField(_("last day for reports"), null=True, blank=True, editable=False)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "quarter"]
        verbose_name = _("reporting period")
        verbose_name_plural = _("reporting periods")
        constraints = [
            models.UniqueConstraint(fields=["plan", "quarter"], name="period_once"),
            models.CheckConstraint(condition=Q(quarter__range=(1, 8)), name="period_within_the_biennium"),
            models.CheckConstraint(
                condition=Q(opened_on__isnull=True, closes_on__isnull=True)
                | Q(opened_on__isnull=False, closes_on__isnull=False),
                name="period_opens_and_closes",
            ),
        ]

    def __str__(self) -> str:
        return self.plan.quarter_name(self.quarter)

    @property
    def is_open(self) -> bool:
        return self.opened_on is not None and self.closes_on >= timezone.localdate()


class ProgressReportQuerySet(models.QuerySet["ProgressReport"]):
    def approved(self) -> Self:
        return self.filter(state=ProgressReport.State.APPROVED)

    def counting(self, upto: int = len(QUARTERS)) -> Self:
        """What counts by the end of that quarter: of each activity its last approved report, of each indicator all."""
        approved = self.approved().filter(period__quarter__lte=upto)
        later = ProgressReport.objects.approved().filter(
            activity=OuterRef("activity"), period__quarter__gt=OuterRef("period__quarter"), period__quarter__lte=upto
        )
        return approved.filter(Q(indicator__isnull=False) | ~Exists(later))

    def waiting(self) -> Self:
        """For somebody to approve or return, the longest wait first."""
        return self.filter(state=ProgressReport.State.SUBMITTED).order_by("submitted_at", "pk")


class ProgressReport(models.Model):
    """
    What an organisation says about one activity, or one indicator, in one quarter; once approved it counts.

    There is one row for each; returned, it is written anew in the same row.
    """

    @audit.register_states
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for approval")
        RETURNED = "returned", _("Returned")
        APPROVED = "approved", pgettext_lazy("report", "Approved")

    period = models.ForeignKey(Period, models.PROTECT, related_name="reports", verbose_name=_("reporting period"))
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, related_name="reports", verbose_name=_("activity")
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, related_name="reports", verbose_name=_("indicator")
    )
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="reports", verbose_name=_("version"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="progress_reports", verbose_name=_("organisation")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    status_said = models.CharField(_("how it stands"), max_length=14, choices=Activity.State, blank=True)
    value = models.DecimalField(_("value"), **VALUE, null=True, blank=True)
    narrative = models.TextField(_("what was done"), max_length=4000, blank=True)
    challenges = models.TextField(_("what stands in the way"), max_length=4000, blank=True)
    documents = models.ManyToManyField(
        Resource, related_name="progress_reports", blank=True, verbose_name=_("documents that show it")
    )
    evidence_url = models.URLField(_("address that shows it"), max_length=500, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("reported by")
    )
    reporter_name = models.CharField(_("name of who reported"), max_length=200, blank=True)
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="+", verbose_name=_("by the letter"))
    submitted_at = models.DateTimeField(_("sent in"), null=True)
    note = models.TextField(_("note of who returned it"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    approved_alone = models.BooleanField(
        _("approved by who reported it"), default=False,
        help_text=_("Nobody else was there to approve it."),
    )  # fmt: skip

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        ordering = ["period__plan", "period__quarter", "pk"]
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        indexes = [models.Index(fields=["state", "submitted_at"]), models.Index(fields=["organisation", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(activity__isnull=False, indicator__isnull=True)
                | Q(activity__isnull=True, indicator__isnull=False),
                name="report_on_one_thing",
            ),
            models.UniqueConstraint(fields=["activity", "period"], name="report_activity_once"),
            models.UniqueConstraint(fields=["indicator", "period"], name="report_indicator_once"),
            models.CheckConstraint(
                condition=~Q(state="returned") | Q(note__gt=""), name="report_returned_with_words"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.activity or self.indicator} · {self.period}"
